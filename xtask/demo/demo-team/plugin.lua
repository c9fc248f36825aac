-- A plan whose session is ahead of time and whose week is not.
local HOUR = 60 * 60 * 1000

return {
  id = "demo-team",
  probe = function(ctx)
    local line = ctx.line
    return {
      plan = "Team",
      lines = {
        line.progress({
          label = "Session",
          used = 62,
          limit = 100,
          format = { kind = "percent" },
          resetsAt = ctx.util.toIso(ctx.nowMs + 2 * HOUR + 14.5 * 60 * 1000),
          periodDurationMs = 5 * HOUR,
        }),
        line.progress({
          label = "Week",
          used = 31,
          limit = 100,
          format = { kind = "percent" },
          resetsAt = ctx.util.toIso(ctx.nowMs + 76.2 * HOUR),
          periodDurationMs = 7 * 24 * HOUR,
        }),
        line.barChart({
          label = "Tokens",
          points = {
            { label = "Mon", value = 310, valueLabel = "310k tokens" },
            { label = "Tue", value = 452, valueLabel = "452k tokens" },
            { label = "Wed", value = 96, valueLabel = "96k tokens" },
            { label = "Thu", value = 520, valueLabel = "520k tokens" },
            { label = "Fri", value = 388, valueLabel = "388k tokens" },
            { label = "Sat", value = 41, valueLabel = "41k tokens" },
            { label = "Sun", value = 205, valueLabel = "205k tokens" },
          },
          note = "The last seven days",
        }),
        line.progress({ label = "Extra usage", used = 12.34, limit = 50, format = { kind = "dollars" } }),
        line.text({ label = "Account", value = "someone@example.com", subtitle = "Since January 2024" }),
      },
    }
  end,
}
