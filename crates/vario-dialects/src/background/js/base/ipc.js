// Messages between a plugin's background and its own window.
(function (core, part) {
  "use strict";
  const { ipc } = core.natives;
  const { clone } = core.use("web/clone");
  const handlers = new Map();

  const name = (channel) => {
    if (typeof channel !== "string" || channel === "") throw new TypeError("a channel is a string");
    return channel;
  };

  part.exports.handle = (channel, handler) => {
    name(channel);
    if (typeof handler !== "function") throw new TypeError("a handler is a function");
    if (handlers.has(channel)) throw new Error(`channel "${channel}" has a handler already`);
    ipc.handle(channel);
    handlers.set(channel, handler);
  };

  part.exports.removeHandler = (channel) => {
    if (handlers.delete(name(channel))) ipc.unhandle(channel);
  };

  part.exports.send = (channel, payload) => {
    ipc.send(name(channel), clone.toPlain(payload));
  };

  part.exports.deliver = async ({ channel, args }) => {
    const handler = handlers.get(channel);
    if (!handler) throw new Error(`no handler for channel "${channel}"`);
    return clone.toPlain(await handler(...(args ?? [])));
  };

  part.exports.clear = () => {
    for (const channel of [...handlers.keys()]) part.exports.removeHandler(channel);
  };
});
