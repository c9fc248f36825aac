-- Lua has no JSON of its own.
local core = ...
local errors = core.use("base/errors")
local helpers = core.helpers

return {
  null = core.null,
  -- A list that stays one when it is empty.
  array = function(list)
    return setmetatable(list or {}, core.listMark)
  end,
  encode = function(value)
    return helpers.stringifyJson(value)
  end,
  decode = function(text)
    local parsed = if type(text) == "string" then helpers.parseJson(text) else nil
    if parsed == nil then
      errors.throw("SyntaxError", "the text is not JSON")
    end
    return parsed[1]
  end,
}
