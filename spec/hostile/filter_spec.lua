-- No text can change the filter that it is a value of: the emulator's parser reads back exactly that text.
local condition = require "ngrok.condition"
local filter = require "ngrok.emulator.filter"
local ngrok = require "ngrok"
local random_text = require "spec.support.random_text"
local token = require "ngrok.emulator.filter_token"

local attempts = {
  '"', "'", "\\", '\\"', '\\\\"', '"" || true || ""', '" || true || "', '" in ["x"] || "', "\\u0022 || true",
  '"]) || true', "obj.id", "\n", "\r\n", "\0", '\0"', "\127", "//", "/*", '"""', "r\"x\"", "${x}", "%22",
  "&limit=1",
  "\226\128\168", "\239\187\191",
}

local function random_texts(count)
  local random, texts = random_text.generator(4711), {}
  for _, text in ipairs(attempts) do
    texts[#texts + 1] = text
    texts[#texts + 1] = random_text.valid(random, 40) .. text .. random_text.valid(random, 40)
  end
  while #texts < count do
    texts[#texts + 1] = random_text.valid(random, 200)
  end
  return texts
end

local function fail(text, what)
  error(("with SPEC_SEED=%d: %s %s"):format(random_text.seed, random_text.quoted(text), what), 0)
end

local function matches(expression, record)
  return assert(filter.compile(expression, 0, { description = "string", acl = "list" }))(record)
end

describe("a text in a filter", function()
  it("is one string, quoted", function()
    for _, text in ipairs(random_texts(3000)) do
      local literal = assert(ngrok.quote(text))
      local word, stop = token.next(literal, 1)
      if word.kind ~= "string" or word.value ~= text or stop ~= #literal + 1 then
        fail(text, "was not read back")
      end
    end
  end)

  it("is one value of a condition, whatever its kind", function()
    for _, text in ipairs(random_texts(300)) do
      for name, cases in pairs {
        description = {
          { text, { description = text }, { description = text .. "x" } },
          { { "a", text }, { description = text }, { description = text .. "x" } },
        },
        acl = {
          { text, { acl = { "x", text } }, { acl = { text .. "x" } } },
          { { text, "a\0" }, { acl = { "a\0", text } }, { acl = { text } } },
        },
      } do
        for _, case in ipairs(cases) do
          local kind = name == "acl" and "list" or "string"
          local expression = condition.read(name, kind, case[1], name, "credentials.list").text
          if not matches(expression, case[2]) or matches(expression, case[3]) then
            fail(text, "has changed " .. expression)
          end
        end
      end
    end
  end)
end)
