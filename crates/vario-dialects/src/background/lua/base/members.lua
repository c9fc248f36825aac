-- Tables of functions that may be called with a dot or with a colon.
local function lenient(members)
  for name, member in members do
    if type(member) == "function" then
      members[name] = function(first, ...)
        if first == members and first ~= nil then
          return member(...)
        end
        return member(first, ...)
      end
    end
  end
  return members
end

return { lenient = lenient }
