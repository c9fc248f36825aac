-- Timers. The host's loop asks due() between messages.
local core = ...
local tasks = core.use("base/tasks")
local errors = core.use("base/errors")
local now = core.natives.clock.now
local LONGEST = 2147483647
local loop = { RAN = -2, NONE = -1, OVER = -3 }
local timers = {} -- by time, then by age
-- A timer is a function, too: called, it ends.
local timerClass = {
  __call = function(self)
    loop.cancel(self)
  end,
}

local function insert(timer)
  local low, high = 1, #timers + 1
  while low < high do
    local middle = (low + high) // 2
    if timers[middle].at <= timer.at then
      low = middle + 1
    else
      high = middle
    end
  end
  table.insert(timers, low, timer)
end

local function schedule(ms, run, isRepeated, ...)
  if type(run) ~= "function" then
    errors.typeError("a timer needs a function")
  end
  local delay = tonumber(ms) or 1
  if not (delay >= 1 and delay <= LONGEST) then
    delay = 1
  end
  delay = math.floor(delay)
  local timer = { at = now() + delay, delay = delay, run = run, isRepeated = isRepeated, args = table.pack(...) }
  insert(timer)
  return setmetatable(timer, timerClass)
end

-- Runs a function once, after so many milliseconds.
function loop.after(ms, run, ...)
  return schedule(ms, run, false, ...)
end

-- Runs a function again and again.
function loop.every(ms, run, ...)
  return schedule(ms, run, true, ...)
end

-- Ends a timer; one that is over already, and nil, are left alone.
function loop.cancel(timer)
  if type(timer) ~= "table" then
    return
  end
  timer.isGone = true
  local place = table.find(timers, timer)
  if place ~= nil then
    table.remove(timers, place)
  end
end

-- Lets the task wait.
function loop.sleep(ms)
  local task = tasks.mayWait()
  local isOver = false
  schedule(ms, function()
    isOver = true
    tasks.step(task)
  end, false)
  while not isOver do
    tasks.pause()
  end
end

local failed = tasks.logged("a timer")

function loop.due()
  local first = timers[1]
  if first == nil then
    return loop.NONE
  end
  local time = now()
  if first.at > time then
    return first.at - time
  end
  table.remove(timers, 1)
  if first.isRepeated then
    -- From the moment it was due, but never so that it falls behind.
    first.at = math.max(first.at + first.delay, now())
    insert(first)
  end
  tasks.spawn(first.run, nil, failed, table.unpack(first.args, 1, first.args.n))
  return loop.RAN
end

-- Ends all of them.
function loop.clear()
  table.clear(timers)
end

return loop
