-- Plugins of Stratos: a module that returns `{onStart, onStop}`.
local core = ...
local errors = core.use("base/errors")
local log = core.use("base/log")
local bus = core.use("base/bus")
local calls = core.use("base/calls")
local fetch = core.use("base/fetch")
local mounts = core.use("dialect/mounts")
local storage = core.use("base/storage")
local ipc = core.use("base/ipc")
local lenient = core.use("base/members").lenient
local natives, info, null = core.natives, core.info, core.null
local stratos = {}
local definition = {}
local ctx = nil
local isStopping = false

local function absent(value)
  return if value == null then nil else value
end

-- logger(category, message, extras...); one argument alone is the message.
local function logger(level)
  return function(category, message, ...)
    if message == nil then
      return log.write(level, log.show(category))
    end
    local shown = `[{tostring(category)}] {log.show(message)}`
    if select("#", ...) > 0 then
      shown = shown .. " " .. log.join(...)
    end
    log.write(level, shown)
  end
end

local function isAirlineSetting(key)
  local listed = (info.manifest or {}).availableSettings
  for _, setting in if type(listed) == "table" then listed else {} do
    if type(setting) == "table" and setting.key == key and setting.scope == "airline" then
      return true
    end
  end
  return false
end

local function tell(what, value)
  return calls.wait(function()
    return natives.desktop.tell(what, value)
  end)
end

-- The same where nobody cares what comes of it.
local function quietly(what, value)
  local ok, failure = pcall(tell, what, value)
  if not ok then
    log.write("warn", `{what}: {errors.plain(failure).message}`)
  end
end

-- Listens without a right to fail: a plugin must start where nobody sends anything.
local function listen(event, run)
  local ok, sub = pcall(bus.subscribe, event, function(message)
    return run(message.payload)
  end)
  if not ok then
    log.write("warn", `{event} cannot be heard: {errors.withStack(sub)}`)
    return function() end
  end
  return function()
    bus.unsubscribe(sub)
  end
end

local function listener(event)
  return function(run)
    return listen(event, run)
  end
end

local function airline()
  local account = natives.account.current()
  if type(account) ~= "table" then
    return nil
  end
  local found = account.airline
  return if type(found) == "table" then found else account
end

local function makeFlight()
  local flight = {
    getState = function()
      return { simDisconnected = false, reconnecting = false, timestamp = os.time() * 1000 }
    end,
    getPhase = function()
      return { currentPhase = "unknown", trends = {}, isTracking = false }
    end,
    getSnapshot = function() end,
    getLandingReport = function() end,
    registerStartGuard = function()
      return function() end
    end,
    onUpdate = listener("flight:update"),
    onPhaseChange = listener("flight:phase"),
    onSimData = listener("simulator:data"),
    onLanding = listener("flight:landing"),
  }
  flight.log = lenient({
    add = function() end,
    update = function() end,
    remove = function() end,
  })
  return lenient(flight)
end

local function makeNotify()
  return lenient({
    toast = function(value)
      quietly("toast", value)
    end,
    playSound = function(value)
      quietly("play-sound", value)
    end,
    playCustomSound = function(path)
      local paths = core.use("base/paths")
      local full = paths.join(info.pluginDir, path)
      local ok, stat = pcall(natives.fs.stat, full)
      if not paths.isInside(full, info.pluginDir) or not ok or type(stat) ~= "table" then
        errors.throw("Error", `the plugin has no file {path}`)
      end
      quietly("play-sound", { path = path })
    end,
  })
end

-- What a person would say; without one it is no.
local function asked(what, otherwise)
  return function(value)
    if isStopping then
      return otherwise
    end
    local ok, said = pcall(tell, what, value or {})
    if not ok or said == nil or said == null then
      return otherwise
    end
    return said
  end
end

local function makeSocket()
  local listening = {} -- by event, then by callback
  local socket = { connected = false }
  function socket.on(event, run)
    listening[event] = listening[event] or {}
    if listening[event][run] == nil then
      listening[event][run] = listen(event, run)
    end
    return socket
  end
  function socket.off(event, run)
    for known, stop in table.clone(listening[event] or {}) do
      if run == nil or known == run then
        listening[event][known] = nil
        stop()
      end
    end
    return socket
  end
  function socket.emit()
    return socket
  end
  return lenient(socket)
end

local function makeContext()
  local confirm = asked("confirm", false)
  local made = {
    logger = lenient({ debug = logger("debug"), info = logger("info"), warn = logger("warn"), error = logger("error") }),
    config = lenient({
      get = storage.get,
      set = function(key, value)
        if isAirlineSetting(key) then
          errors.throw("Error", `{key} is set by the airline`)
        end
        storage.set(key, value)
      end,
      delete = storage.remove,
      getAll = storage.all,
    }),
    ipc = lenient({ handle = ipc.handle, removeHandler = ipc.removeHandler, send = ipc.send }),
    airline = lenient({
      getCurrent = airline,
      createClient = function(settings)
        return core.use("host/axios") and core.axiosOver(fetch.overAccount, settings)
      end,
    }),
    database = lenient({
      open = function(name)
        return core.use("dialect/database").open(name)
      end,
    }),
    server = lenient({ registerRouter = mounts.add, Router = core.use("host/router").Router }),
    flight = makeFlight(),
    notify = makeNotify(),
    dialog = lenient({ alert = asked("alert", nil), confirm = function(value)
        return confirm(value) == true
      end }),
    prompt = lenient({ text = asked("prompt-text", nil), number = asked("prompt-number", nil), select = asked("prompt-select", nil) }),
    plugin = lenient({
      setIndicator = function(value)
        quietly("set-indicator", value or {})
      end,
      clearIndicator = function()
        quietly("clear-indicator", {})
      end,
    }),
    socket = makeSocket(),
  }
  local auth = lenient({
    getToken = function()
      return absent(natives.account.token())
    end,
    isAuthenticated = function()
      return absent(natives.account.token()) ~= nil
    end,
  })
  made.auth = setmetatable(auth, {
    __index = function(_, key)
      return if key == "token" then absent(natives.account.token()) else nil
    end,
  })
  return made
end

function stratos.load(module)
  if type(module) ~= "table" then
    errors.typeError("the plugin returns no table")
  end
  for _, hook in { "onStart", "onStop" } do
    if type(module[hook]) ~= "function" then
      errors.typeError(`the plugin's table has no function {hook}`)
    end
  end
  definition = module
  return { routes = core.use("base/json").array(), has = { start = true, stop = true, settings = false } }
end

function stratos.start()
  -- A fresh one for every start.
  ctx = makeContext()
  local ok, failure = pcall(definition.onStart, ctx)
  if not ok then
    core.use("dialect/clear")()
    core.engine.raise(failure)
  end
end

function stratos.stop()
  isStopping = true
  local ok, failure = pcall(definition.onStop, ctx or makeContext())
  core.use("dialect/clear")()
  if not ok then
    core.engine.raise(failure)
  end
end

function stratos.settings() end

stratos.http = mounts.answer

function stratos.request(value)
  errors.throw("Error", `the plugin answers no requests ({tostring(value.type)})`)
end

return stratos
