-- What people see of a server's words: one line, in any language, that commands no terminal.
local cjson = require "cjson"
local ngrok = require "ngrok"

-- UTF-8 of a code point below 65536.
local function utf8_of(code)
  if code < 0x80 then
    return string.char(code)
  elseif code < 0x800 then
    return string.char(192 + math.floor(code / 64), 128 + code % 64)
  end
  return string.char(224 + math.floor(code / 4096), 128 + math.floor(code / 64) % 64, 128 + code % 64)
end

describe("What is shown to people", function()
  local client, respond, events

  setup(function()
    client = assert(ngrok.client {
      api_key = "2abcFIRSTPART_2abcSECONDPART", rate_limit = false, max_retries = 0,
      transport = function()
        return respond()
      end,
      on_event = function(event)
        events[#events + 1] = event.message
      end,
    })
  end)

  teardown(function()
    client:close()
  end)

  before_each(function()
    events = {}
  end)

  local function text_of(how)
    respond = how
    return tostring(select(2, client.credentials:get "cr_1"))
  end

  -- Of a server and of a transport: in errors and in events.
  local function is_shown_as(expected, words)
    local text = text_of(function()
      return { status = 400, headers = {}, body = cjson.encode { msg = words } }
    end)
    assert.equal(("credentials.get failed: %s (api, HTTP 400, receive, rejected)"):format(expected), text)
    text = text_of(function()
      return nil, "receive", words
    end)
    assert.equal(("credentials.get failed: %s (transport, receive, unknown)"):format(expected), text)
    assert.is_true(#events >= 2)
    for _, event_text in ipairs(events) do
      assert.equal(expected, event_text)
    end
    events = {}
  end

  it("has no control characters, no line separators and no bidirectional controls", function()
    local ranges = {
      { 0x1, 0x20 }, { 0x7f, 0x9f }, { 0x61c, 0x61c }, { 0x200e, 0x200f }, { 0x2028, 0x202e },
      { 0x2066, 0x2069 },
    }
    for _, range in ipairs(ranges) do
      for code = range[1], range[2] do
        is_shown_as("a b", "a" .. utf8_of(code) .. "b")
      end
    end
    is_shown_as("a b", "a" .. utf8_of(0x9b) .. "\r\n\t " .. utf8_of(0x202e) .. "b")
  end)

  it("has what is next to them", function()
    for _, code in ipairs {
      0xa0, 0x61b, 0x61d, 0x200b, 0x200c, 0x200d, 0x2010, 0x2027, 0x202f, 0x2065, 0x206a, 0xd7ff, 0xe000,
      0xffff,
    } do
      is_shown_as("a" .. utf8_of(code) .. "b", "a" .. utf8_of(code) .. "b")
    end
  end)

  it("is readable in any language", function()
    for _, words in ipairs {
      "Der Schlüssel wurde widerrufen", "Ключ отозван", "キーが取り消されました", "مفتاح ملغى", "המפתח בוטל",
      "कुंजी रद्द", "کلید لغو می‌شود", "👩‍👧 🔑",
    } do
      is_shown_as(words, words)
    end
  end)

  it("is always valid UTF-8", function()
    for given, expected in pairs {
      ["f\252r"] = "f\239\191\189r",
      ["a\155b"] = "a\239\191\189b", -- to a terminal without UTF-8 the beginning of a command
      ["a\192\155b"] = "a\239\191\189b", ["a\224\130\155b"] = "a\239\191\189b", -- overlong
      ["a\237\160\128b"] = "a\239\191\189b", -- a surrogate
      ["a\244\144\128\128b"] = "a\239\191\189b", ["a\248\136\128\128\128b"] = "a\239\191\189b", -- too large
      ["\226\128"] = "\239\191\189", ["\226\128x"] = "\239\191\189x", -- cut off
      ["\195\164\155"] = "\195\164\239\191\189", ["\195\195\164"] = "\239\191\189\195\164",
    } do
      is_shown_as(expected, given)
    end
  end)

  it("is shown in linear time", function()
    local display = require "ngrok.display"
    local words = ("\226\128\174é\255"):rep(2 ^ 16)
    assert.equal(2 ^ 16 * 3, select(2, display.line(words):gsub("[ \195\239]", "")))
  end)
end)
