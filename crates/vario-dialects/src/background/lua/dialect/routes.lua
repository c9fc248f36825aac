-- Handlers by method and name, at `/api/<plugin>/<name>`.
local core = ...
local errors = core.use("base/errors")
local http = core.use("dialect/http")
local routes = {}
local known = {} -- by method and name

-- Makes of what a handler returns its answer, unless it has given one.
local function answering(run)
  return function(req, res, after)
    local given = run(req, res, after)
    if given ~= nil and given ~= res and not res.headersSent then
      res:send(given)
    end
  end
end

-- Registers one; gives what the host was told. With `mayReturn`, what a handler returns counts.
function routes.add(method, name, entry, mayReturn)
  local run = if type(entry) == "table" then entry.handler else entry
  if type(run) ~= "function" then
    errors.typeError(`the route {method} {name} has no handler`)
  end
  local route = { method = string.upper(method), name = name }
  if type(entry) == "table" and type(entry.description) == "string" then
    route.description = entry.description
  end
  core.natives.routes.add(route)
  known[route.method .. " " .. name] = if mayReturn then answering(run) else run
  return route
end

function routes.remove(method, name)
  local route = { method = string.upper(method), name = name }
  known[route.method .. " " .. name] = nil
  core.natives.routes.remove(route)
end

-- Registers a table of methods, each a table of names; gives the list of them.
function routes.take(given, mayReturn)
  local listed = core.use("base/json").array({})
  for method, entries in given or {} do
    for name, entry in entries do
      table.insert(listed, routes.add(method, name, entry, mayReturn))
    end
  end
  return listed
end

function routes.answer(value)
  local name = value.route
  local method = string.upper(value.method)
  local run = known[method .. " " .. name] or (if method == "HEAD" then known["GET " .. name] else nil)
  if run == nil then
    return http.notFound(`no handler for {method} {name}`)
  end
  local params = { pluginId = core.info.pluginId, handlerName = name }
  for key, item in value.params or {} do
    params[key] = item
  end
  return http.handle(value, run, { params = params })
end

return routes
