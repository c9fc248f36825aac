-- A client in the manner of axios: what is not a success is thrown.
local core = ...
local errors = core.use("base/errors")
local fetch = core.use("base/fetch")
local json = core.use("base/json")
local urls = core.use("base/urls")
local make

local function isSuccess(status)
  return status >= 200 and status < 300
end

local function merge(first, second)
  local merged = table.clone(first or {})
  for key, value in second or {} do
    merged[key] = value
  end
  return merged
end

local function failure(message, code, config, response)
  return errors.make("AxiosError", message, { code = code, config = config, response = response, isAxiosError = true })
end

local function ask(over, config)
  local base = config.baseURL
  local url = urls.combine(if type(base) == "function" then base() else base, config.url or "")
  local headers = fetch.rows(config.headers)
  if not fetch.has(headers, "accept") then
    headers = table.clone(headers)
    table.insert(headers, { "Accept", "application/json, text/plain, */*" })
  end
  local ok, answer = pcall(fetch.by, over, {
    url = url,
    method = config.method,
    headers = headers,
    body = config.data,
    params = config.params,
    timeoutMs = if config.timeout ~= nil and config.timeout > 0 then config.timeout else nil,
    redirect = if config.maxRedirects == 0 then "manual" else "follow",
  })
  if not ok then
    local plain = errors.plain(answer)
    local isLate = plain.code == "TIMEOUT" or plain.code == "ETIMEDOUT" or string.find(string.lower(plain.message), "timed? ?out") ~= nil
    local words = if isLate then `timeout of {config.timeout or 0}ms exceeded` else plain.message
    error(failure(words, if isLate then "ECONNABORTED" else plain.code or "ERR_NETWORK", config), 0)
  end
  local data = answer.body
  if config.responseType ~= "text" and config.responseType ~= "arraybuffer" and data ~= "" then
    local parsed = core.helpers.parseJson(data)
    data = if parsed ~= nil then parsed[1] else data
  end
  local response = {
    data = data,
    status = answer.status,
    statusText = answer.statusText,
    headers = answer.headers,
    config = config,
    request = { responseURL = answer.url },
  }
  local validate = config.validateStatus
  if validate == nil then
    validate = isSuccess
  end
  if validate == core.null or validate == false or validate(answer.status) then
    return response
  end
  local code = if answer.status >= 500 then "ERR_BAD_RESPONSE" else "ERR_BAD_REQUEST"
  error(failure(`Request failed with status code {answer.status}`, code, config, response), 0)
end

-- A client whose requests go by `over`.
function make(over, defaults)
  local client = { defaults = merge({ headers = {} }, defaults) }
  function client.request(first, second)
    local given = if type(first) == "string" then merge(second, { url = first }) else first or {}
    local config = merge(client.defaults, given)
    config.headers = merge(client.defaults.headers, given.headers)
    config.method = string.lower(config.method or "get")
    return ask(over, config)
  end
  for _, method in { "get", "head", "delete", "options" } do
    client[method] = function(url, config)
      return client.request(merge(config, { url = url, method = method }))
    end
  end
  for _, method in { "post", "put", "patch" } do
    client[method] = function(url, data, config)
      return client.request(merge(config, { url = url, method = method, data = data }))
    end
  end
  function client.create(given)
    local made = merge(client.defaults, given)
    made.headers = merge(client.defaults.headers, if given ~= nil then given.headers else nil)
    return make(over, made)
  end
  function client.isAxiosError(value)
    return type(value) == "table" and rawget(value, "isAxiosError") == true
  end
  core.use("base/members").lenient(client)
  return setmetatable(client, {
    __call = function(_, first, second)
      return client.request(first, second)
    end,
  })
end

local axios = make(fetch.overHost)
-- For clients whose requests go another way.
core.axiosOver = make
return axios
