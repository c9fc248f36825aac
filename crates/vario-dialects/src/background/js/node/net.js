(function (core, part) {
  "use strict";
  const { Duplex } = core.use("node/stream");
  const EventEmitter = core.use("node/events");
  const isIPv4 = (text) => /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(String(text));
  const isIPv6 = (text) => {
    const [address, zone] = String(text).split("%");
    if (zone === "" || !address.includes(":")) return false;
    const halves = address.split("::");
    if (halves.length > 2) return false;
    const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
    let all = groups.flat();
    if (all.at(-1)?.includes(".")) {
      if (!isIPv4(all.at(-1))) return false;
      all = [...all.slice(0, -1), "0", "0"];
    }
    return all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? all.length < 8 : all.length === 8);
  };
  const refuse = (what) => () => {
    throw Object.assign(new Error(`net.${what} is not available to plugins; use fetch, axios or WebSocket`), { code: "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM" });
  };
  class Socket extends Duplex {
    connect() { return refuse("Socket.connect")(); }
    setTimeout() { return this; }
    setNoDelay() { return this; }
    setKeepAlive() { return this; }
    ref() { return this; }
    unref() { return this; }
  }
  class Server extends EventEmitter {
    listen() { return refuse("Server.listen")(); }
    close() { return this; }
    address() { return null; }
  }
  part.exports = {
    isIP: (text) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0),
    isIPv4, isIPv6, Socket, Server, Stream: Socket,
    connect: refuse("connect"), createConnection: refuse("createConnection"), createServer: refuse("createServer"),
    setDefaultAutoSelectFamily() {}, getDefaultAutoSelectFamily: () => true,
  };
});
