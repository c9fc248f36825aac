-- Calls to the host that are answered later: the task that asks waits.
local core = ...
local tasks = core.use("base/tasks")
local errors = core.use("base/errors")
local calls = {}
local waiting = {}

-- Starts a call, which gives its number, and gives its answer.
function calls.wait(start)
  local task = tasks.mayWait()
  local id = start()
  if type(id) ~= "number" then
    return id
  end
  local call = { task = task, isDone = false }
  waiting[id] = call
  while not call.isDone do
    tasks.pause()
  end
  if call.error ~= nil then
    error(call.error, 0)
  end
  return call.value
end

local function finish(call)
  call.isDone = true
  tasks.step(call.task)
end

function calls.answer(message)
  local call = waiting[message.id]
  if call == nil then
    return
  end
  waiting[message.id] = nil
  if message.error ~= nil then
    call.error = errors.revive(message.error)
  else
    call.value = message.value
  end
  finish(call)
end

-- Whoever still waits hears that the plugin is over.
function calls.abandon(words)
  local all = waiting
  waiting = {}
  for _, call in all do
    call.error = errors.make("PluginUnloaded", words, { code = "PluginUnloaded" })
    finish(call)
  end
end

return calls
