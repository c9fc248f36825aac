// What the background SDK of smartCARS 3 offers.
(function (core, part) {
  "use strict";
  const { write, level: levelOf } = core.use("base/log");
  const { withStack } = core.use("base/errors");
  const log = (message, level = "info", error) => {
    const text = typeof message === "string" ? message : core.use("node/util").inspect(message);
    write(levelOf(level), error === undefined ? text : `${text}\n${withStack(error)}`);
  };
  part.exports = { log };
  part.exports.default = part.exports;
  Object.defineProperty(part.exports, "__esModule", { value: true });
});
