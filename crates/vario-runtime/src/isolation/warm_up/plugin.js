// Does a little of what most plugins do, so that a worker has done it once before its job comes.
(function () {
  const LIMITS = [
    { key: "session", title: "Session", used: 42.5, limit: 100, unit: "percent" },
    { key: "budget", title: "Budget", used: 12.4, limit: 50, unit: "dollars" },
    { key: "requests", title: "Requests", used: 318, limit: 1200, unit: "requests" },
  ];

  class Failure extends Error {}

  // As much heap as the script of an ordinary plugin takes.
  function fill(count) {
    const kept = [];
    for (let index = 0; index < count; index += 1) {
      kept.push({ index, text: `entry ${index}`, nested: [index, String(index)] });
    }
    return kept
      .filter((entry) => entry.index % 3 === 0)
      .map((entry) => entry.text.toUpperCase())
      .sort((a, b) => b.localeCompare(a))
      .join(",");
  }

  function tokenOf(text) {
    const match = /^(?<kind>[a-z]+)[\s:=-]+"?([\w.]+)"?$/i.exec(text.trim());
    if (!match) throw new Failure("no token");
    return { kind: match.groups.kind, value: match[2].replace(/\./g, "-").slice(0, 8) };
  }

  function parsed() {
    const text = JSON.stringify({ list: LIMITS, at: new Date(0).toISOString(), none: null });
    const { list, at } = JSON.parse(text);
    return list.map((entry) => ({ ...entry, at: Date.parse(at) }));
  }

  function formatOf(unit) {
    if (unit === "percent" || unit === "dollars") return { kind: unit };
    return { kind: "count", suffix: unit };
  }

  function lines(ctx) {
    const out = [ctx.line.text({ label: "Token", value: tokenOf("Bearer abc.def").value })];
    for (const { title, used, limit, unit, at } of parsed()) {
      const resetsAt = ctx.util.toIso(at + 3600 * 1000);
      const format = formatOf(unit);
      out.push(ctx.line.progress({ label: title, used, limit, format, resetsAt }));
    }
    const filled = fill(4000);
    const points = Array.from({ length: 14 }, (_, day) => ({ label: `${day}`, value: day * 1.5 }));
    out.push(ctx.line.badge({ label: "Size", text: (filled.length / 1024).toFixed(1) }));
    out.push(ctx.line.barChart({ label: "Days", points }));
    try {
      tokenOf("!");
    } catch (error) {
      out.push(ctx.line.text({ label: "Error", value: String(error && error.message) }));
    }
    return out;
  }

  globalThis.__openusage_plugin = { id: "", probe: (ctx) => ({ plan: "Pro", lines: lines(ctx) }) };
})();
