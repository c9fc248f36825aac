-- The plugin's log.
local core = ...
local LEVELS = { debug = "debug", info = "info", log = "info", warn = "warn", warning = "warn", error = "error" }
local LONGEST = 65536
local log = {}

function log.level(level)
  return LEVELS[string.lower(tostring(level))] or "info"
end

-- A value as people read it: tables as JSON, error objects in their own words.
function log.show(value)
  if type(value) ~= "table" then
    return tostring(value)
  end
  if type(getmetatable(value)) == "table" and getmetatable(value).__tostring ~= nil then
    return tostring(value)
  end
  local ok, text = pcall(core.helpers.stringifyJson, value)
  return if ok and text ~= nil then text else tostring(value)
end

function log.join(...)
  local shown = table.pack(...)
  for index = 1, shown.n do
    shown[index] = log.show(shown[index])
  end
  return table.concat(shown, " ", 1, shown.n)
end

function log.write(level, message)
  core.natives.log.write(level, string.sub(message, 1, LONGEST))
end

return log
