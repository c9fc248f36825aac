// The names that libraries look at; requests go out over fetch.
(function (core, part) {
  "use strict";
  const { Readable, Writable } = core.use("node/stream");
  const EventEmitter = core.use("node/events");
  const { Buffer } = core.use("node/buffer");
  const { inherits } = core.use("node/util");
  const { STATUS_CODES } = core.use("web/status");
  const METHODS = "ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE".split(" ");

  function IncomingMessage(socket) {
    Readable.call(this);
    Object.assign(this, { socket, httpVersion: "1.1", httpVersionMajor: 1, httpVersionMinor: 1, complete: false, headers: {}, rawHeaders: [], trailers: {}, url: "", method: null, statusCode: null, statusMessage: null });
  }
  inherits(IncomingMessage, Readable);
  IncomingMessage.prototype.setTimeout = function () { return this; };

  function OutgoingMessage() {
    Writable.call(this);
    this._headers = new Map();
    this.headersSent = false;
  }
  inherits(OutgoingMessage, Writable);
  Object.assign(OutgoingMessage.prototype, {
    setHeader(name, value) { this._headers.set(String(name).toLowerCase(), [name, value]); return this; },
    getHeader(name) { return this._headers.get(String(name).toLowerCase())?.[1]; },
    getHeaders() { return Object.fromEntries(Array.from(this._headers, ([name, [, value]]) => [name, value])); },
    getHeaderNames() { return [...this._headers.keys()]; },
    hasHeader(name) { return this._headers.has(String(name).toLowerCase()); },
    removeHeader(name) { this._headers.delete(String(name).toLowerCase()); },
    flushHeaders() {},
    setTimeout() { return this; },
  });

  function ServerResponse(request) {
    OutgoingMessage.call(this);
    Object.assign(this, { req: request, statusCode: 200, statusMessage: undefined });
  }
  inherits(ServerResponse, OutgoingMessage);
  Object.assign(ServerResponse.prototype, {
    writeHead(status, reason, headers) {
      this.statusCode = status;
      for (const [name, value] of Object.entries((typeof reason === "string" ? headers : reason) ?? {})) this.setHeader(name, value);
      return this;
    },
    writeContinue() {},
    assignSocket() {},
    detachSocket() {},
  });

  class Agent extends EventEmitter {
    constructor(options) { super(); Object.assign(this, { options: { ...options }, requests: {}, sockets: {}, freeSockets: {}, maxSockets: Infinity, maxFreeSockets: 256, defaultPort: 80, protocol: "http:" }); }
    destroy() {}
    getName() { return ""; }
    addRequest() {}
  }

  const address = (options, protocol) => {
    const scheme = options.protocol ?? protocol;
    const host = options.hostname ?? (options.host ?? "localhost").replace(/:\d+$/, "");
    const port = options.port ? `:${options.port}` : (/:\d+$/.exec(options.host ?? "")?.[0] ?? "");
    const auth = options.auth ? `${options.auth.split(":").map(encodeURIComponent).join(":")}@` : "";
    return `${scheme}//${auth}${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}${port}${options.path ?? "/"}`;
  };

  class ClientRequest extends OutgoingMessage {
    constructor(url, options, callback, protocol) {
      super();
      const chunks = [];
      this.method = String(options.method ?? "GET").toUpperCase();
      this.path = options.path ?? "/";
      this.aborted = false;
      for (const [name, value] of Object.entries(options.headers ?? {})) this.setHeader(name, value);
      if (callback) this.once("response", callback);
      this._write = (chunk, _encoding, done) => { chunks.push(chunk); done(); };
      this._final = (done) => { send(this, url ?? address(options, protocol), Buffer.concat(chunks), options.timeout ?? this._timeout); done(); };
      options.signal?.addEventListener("abort", () => this.destroy(options.signal.reason), { once: true });
    }
    abort() { this.aborted = true; this.destroy(); }
    setTimeout(ms, callback) { this._timeout = ms; if (callback) this.once("timeout", callback); return this; }
    setNoDelay() { return this; }
    setSocketKeepAlive() { return this; }
  }

  const send = (request, url, body, timeoutMs) => {
    const headers = [];
    for (const [name, value] of request._headers.values()) for (const one of [value].flat()) headers.push([String(name), String(one)]);
    const call = { url, method: request.method, headers, timeoutMs, redirect: "manual" };
    if (body.length) call.body = body;
    core.use("base/calls").wait(() => core.natives.http.fetch(call)).then(
      (answer) => {
        if (request.destroyed && request.aborted) return;
        const message = new IncomingMessage(null);
        Object.assign(message, { statusCode: answer.status, statusMessage: answer.statusText ?? STATUS_CODES[answer.status] ?? "", complete: true });
        for (const [name, value] of answer.headers ?? []) {
          const key = name.toLowerCase();
          message.rawHeaders.push(name, value);
          if (key === "set-cookie") (message.headers[key] ??= []).push(value);
          else message.headers[key] = key in message.headers ? `${message.headers[key]}, ${value}` : value;
        }
        request.res = message;
        request.emit("response", message);
        if (answer.body !== undefined && answer.body.byteLength) message.push(Buffer.from(answer.body));
        message.push(null);
      },
      (error) => {
        if (error.code === "ETIMEDOUT") request.emit("timeout");
        request.emit("error", error);
      },
    );
  };

  const make = (protocol, AgentKind) => {
    const request = (input, options, callback) => {
      let url;
      if (typeof input === "string" || input instanceof URL) {
        url = new URL(input);
        if (typeof options === "function") [options, callback] = [{}, options];
        const extra = options ?? {};
        const given = extra.hostname ?? extra.host ?? extra.path ?? extra.port;
        return new ClientRequest(given === undefined ? url.href : undefined, { protocol: url.protocol, hostname: url.hostname, port: url.port, path: url.pathname + url.search, ...extra }, callback, protocol);
      }
      return new ClientRequest(undefined, input, typeof options === "function" ? options : callback, protocol);
    };
    const get = (...args) => {
      const sent = request(...args);
      sent.end();
      return sent;
    };
    const createServer = () => {
      throw Object.assign(new Error("http.createServer is not available to plugins; register routes instead"), { code: "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM" });
    };
    class Server extends EventEmitter {
      listen() { return createServer(); }
    }
    return { METHODS, STATUS_CODES, IncomingMessage, OutgoingMessage, ServerResponse, ClientRequest, Agent: AgentKind, Server, globalAgent: new AgentKind(), request, get, createServer, maxHeaderSize: 16384, validateHeaderName() {}, validateHeaderValue() {}, setMaxIdleHTTPParsers() {} };
  };
  part.exports = make("http:", Agent);
  Object.defineProperty(part.exports, "make", { value: make, enumerable: false });
});
