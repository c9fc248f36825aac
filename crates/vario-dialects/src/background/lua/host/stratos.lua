-- What the SDK of Stratos offers.
local core = ...
local errors = core.use("base/errors")

return {
  createPlugin = function(definition)
    for _, hook in { "onStart", "onStop" } do
      if type(definition) ~= "table" or type(definition[hook]) ~= "function" then
        errors.typeError(`createPlugin: {hook} must be a function`)
      end
    end
    return definition
  end,
  STRATOS_APP_BASE = "http://127.0.0.1:2066",
  EventCategory = table.freeze({ SYSTEM = "SYSTEM", FLIGHT = "FLIGHT", PLUGIN = "PLUGIN", USER = "USER" }),
  Router = core.use("host/router").Router,
}
