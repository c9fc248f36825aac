-- Shows this machine: processor, memory, disks, uptime, battery.
local GB = 1000 ^ 3
local WARNING = "#f59e0b"

local function round(value, digits)
  local scale = 10 ^ digits
  return math.floor(value * scale + 0.5) / scale
end

-- A quota in gigabytes, with the colour of a warning when little is left.
local function gigabytes(ctx, label, used, total)
  return ctx.line.progress({
    label = label,
    used = round(used / GB, 1),
    limit = math.max(round(total / GB, 1), 0.1),
    format = { kind = "count", suffix = "GB" },
    color = used / total > 0.9 and WARNING or nil,
  })
end

local function cores(ctx, loads)
  local points = {}
  for index, load in loads do
    points[index] = {
      label = "Core " .. index,
      value = round(load, 1),
      valueLabel = string.format("%d%%", round(load, 0)),
    }
  end
  return ctx.line.barChart({ label = "Cores", points = points })
end

-- The fullest first; the root always, whatever the number.
local function disks(ctx, lines, list, count)
  table.sort(list, function(one, other)
    if (one.mount == "/") ~= (other.mount == "/") then
      return one.mount == "/"
    end
    return one.available / one.total < other.available / other.total
  end)
  for index, disk in list do
    if index > count then
      break
    end
    table.insert(lines, gigabytes(ctx, "Disk " .. disk.mount, disk.total - disk.available, disk.total))
  end
end

local function battery(ctx, state)
  local words = state.state
  for _, left in { state.timeToEmptySeconds, state.timeToFullSeconds } do
    -- What is not known is null, and null has no duration.
    words = words .. (ctx.fmt.resetIn(left) and ", " .. ctx.fmt.resetIn(left) or "")
  end
  return ctx.line.progress({
    label = "Battery",
    used = round(100 - state.percent, 0),
    limit = 100,
    format = { kind = "percent" },
    color = state.percent < 15 and WARNING or nil,
  }), ctx.line.text({ label = "Power", value = words })
end

return {
  id = "system",
  probe = function(ctx)
    local info = ctx.host.system.info()
    local lines = {
      ctx.line.progress({
        label = "CPU",
        used = round(info.cpu.load, 1),
        limit = 100,
        format = { kind = "percent" },
      }),
    }
    if #info.cpu.cores > 1 then
      table.insert(lines, cores(ctx, info.cpu.cores))
    end
    table.insert(lines, gigabytes(ctx, "Memory", info.memory.used, info.memory.total))
    if info.swap.total > 0 then
      table.insert(lines, gigabytes(ctx, "Swap", info.swap.used, info.swap.total))
    end
    disks(ctx, lines, info.disks, ctx.settings.get("diskCount"))
    if info.battery ~= nil and info.battery ~= ctx.json.null then
      for _, line in { battery(ctx, info.battery) } do
        table.insert(lines, line)
      end
    end
    local load = info.loadAverage
    table.insert(lines, ctx.line.text({
      label = "Load",
      value = string.format("%.2f  %.2f  %.2f", load[1], load[2], load[3]),
    }))
    table.insert(lines, ctx.line.text({ label = "Uptime", value = ctx.fmt.resetIn(info.uptimeSeconds) or "unknown" }))
    return { plan = info.hostName, lines = lines }
  end,
}
