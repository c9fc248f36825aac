-- Requests and answers as Express has them, for handlers of every family.
local core = ...
local errors = core.use("base/errors")
local log = core.use("base/log")
local json = core.use("base/json")
local paths = core.use("base/paths")
local tasks = core.use("base/tasks")
local urls = core.use("base/urls")
local http = {}

local TYPES = {
  html = "text/html; charset=utf-8", htm = "text/html; charset=utf-8", txt = "text/plain; charset=utf-8",
  css = "text/css; charset=utf-8", js = "text/javascript; charset=utf-8", mjs = "text/javascript; charset=utf-8",
  json = "application/json; charset=utf-8", xml = "application/xml", csv = "text/csv; charset=utf-8",
  md = "text/markdown; charset=utf-8", svg = "image/svg+xml", png = "image/png", jpg = "image/jpeg",
  jpeg = "image/jpeg", gif = "image/gif", webp = "image/webp", ico = "image/x-icon",
  bin = "application/octet-stream", wav = "audio/wav", mp3 = "audio/mpeg", ogg = "audio/ogg",
  m4a = "audio/mp4", flac = "audio/flac", mp4 = "video/mp4", webm = "video/webm", pdf = "application/pdf",
  zip = "application/zip", wasm = "application/wasm", woff = "font/woff", woff2 = "font/woff2", ttf = "font/ttf",
}
local WORDS = {
  [200] = "OK", [201] = "Created", [202] = "Accepted", [204] = "No Content", [301] = "Moved Permanently",
  [302] = "Found", [304] = "Not Modified", [400] = "Bad Request", [401] = "Unauthorized", [403] = "Forbidden",
  [404] = "Not Found", [405] = "Method Not Allowed", [409] = "Conflict", [410] = "Gone",
  [418] = "I'm a Teapot", [429] = "Too Many Requests", [500] = "Internal Server Error",
  [501] = "Not Implemented", [502] = "Bad Gateway", [503] = "Service Unavailable", [504] = "Gateway Timeout",
}

local function typeOf(name)
  if string.find(name, "/", 1, true) and not paths.isAbsolute(name) then
    return name
  end
  local extension = string.match(name, "([^.]*)$")
  return TYPES[string.lower(extension)]
end

local function mediaType(value)
  local text = value.contentType or (value.headers or {})["content-type"] or ""
  return string.lower((string.match(text, "^%s*([^;%s]*)")))
end

-- The body as handlers expect it; none is an empty table.
local function bodyOf(value)
  local raw = value.body
  if raw == nil or raw == core.null or raw == "" then
    return {}
  end
  local kind = mediaType(value)
  if kind == "application/json" or string.find(kind, "%+json$") then
    local parsed = core.helpers.parseJson(raw)
    if parsed == nil then
      errors.throw("SyntaxError", "malformed body: the text is not JSON", { status = 400 })
    end
    return parsed[1]
  elseif kind == "application/x-www-form-urlencoded" then
    return urls.parseQuery(raw)
  elseif kind == "" then
    local parsed = core.helpers.parseJson(raw)
    return if parsed ~= nil then parsed[1] else raw
  end
  return raw
end

local Req = {}

function Req:get(name)
  return self.headers[string.lower(name)]
end
Req.header = Req.get

function Req:param(name, fallback)
  local body = if type(self.body) == "table" then self.body[name] else nil
  for _, found in { self.params[name] or false, body or false, self.query[name] or false } do
    if found then
      return found
    end
  end
  return fallback
end

