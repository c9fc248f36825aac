// Gives call sites the methods that Node's have and the engine's lack: libraries ask for them
// when they are loaded.
(function () {
  "use strict";
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (_error, sites) => sites;
  const sites = (function probe() {
    return new Error("probe").stack;
  })();
  Error.prepareStackTrace = before;
  const site = Array.isArray(sites) ? sites[0] : undefined;
  if (!site) return;
  const prototype = Object.getPrototypeOf(site);
  const answers = {
    isEval: false,
    isToplevel: true,
    isAsync: false,
    isPromiseAll: false,
    getThis: undefined,
    getTypeName: null,
    getMethodName: null,
    getEvalOrigin: undefined,
    getScriptNameOrSourceURL: undefined,
    getPromiseIndex: null,
  };
  for (const [name, answer] of Object.entries(answers)) {
    if (name in prototype) continue;
    Object.defineProperty(prototype, name, {
      value: { [name]() { return answer; } }[name],
      writable: true,
      configurable: true,
    });
  }
  // As for strict code elsewhere: a frame does not hand out its function.
  Object.defineProperty(prototype, "getFunction", { value: function getFunction() {}, writable: true, configurable: true });
});
