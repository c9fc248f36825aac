-- Programs.
local core = ...
local errors = core.use("base/errors")
local calls = core.use("base/calls")
local RUN_MS = 60000

-- `request` has program, args, cwd, env, input and timeoutMs. Gives code, signal, stdout, stderr and
-- truncated; the outputs as strings.
return function(request)
  if type(request) ~= "table" or type(request.program) ~= "string" then
    errors.typeError("a program is missing")
  end
  local result = calls.wait(function()
    local given = table.clone(request)
    given.timeoutMs = given.timeoutMs or RUN_MS
    return core.natives.process.run(given)
  end)
  if result.code == core.null then
    result.code = nil
  end
  if result.signal == core.null then
    result.signal = nil
  end
  return result
end
