(function (core, part) {
  "use strict";
  class Event {
    #stopped = false;
    #prevented = false;
    constructor(type, options) {
      this.type = String(type);
      this.bubbles = Boolean(options?.bubbles);
      this.cancelable = Boolean(options?.cancelable);
      this.composed = false;
      this.target = null;
      this.currentTarget = null;
      this.eventPhase = 0;
      this.isTrusted = false;
      this.timeStamp = core.natives.clock.now();
    }
    get defaultPrevented() { return this.#prevented; }
    preventDefault() { if (this.cancelable) this.#prevented = true; }
    stopPropagation() {}
    stopImmediatePropagation() { this.#stopped = true; }
    composedPath() { return this.target ? [this.target] : []; }
    get _stopped() { return this.#stopped; }
  }
  class CustomEvent extends Event {
    constructor(type, options) { super(type, options); this.detail = options?.detail ?? null; }
  }
  class MessageEvent extends Event {
    constructor(type, options) { super(type, options); Object.assign(this, { data: null, origin: "", lastEventId: "", source: null, ports: [] }, options); }
  }
  class CloseEvent extends Event {
    constructor(type, options) { super(type, options); Object.assign(this, { code: 0, reason: "", wasClean: false }, options); }
  }
  class ErrorEvent extends Event {
    constructor(type, options) { super(type, options); Object.assign(this, { message: "", error: undefined }, options); }
  }

  class EventTarget {
    #listeners = new Map();
    addEventListener(type, listener, options) {
      if (!listener) return;
      const capture = typeof options === "boolean" ? options : Boolean(options?.capture);
      const list = this.#listeners.get(type) ?? [];
      if (list.some((known) => known.listener === listener && known.capture === capture) || options?.signal?.aborted) return;
      list.push({ listener, capture, once: Boolean(options?.once) });
      this.#listeners.set(type, list);
      options?.signal?.addEventListener("abort", () => this.removeEventListener(type, listener, options), { once: true });
    }
    removeEventListener(type, listener, options) {
      const capture = typeof options === "boolean" ? options : Boolean(options?.capture);
      const list = this.#listeners.get(type) ?? [];
      this.#listeners.set(type, list.filter((known) => known.listener !== listener || known.capture !== capture));
    }
    dispatchEvent(event) {
      event.target ??= this;
      event.currentTarget = this;
      const call = (listener) => {
        try {
          if (typeof listener === "function") listener.call(this, event);
          else listener.handleEvent(event);
        } catch (error) {
          core.use("base/rejections").uncaught(error);
        }
      };
      const property = this[`on${event.type}`];
      if (typeof property === "function") call(property);
      for (const known of [...(this.#listeners.get(event.type) ?? [])]) {
        if (event._stopped) break;
        if (known.once) this.removeEventListener(event.type, known.listener, known.capture);
        call(known.listener);
      }
      event.currentTarget = null;
      return !event.defaultPrevented;
    }
  }
  part.exports = { Event, CustomEvent, MessageEvent, CloseEvent, ErrorEvent, EventTarget };
});
