(function (core, part) {
  "use strict";
  const { Event, EventTarget, MessageEvent, CloseEvent, ErrorEvent } = core.use("web/events");
  const { Buffer } = core.use("node/buffer");
  const { Blob } = core.use("web/blob");
  const { socket } = core.natives;
  const open = new Map();
  const STATES = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };

  class WebSocket extends EventTarget {
    #number;
    constructor(url, protocols) {
      super();
      const address = new URL(String(url));
      if (address.protocol === "http:") address.protocol = "ws:";
      if (address.protocol === "https:") address.protocol = "wss:";
      if (!/^wss?:$/.test(address.protocol)) throw new DOMException(`${url} is no address of a WebSocket`, "SyntaxError");
      Object.assign(this, { url: address.href, readyState: 0, protocol: "", extensions: "", bufferedAmount: 0, binaryType: "blob", onopen: null, onmessage: null, onclose: null, onerror: null });
      void protocols;
      try {
        this.#number = socket.open(address.href);
        open.set(this.#number, this);
      } catch (error) {
        // As with a server that cannot be reached, this is heard of later.
        queueMicrotask(() => this._failed(error.message));
      }
    }
    send(data) {
      if (this.readyState === 0) throw new DOMException("the WebSocket is not open yet", "InvalidStateError");
      if (this.readyState !== 1) return;
      if (data instanceof Blob) socket.send(this.#number, data._bytes);
      else socket.send(this.#number, typeof data === "string" || ArrayBuffer.isView(data) || data instanceof ArrayBuffer ? data : String(data));
    }
    close(code, reason) {
      if (this.readyState >= 2) return;
      this.readyState = 2;
      if (this.#number !== undefined) socket.close(this.#number, code, reason === undefined ? undefined : String(reason));
    }
    terminate() { this.close(); }
    _failed(words) {
      if (this.readyState === 3) return;
      this.dispatchEvent(new ErrorEvent("error", { message: words ?? "", error: new Error(words ?? "the WebSocket failed") }));
      this._closed(1006, "", false);
    }
    _closed(code, reason, wasClean) {
      if (this.readyState === 3) return;
      this.readyState = 3;
      open.delete(this.#number);
      this.dispatchEvent(new CloseEvent("close", { code, reason, wasClean }));
    }
    get [Symbol.toStringTag]() { return "WebSocket"; }
  }
  for (const [name, value] of Object.entries(STATES)) {
    for (const one of [WebSocket, WebSocket.prototype]) Object.defineProperty(one, name, { value, enumerable: true });
  }

  const shown = (ws, data) => {
    if (typeof data === "string") return data;
    if (ws.binaryType === "arraybuffer") return data;
    return ws.binaryType === "nodebuffer" ? Buffer.from(data) : new Blob([data]);
  };

  part.exports.WebSocket = WebSocket;
  part.exports.deliver = ({ socket: number, event, data, code, reason }) => {
    const ws = open.get(number);
    if (!ws) return;
    switch (event) {
      case "open":
        if (ws.readyState === 0) {
          ws.readyState = 1;
          ws.dispatchEvent(new Event("open"));
        }
        break;
      case "message":
        if (ws.readyState === 1) ws.dispatchEvent(new MessageEvent("message", { data: shown(ws, data), origin: new URL(ws.url).origin }));
        break;
      case "error":
        ws._failed(typeof reason === "string" ? reason : data);
        break;
      case "close":
        ws._closed(code ?? 1005, reason ?? "", code === undefined || code === 1000);
        break;
      default:
    }
  };
  part.exports.clear = () => {
    for (const ws of [...open.values()]) ws.close();
  };
});
