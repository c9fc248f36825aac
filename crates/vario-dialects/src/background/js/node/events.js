(function (core, part) {
  "use strict";
  const errorMonitor = Symbol("events.errorMonitor");
  const captureRejectionSymbol = Symbol.for("nodejs.rejection");

  // A function and not a class: old libraries call it on their own objects.
  function EventEmitter(options) {
    EventEmitter.init.call(this, options);
  }
  EventEmitter.init = function () {
    if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
      this._events = Object.create(null);
      this._eventsCount = 0;
    }
    this._maxListeners = this._maxListeners || undefined;
  };
  EventEmitter.prototype._events = undefined;
  EventEmitter.prototype._eventsCount = 0;
  EventEmitter.prototype._maxListeners = undefined;

  const check = (listener) => {
    if (typeof listener !== "function") {
      const error = new TypeError('The "listener" argument must be of type function.');
      error.code = "ERR_INVALID_ARG_TYPE";
      throw error;
    }
  };

  const table = (emitter) => {
    if (emitter._events === undefined || emitter._events === null) EventEmitter.init.call(emitter);
    return emitter._events;
  };

  const add = (emitter, event, listener, first) => {
    check(listener);
    const events = table(emitter);
    if (events.newListener !== undefined) emitter.emit("newListener", event, listener.listener ?? listener);
    const list = (emitter._events[event] ??= []);
    if (list.length === 0) emitter._eventsCount += 1;
    if (first) list.unshift(listener);
    else list.push(listener);
    return emitter;
  };

  const onceWrapper = (emitter, event, listener) => {
    check(listener);
    const wrapper = function (...args) {
      emitter.removeListener(event, wrapper);
      return listener.apply(this, args);
    };
    wrapper.listener = listener;
    return wrapper;
  };

  const methods = {
    on(event, listener) { return add(this, event, listener, false); },
    addListener(event, listener) { return add(this, event, listener, false); },
    prependListener(event, listener) { return add(this, event, listener, true); },
    once(event, listener) { return this.on(event, onceWrapper(this, event, listener)); },
    prependOnceListener(event, listener) { return this.prependListener(event, onceWrapper(this, event, listener)); },
    removeListener(event, listener) {
      check(listener);
      const list = table(this)[event];
      if (!list) return this;
      const place = list.findLastIndex((known) => known === listener || known.listener === listener);
      if (place < 0) return this;
      const left = list.toSpliced(place, 1);
      if (left.length === 0) { delete this._events[event]; this._eventsCount -= 1; } else this._events[event] = left;
      if (this._events.removeListener !== undefined) this.emit("removeListener", event, listener);
      return this;
    },
    removeAllListeners(event) {
      const events = table(this);
      if (event === undefined) { this._events = Object.create(null); this._eventsCount = 0; }
      else if (events[event]) { delete events[event]; this._eventsCount -= 1; }
      return this;
    },
    emit(event, ...args) {
      const events = table(this);
      if (event === "error" && events[errorMonitor]) this.emit(errorMonitor, ...args);
      const list = events[event];
      if (!list || list.length === 0) {
        if (event !== "error") return false;
        if (args[0] instanceof Error) throw args[0];
        const error = new Error(`Unhandled error. (${core.use("node/util").inspect(args[0])})`);
        error.code = "ERR_UNHANDLED_ERROR";
        error.context = args[0];
        throw error;
      }
      for (const listener of [...list]) listener.apply(this, args);
      return true;
    },
    setMaxListeners(count) { this._maxListeners = count; return this; },
    getMaxListeners() { return this._maxListeners ?? EventEmitter.defaultMaxListeners; },
    listeners(event) { return (table(this)[event] ?? []).map((listener) => listener.listener ?? listener); },
    rawListeners(event) { return [...(table(this)[event] ?? [])]; },
    listenerCount(event, listener) {
      const list = table(this)[event] ?? [];
      return listener ? list.filter((known) => known === listener || known.listener === listener).length : list.length;
    },
    eventNames() { return Reflect.ownKeys(table(this)); },
  };
  methods.off = methods.removeListener;
  for (const [name, method] of Object.entries(methods)) EventEmitter.prototype[name] = method;

  const once = (emitter, event, options) =>
    new Promise((resolve, reject) => {
      const isTarget = typeof emitter.addEventListener === "function";
      const signal = options?.signal;
      if (signal?.aborted) return reject(signal.reason);
      if (isTarget) return emitter.addEventListener(event, (given) => resolve([given]), { once: true });
      const done = (...args) => { emitter.removeListener("error", failed); resolve(args); };
      const failed = (error) => { emitter.removeListener(event, done); reject(error); };
      emitter.once(event, done);
      if (event !== "error") emitter.once("error", failed);
      signal?.addEventListener("abort", () => { emitter.removeListener(event, done); emitter.removeListener("error", failed); reject(signal.reason); }, { once: true });
    });

  const on = (emitter, event, options) => {
    const queue = [];
    const waiting = [];
    let failure;
    let closed = false;
    const push = (...args) => { const next = waiting.shift(); if (next) next.resolve({ value: args, done: false }); else queue.push(args); };
    const fail = (error) => { failure = error; for (const next of waiting.splice(0)) next.reject(error); };
    emitter.on(event, push);
    if (event !== "error") emitter.on("error", fail);
    options?.signal?.addEventListener("abort", () => fail(options.signal.reason), { once: true });
    return {
      next() {
        if (queue.length) return Promise.resolve({ value: queue.shift(), done: false });
        if (failure) return Promise.reject(failure);
        if (closed) return Promise.resolve({ value: undefined, done: true });
        return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
      },
      return() {
        closed = true;
        emitter.removeListener(event, push);
        emitter.removeListener("error", fail);
        for (const next of waiting.splice(0)) next.resolve({ value: undefined, done: true });
        return Promise.resolve({ value: undefined, done: true });
      },
      [Symbol.asyncIterator]() { return this; },
    };
  };

  Object.assign(EventEmitter, {
    EventEmitter,
    once,
    on,
    errorMonitor,
    captureRejectionSymbol,
    captureRejections: false,
    defaultMaxListeners: 10,
    usingDomains: false,
    listenerCount: (emitter, event) => emitter.listenerCount(event),
    getEventListeners: (emitter, event) => emitter.listeners?.(event) ?? [],
    setMaxListeners: () => {},
    addAbortListener: (signal, listener) => {
      signal.addEventListener("abort", listener, { once: true });
      return { [Symbol.dispose ?? Symbol("dispose")]() { signal.removeEventListener("abort", listener); } };
    },
    EventEmitterAsyncResource: class extends EventEmitter {},
  });
  part.exports = EventEmitter;
});
