-- Tables that nobody can change.
local function freeze(value)
  if type(value) == "table" and not table.isfrozen(value) then
    for _, item in value do
      freeze(item)
    end
    table.freeze(value)
  end
  return value
end

return { freeze = freeze }
