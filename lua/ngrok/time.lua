--- Timestamps as the API writes and reads them: RFC 3339, UTC.
local time = {}

--- Writes a moment.
---@param seconds number since 1970, fractions are dropped
---@return string # such as 2023-07-31T23:17:18Z
function time.format(seconds)
  return os.date("!%Y-%m-%dT%H:%M:%SZ", math.floor(seconds))
end

--- Writes a number of seconds with a decimal point in any locale, as programs and servers read it.
---@param seconds number 0 or more; a fraction is rounded to thousandths
---@return string # such as 60 or 0.005
function time.decimal(seconds)
  if seconds % 1 == 0 then
    return ("%d"):format(seconds)
  end
  local thousandths = math.floor(seconds * 1000 + 0.5)
  return ("%d.%03d"):format(math.floor(thousandths / 1000), thousandths % 1000)
end

-- Days since 1970-01-01 in the Gregorian calendar, for years that begin in March so that
-- the leap day is the last one. os.time would respond in the local time zone.
local function days(year, month, day)
  if month <= 2 then
    year, month = year - 1, month + 12
  end
  local leaps = math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400)
  return year * 365 + leaps + math.floor((month * 153 - 457) / 5) + day - 719469
end

local function days_of_month(year, month)
  return days(month < 12 and year or year + 1, month % 12 + 1, 1) - days(year, month, 1)
end

local function is_date(year, month, day)
  return month >= 1 and month <= 12 and day >= 1 and day <= days_of_month(year, month)
end

local function offset_seconds(zone)
  if zone == "Z" or zone == "z" then
    return 0
  end
  local sign, hours, minutes = zone:match("^([+-])(%d%d):(%d%d)$")
  hours, minutes = tonumber(hours), tonumber(minutes)
  if not sign or hours > 23 or minutes > 59 then
    return nil
  end
  return (hours * 3600 + minutes * 60) * (sign == "+" and 1 or -1)
end

--- Reads a moment.
---@param text string RFC 3339, any offset, with or without a fraction
---@return number? # seconds since 1970, nil when the text is not a timestamp
function time.parse(text)
  local year, month, day, hour, minute, second, fraction, zone =
    text:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)[Tt](%d%d):(%d%d):(%d%d)(%.?%d*)(.+)$")
  local offset = zone and offset_seconds(zone)
  if not offset or fraction == "." then
    return nil
  end
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  hour, minute, second = tonumber(hour), tonumber(minute), tonumber(second)
  if not is_date(year, month, day) or hour > 23 or minute > 59 or second > 60 then
    return nil
  end
  local whole = days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
  local digits = fraction:sub(2)
  local part = digits ~= "" and tonumber(digits) / 10 ^ #digits or 0 -- "0.5" is not read in every locale
  return part == 0 and whole - offset or whole - offset + part
end

local unit_seconds = { d = 86400, h = 3600, m = 60, s = 1 }

--- Reads a duration.
---@param text string numbers with units d, h, m or s: "7d", "24h", "1h30m"
---@return number? # seconds, nil when the text is not a duration
function time.duration(text)
  local total, rest = 0, text
  repeat
    local amount, unit, tail = rest:match("^(%d+)([dhms])(.*)$")
    if not amount then
      return nil
    end
    total, rest = total + tonumber(amount) * unit_seconds[unit], tail
  until rest == ""
  return total
end

return time
