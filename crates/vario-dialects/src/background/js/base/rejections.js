// Promises that nobody watches, and errors that nobody catches: both are logged and do no harm.
(function (core, part) {
  "use strict";
  const waiting = new Map();

  part.exports.rejected = (promise, reason, handled) => {
    if (handled) waiting.delete(promise);
    else waiting.set(promise, reason);
  };

  const emit = (event, ...args) => {
    const process = globalThis.process;
    if (typeof process?.listenerCount !== "function" || !process.listenerCount(event)) return false;
    try {
      return process.emit(event, ...args);
    } catch {
      return false;
    }
  };

  part.exports.report = () => {
    if (waiting.size === 0) return;
    const all = [...waiting];
    waiting.clear();
    for (const [promise, reason] of all) {
      if (emit("unhandledRejection", reason, promise)) continue;
      core.use("base/log").write("error", `unhandled rejection: ${describe(reason)}`);
    }
  };

  part.exports.uncaught = (error) => {
    if (emit("uncaughtException", error, "uncaughtException")) return;
    core.use("base/log").write("error", `uncaught: ${describe(error)}`);
  };

  function describe(error) {
    try {
      return core.use("base/errors").withStack(error);
    } catch {
      return "an error that cannot be shown";
    }
  }
});
