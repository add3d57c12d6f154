-- Replaces the text between two markers, which stay.
return function(text, name, by)
  local first, last = ("<!-- %s, by make generate -->\n"):format(name), "<!-- end -->"
  local _, from = text:find(first, 1, true)
  local to = text:find(last, assert(from, "the page has no marker for " .. name), true)
  return text:sub(1, from) .. by .. "\n" .. text:sub(to)
end
