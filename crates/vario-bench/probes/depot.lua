-- A depot that never was: a probe of the usual size that asks its host for nothing.
--
-- Every kind of line is here, some of them wrong on purpose, so that measuring it measures what
-- an ordinary plugin makes its host do: evaluate some ten kilobytes of program, build some tables,
-- format a few numbers and dates, and hand back two dozen lines to be read and checked.

local MINUTE_MS = 60 * 1000
local HOUR_MS = 60 * MINUTE_MS
local DAY_MS = 24 * HOUR_MS
local WEEK_MS = 7 * DAY_MS

local COLORS = {
  good = "#16a34a",
  fair = "#ca8a04",
  poor = "#dc2626",
  calm = "#2563eb",
  muted = "#6b7280",
}

-- What the depot keeps, with room and stock per store.
local STORES = {
  { key = "north", title = "North hall", room = 100, stock = 42.5, unit = "percent", resetHours = 3 },
  { key = "fuel", title = "Fuel budget", room = 250, stock = 87.4, unit = "dollars", resetHours = 30 },
  { key = "crates", title = "Crates", room = 1200, stock = 318, unit = "crates", resetHours = 70 },
  { key = "south", title = "South hall", room = 100, stock = 131, unit = "percent", resetHours = 5 },
  { key = "yard", title = "Yard", room = 100, stock = 0, unit = "percent", resetHours = 0 },
  { key = "pallets", title = "Pallets", room = 640, stock = 640, unit = "  pallets ", resetHours = 1 },
}

-- Shelves whose labels were mixed up: each is refused for a reason of its own.
local BROKEN_STORES = {
  { title = "Wrong limit", used = 12, limit = 1000, format = { kind = "percent" } },
  { title = "Less than none", used = -1, limit = 100, format = { kind = "percent" } },
  { title = "Bare format", used = 5, limit = 100, format = "percent" },
  { title = "Nameless things", used = 5, limit = 10, format = { kind = "count", suffix = "   " } },
}

local CREW = {
  { name = "Ilse", shift = "early", since = 2016, rating = 4.75 },
  { name = "Bram", shift = "late", since = 2019, rating = 3.5 },
  { name = "Noor", shift = "night", since = 2021, rating = 4.25 },
  { name = "Teun", shift = "early", since = 2023, rating = 2.125 },
}

local DELIVERIES = { 31, 28, 44, 12, 0, 7, 53, 38, 26, 41, 19, 3, 11, 60 }
local WEEKDAYS = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" }

local NOTES = {
  "The dock gate sticks in the cold; lift it a little before you pull.",
  "Row seven is closed until the new racks have been inspected.",
  "Cartons with a blue stripe go out first, whatever the list says.",
}

-- Whole seconds: that is all this needs, and every language has them.
local function nowMs()
  return math.floor(os.time()) * 1000
end

-- The same moment without its zone, which some services leave out.
local function isoWithoutZone(ms)
  return os.date("!%Y-%m-%dT%H:%M:%S", math.floor(ms / 1000))
end

local function isoFromMs(ms)
  return isoWithoutZone(ms) .. string.format(".%03dZ", ms % 1000)
end

local function nextReset(now, hours)
  if hours <= 0 then
    return nil
  end
  local step = hours * HOUR_MS
  return (math.floor(now / step) + 1) * step
end

local function clamp(value, low, high)
  if value < low then
    return low
  end
  if value > high then
    return high
  end
  return value
end

local function sum(numbers)
  local total = 0
  for _, number in ipairs(numbers) do
    total = total + number
  end
  return total
end

local function average(numbers)
  return #numbers == 0 and 0 or sum(numbers) / #numbers
end

local function largest(numbers)
  local best = 1
  for index = 2, #numbers do
    if numbers[index] > numbers[best] then
      best = index
    end
  end
  return best
end

local function map(list, pick)
  local result = {}
  for index, item in ipairs(list) do
    result[index] = pick(item)
  end
  return result
end

local function oneDecimal(number)
  local tenths = math.floor(number * 10 + 0.5)
  return string.format("%d.%d", math.floor(tenths / 10), tenths % 10)
end

-- 1234567 as 1,234,567.
local function grouped(number)
  local digits = string.format("%d", number)
  local text = ""
  for index = 1, #digits do
    local left = #digits - index + 1
    if index > 1 and left % 3 == 0 then
      text = text .. ","
    end
    text = text .. string.sub(digits, index, index)
  end
  return text
end

local function plural(count, one, many)
  return grouped(count) .. " " .. (count == 1 and one or many)
end

local function shade(share)
  if share < 0.6 then
    return COLORS.good
  end
  if share < 0.9 then
    return COLORS.fair
  end
  return COLORS.poor
end

local function formatOf(unit)
  if unit == "percent" then
    return { kind = "percent" }
  end
  if unit == "dollars" then
    return { kind = "dollars" }
  end
  return { kind = "count", suffix = unit }
