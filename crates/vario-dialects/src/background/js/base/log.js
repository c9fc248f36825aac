// The plugin's log.
(function (core, part) {
  "use strict";
  const LEVELS = { debug: "debug", info: "info", log: "info", warn: "warn", warning: "warn", error: "error" };
  part.exports.level = (level) => LEVELS[String(level).toLowerCase()] ?? "info";
  part.exports.write = (level, message) => {
    core.natives.log.write(level, message);
  };
});
