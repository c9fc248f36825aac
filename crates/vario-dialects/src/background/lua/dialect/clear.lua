-- Ends whatever a plugin has left open.
local core = ...
local PARTS = { "base/bus", "base/ipc", "base/socket", "dialect/database", "dialect/mounts" }

return function()
  core.use("base/calls").abandon("the plugin was unloaded")
  for _, part in PARTS do
    local ok, failure = pcall(core.use(part).clear)
    if not ok then
      core.use("base/log").write("warn", "not everything could be closed: " .. core.use("base/errors").withStack(failure))
    end
  end
end
