// Timers. The host's loop asks due() between messages.
(function (core, part) {
  "use strict";
  const RAN = -2;
  const NONE = -1;
  const MAX_DELAY = 2147483647;
  const now = core.natives.clock.now;
  const timers = []; // by time, then by age
  const immediates = [];
  let count = 0;

  class Timeout {
    constructor(callback, delay, args, repeat) {
      const ms = Number(delay);
      this._callback = callback;
      this._args = args;
      this._delay = ms >= 1 && ms <= MAX_DELAY ? Math.trunc(ms) : 1;
      this._repeat = repeat;
      this._ref = true;
      this._id = ++count;
    }
    ref() { this._ref = true; return this; }
    unref() { this._ref = false; return this; }
    hasRef() { return this._ref; }
    refresh() {
      if (remove(this) || this._done) schedule(this);
      return this;
    }
    close() { remove(this); return this; }
    [Symbol.toPrimitive]() { return this._id; }
    [Symbol.dispose ?? Symbol("dispose")]() { remove(this); }
  }

  function insert(timer) {
    let low = 0;
    let high = timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timers[middle]._at <= timer._at) low = middle + 1;
      else high = middle;
    }
    timers.splice(low, 0, timer);
  }

  function schedule(timer) {
    timer._done = false;
    timer._at = now() + timer._delay;
    insert(timer);
  }

  function remove(timer) {
    const place = timers.indexOf(timer);
    timer._gone = true;
    if (place >= 0) timers.splice(place, 1);
    return place >= 0;
  }

  function find(timer) {
    if (timer instanceof Timeout) return timer;
    const id = Number(timer);
    return timers.find((known) => known._id === id) ?? part.exports.running?.(id);
  }

  const callable = (callback) => {
    if (typeof callback !== "function") {
      const error = new TypeError('The "callback" argument must be of type function.');
      error.code = "ERR_INVALID_ARG_TYPE";
      throw error;
    }
  };

  function setTimeout(callback, delay, ...args) {
    callable(callback);
    const timer = new Timeout(callback, delay, args, false);
    schedule(timer);
    return timer;
  }

  function setInterval(callback, delay, ...args) {
    callable(callback);
    const timer = new Timeout(callback, delay, args, true);
    schedule(timer);
    return timer;
  }

  let current;
  part.exports.running = (id) => (current && current._id === id ? current : undefined);

  function clearTimeout(timer) {
    if (timer === undefined || timer === null) return;
    const known = find(timer);
    if (known) remove(known);
  }

  class Immediate {
    constructor(callback, args) {
      this._callback = callback;
      this._args = args;
    }
    ref() { return this; }
    unref() { return this; }
    hasRef() { return true; }
  }

  function setImmediate(callback, ...args) {
    callable(callback);
    const immediate = new Immediate(callback, args);
    immediates.push(immediate);
    return immediate;
  }

  function clearImmediate(immediate) {
    const place = immediates.indexOf(immediate);
    if (place >= 0) immediates.splice(place, 1);
  }

  function run(job) {
    try {
      job._callback(...job._args);
    } catch (error) {
      core.use("base/rejections").uncaught(error);
    }
  }

  function due() {
    // Immediates and timers take turns, so that neither keeps the other waiting.
    const first = timers[0];
    const time = first ? now() : 0;
    const isDue = first && first._at <= time;
    if (immediates.length > 0 && !(isDue && part.exports.turn)) {
      part.exports.turn = true;
      run(immediates.shift());
      return RAN;
    }
    part.exports.turn = false;
    if (!first) return NONE;
    if (!isDue) return first._at - time;
    timers.shift();
    first._gone = false;
    current = first;
    run(first);
    current = undefined;
    if (!first._repeat) {
      first._done = true;
    } else if (!first._gone) {
      // From the moment it was due, but never so that it falls behind.
      first._at = Math.max(first._at + first._delay, now());
      if (!timers.includes(first)) insert(first);
    }
    return RAN;
  }

  Object.assign(part.exports, {
    due,
    over: -3,
    now,
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout,
    clearInterval: clearTimeout,
    clearImmediate,
  });
});
