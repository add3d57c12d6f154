--- soak.lua SECONDS SEED: many users on an emulator that fails. At the end the account holds exactly what the
-- clients reported, but for unknown outcomes. Memory and descriptors do not grow.
local emulator = require "ngrok.emulator"
local fault_plan = require "soak.fault_plan"
local footprint = require "spec.support.footprint"
local model = require "soak.model"
local ngrok = require "ngrok"
local user = require "soak.user"

local seconds, seed = tonumber(arg[1]), tonumber(arg[2]) or os.time()
local users, share = 16, 0.3
local longest_end = 120 -- seconds for the requests in flight at the end

math.randomseed(seed)

local server = assert(emulator.start())
local book, tally = model.new(), { operations = 0, unknown = 0, problems = {} }
local plan = fault_plan.new(server, share)
local attempts = 0

local function new_client(max_in_flight)
  return assert(ngrok.client {
    api_key = server.api_key, base_url = server.base_url, timeout = 5, max_in_flight = max_in_flight,
    rate_limit = { requests = 2000, window = 1 },
    on_event = function(event)
      attempts = attempts + (event.name == "attempt" and 1 or 0)
    end,
  })
end

-- They share the rate limit; the second has fewer places in flight than users.
local clients = { new_client(16), new_client(2) }

local function step()
  plan:extend(attempts)
  clients[2]:step(0)
  clients[1]:step(0.005)
end

local function measure()
  return { lua = footprint.of_lua(), process = footprint.of_process(), descriptors = footprint.descriptors() }
end

local function pending()
  return clients[1]:pending() + clients[2]:pending()
end

local failed, passed = 0, 0

local function check(fine, format, ...)
  passed, failed = passed + (fine and 1 or 0), failed + (fine and 0 or 1)
  if not fine then
    print("not ok: " .. format:format(...))
  end
end

-- Allocators may keep some more after a while; a leak here comes to thousands.
local function check_flat(name, first, last, room)
  if first and last then
    check(last <= first + room, "%s went from %d to %d", name, first, last)
  end
end

local function run()
  local begun = os.time()
  local function goes_on()
    return os.time() - begun < seconds
  end
  plan:extend(0)
  for number = 1, users do
    user.new("user " .. number, clients[number % 4 == 0 and 2 or 1], book, tally):start(goes_on)
  end
  local first
  while goes_on() do
    step()
    if not first and os.time() - begun >= seconds / 3 then
      first = measure()
    end
  end
  local ended = os.time()
  while pending() > 0 and os.time() - ended < longest_end do
    step()
  end
  return first or measure(), measure()
end

local function judge(first, last)
  check(pending() == 0, "%d requests never ended", pending())
  for _, problem in ipairs(tally.problems) do
    check(false, "%s", problem)
  end
  local problems = book:compare(server:credentials())
  for _, problem in ipairs(problems) do
    check(false, "%s", problem)
  end
  check(#problems == 0, "the account is not as reported")
  check(plan.planned > attempts * share / 2, "only %d faults in %d attempts", plan.planned, attempts)
  check_flat("Lua's memory (KiB)", first.lua, last.lua, 512)
  check_flat("the process's memory (KiB)", first.process, last.process, 4096)
  check_flat("descriptors", first.descriptors, last.descriptors, 20)
end

local fine, first, last = pcall(run)
if fine then
  fine, first = pcall(judge, first, last)
end
check(fine, "%s", tostring(first))
for _, client in ipairs(clients) do
  client:close()
end
server:stop()
print(("soak: %d operations, %d attempts, about %d%% of them with a fault; %d outcomes unknown; SEED=%d")
  :format(tally.operations, attempts, share * 100, tally.unknown, seed))
print(("%d passed, %d failed"):format(passed, failed))
os.exit(failed == 0)
