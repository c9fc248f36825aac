(function (now) {
  const { apply, construct } = Reflect;
  const { defineProperty } = Object;
  const RealDate = Date;
  const dateText = RealDate.prototype.toString;
  const hidden = (value) => ({ __proto__: null, value, writable: true, configurable: true });
  const shown = (value) => ({ __proto__: null, value, enumerable: true });

  const FrozenDate = new Proxy(RealDate, {
    __proto__: null,
    apply() {
      return apply(dateText, construct(RealDate, [now]), []);
    },
    construct(target, args, newTarget) {
      return construct(target, args.length === 0 ? [now] : args, newTarget);
    },
  });
  // Methods of a literal have the right names and, like built-ins, cannot be constructed.
  const clock = { now() { return now; } };
  const stopwatch = { now() { return 0; } };
  defineProperty(RealDate, "now", hidden(clock.now));
  defineProperty(RealDate.prototype, "constructor", hidden(FrozenDate));
  defineProperty(globalThis, "Date", hidden(FrozenDate));

  const performance = {};
  defineProperty(performance, "now", shown(stopwatch.now));
  defineProperty(performance, "timeOrigin", shown(now));
  defineProperty(globalThis, "performance", { __proto__: null, value: performance, writable: true, enumerable: true, configurable: true });
})
