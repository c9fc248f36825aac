// What the host says, one message after the other.
(function (core, part) {
  "use strict";
  const { host } = core.natives;
  const errors = core.use("base/errors");
  const log = core.use("base/log");
  let dialect;
  let loading; // the promise of a plugin that takes its time to load
  let isOver = false;

  const fail = (id, error) => {
    if (id !== undefined) host.fail(id, errors.plain(error));
  };

  const reply = (id, value) => {
    if (id === undefined) return;
    try {
      host.reply(id, value);
    } catch (error) {
      fail(id, error);
    }
  };

  const isThenable = (value) =>
    value !== null && (typeof value === "object" || typeof value === "function") && typeof value.then === "function";

  // Runs something and answers with what comes of it, now or later.
  const answer = (id, run) => {
    try {
      const result = run();
      if (!isThenable(result)) return reply(id, result);
      Promise.resolve(result).then(
        (value) => reply(id, value),
        (error) => fail(id, error),
      );
    } catch (error) {
      fail(id, error);
    }
  };

  const whenLoaded = (run) => (loading ? loading.then(run) : run());

  const fatal = (error) => {
    isOver = true;
    host.fatal(errors.plain(error));
  };

  const loaded = (report) => {
    loading = undefined;
    host.loaded(report ?? {});
  };

  part.exports.load = () => {
    try {
      dialect = core.use(`dialect/${core.info.dialect}`);
      const result = dialect.load();
      if (!isThenable(result)) return loaded(result);
      loading = Promise.resolve(result).then(loaded, fatal);
    } catch (error) {
      fatal(error);
    }
  };

  // An event is answered when its handlers were called; what becomes of them is only logged.
  const event = (message) => {
    const { sub, handler, event } = message.value;
    const failed = (error) => {
      log.write("error", `a handler of ${event?.type} failed: ${errors.withStack(error)}`);
    };
    try {
      const result = handler ? dialect.event(handler, event) : core.use("base/bus").deliver(sub, event);
      if (isThenable(result)) Promise.resolve(result).catch(failed);
    } catch (error) {
      failed(error);
    }
    reply(message.id, undefined);
  };

  const kinds = {
    start: (message) => answer(message.id, () => whenLoaded(() => then(dialect.start(message.value)))),
    stop: (message) => answer(message.id, () => whenLoaded(() => then(dialect.stop(message.value)))),
    settings: (message) => answer(message.id, () => then(dialect.settings?.(message.value))),
    http: (message) => answer(message.id, () => dialect.http(message.value)),
    event,
    request: (message) => answer(message.id, () => dialect.request(message.value)),
    ipc: (message) => answer(message.id, () => core.use("base/ipc").deliver(message.value)),
    socket: (message) => core.use("web/websocket").deliver(message.value),
    reply: (message) => core.use("base/calls").answer(message),
    ping: (message) => reply(message.id, undefined),
  };

  // Answers nothing, when it is over: what hooks give is nobody's business.
  const then = (result) => (isThenable(result) ? Promise.resolve(result).then(() => undefined) : undefined);

  part.exports.deliver = (message) => {
    const kind = kinds[message.kind];
    if (kind) kind(message);
    else fail(message.id, new Error(`the plugin's world does not know messages of kind ${message.kind}`));
  };
  part.exports.isOver = () => isOver;
  part.exports.fatal = fatal;
});
