-- A build service: a month's minutes, the queue, the last build.
local DAY = 24 * 60 * 60 * 1000

return {
  id = "demo-builds",
  probe = function(ctx)
    local line = ctx.line
    return {
      lines = {
        line.progress({
          label = "Minutes",
          used = 1240,
          limit = 3000,
          format = { kind = "count", suffix = "min" },
          resetsAt = ctx.util.toIso(ctx.nowMs + 16.3 * DAY),
          periodDurationMs = 30 * DAY,
        }),
        line.text({ label = "Queue", value = "2 waiting", subtitle = "About four minutes" }),
        line.badge({ label = "Last build", text = "Failed", color = "#ef4444", subtitle = "main, 12 minutes ago" }),
      },
    }
  end,
}
