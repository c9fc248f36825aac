(function (core, part) {
  "use strict";
  const refuse = (what) => class {
    constructor() { throw Object.assign(new Error(`worker_threads.${what} is not available to plugins`), { code: "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM" }); }
  };
  part.exports = {
    isMainThread: true, threadId: 0, parentPort: null, workerData: null, resourceLimits: {}, SHARE_ENV: Symbol.for("nodejs.worker_threads.SHARE_ENV"),
    Worker: refuse("Worker"), MessageChannel: refuse("MessageChannel"), MessagePort: refuse("MessagePort"), BroadcastChannel: refuse("BroadcastChannel"),
    getEnvironmentData: () => undefined, setEnvironmentData() {}, markAsUntransferable() {}, receiveMessageOnPort: () => undefined,
  };
  void core;
});
