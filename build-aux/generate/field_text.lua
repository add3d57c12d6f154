-- What a field or an attribute is, in words for people.
local common = {
  id = "its id", uri = "its URL in the API", created_at = "when it was made, RFC 3339",
  updated_at = "when it was changed last, RFC 3339", started_at = "when it began, RFC 3339",
  description = "for people: what it is", metadata = "for programs: any text, such as JSON",
  enabled = "whether it is on",
}

---@param field table see lua/ngrok/description.lua
---@return string # "" where its name says all
return function(field)
  local parts = { field.text or common[field[1]] }
  if field.max then
    parts[#parts + 1] = ("at most %d bytes"):format(field.max)
  end
  if field.once then
    parts[#parts + 1] = "in the response to create only"
  end
  if field.secret then
    parts[#parts + 1] = "secret"
  end
  return table.concat(parts, "; ")
end
