(function (core, part) {
  "use strict";
  const start = core.natives.clock.now();
  const origin = Date.now();
  const entries = [];
  const now = () => core.natives.clock.now() - start;
  const at = (mark) => (typeof mark === "number" ? mark : (entries.findLast((entry) => entry.entryType === "mark" && entry.name === mark)?.startTime ?? 0));
  const keep = (entry) => {
    if (entries.push(entry) > 1000) entries.shift();
    return entry;
  };
  const clear = (type) => (name) => {
    for (let place = entries.length - 1; place >= 0; place--) {
      if (entries[place].entryType === type && (name === undefined || entries[place].name === name)) entries.splice(place, 1);
    }
  };
  const performance = {
    now,
    timeOrigin: origin,
    mark: (name, options) => keep({ name, entryType: "mark", startTime: options?.startTime ?? now(), duration: 0, detail: options?.detail ?? null }),
    measure: (name, from, to) => {
      const [begin, end] = typeof from === "object" && from !== null ? [from.start ?? 0, from.end] : [from ?? 0, to];
      const startTime = at(begin);
      return keep({ name, entryType: "measure", startTime, duration: (end === undefined ? now() : at(end)) - startTime, detail: null });
    },
    getEntries: () => [...entries],
    getEntriesByName: (name) => entries.filter((entry) => entry.name === name),
    getEntriesByType: (type) => entries.filter((entry) => entry.entryType === type),
    clearMarks: clear("mark"),
    clearMeasures: clear("measure"),
    timerify: (run) => run,
    eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
    toJSON: () => ({ timeOrigin: origin }),
  };
  class PerformanceObserver { observe() {} disconnect() {} takeRecords() { return []; } }
  const histogram = () => ({ enable() {}, disable() {}, reset() {}, min: 0, max: 0, mean: 0, stddev: 0, percentile: () => 0 });
  part.exports = { performance, PerformanceObserver, monitorEventLoopDelay: histogram, createHistogram: histogram, constants: {} };
});
