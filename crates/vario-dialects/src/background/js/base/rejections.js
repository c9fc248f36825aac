// Promises that nobody watches, and errors that nobody catches: both are logged and do no harm.
(function (core, part) {
  "use strict";
  const waiting = new Map();

  part.exports.rejected = (promise, reason, handled) => {
    if (handled) waiting.delete(promise);
    else waiting.set(promise, reason);
  };

  // Runs something, and hears of every promise it makes and leaves to itself that is rejected later:
  // handlers of old frameworks drop the promises of theirs.
  const owners = new WeakMap();
  let owner;
  part.exports.created = (promise) => {
    if (owner) owners.set(promise, owner);
  };
  part.exports.watched = (run, failed) => {
    const before = owner;
    owner = failed;
    core.engine.watch(true);
    try {
      return run();
    } finally {
      owner = before;
      core.engine.watch(before !== undefined);
    }
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
      const failed = owners.get(promise);
      if (failed) {
        failed(reason);
        continue;
      }
      if (emit("unhandledRejection", reason, promise)) continue;
      core.use("base/log").write("error", `unhandled rejection: ${describe(reason)}`);
    }
  };

  part.exports.uncaught = (error) => {
    if (emit("uncaughtException", error, "uncaughtException")) return;
    core.use("base/log").write("error", `uncaught: ${describe(error)}`);
    // Where a plugin's process ends of it, this one does, too.
    if (part.exports.isFatal) core.use("base/messages").fatal(error);
  };

  function describe(error) {
    try {
      return core.use("base/errors").withStack(error);
    } catch {
      return "an error that cannot be shown";
    }
  }
});
