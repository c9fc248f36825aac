-- Builds the world of background plugins. `parts` holds the other scripts of this folder, each a
-- function of `core` that is run when it is first needed.
return function(natives, info)
  local made = {}
  local core = { natives = natives, info = info, engine = natives._engine, helpers = natives._helpers }
  natives._engine = nil
  natives._helpers = nil
  core.null = core.helpers.parseJson("null")[1]
  -- What tells an empty list from an empty map.
  core.listMark = getmetatable(core.helpers.parseJson("[]")[1])

  function core.use(name)
    local known = made[name]
    if known == nil then
      known = parts[name](core)
      made[name] = known
    end
    return known
  end

  core.use("base/tasks")
  core.use("base/modules")
  local messages = core.use("base/messages")
  local loop = core.use("base/loop")
  return {
    load = messages.load,
    deliver = messages.deliver,
    due = function()
      if messages.isOver() then
        return loop.OVER
      end
      return loop.due()
    end,
  }
end
