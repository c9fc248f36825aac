-- Builds the world of background plugins in Lua.
return function(natives)
  return {
    load = function()
      natives.host.fatal({ message = "background plugins in Lua are not there yet" })
    end,
    deliver = function() end,
    due = function()
      return -3
    end,
  }
end
