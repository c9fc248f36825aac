// A client that never connects: the host's own events come through ctx.
(function (core, part) {
  "use strict";
  const EventEmitter = core.use("node/events");
  class Socket extends EventEmitter {
    constructor() { super(); Object.assign(this, { connected: false, disconnected: true, active: false, id: undefined, auth: {}, io: new EventEmitter() }); }
    connect() { return this; }
    open() { return this; }
    close() { return this; }
    disconnect() { return this; }
    send() { return this; }
    emit() { return this; }
    emitWithAck() { return new Promise(() => {}); }
    timeout() { return this; }
    onAny() { return this; }
    offAny() { return this; }
    compress() { return this; }
    get volatile() { return this; }
  }
  const io = () => new Socket();
  class Manager extends EventEmitter { socket() { return io(); } }
  part.exports = Object.assign(io, { io, connect: io, default: io, Socket, Manager, protocol: 5 });
});
