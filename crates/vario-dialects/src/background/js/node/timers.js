(function (core, part) {
  "use strict";
  const loop = core.use("base/loop");
  const wait = (start, end) => (value, options) =>
    new Promise((resolve, reject) => {
      const signal = options?.signal;
      if (signal?.aborted) return reject(signal.reason);
      const timer = start(() => resolve(value));
      signal?.addEventListener("abort", () => { end(timer); reject(signal.reason); }, { once: true });
    });
  const promises = {
    setTimeout: (delay, value, options) => wait((done) => loop.setTimeout(done, delay), loop.clearTimeout)(value, options),
    setImmediate: wait((done) => loop.setImmediate(done), loop.clearImmediate),
    async *setInterval(delay, value, options) {
      for (;;) yield await promises.setTimeout(delay, value, options);
    },
  };
  promises.scheduler = { wait: (delay, options) => promises.setTimeout(delay, undefined, options), yield: () => promises.setImmediate() };
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = loop;
  for (const [timer, name] of [[setTimeout, "setTimeout"], [setImmediate, "setImmediate"]]) {
    Object.defineProperty(timer, Symbol.for("nodejs.util.promisify.custom"), { value: promises[name], configurable: true });
  }
  part.exports = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, promises };
});
