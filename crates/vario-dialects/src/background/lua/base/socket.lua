-- Clients of WebSockets.
local core = ...
local natives = core.natives.socket
local tasks = core.use("base/tasks")
local errors = core.use("base/errors")
local socket = {}
local open = {} -- by the host's number

local Socket = {}
Socket.__index = Socket

-- Sends text; a buffer, or a string that is no text, goes as bytes.
function Socket:send(data)
  if self.state ~= "open" then
    errors.throw("InvalidStateError", "the socket is " .. self.state)
  end
  natives.send(self.number, if type(data) == "table" then core.helpers.stringifyJson(data) else data)
end

function Socket:close(code, reason)
  if self.state ~= "closed" and self.state ~= "closing" then
    self.state = "closing"
    natives.close(self.number, code, reason)
  end
end

local function call(client, event, ...)
  local run = client.handlers[event]
  if type(run) == "function" then
    tasks.spawn(run, nil, tasks.logged("a socket's handler of " .. event), ...)
  end
end

-- Connects. `handlers` may have `open()`, `message(data)`, `close(code, reason)`, `error(message)`.
function socket.connect(url, handlers)
  local number = natives.open(url)
  local client = setmetatable({ number = number, url = url, state = "connecting", handlers = handlers or {} }, Socket)
  open[number] = client
  return client
end

function socket.deliver(value)
  local client = open[value.socket]
  if client == nil then
    return
  end
  if value.event == "open" then
    client.state = "open"
    call(client, "open")
  elseif value.event == "message" then
    call(client, "message", value.data)
  elseif value.event == "error" then
    call(client, "error", value.reason or value.data or "the connection failed")
  elseif value.event == "close" then
    client.state = "closed"
    open[value.socket] = nil
    call(client, "close", value.code, value.reason)
  end
end

function socket.clear()
  for _, client in table.clone(open) do
    client:close()
  end
end

return socket
