-- Requests counted by the month, close to their limit.
local DAY = 24 * 60 * 60 * 1000

return {
  id = "demo-editor",
  probe = function(ctx)
    local line = ctx.line
    return {
      plan = "Pro",
      lines = {
        line.progress({
          label = "Requests",
          used = 468,
          limit = 500,
          format = { kind = "count", suffix = "requests" },
          resetsAt = ctx.util.toIso(ctx.nowMs + 9.4 * DAY),
          periodDurationMs = 30 * DAY,
        }),
        line.progress({ label = "On demand", used = 7.2, limit = 20, format = { kind = "dollars" } }),
        line.badge({ label = "Status", text = "Operational", color = "#22c55e" }),
      },
    }
  end,
}
