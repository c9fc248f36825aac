-- The modules that `require` knows beside the files of the plugin.
local core = ...

local HOSTED = {
  ["vario"] = "host/toolbox",
  ["axios"] = "host/axios",
  ["express"] = "host/router",
  ["@mudstack/plugins"] = "host/mudstack",
  ["@skyvexsoftware/stratos-sdk"] = "host/stratos",
  ["@skyvexsoftware/stratos-sdk/helpers"] = "host/stratos",
  ["@tfdidesign/smartcars3-background-sdk"] = "host/smartcars",
}

core.engine.host(function(name)
  local part = HOSTED[name]
  return if part ~= nil then core.use(part) else nil
end)

return HOSTED
