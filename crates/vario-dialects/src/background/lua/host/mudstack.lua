-- The base class of Mudstack's plugins.
local MudstackPlugin = {}
MudstackPlugin.__index = MudstackPlugin
local clearers = setmetatable({}, { __mode = "k" })

-- A class whose instances have what this one's have.
function MudstackPlugin:extend()
  local class = setmetatable({}, { __index = self })
  class.__index = class
  class.super = self
  return class
end

function MudstackPlugin:new(api)
  return setmetatable({ api = api }, self)
end

function MudstackPlugin:activate() end

function MudstackPlugin:deactivate()
  local clear = clearers[self.api]
  if clear ~= nil then
    clear()
  end
end

return {
  MudstackPlugin = MudstackPlugin,
  -- For the host: what `deactivate` of the base ends.
  onDeactivate = function(api, clear)
    clearers[api] = clear
  end,
}
