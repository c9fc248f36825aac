-- What the host says, one message after the other.
local core = ...
local host = core.natives.host
local tasks = core.use("base/tasks")
local errors = core.use("base/errors")
local messages = {}
local dialect = nil
local later = {} -- what waits until the plugin is loaded; nil from then on
local isOver = false

local function fail(id, failure, co)
  local plain = errors.plain(failure, co)
  if id ~= nil then
    host.fail(id, plain)
  end
end

local function reply(id, value)
  if id == nil then
    return
  end
  local ok, failure = pcall(host.reply, id, value)
  if not ok then
    fail(id, failure)
  end
end

-- Runs something as a task and answers with what comes of it, now or later.
local function answer(id, run, ...)
  tasks.spawn(run, function(value)
    reply(id, value)
  end, function(failure, co)
    fail(id, failure, co)
  end, ...)
end

local function loaded(report)
  local waiting = later
  later = nil
  host.loaded(report or {})
  for _, run in waiting do
    run()
  end
end

function messages.load()
  tasks.spawn(function()
    dialect = core.use("dialect/" .. core.info.dialect)
    return dialect.load(core.engine.run(core.info.entry))
  end, loaded, function(failure, co)
    isOver = true
    host.fatal(errors.plain(failure, co))
  end)
end

local function whenLoaded(run)
  if later ~= nil then
    table.insert(later, run)
  else
    run()
  end
end

-- What hooks give is nobody's business.
local function hook(name)
  return function(message)
    whenLoaded(function()
      answer(message.id, function()
        dialect[name](message.value)
      end)
    end)
  end
end

local function ask(name)
  return function(message)
    if later ~= nil then
      return fail(message.id, errors.make("Error", "the plugin is not loaded yet"))
    end
    answer(message.id, dialect[name], message.value)
  end
end

local kinds = {
  start = hook("start"),
  stop = hook("stop"),
  settings = hook("settings"),
  http = ask("http"),
  request = ask("request"),
}

-- An event is answered when its handlers were called; what becomes of them is only logged.
function kinds.event(message)
  local value = message.value
  local event = value.event
  local run = core.use("base/bus").handler(value.sub)
  if type(value.handler) == "string" and dialect ~= nil and dialect.event ~= nil then
    run = function(given)
      return dialect.event(value.handler, given)
    end
  end
  if run ~= nil then
    tasks.spawn(run, nil, tasks.logged("a handler of " .. tostring(event.type)), event)
  end
  reply(message.id, nil)
end

function kinds.ipc(message)
  answer(message.id, core.use("base/ipc").deliver, message.value)
end

function kinds.socket(message)
  core.use("base/socket").deliver(message.value)
end

function kinds.reply(message)
  core.use("base/calls").answer(message)
end

function kinds.ping(message)
  reply(message.id, nil)
end

function messages.deliver(message)
  local kind = kinds[message.kind]
  if kind ~= nil then
    return kind(message)
  end
  fail(message.id, errors.make("Error", "the plugin's world does not know messages of kind " .. tostring(message.kind)))
end

function messages.isOver()
  return isOver
end

return messages
