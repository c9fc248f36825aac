-- Subscriptions to the event bus, and requests between plugins.
local core = ...
local natives = core.natives.bus
local errors = core.use("base/errors")
local calls = core.use("base/calls")
local bus = {}
local REQUEST_MS = 30000
local handlers = {} -- by the host's number

-- A subscription is a function, too: called, it ends.
local subscription = {
  __call = function(self)
    bus.unsubscribe(self)
  end,
}

function bus.subscribe(pattern, run)
  if type(run) ~= "function" then
    errors.typeError("a handler is a function")
  end
  local number = natives.subscribe(pattern)
  handlers[number] = run
  return setmetatable({ number = number, pattern = pattern }, subscription)
end

function bus.unsubscribe(sub)
  local number = if type(sub) == "table" then sub.number else sub
  if number ~= nil and handlers[number] ~= nil then
    handlers[number] = nil
    natives.unsubscribe(number)
  end
end

function bus.handler(number)
  return if number ~= nil then handlers[number] else nil
end

function bus.publish(type, payload)
  natives.publish(type, payload)
end

-- `options` is a table with `timeout`, or that alone: milliseconds.
function bus.request(target, type_, payload, options)
  local timeoutMs = if type(options) == "table" then options.timeout else options
  return calls.wait(function()
    return natives.request(target, type_, payload, timeoutMs or REQUEST_MS)
  end)
end

function bus.clear()
  for number in table.clone(handlers) do
    bus.unsubscribe(number)
  end
end

return bus
