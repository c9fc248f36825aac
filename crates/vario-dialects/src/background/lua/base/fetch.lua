-- Requests to the world outside.
local core = ...
local errors = core.use("base/errors")
local calls = core.use("base/calls")
local json = core.use("base/json")
local urls = core.use("base/urls")
local fetch = {}

-- Headers as rows: of a table of names, or of rows.
function fetch.rows(headers)
  local rows, names = {}, {}
  if type(headers) ~= "table" then
    return rows
  elseif headers[1] ~= nil then
    return headers
  end
  for name in headers do
    table.insert(names, name)
  end
  table.sort(names)
  for _, name in names do
    local value = headers[name]
    for _, one in if type(value) == "table" then value else { value } do
      if one ~= false and one ~= core.null then
        table.insert(rows, { tostring(name), tostring(one) })
      end
    end
  end
  return rows
end

function fetch.has(rows, name)
  for _, row in rows do
    if string.lower(row[1]) == name then
      return true
    end
  end
  return false
end

-- The headers of an answer by their names in small letters; several of one name are joined, but for
-- cookies, which are a list.
function fetch.received(rows)
  local headers = {}
  for _, row in rows or {} do
    local name, value = string.lower(row[1]), row[2]
    if name == "set-cookie" then
      headers[name] = headers[name] or {}
      table.insert(headers[name], value)
    else
      headers[name] = if headers[name] ~= nil then headers[name] .. ", " .. value else value
    end
  end
  return headers
end

function fetch.overHost(call)
  return calls.wait(function()
    return core.natives.http.fetch(call)
  end)
end

function fetch.overAccount(call)
  return calls.wait(function()
    return core.natives.account.fetch(call)
  end)
end

local function response(answer, url)
  local body = answer.body or ""
  local made = {
    url = answer.url or url,
    status = answer.status,
    statusText = answer.statusText or "",
    ok = answer.status >= 200 and answer.status <= 299,
    redirected = answer.redirected == true,
    headers = fetch.received(answer.headers),
    body = body,
  }
  function made.text()
    return body
  end
  function made.json()
    return json.decode(body)
  end
  return made
end

-- Asks by `over`. `request` has url, method, headers, body or json or form, params, timeoutMs and
-- redirect.
function fetch.by(over, request)
  local given = if type(request) == "string" then { url = request } else request
  if type(given) ~= "table" or type(given.url) ~= "string" then
    errors.typeError("a request needs a url")
  end
  local headers = table.clone(fetch.rows(given.headers))
  local body = given.body
  local function kind(value)
    if not fetch.has(headers, "content-type") then
      table.insert(headers, { "Content-Type", value })
    end
  end
  if given.json ~= nil then
    body = json.encode(given.json)
    kind("application/json")
  elseif given.form ~= nil then
    body = urls.query(given.form)
    kind("application/x-www-form-urlencoded")
  elseif type(body) == "table" then
    body = json.encode(body)
    kind("application/json")
  end
  local url = urls.with(given.url, given.params)
  local answer = over({
    url = url,
    method = string.upper(given.method or "GET"),
    headers = headers,
    body = body,
    timeoutMs = given.timeoutMs,
    redirect = given.redirect or "follow",
  })
  return response(answer, url)
end

-- The short forms: get(url, more), post(url, body, more) and so on.
function fetch.tools(over)
  local tools = {}
  function tools.fetch(request, more)
    if type(request) == "string" and type(more) == "table" then
      more = table.clone(more)
      more.url = request
      request = more
    end
    return fetch.by(over, request)
  end
  for _, method in { "get", "head", "delete" } do
    tools[method] = function(url, more)
      local request = table.clone(more or {})
      request.url, request.method = url, method
      return fetch.by(over, request)
    end
  end
  for _, method in { "post", "put", "patch" } do
    tools[method] = function(url, body, more)
      local request = table.clone(more or {})
      request.url, request.method, request.body = url, method, body
      return fetch.by(over, request)
    end
  end
  return tools
end

return fetch
