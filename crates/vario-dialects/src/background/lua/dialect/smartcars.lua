-- Plugins of smartCARS: a module that returns a table of hooks and routes.
local core = ...
local errors = core.use("base/errors")
local routes = core.use("dialect/routes")
local smartcars = {}
local definition = {}

local function call(hook, ...)
  local run = definition[hook]
  if type(run) == "function" then
    return run(...)
  end
end

function smartcars.load(module)
  if type(module) ~= "table" then
    errors.typeError("the plugin returns no table")
  end
  definition = module
  local function has(hook)
    return type(definition[hook]) == "function"
  end
  local listed = routes.take(definition.routes)
  return { routes = listed, has = { start = has("onStart"), stop = has("onEnd"), settings = has("onSettingsUpdate") } }
end

function smartcars.start(value)
  local account = if type(value.account) == "table" then value.account else {}
  local identity = table.clone(account)
  identity.storagePath = value.storagePath or core.info.dataDir
  call("onStart", core.use("dialect/identity").freeze(identity))
end

function smartcars.stop()
  call("onEnd")
end

function smartcars.settings(values)
  call("onSettingsUpdate", values)
end

smartcars.http = routes.answer

function smartcars.request(value)
  errors.throw("Error", `the plugin answers no requests ({tostring(value.type)})`)
end

return smartcars
