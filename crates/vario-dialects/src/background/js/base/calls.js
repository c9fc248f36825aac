// Calls to the host that are answered later.
(function (_core, part) {
  "use strict";
  const waiting = new Map();

  // Starts a call, which gives its number, and gives the promise of its answer.
  part.exports.wait = (start) =>
    new Promise((resolve, reject) => {
      const id = start();
      if (typeof id === "number") waiting.set(id, { resolve, reject });
      else resolve(id);
    });

  part.exports.answer = (message) => {
    const call = waiting.get(message.id);
    if (!call) return;
    waiting.delete(message.id);
    if (message.error !== undefined) call.reject(_core.use("base/errors").revive(message.error));
    else call.resolve(message.value);
  };

  // Whoever still waits hears that the plugin is over.
  part.exports.abandon = (message) => {
    const all = [...waiting.values()];
    waiting.clear();
    for (const call of all) {
      const error = new Error(message);
      error.name = "PluginUnloaded";
      error.code = "PluginUnloaded";
      call.reject(error);
    }
  };
});