-- Whether the body is of a type.
function Req:is(kind)
  local own = mediaType({ headers = self.headers })
  if own == "" then
    return false
  end
  return own == kind or string.sub(own, -#kind - 1) == "/" .. kind
end

local request = {
  __index = function(self, key)
    if key == "path" then
      local path = string.match(rawget(self, "url"), "^[^?#]*")
      return if path == "" then "/" else path
    end
    return Req[key]
  end,
}

local function makeRequest(value, more)
  local url = value.url or value.path or "/"
  local query = value.query
  if type(query) ~= "table" then
    query = urls.parseQuery(if type(query) == "string" then query else string.match(url, "%?(.*)$"))
  end
  local req = {
    method = string.upper(value.method or "GET"),
    url = url,
    originalUrl = url,
    baseUrl = "",
    headers = value.headers or {},
    query = query,
    params = value.params or {},
    body = bodyOf(value),
    ip = "127.0.0.1",
    protocol = "http",
  }
  for key, item in more or {} do
    req[key] = item
  end
  return setmetatable(req, request)
end

local Res = {}
Res.__index = Res

function Res:status(code)
  self.statusCode = tonumber(code) or 500
  return self
end

function Res:setHeader(name, value)
  local key = string.lower(name)
  if self.held[key] == nil then
    table.insert(self.order, key)
  end
  self.held[key] = { name, value }
  return self
end

function Res:getHeader(name)
  local held = self.held[string.lower(name)]
  return if held ~= nil then held[2] else nil
end
Res.get = Res.getHeader

function Res:removeHeader(name)
  local key = string.lower(name)
  local place = table.find(self.order, key)
  if place ~= nil then
    table.remove(self.order, place)
  end
  self.held[key] = nil
  return self
end

-- set(name, value), or set{name = value}.
function Res:set(name, value)
  if type(name) == "table" then
    for key, item in name do
      self:setHeader(key, item)
    end
    return self
  elseif string.lower(name) == "content-type" and not string.find(tostring(value), "/", 1, true) then
    return self:setHeader(name, typeOf(tostring(value)) or value)
  end
  return self:setHeader(name, value)
end
Res.header = Res.set

function Res:append(name, value)
  local known = self:getHeader(name)
  if known == nil then
    return self:setHeader(name, value)
  end
  local all = if type(known) == "table" then table.clone(known) else { known }
  table.insert(all, value)
  return self:setHeader(name, all)
end

function Res:type(name)
  return self:setHeader("Content-Type", typeOf(name) or name)
end

function Res:location(url)
  return self:setHeader("Location", url)
end

local function finish(self, body, file)
  if self.headersSent then
    log.write("warn", "a second answer to one request was ignored")
    return self
  end
  self.headersSent = true
  local headers = core.use("base/json").array({})
  for _, key in self.order do
    local name, value = self.held[key][1], self.held[key][2]
    for _, one in if type(value) == "table" then value else { value } do
      table.insert(headers, { name, tostring(one) })
    end
  end
  local answer = { status = self.statusCode, headers = headers, file = file }
  if file == nil and body ~= "" then
    answer.body = body
  end
  self.answer(answer)
  return self
end

local function default(self, name)
  if self:getHeader("content-type") == nil then
    self:type(name)
  end
end

function Res:json(value)
  default(self, "json")
  return finish(self, if value == nil then nil else json.encode(value))
end

-- A string is HTML, or bytes where it is no text; a table is JSON.
function Res:send(body)
  if body == nil or body == core.null then
    return finish(self)
  elseif type(body) == "string" then
    default(self, if utf8.len(body) ~= nil then "html" else "bin")
    return finish(self, body)
  elseif type(body) == "buffer" then
    default(self, "bin")
    return finish(self, buffer.tostring(body))
  end
  return self:json(body)
end

-- Without a type of its own; `res["end"]` in the words of Express.
function Res:finish(body)
  local chunks = table.concat(self.chunks) .. (if body ~= nil then tostring(body) else "")
  return finish(self, chunks)
end
Res["end"] = Res.finish

function Res:write(chunk)
  table.insert(self.chunks, tostring(chunk))
  return true
end

function Res:sendStatus(code)
  self:status(code):type("txt")
  return finish(self, WORDS[code] or tostring(code))
end

function Res:redirect(status, url)
  if url == nil then
    status, url = 302, status
  end
  return finish(self:status(status):location(url))
end

function Res:attachment(name)
  if name ~= nil then
    self:type(name)
    return self:set("Content-Disposition", `attachment; filename="{paths.basename(name)}"`)
  end
  return self:set("Content-Disposition", "attachment")
end

-- A file of the plugin's own folder or of its data.
function Res:sendFile(path, options)
  local root = if type(options) == "table" then options.root else nil
  local file = if root ~= nil then paths.join(root, path) else path
  if type(file) ~= "string" or not paths.isAbsolute(file) then
    errors.typeError("path must be absolute or specify root to res.sendFile")
  end
  local full = paths.normalize(file)
  local isOwn = paths.isInside(full, core.info.pluginDir) or paths.isInside(full, core.info.dataDir)
  local ok, stat = pcall(core.natives.fs.stat, full)
  if not isOwn or not ok or type(stat) ~= "table" or stat.kind ~= "file" then
    return self:status(404):json({ error = "Not found" })
  end
  if self:getHeader("content-type") == nil then
    self:setHeader("Content-Type", typeOf(full) or "application/octet-stream")
  end
  return finish(self, nil, full)
end

function Res:download(path, name)
  return self:attachment(name or path):sendFile(path)
end

local function jsonAnswer(status, value)
  return { status = status, headers = { { "Content-Type", "application/json; charset=utf-8" } }, body = json.encode(value) }
end

function http.notFound(words)
  return jsonAnswer(404, { error = words })
end

local function failure(thrown, co, what)
  local plain = errors.plain(thrown, co)
  local status = plain.status or 500
  if status < 400 then
    status = 500
  end
  if status >= 500 then
    log.write("error", `{what} failed: {errors.withStack(thrown, co)}`)
  end
  return jsonAnswer(status, { error = plain.message })
end

-- Runs a handler (req, res, next) and gives the answer: the task waits for it.
function http.handle(value, handler, more)
  local what = `{value.method or "GET"} {value.path or value.url or ""}`
  local task = tasks.current()
  local answer, isWaiting = nil, false
  local function resolve(given)
    if answer == nil then
      answer = given
      if isWaiting then
        tasks.step(task)
      end
    end
  end
  local ok, req = pcall(makeRequest, value, more)
  if not ok then
    return failure(req, nil, what)
  end
  local res = setmetatable({ answer = resolve, statusCode = 200, headersSent = false, held = {}, order = {}, chunks = {}, locals = {} }, Res)
  req.res, res.req = res, req
  local function failed(thrown, co)
    if answer ~= nil then
      log.write("error", `{what} failed after its answer: {errors.withStack(thrown, co)}`)
    else
      resolve(failure(thrown, co, what))
    end
  end
  local function after(thrown)
    if thrown ~= nil and thrown ~= core.null and thrown ~= "router" and thrown ~= "route" then
      failed(thrown)
    elseif answer == nil then
      resolve(jsonAnswer(404, { error = "Not found" }))
    end
  end
  tasks.spawn(handler, nil, failed, req, res, after)
  isWaiting = true
  while answer == nil do
    tasks.pause()
  end
  return answer
end

return http
