// console writes to the plugin's log.
(function (core, part) {
  "use strict";
  const { write } = core.use("base/log");
  const util = core.use("node/util");
  const now = core.natives.clock.now;
  const counts = new Map();
  const times = new Map();
  let indent = "";

  const print = (level, args) => write(level, indent + util.format(...args));
  const elapsed = (label) => {
    const start = times.get(label);
    return start === undefined ? undefined : `${label}: ${(now() - start).toFixed(3)}ms`;
  };

  const console = {
    log: (...args) => print("info", args),
    info: (...args) => print("info", args),
    debug: (...args) => print("debug", args),
    warn: (...args) => print("warn", args),
    error: (...args) => print("error", args),
    trace: (...args) => print("debug", [`Trace: ${util.format(...args)}`]),
    dir: (value, options) => print("info", [util.inspect(value, options)]),
    dirxml: (...args) => print("info", args),
    table: (value) => print("info", [util.inspect(value)]),
    assert: (condition, ...args) => {
      if (!condition) print("error", args.length ? [`Assertion failed: ${util.format(...args)}`] : ["Assertion failed"]);
    },
    count: (label = "default") => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      print("info", [`${label}: ${counts.get(label)}`]);
    },
    countReset: (label = "default") => void counts.delete(label),
    group: (...args) => {
      if (args.length) print("info", args);
      indent += "  ";
    },
    groupEnd: () => {
      indent = indent.slice(2);
    },
    time: (label = "default") => void times.set(label, now()),
    timeLog: (label = "default", ...args) => print("info", [elapsed(label) ?? `no timer ${label}`, ...args]),
    timeEnd: (label = "default") => {
      print("info", [elapsed(label) ?? `no timer ${label}`]);
      times.delete(label);
    },
    clear() {},
  };
  console.groupCollapsed = console.group;
  console.Console = class Console { constructor() { return console; } };
  part.exports = console;
});
