// Subscriptions to the event bus.
(function (core, part) {
  "use strict";
  const { bus } = core.natives;
  const handlers = new Map(); // by the host's number

  // Gives the function that ends the subscription.
  part.exports.subscribe = (pattern, handler) => {
    const sub = bus.subscribe(pattern);
    handlers.set(sub, handler);
    return () => {
      if (handlers.delete(sub)) bus.unsubscribe(sub);
    };
  };

  part.exports.deliver = (sub, event) => handlers.get(sub)?.(event);

  part.exports.publish = (type, payload) => bus.publish(type, payload);

  part.exports.request = (target, type, payload, timeoutMs) =>
    core.use("base/calls").wait(() => bus.request(target, type, payload, timeoutMs));

  part.exports.clear = () => {
    for (const sub of [...handlers.keys()]) {
      handlers.delete(sub);
      bus.unsubscribe(sub);
    }
  };
});
