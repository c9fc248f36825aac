-- Plugins of Mudstack: a module that returns a class, or a table with its methods.
local core = ...
local errors = core.use("base/errors")
local log = core.use("base/log")
local bus = core.use("base/bus")
local calls = core.use("base/calls")
local storage = core.use("base/storage")
local tasks = core.use("base/tasks")
local lenient = core.use("base/members").lenient
local natives, info, null = core.natives, core.info, core.null
local base = core.use("host/mudstack")
local mudstack = {}
local instance = nil
local answers = {} -- to requests, by type
local HOOKS = { activate = true, deactivate = true, new = true, extend = true }
local asked = {} -- requests that wait for respond(), by id
local RUN_MS = 60000
local APIS = { "accountAPI", "workspaceAPI", "libraryAPI", "tagAPI", "assetAPI", "versionAPI" }

local function messageOf(event)
  return { id = event.id, event = event.type, payload = event.payload, source = event.source, timestamp = event.timestamp }
end

local function ask(api, method, ...)
  local args = core.use("base/json").array({ ... })
  local answer = calls.wait(function()
    return natives.assets.call(api, method, args)
  end)
  return if answer == null then nil else answer
end

local function makeApi(name)
  local known = {}
  known = setmetatable({}, {
    __index = function(_, method)
      return function(first, ...)
        if first == known then
          return ask(name, method, ...)
        elseif first == nil then
          return ask(name, method)
        end
        return ask(name, method, first, ...)
      end
    end,
  })
  return known
end

local function run(program, args, options)
  -- Without arguments the options come in their place.
  if options == nil and type(args) == "table" and args[1] == nil and next(args) ~= nil then
    args, options = nil, args
  end
  options = options or {}
  local list = core.use("base/json").array({})
  for _, arg in args or {} do
    table.insert(list, tostring(arg))
  end
  local result = core.use("base/run")({
    program = tostring(program),
    args = list,
    cwd = options.cwd or info.pluginDir,
    env = options.env,
    input = options.input,
    timeoutMs = options.timeout or RUN_MS,
  })
  return { code = result.code, signal = result.signal, stdout = result.stdout or "", stderr = result.stderr or "", truncated = result.truncated == true }
end

-- A program that runs scripts.
local function interpreter(program)
  return function(path, args, options)
    if options == nil and type(args) == "table" and args[1] == nil and next(args) ~= nil then
      args, options = nil, args
    end
    local all = { path }
    for _, arg in args or {} do
      table.insert(all, arg)
    end
    return run(program, all, options)
  end
end

