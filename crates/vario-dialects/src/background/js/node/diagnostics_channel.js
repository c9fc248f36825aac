(function (_core, part) {
  "use strict";
  const channels = new Map();
  class Channel {
    constructor(name) { this.name = name; this._subscribers = []; }
    get hasSubscribers() { return this._subscribers.length > 0; }
    publish(message) { for (const subscriber of [...this._subscribers]) subscriber(message, this.name); }
    subscribe(subscriber) { this._subscribers.push(subscriber); }
    unsubscribe(subscriber) {
      const place = this._subscribers.indexOf(subscriber);
      if (place >= 0) this._subscribers.splice(place, 1);
      return place >= 0;
    }
    bindStore() {}
    unbindStore() { return false; }
    runStores(context, run, receiver, ...args) { this.publish(context); return run.apply(receiver, args); }
  }
  const channel = (name) => {
    if (!channels.has(name)) channels.set(name, new Channel(name));
    return channels.get(name);
  };
  const EVENTS = ["start", "end", "asyncStart", "asyncEnd", "error"];
  const tracingChannel = (names) => {
    const all = {};
    for (const event of EVENTS) all[event] = typeof names === "string" ? channel(`tracing:${names}:${event}`) : names[event];
    const each = (what) => (handlers) => { for (const event of EVENTS) if (handlers[event]) all[event][what](handlers[event]); };
    const around = (context, run) => {
      all.start.publish(context);
      try {
        return run();
      } catch (error) {
        context.error = error;
        all.error.publish(context);
        throw error;
      } finally {
        all.end.publish(context);
      }
    };
    return Object.assign(all, {
      get hasSubscribers() { return EVENTS.some((event) => all[event].hasSubscribers); },
      subscribe: each("subscribe"),
      unsubscribe: each("unsubscribe"),
      traceSync: (run, context = {}, receiver, ...args) => around(context, () => run.apply(receiver, args)),
      tracePromise: (run, context = {}, receiver, ...args) => around(context, () => run.apply(receiver, args)),
      traceCallback: (run, _position, context = {}, receiver, ...args) => around(context, () => run.apply(receiver, args)),
    });
  };
  part.exports = {
    Channel, channel, tracingChannel,
    hasSubscribers: (name) => channel(name).hasSubscribers,
    subscribe: (name, subscriber) => channel(name).subscribe(subscriber),
    unsubscribe: (name, subscriber) => channel(name).unsubscribe(subscriber),
  };
});
