-- A router in the manner of Express.
local core = ...
local urls = core.use("base/urls")
local errors = core.use("base/errors")
local METHODS = { "get", "head", "post", "put", "patch", "delete", "options" }

local Router = {}
Router.__index = Router

-- The segments of a path: `:name` takes one, `:name?` one or none, `*` and `*name` the rest.
local function compile(path)
  if type(path) ~= "string" then
    errors.typeError("a path is a string")
  end
  local segments = {}
  for segment in string.gmatch(path, "[^/]+") do
    local name, mark = string.match(segment, "^:([%w_]+)(%??)$")
    local star = string.match(segment, "^%*([%w_]*)$")
    if name ~= nil then
      table.insert(segments, { name = name, isOptional = mark == "?" })
    elseif star ~= nil then
      table.insert(segments, { name = if star == "" then "0" else star, isRest = true })
    else
      table.insert(segments, { text = string.lower(segment) })
    end
  end
  return segments
end

local function decode(text)
  local decoded = urls.decode(text)
  if string.find(text, "%%", 1) and (string.find(text, "%%%X") or string.find(text, "%%.?$") or utf8.len(decoded) == nil) then
    errors.throw("URIError", `Failed to decode param '{text}'`, { status = 400 })
  end
  return decoded
end

-- How many segments of a path a layer takes and what its names stand for; nil if it does not fit.
local function match(layer, parts)
  local params, place = {}, 1
  for _, segment in layer.segments do
    local part = parts[place]
    if segment.isRest then
      params[segment.name] = decode(table.concat(parts, "/", place))
      place = #parts + 1
    elseif part == nil then
      if not segment.isOptional then
        return nil
      end
    elseif segment.name ~= nil then
      params[segment.name] = decode(part)
      place += 1
    elseif segment.text == string.lower(part) then
      place += 1
    else
      return nil
    end
  end
  if not layer.isPrefix and place <= #parts then
    return nil
  end
  return place - 1, params
end

local function add(self, layer, handlers)
  for _, run in handlers do
    if type(run) ~= "function" and not (type(run) == "table" and getmetatable(run) == Router) then
      errors.typeError("a handler must be a function but got a " .. type(run))
    end
  end
  layer.handlers = handlers
  table.insert(self.stack, layer)
  return self
end

-- use(path?, handlers...): everything below a path. A handler of four parameters gets errors.
function Router:use(path, ...)
  if type(path) == "string" then
    return add(self, { segments = compile(path), isPrefix = true }, { ... })
  end
  return add(self, { segments = {}, isPrefix = true }, { path, ... })
end

function Router:all(path, ...)
  return add(self, { segments = compile(path), path = path }, { ... })
end

for _, method in METHODS do
  Router[method] = function(self, path, ...)
    return add(self, { segments = compile(path), path = path, method = string.upper(method) }, { ... })
  end
end

function Router:route(path)
  local route = {}
  for _, method in { "all", unpack(METHODS) } do
    route[method] = function(_, ...)
      self[method](self, path, ...)
      return route
    end
  end
  return route
end

local function fits(layer, req)
  return layer.isPrefix or layer.method == nil or layer.method == req.method or (layer.method == "GET" and req.method == "HEAD")
end

local function takesErrors(run)
  return type(run) == "function" and core.engine.arity(run) == 4
end

-- Answers a request, or calls `done` with nothing, or with what a handler threw or gave to next().
function Router:handle(req, res, done)
  local baseUrl, url, params = req.baseUrl or "", req.url, req.params
  local place = 0
  local nextLayer

  local function run(layer, at, failure)
    local handler = layer.handlers[at]
    if handler == nil or failure == "route" then
      return nextLayer(if failure == "route" then nil else failure)
    elseif takesErrors(handler) ~= (failure ~= nil) then
      return run(layer, at + 1, failure)
    end
    local isCalled = false
    local function after(thrown)
      if not isCalled then
        isCalled = true
        run(layer, at + 1, thrown)
      end
    end
    local ok, thrown
    if failure ~= nil then
      ok, thrown = pcall(handler, failure, req, res, after)
    elseif type(handler) == "table" then
      ok, thrown = pcall(handler.handle, handler, req, res, after)
    else
      ok, thrown = pcall(handler, req, res, after)
    end
    if not ok then
      if isCalled then
        error(thrown, 0)
      end
      after(thrown)
    end
  end

  function nextLayer(failure)
    req.baseUrl, req.url, req.params = baseUrl, url, params
    while true do
      place += 1
      local layer = self.stack[place]
      if layer == nil then
        return done(failure)
      end
      local path = string.match(req.url, "^[^?#]*")
      local parts = {}
      for part in string.gmatch(path, "[^/]+") do
        table.insert(parts, part)
      end
      local ok, count, found = pcall(match, layer, parts)
      if not ok then
        return done(count)
      end
      if count ~= nil and fits(layer, req) and (failure == nil or layer.isPrefix) then
        local own = if self.mergeParams then table.clone(params or {}) else {}
        for name, value in found do
          own[name] = value
        end
        req.params = if layer.isPrefix and next(found) == nil then params else own
        if layer.isPrefix then
          local taken = if count > 0 then "/" .. table.concat(parts, "/", 1, count) else ""
          req.baseUrl = baseUrl .. taken
          req.url = "/" .. table.concat(parts, "/", count + 1) .. string.sub(url, #path + 1)
        end
        return run(layer, 1, failure)
      end
    end
  end
  nextLayer(nil)
end

function Router.__call(self, req, res, done)
  self:handle(req, res, done)
end

local function create(options)
  return setmetatable({ stack = {}, mergeParams = type(options) == "table" and options.mergeParams == true }, Router)
end

-- Bodies are read by the host before a router sees them.
local function parser()
  return function(_, _, done)
    done()
  end
end

local function isRouter(value)
  return type(value) == "table" and getmetatable(value) == Router
end

return setmetatable({ Router = create, json = parser, urlencoded = parser, text = parser, raw = parser, isRouter = isRouter }, {
  __call = create,
})
