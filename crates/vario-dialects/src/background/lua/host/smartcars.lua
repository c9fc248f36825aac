-- What the background SDK of smartCARS 3 offers.
local core = ...
local log = core.use("base/log")
local errors = core.use("base/errors")

return {
  log = function(message, level, failure)
    local text = log.show(message)
    if failure ~= nil then
      text = text .. "\n" .. errors.withStack(failure)
    end
    log.write(log.level(level or "info"), text)
  end,
}
