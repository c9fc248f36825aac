// A depot that never was: a probe of the usual size that asks its host for nothing.
//
// Every kind of line is here, some of them wrong on purpose, so that measuring it measures what
// an ordinary plugin makes its host do: evaluate some ten kilobytes of program, build some tables,
// format a few numbers and dates, and hand back two dozen lines to be read and checked.
(function () {
  const MINUTE_MS = 60 * 1000;
  const HOUR_MS = 60 * MINUTE_MS;
  const DAY_MS = 24 * HOUR_MS;
  const WEEK_MS = 7 * DAY_MS;

  const COLORS = {
    good: "#16a34a",
    fair: "#ca8a04",
    poor: "#dc2626",
    calm: "#2563eb",
    muted: "#6b7280",
  };

  // What the depot keeps, with room and stock per store.
  const STORES = [
    { key: "north", title: "North hall", room: 100, stock: 42.5, unit: "percent", resetHours: 3 },
    { key: "fuel", title: "Fuel budget", room: 250, stock: 87.4, unit: "dollars", resetHours: 30 },
    { key: "crates", title: "Crates", room: 1200, stock: 318, unit: "crates", resetHours: 70 },
    { key: "south", title: "South hall", room: 100, stock: 131, unit: "percent", resetHours: 5 },
    { key: "yard", title: "Yard", room: 100, stock: 0, unit: "percent", resetHours: 0 },
    { key: "pallets", title: "Pallets", room: 640, stock: 640, unit: "  pallets ", resetHours: 1 },
  ];

  // Shelves whose labels were mixed up: each is refused for a reason of its own.
  const BROKEN_STORES = [
    { title: "Wrong limit", used: 12, limit: 1000, format: { kind: "percent" } },
    { title: "Less than none", used: -1, limit: 100, format: { kind: "percent" } },
    { title: "Bare format", used: 5, limit: 100, format: "percent" },
    { title: "Nameless things", used: 5, limit: 10, format: { kind: "count", suffix: "   " } },
  ];

  const CREW = [
    { name: "Ilse", shift: "early", since: 2016, rating: 4.75 },
    { name: "Bram", shift: "late", since: 2019, rating: 3.5 },
    { name: "Noor", shift: "night", since: 2021, rating: 4.25 },
    { name: "Teun", shift: "early", since: 2023, rating: 2.125 },
  ];

  const DELIVERIES = [31, 28, 44, 12, 0, 7, 53, 38, 26, 41, 19, 3, 11, 60];
  const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

  const NOTES = [
    "The dock gate sticks in the cold; lift it a little before you pull.",
    "Row seven is closed until the new racks have been inspected.",
    "Cartons with a blue stripe go out first, whatever the list says.",
  ];

  // Whole seconds: that is all this needs, and every language has them.
  function nowMs() {
    return Math.floor(Date.now() / 1000) * 1000;
  }

  function isoFromMs(ms) {
    return new Date(ms).toISOString();
  }

  // The same moment without its zone, which some services leave out.
  function isoWithoutZone(ms) {
    return isoFromMs(ms).slice(0, 19);
  }

  function nextReset(now, hours) {
    if (hours <= 0) return null;
    const step = hours * HOUR_MS;
    return (Math.floor(now / step) + 1) * step;
  }

  function clamp(value, low, high) {
    if (value < low) return low;
    if (value > high) return high;
    return value;
  }

  function sum(numbers) {
    let total = 0;
    for (const number of numbers) total += number;
    return total;
  }

  function average(numbers) {
    return numbers.length === 0 ? 0 : sum(numbers) / numbers.length;
  }

  function largest(numbers) {
    let best = 0;
    for (let index = 1; index < numbers.length; index += 1) {
      if (numbers[index] > numbers[best]) best = index;
    }
    return best;
  }

  function oneDecimal(number) {
    const tenths = Math.floor(number * 10 + 0.5);
    return `${Math.floor(tenths / 10)}.${tenths % 10}`;
  }

  // 1234567 as 1,234,567.
  function grouped(number) {
    const digits = String(number);
    let text = "";
    for (let index = 0; index < digits.length; index += 1) {
      const left = digits.length - index;
      if (index > 0 && left % 3 === 0) text += ",";
      text += digits[index];
    }
    return text;
  }

  function plural(count, one, many) {
    return `${grouped(count)} ${count === 1 ? one : many}`;
  }

  function shade(share) {
    if (share < 0.6) return COLORS.good;
    if (share < 0.9) return COLORS.fair;
    return COLORS.poor;
  }

  function formatOf(unit) {
    if (unit === "percent") return { kind: "percent" };
    if (unit === "dollars") return { kind: "dollars" };
    return { kind: "count", suffix: unit };
  }

  function textLine(label, value, color, subtitle) {
    const line = { type: "text", label, value };
    if (color) line.color = color;
    if (subtitle) line.subtitle = subtitle;
    return line;
  }

  function badgeLine(label, text, color, subtitle) {
    const line = { type: "badge", label, text };
    if (color) line.color = color;
    if (subtitle) line.subtitle = subtitle;
    return line;
  }

  function progressLine(label, used, limit, format) {
    return { type: "progress", label, used, limit, format };
  }

  // One line per store, with its reset where it has one.
  function storeLines(now) {
    const lines = [];
    for (const store of STORES) {
      const line = progressLine(store.title, store.stock, store.room, formatOf(store.unit));
      const reset = nextReset(now, store.resetHours);
      if (reset !== null) {
        line.resetsAt = isoFromMs(reset);
        line.periodDurationMs = store.resetHours * HOUR_MS;
      }
      line.color = shade(clamp(store.stock / store.room, 0, 1));
      lines.push(line);
    }
    return lines;
  }

  function brokenLines() {
    const lines = [];
    for (const store of BROKEN_STORES) {
      lines.push(progressLine(store.title, store.used, store.limit, store.format));
    }
    return lines;
  }

  // Who is here, and how good they are at it.
  function crewLines() {
    const lines = [];
    for (const member of CREW) {
      const rating = `${oneDecimal(member.rating)} of 5`;
      const color = member.rating < 3 ? COLORS.poor : member.rating < 4 ? COLORS.fair : COLORS.good;
      lines.push(badgeLine(member.name, rating, color, `${member.shift} shift, since ${member.since}`));
    }
    return lines;
  }

  function deliveryPoints(now) {
    const today = Math.floor(now / DAY_MS);
    const points = [];
    for (let index = 0; index < DELIVERIES.length; index += 1) {
      const day = today - (DELIVERIES.length - 1 - index);
      // The first day of the epoch was a Thursday.
      const weekday = WEEKDAYS[(day + 3) % 7];
      points.push({
        label: weekday,
        value: DELIVERIES[index],
        valueLabel: plural(DELIVERIES[index], "van", "vans"),
      });
    }
    return points;
  }

  function chartLines(now) {
    const total = sum(DELIVERIES);
    const best = DELIVERIES[largest(DELIVERIES)];
    return [
      {
        type: "barChart",
        label: "Deliveries",
        points: deliveryPoints(now),
        note: `${plural(total, "van", "vans")} in two weeks, ${best} on the best day`,
        color: COLORS.calm,
      },
      // A chart without anything to draw is no chart.
      { type: "barChart", label: "Returns", note: "nobody counted" },
    ];
  }

  function headLines(now) {
    const total = sum(STORES.map((store) => store.stock));
    const hours = Math.floor((now % DAY_MS) / HOUR_MS);
    const open = hours >= 6 && hours < 22;
    return [
      textLine("Stock", grouped(Math.floor(total * 1000)), null, "over all stores"),
      textLine("Gate", open ? "open" : "closed", open ? COLORS.good : COLORS.muted, `hour ${hours}, UTC`),
    ];
  }

  function tailLines(now) {
    const week = Math.floor(now / WEEK_MS);
    const rush = progressLine("Rush orders", average(DELIVERIES), 100, { kind: "percent" });
    rush.resetsAt = isoWithoutZone(now + WEEK_MS);
    rush.periodDurationMs = WEEK_MS;
    return [
      textLine("Empty", ""),
      // Text has to be text; a number is not shown.
      textLine("Number", 12),
      textLine("Depot", "Værløse – Łódź · 倉庫"),
      { type: "sparkline", label: "From a later version", values: [1, 2, 3] },
      rush,
      textLine("Note", NOTES[week % NOTES.length].length > 0 ? NOTES.join(" ") : "", COLORS.muted),
    ];
  }

  function planName() {
    const size = sum(STORES.map((store) => store.room));
    if (size > 5000) return "Depot Grand";
    return size > 1000 ? "Depot Plus" : "Depot";
  }

  // Everything together, in the order a card shows it.
  function buildLines(now) {
    const lines = [];
    const parts = [
      headLines(now),
      storeLines(now),
      brokenLines(),
      crewLines(),
      chartLines(now),
      tailLines(now),
    ];
    for (const part of parts) {
      for (const line of part) lines.push(line);
    }
    return lines;
  }

  function probe() {
    const now = nowMs();
    if (!Number.isFinite(now) || now <= 0) {
      throw "The depot's clock has stopped.";
    }
    const lines = buildLines(now);
    if (lines.length === 0) {
      throw "The depot is empty.";
    }
    return { plan: planName(), lines };
  }

  globalThis.__openusage_plugin = { id: "depot", probe };
})();
