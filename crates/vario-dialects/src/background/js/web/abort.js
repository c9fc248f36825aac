(function (core, part) {
  "use strict";
  const { Event, EventTarget } = core.use("web/events");
  const loop = core.use("base/loop");
  const MAKE = Symbol("make");

  class AbortSignal extends EventTarget {
    constructor(key) {
      super();
      if (key !== MAKE) throw new TypeError("Illegal constructor");
      this.aborted = false;
      this.reason = undefined;
      this.onabort = null;
    }
    throwIfAborted() { if (this.aborted) throw this.reason; }
    static abort(reason) { const signal = new AbortSignal(MAKE); fire(signal, reason); return signal; }
    static timeout(ms) {
      const signal = new AbortSignal(MAKE);
      loop.setTimeout(() => fire(signal, new DOMException("The operation was aborted due to timeout", "TimeoutError")), ms);
      return signal;
    }
    static any(signals) {
      const all = new AbortSignal(MAKE);
      for (const signal of signals) {
        if (signal.aborted) { fire(all, signal.reason); break; }
        signal.addEventListener("abort", () => fire(all, signal.reason), { once: true });
      }
      return all;
    }
    get [Symbol.toStringTag]() { return "AbortSignal"; }
  }
  const fire = (signal, reason) => {
    if (signal.aborted) return;
    signal.aborted = true;
    signal.reason = reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
    signal.dispatchEvent(new Event("abort"));
  };
  class AbortController {
    constructor() { this.signal = new AbortSignal(MAKE); }
    abort(reason) { fire(this.signal, reason); }
    get [Symbol.toStringTag]() { return "AbortController"; }
  }
  part.exports = { AbortController, AbortSignal };
});
