-- Routers at paths of their own.
local core = ...
local errors = core.use("base/errors")
local http = core.use("dialect/http")
local router = core.use("host/router")
local mounts = {}
local known = {} -- by path

local function trimmed(prefix)
  return (string.gsub(prefix, "/+$", ""))
end

-- Mounts a function `(req, res, next)` or a Router; the same path again replaces it.
function mounts.add(prefix, run)
  if type(prefix) ~= "string" then
    errors.typeError("a prefix is a string")
  elseif type(run) ~= "function" and not router.isRouter(run) then
    errors.typeError("a router is a function or made by Router()")
  end
  core.natives.routes.add({ prefix = prefix })
  known[trimmed(prefix)] = run
end

function mounts.remove(prefix)
  if known[trimmed(prefix)] ~= nil then
    known[trimmed(prefix)] = nil
    core.natives.routes.remove({ prefix = prefix })
  end
end

function mounts.answer(value)
  local prefix = trimmed(value.prefix)
  local run = known[prefix]
  if run == nil then
    return http.notFound("there is nothing here")
  end
  local rest = string.sub(value.url, #prefix + 1)
  if string.sub(rest, 1, 1) ~= "/" then
    rest = "/" .. rest
  end
  local function handle(req, res, after)
    if router.isRouter(run) then
      return run:handle(req, res, after)
    end
    return run(req, res, after)
  end
  return http.handle(value, handle, { url = rest, baseUrl = prefix, originalUrl = value.url })
end

function mounts.clear()
  for prefix in table.clone(known) do
    mounts.remove(prefix)
  end
end

return mounts
