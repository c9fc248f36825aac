-- Plugins of our own family: a module that returns `{start, stop, settings, routes}`.
local core = ...
local errors = core.use("base/errors")
local routes = core.use("dialect/routes")
local mounts = core.use("dialect/mounts")
local lenient = core.use("base/members").lenient
local vario = {}
local definition = {}
local answers = {} -- to requests of other plugins, by type
local ctx = nil

local function addRoute(method, name, entry)
  local route = routes.add(method, name, entry, true)
  return function()
    routes.remove(route.method, route.name)
  end
end

local function mount(prefix, run)
  mounts.add(prefix, run)
  return function()
    mounts.remove(prefix)
  end
end

local function makeContext()
  local made = table.clone(core.use("host/toolbox"))
  made.server = lenient({
    route = addRoute,
    unroute = routes.remove,
    mount = mount,
    unmount = mounts.remove,
    Router = made.Router,
  })
  local bus = table.clone(made.bus)
  bus.handle = function(type_, run)
    if type(run) ~= "function" then
      errors.typeError("a handler is a function")
    end
    answers[type_] = run
    return function()
      answers[type_] = nil
    end
  end
  bus.on_request = bus.handle
  made.bus = lenient(bus)
  return made
end

local function context()
  ctx = ctx or makeContext()
  return ctx
end

function vario.load(module)
  definition = if type(module) == "function" then module(context()) else module
  if type(definition) ~= "table" then
    errors.typeError("the plugin returns no table")
  end
  local function has(hook)
    return type(definition[hook]) == "function"
  end
  local listed = routes.take(definition.routes, true)
  return { routes = listed, has = { start = has("start"), stop = has("stop"), settings = has("settings") } }
end

function vario.start(value)
  local made = context()
  made.reason = value.reason
  made.identity = if type(value.account) == "table" then value.account else nil
  if type(definition.start) == "function" then
    definition.start(made)
  end
end

function vario.stop()
  local ok, failure = true, nil
  if type(definition.stop) == "function" then
    ok, failure = pcall(definition.stop, context())
  end
  core.use("base/loop").clear()
  core.use("dialect/clear")()
  if not ok then
    core.engine.raise(failure)
  end
end

function vario.settings(values)
  if type(definition.settings) == "function" then
    definition.settings(values, context())
  end
end

function vario.http(value)
  return if value.prefix ~= nil then mounts.answer(value) else routes.answer(value)
end

function vario.request(value)
  local run = answers[value.type]
  if run == nil then
    errors.throw("Error", `the plugin answers no requests of type "{tostring(value.type)}"`, { code = "NO_HANDLER" })
  end
  return run(value.payload, value.message)
end

-- A subscription of the manifest names a function of the module.
function vario.event(handler, event)
  local run = definition[handler]
  if type(run) ~= "function" then
    core.use("base/log").write("warn", `the plugin has no method {handler} for the event {event.type}`)
    return
  end
  run(event.payload, event)
end

return vario
