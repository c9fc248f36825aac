-- Messages between a plugin's background and its own window.
local core = ...
local natives = core.natives.ipc
local errors = core.use("base/errors")
local ipc = {}
local handlers = {}

local function name(channel)
  if type(channel) ~= "string" or channel == "" then
    errors.typeError("a channel is a string")
  end
  return channel
end

-- Refuses what has no value outside of Lua, wherever it is.
local function plain(value, parents)
  local kind = type(value)
  if kind == "function" or kind == "thread" then
    errors.throw("DataCloneError", "a " .. kind .. " cannot be sent")
  elseif kind == "table" and not parents[value] then
    parents[value] = true
    for key, item in value do
      plain(item, parents)
    end
    parents[value] = nil
  end
  return value
end

function ipc.handle(channel, run)
  name(channel)
  if type(run) ~= "function" then
    errors.typeError("a handler is a function")
  elseif handlers[channel] ~= nil then
    errors.throw("Error", `channel "{channel}" has a handler already`)
  end
  natives.handle(channel)
  handlers[channel] = run
end

function ipc.removeHandler(channel)
  if handlers[name(channel)] ~= nil then
    handlers[channel] = nil
    natives.unhandle(channel)
  end
end

function ipc.send(channel, payload)
  natives.send(name(channel), plain(payload, {}))
end

function ipc.deliver(value)
  local run = handlers[value.channel]
  if run == nil then
    errors.throw("Error", `no handler for channel "{value.channel}"`)
  end
  return plain(run(table.unpack(value.args or {})), {})
end

function ipc.clear()
  for channel in table.clone(handlers) do
    ipc.removeHandler(channel)
  end
end

return ipc
