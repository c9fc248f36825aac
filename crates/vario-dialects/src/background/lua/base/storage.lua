-- Settings that last.
local core = ...
local config = core.natives.config
local storage = {}

function storage.settings()
  return core.natives.settings.all() or {}
end

-- What was stored, else the caller's default, else the setting's.
function storage.get(key, fallback)
  local stored = config.get(tostring(key))
  if stored ~= nil then
    return stored
  elseif fallback ~= nil then
    return fallback
  end
  return storage.settings()[key]
end

function storage.set(key, value)
  if value == nil then
    config.remove(tostring(key))
  else
    config.set(tostring(key), value)
  end
end

function storage.remove(key)
  config.remove(tostring(key))
end

function storage.all()
  local all = table.clone(storage.settings())
  for key, value in config.all() or {} do
    all[key] = value
  end
  return all
end

return storage
