--- `created_at` as a number.
---@param self table an object that has the field, such as a credential
---@return number? # seconds since 1970, an integer where they are whole; nil where the object has no time
return function(self)
  local text = self.created_at
  return text and require("ngrok.time").parse(text)
end