local function validate(given)
  local schema = (info.manifest or {}).configSchema
  local found = core.use("base/json").array({})
  if schema ~= nil then
    core.use("dialect/schema")(schema, if given ~= nil then given else storage.all(), "", found)
  end
  return { valid = #found == 0, errors = found }
end

local function makeEvents(subscriptions)
  local events = {}
  function events.on(event, handler)
    if type(handler) ~= "function" then
      errors.typeError("a handler is a function")
    end
    local sub = bus.subscribe(event, function(given)
      return handler(messageOf(given))
    end)
    table.insert(subscriptions, { event = event, handler = handler, sub = sub })
    return function()
      bus.unsubscribe(sub)
    end
  end
  function events.off(event, handler)
    for place = #subscriptions, 1, -1 do
      local known = subscriptions[place]
      if known.event == event and (handler == nil or known.handler == handler) then
        bus.unsubscribe(known.sub)
        table.remove(subscriptions, place)
      end
    end
  end
  function events.once(event, handler)
    local stop
    stop = events.on(event, function(message)
      stop()
      return handler(message)
    end)
    return stop
  end
  function events.emit(event, payload)
    bus.publish(event, payload)
  end
  return lenient(events)
end

local function makePluginApi()
  local subscriptions = {}
  local api = {
    log = function(level, message, ...)
      local shown = log.show(message)
      if select("#", ...) > 0 then
        shown = shown .. " " .. log.join(...)
      end
      log.write(log.level(level), shown)
    end,
    requestFromPlugin = function(target, type, payload, options)
      return bus.request(target, type, payload, options)
    end,
    onRequest = function(kind, handler)
      if type(handler) ~= "function" then
        errors.typeError("a handler is a function")
      end
      answers[kind] = handler
      return function()
        if answers[kind] == handler then
          answers[kind] = nil
        end
      end
    end,
    respond = function(id, payload)
      local waiting = asked[id]
      if waiting == nil then
        errors.throw("Error", `no request {tostring(id)} waits for an answer`)
      end
      waiting(payload)
    end,
    hasDependency = natives.plugins.has,
    getVersionLocalPath = function(version)
      return ask("versionAPI", "getVersionLocalPath", version)
    end,
    updateThumbnail = function(version, path)
      return ask("versionAPI", "updateThumbnail", version, path)
    end,
    executeCommand = run,
    executeNodeScript = interpreter("node"),
    executePythonScript = interpreter(if info.app ~= nil and info.app.platform == "windows" then "python" else "python3"),
  }
  function api.execute(given)
    local kind = given.type or "command"
    if kind == "node" then
      return api.executeNodeScript(given.script or given.command, given.args, given)
    elseif kind == "python" then
      return api.executePythonScript(given.script or given.command, given.args, given)
    elseif kind == "command" or kind == "shell" then
      return run(given.command or given.script, given.args, given)
    end
    errors.throw("Error", `execute does not know the type "{tostring(kind)}"`)
  end
  lenient(api)
  api.pluginId, api.pluginPath, api.manifest = info.pluginId, info.pluginDir, info.manifest
  api.events = makeEvents(subscriptions)
  api.config = lenient({
    get = function(key, fallback)
      return if key == nil then storage.all() else storage.get(key, fallback)
    end,
    set = storage.set,
    validate = validate,
  })
  api.db = {}
  for _, name in APIS do
    api.db[name] = makeApi(name)
  end
  base.onDeactivate(api, function()
    for _, known in subscriptions do
      bus.unsubscribe(known.sub)
    end
    table.clear(subscriptions)
  end)
  return api
end

function mudstack.load(class)
  if type(class) ~= "table" then
    errors.typeError("the plugin returns no class")
  end
  class = if type(class.default) == "table" then class.default else class
  local api = makePluginApi()
  if type(class.new) == "function" then
    instance = class:new(api)
  else
    instance = setmetatable({}, { __index = class })
  end
  if type(instance) ~= "table" then
    errors.typeError("the plugin's new() gives no table")
  end
  if instance.api == nil then
    instance.api = api
  end
  local function has(hook)
    return type(instance[hook]) == "function"
  end
  return { routes = core.use("base/json").array(), has = { start = has("activate"), stop = has("deactivate"), settings = false } }
end

function mudstack.start()
  if type(instance.activate) == "function" then
    instance:activate()
  end
end

function mudstack.stop()
  local ok, failure = true, nil
  if type(instance.deactivate) == "function" then
    ok, failure = pcall(instance.deactivate, instance)
  end
  core.use("dialect/clear")()
  if not ok then
    core.engine.raise(failure)
  end
end

function mudstack.settings() end

function mudstack.http()
  return core.use("dialect/http").notFound("the plugin has no routes")
end

-- A subscription of the manifest names a method.
function mudstack.event(handler, event)
  local method = instance[handler]
  if type(method) ~= "function" then
    log.write("warn", `the plugin has no method {handler} for the event {event.type}`)
    return
  end
  method(instance, messageOf(event))
end


-- Calls what answers a request; a method may answer by what it returns, or by api.respond.
local function answerOf(value, message)
  local handler = answers[value.type]
  if handler ~= nil then
    return true, handler(value.payload, message)
  end
  local given = instance[value.type](instance, value.payload, message)
  return given ~= nil or message.id == nil, given
end

local function isKnown(kind)
  local isPublic = type(kind) == "string" and not HOOKS[kind] and string.sub(kind, 1, 1) ~= "_"
  return answers[kind] ~= nil or (isPublic and type(instance[kind]) == "function")
end

function mudstack.request(value)
  if not isKnown(value.type) then
    errors.throw("Error", `the plugin answers no requests of type "{tostring(value.type)}"`, { code = "NO_HANDLER" })
  end
  local message = { source = value.from, event = value.type, payload = value.payload, timestamp = os.time() * 1000 }
  for key, item in if type(value.message) == "table" then value.message else {} do
    message[key] = item
  end
  local task, isDone, isWaiting, answer, failure = tasks.current(), false, false, nil, nil
  local function finish(given, thrown)
    if not isDone then
      isDone, answer, failure = true, given, thrown
      if isWaiting then
        tasks.step(task)
      end
    end
  end
  if message.id ~= nil then
    asked[message.id] = finish
  end
  tasks.spawn(answerOf, function(isAnswer, given)
    if isAnswer then
      finish(given)
    end
  end, function(thrown, co)
    local plain = errors.plain(thrown, co)
    finish(nil, errors.make(plain.name or "Error", plain.message, plain))
  end, value, message)
  isWaiting = true
  while not isDone do
    tasks.pause()
  end
  if message.id ~= nil then
    asked[message.id] = nil
  end
  if failure ~= nil then
    error(failure, 0)
  end
  return answer
end

return mudstack