end

local function textLine(label, value, color, subtitle)
  local line = { type = "text", label = label, value = value }
  if color then
    line.color = color
  end
  if subtitle then
    line.subtitle = subtitle
  end
  return line
end

local function badgeLine(label, text, color, subtitle)
  local line = { type = "badge", label = label, text = text }
  if color then
    line.color = color
  end
  if subtitle then
    line.subtitle = subtitle
  end
  return line
end

local function progressLine(label, used, limit, format)
  return { type = "progress", label = label, used = used, limit = limit, format = format }
end

-- One line per store, with its reset where it has one.
local function storeLines(now)
  local lines = {}
  for _, store in ipairs(STORES) do
    local line = progressLine(store.title, store.stock, store.room, formatOf(store.unit))
    local reset = nextReset(now, store.resetHours)
    if reset ~= nil then
      line.resetsAt = isoFromMs(reset)
      line.periodDurationMs = store.resetHours * HOUR_MS
    end
    line.color = shade(clamp(store.stock / store.room, 0, 1))
    table.insert(lines, line)
  end
  return lines
end

local function brokenLines()
  local lines = {}
  for _, store in ipairs(BROKEN_STORES) do
    table.insert(lines, progressLine(store.title, store.used, store.limit, store.format))
  end
  return lines
end

-- Who is here, and how good they are at it.
local function crewLines()
  local lines = {}
  for _, member in ipairs(CREW) do
    local rating = oneDecimal(member.rating) .. " of 5"
    local color = member.rating < 3 and COLORS.poor or member.rating < 4 and COLORS.fair or COLORS.good
    local subtitle = member.shift .. " shift, since " .. member.since
    table.insert(lines, badgeLine(member.name, rating, color, subtitle))
  end
  return lines
end

local function deliveryPoints(now)
  local today = math.floor(now / DAY_MS)
  local points = {}
  for index = 1, #DELIVERIES do
    local day = today - (#DELIVERIES - index)
    -- The first day of the epoch was a Thursday.
    local weekday = WEEKDAYS[(day + 3) % 7 + 1]
    table.insert(points, {
      label = weekday,
      value = DELIVERIES[index],
      valueLabel = plural(DELIVERIES[index], "van", "vans"),
    })
  end
  return points
end

local function chartLines(now)
  local total = sum(DELIVERIES)
  local best = DELIVERIES[largest(DELIVERIES)]
  return {
    {
      type = "barChart",
      label = "Deliveries",
      points = deliveryPoints(now),
      note = plural(total, "van", "vans") .. " in two weeks, " .. best .. " on the best day",
      color = COLORS.calm,
    },
    -- A chart without anything to draw is no chart.
    { type = "barChart", label = "Returns", note = "nobody counted" },
  }
end

local function headLines(now)
  local total = sum(map(STORES, function(store)
    return store.stock
  end))
  local hours = math.floor((now % DAY_MS) / HOUR_MS)
  local open = hours >= 6 and hours < 22
  return {
    textLine("Stock", grouped(math.floor(total * 1000)), nil, "over all stores"),
    textLine("Gate", open and "open" or "closed", open and COLORS.good or COLORS.muted, "hour " .. hours .. ", UTC"),
  }
end

local function tailLines(now)
  local week = math.floor(now / WEEK_MS)
  local rush = progressLine("Rush orders", average(DELIVERIES), 100, { kind = "percent" })
  rush.resetsAt = isoWithoutZone(now + WEEK_MS)
  rush.periodDurationMs = WEEK_MS
  return {
    textLine("Empty", ""),
    -- Text has to be text; a number is not shown.
    textLine("Number", 12),
    textLine("Depot", "Værløse – Łódź · 倉庫"),
    { type = "sparkline", label = "From a later version", values = { 1, 2, 3 } },
    rush,
    textLine("Note", #NOTES[week % #NOTES + 1] > 0 and table.concat(NOTES, " ") or "", COLORS.muted),
  }
end

local function planName()
  local size = sum(map(STORES, function(store)
    return store.room
  end))
  if size > 5000 then
    return "Depot Grand"
  end
  return size > 1000 and "Depot Plus" or "Depot"
end

-- Everything together, in the order a card shows it.
local function buildLines(now)
  local lines = {}
  local parts = {
    headLines(now),
    storeLines(now),
    brokenLines(),
    crewLines(),
    chartLines(now),
    tailLines(now),
  }
  for _, part in ipairs(parts) do
    for _, line in ipairs(part) do
      table.insert(lines, line)
    end
  end
  return lines
end

local function probe()
  local now = nowMs()
  if now <= 0 or now == math.huge then
    error("The depot's clock has stopped.", 0)
  end
  local lines = buildLines(now)
  if #lines == 0 then
    error("The depot is empty.", 0)
  end
  return { plan = planName(), lines = lines }
end

return { id = "depot", probe = probe }
