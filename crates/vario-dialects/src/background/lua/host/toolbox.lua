-- `require("vario")`: what plugins of every family may use.
local core = ...
local lenient = core.use("base/members").lenient
local natives, info = core.natives, core.info
local log = core.use("base/log")
local loop = core.use("base/loop")
local bus = core.use("base/bus")
local ipc = core.use("base/ipc")
local storage = core.use("base/storage")
local fetch = core.use("base/fetch")
local tasks = core.use("base/tasks")
local errors = core.use("base/errors")

local function logger(level)
  return function(...)
    log.write(level, log.join(...))
  end
end

local function absent(value)
  return if value == core.null then nil else value
end

-- `run` gets the payload and the event.
local function subscribe(pattern, run)
  if type(run) ~= "function" then
    errors.typeError("a handler is a function")
  end
  return bus.subscribe(pattern, function(event)
    return run(event.payload, event)
  end)
end

local http = fetch.tools(fetch.overHost)
http.request = natives.http.request

local account = fetch.tools(fetch.overAccount)
function account.current()
  return absent(natives.account.current())
end
function account.token()
  return absent(natives.account.token())
end
function account.createClient(settings)
  return core.axiosOver(fetch.overAccount, settings)
end

return {
  app = table.freeze(table.clone(info.app or {})),
  plugin = table.freeze({ id = info.pluginId, path = info.pluginDir, dataPath = info.dataDir, manifest = info.manifest }),
  log = lenient({ debug = logger("debug"), info = logger("info"), warn = logger("warn"), error = logger("error") }),
  config = lenient({ get = storage.get, set = storage.set, remove = storage.remove, delete = storage.remove, all = storage.all }),
  settings = setmetatable(lenient({
    all = storage.settings,
    get = function(key, fallback)
      local value = storage.settings()[key]
      return if value ~= nil then value else fallback
    end,
  }), {
    __index = function(_, key)
      return storage.settings()[key]
    end,
  }),
  database = lenient({
    open = function(name)
      return core.use("dialect/database").open(name)
    end,
  }),
  http = lenient(http),
  fetch = http.fetch,
  axios = core.use("host/axios"),
  bus = lenient({ publish = bus.publish, subscribe = subscribe, unsubscribe = bus.unsubscribe, request = bus.request }),
  ipc = lenient({ handle = ipc.handle, removeHandler = ipc.removeHandler, send = ipc.send }),
  account = lenient(account),
  timers = lenient({ after = loop.after, every = loop.every, cancel = loop.cancel, sleep = loop.sleep, now = natives.clock.now }),
  execute = core.use("base/run"),
  plugins = lenient({ has = natives.plugins.has, list = natives.plugins.list }),
  assets = lenient({
    call = function(api, method, ...)
      local args = core.use("base/json").array({ ... })
      return core.use("base/calls").wait(function()
        return natives.assets.call(api, method, args)
      end)
    end,
  }),
  desktop = lenient({
    tell = function(what, value)
      return core.use("base/calls").wait(function()
        return natives.desktop.tell(what, value)
      end)
    end,
  }),
  socket = lenient({ connect = core.use("base/socket").connect }),
  fs = core.use("base/files"),
  path = lenient(table.clone(core.use("base/paths"))),
  urls = lenient(table.clone(core.use("base/urls"))),
  json = core.use("base/json"),
  crypto = lenient(table.clone(natives.crypto)),
  env = lenient(table.clone(natives.env)),
  keychain = lenient(table.clone(natives.keychain)),
  sqlite = lenient(table.clone(natives.sqlite)),
  system = lenient(table.clone(natives.system)),
  base64 = { encode = core.helpers.base64EncodeBytes, decode = core.helpers.base64DecodeBytes },
  hash = core.helpers.hash,
  -- Runs a function beside what runs now; what it throws is logged.
  spawn = function(run, ...)
    tasks.spawn(run, nil, tasks.logged("a task"), ...)
  end,
  error = errors.make,
  Router = core.use("host/router").Router,
}
