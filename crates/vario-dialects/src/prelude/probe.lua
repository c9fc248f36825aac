-- Builds the context object of the probe contract (sections 4.1, 4.11, 4.12 and 12).
return function(host, data)
  local helpers = host._helpers
  local settings = host.settings
  host._helpers = nil
  host.settings = nil

  local null = data.null
  -- What tells an empty array from an empty object.
  local arrayMark = getmetatable(data.emptyList)
  local MONTHS = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }
  local floor, huge = math.floor, math.huge
  local tostring, type, pcall, pairs = tostring, type, pcall, pairs
  local date = os.date

  -- JavaScript's truth, on which the contract's helpers depend.
  local function truthy(value)
    return value ~= nil and value ~= false and value ~= null and value ~= 0 and value ~= "" and value == value
  end

  local function finite(value)
    return type(value) == "number" and value == value and value ~= huge and value ~= -huge
  end

  local function trim(text)
    return (string.gsub(string.gsub(text, "^%s+", ""), "%s+$", ""))
  end

  local function option(line, opts, key)
    if truthy(opts[key]) then
      line[key] = opts[key]
    end
  end

  -- The value of a JSON text in a one-element table, or nil.
  local function parse(text)
    if text == nil or text == null then
      return nil
    end
    local trimmed = trim(tostring(text))
    if trimmed == "" then
      return nil
    end
    return helpers.parseJson(trimmed)
  end

  -- How far the local zone is ahead of UTC at a moment, in milliseconds.
  local function zoneOffset(ms)
    local at = floor(ms / 1000)
    local zone = date("*t", at)
    local utc = date("!*t", at)
    if zone == nil or utc == nil then
      return 0
    end
    local days = 0
    if zone.year ~= utc.year then
      days = zone.year > utc.year and 1 or -1
    elseif zone.yday ~= utc.yday then
      days = zone.yday - utc.yday
    end
    return (((days * 24 + zone.hour - utc.hour) * 60 + zone.min - utc.min) * 60 + zone.sec - utc.sec) * 1000
  end

  local function moment(parsed)
    if parsed == nil then
      return nil
    end
    local ms, isLocal = parsed[1], parsed[2]
    if not isLocal then
      return ms
    end
    -- The offset that holds at the result decides, not the one that holds at the first guess.
    local guess = ms - zoneOffset(ms)
    return ms - zoneOffset(guess)
  end

  local ctx
  ctx = {
    nowIso = data.nowIso,
    nowMs = data.nowMs,
    app = data.app,
    host = host,
    settings = settings,
    line = {
      text = function(opts)
        local line = { type = "text", label = opts.label, value = opts.value }
        option(line, opts, "color")
        option(line, opts, "subtitle")
        return line
      end,
      progress = function(opts)
        local line = {
          type = "progress",
          label = opts.label,
          used = opts.used,
          limit = opts.limit,
          format = opts.format,
        }
        option(line, opts, "resetsAt")
        option(line, opts, "periodDurationMs")
        option(line, opts, "color")
        return line
      end,
      badge = function(opts)
        local line = { type = "badge", label = opts.label, text = opts.text }
        option(line, opts, "color")
        option(line, opts, "subtitle")
        return line
      end,
      barChart = function(opts)
        local line = { type = "barChart", label = opts.label, points = truthy(opts.points) and opts.points or {} }
        option(line, opts, "note")
        option(line, opts, "color")
        return line
      end,
    },
    fmt = {
      planLabel = function(value)
        if not truthy(value) then
          return ""
        end
        local text = trim(tostring(value))
        text = string.gsub(text, "^[a-z]", string.upper)
        return (string.gsub(text, "%s[a-z]", string.upper))
      end,
      resetIn = function(seconds)
        if not finite(seconds) or seconds < 0 then
          return nil
        end
        local minutes = floor(seconds / 60)
        local hours = floor(minutes / 60)
        local days = floor(hours / 24)
        if days > 0 then
          return string.format("%dd %dh", days, hours % 24)
        elseif hours > 0 then
          return string.format("%dh %dm", hours, minutes % 60)
        end
        return minutes > 0 and string.format("%dm", minutes) or "<1m"
      end,
      dollars = function(cents)
        local scaled = helpers.toNumber(cents) / 100 * 100
        local whole = floor(scaled)
        if scaled - whole >= 0.5 then
          whole = whole + 1
        end
        return whole / 100
      end,
      date = function(ms)
        local number = helpers.toNumber(ms)
        local ok, day = pcall(date, "*t", floor(number / 1000))
        if not finite(number) or not ok or day == nil then
          return "undefined NaN"
        end
        return MONTHS[day.month] .. " " .. string.format("%d", day.day)
      end,
    },
    util = {
      tryParseJson = function(text)
        local parsed = parse(text)
        local value = parsed and parsed[1]
        if value == null then
          return nil
        end
        return value
      end,
      safeJsonParse = function(text)
        local parsed = parse(text)
        if parsed then
          return { ok = true, value = parsed[1] }
        end
        return { ok = false }
      end,
      -- Looked up at call time, so that a plugin may replace them.
      request = function(opts)
        return ctx.host.http.request(opts)
      end,
      requestJson = function(opts)
        local resp = ctx.util.request(opts)
        local parsed = ctx.util.safeJsonParse(resp.bodyText)
        local json = nil
        if parsed.ok and parsed.value ~= null then
          json = parsed.value
        end
        return { resp = resp, json = json }
      end,
      isAuthStatus = function(status)
        return status == 401 or status == 403
      end,
      retryOnceOnAuth = function(opts)
        local resp = opts.request()
        if not ctx.util.isAuthStatus(resp.status) then
          return resp
        end
        local token = opts.refresh()
        if truthy(token) then
          return opts.request(token)
        end
        return resp
      end,
      parseDateMs = function(value)
        if type(value) == "number" then
          return finite(value) and value or nil
        elseif type(value) == "string" then
          return moment(helpers.parseDate(value))
        end
        return nil
      end,
      toIso = function(value)
        if type(value) ~= "string" and type(value) ~= "number" then
          return nil
        end
        return helpers.formatIso(moment(helpers.parseIso(value)))
      end,
      needsRefreshByExpiry = function(opts)
        if not truthy(opts) or opts.expiresAtMs == nil or opts.expiresAtMs == null then
          return true
        end
        local now = helpers.toNumber(opts.nowMs)
        local expiry = helpers.toNumber(opts.expiresAtMs)
        local buffer = helpers.toNumber(opts.bufferMs)
        if not finite(now) or not finite(expiry) then
          return true
        end
        return now + (finite(buffer) and buffer or 0) >= expiry
      end,
    },
    base64 = {
      decode = helpers.base64DecodeBytes,
      encode = helpers.base64EncodeBytes,
    },
    jwt = {
      decodePayload = function(token)
        if type(token) ~= "string" then
          return nil
        end
        local middle = string.match(token, "^[^.]*%.([^.]*)%.[^.]*$")
        if middle == nil then
          return nil
        end
        return ctx.util.tryParseJson(ctx.base64.decode(middle))
      end,
    },
    -- Lua has no JSON of its own.
    json = {
      null = null,
      array = function(list)
        return setmetatable(list or {}, arrayMark)
      end,
      encode = helpers.stringifyJson,
      decode = function(text)
        local parsed = parse(text)
        if parsed == nil then
          error({ name = "SyntaxError", message = "the text is not JSON" })
        end
        return parsed[1]
      end,
    },
  }

  _G.__openusage_ctx = ctx
  _G.__pacebar_ctx = ctx
  return ctx
end
