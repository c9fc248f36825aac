// Requests and answers as Express has them, for handlers of every family.
(function (core, part) {
  "use strict";
  const { Buffer } = core.use("node/buffer");
  const EventEmitter = core.use("node/events");
  const querystring = core.use("node/querystring");
  const { STATUS_CODES } = core.use("web/status");
  const log = core.use("base/log");
  const TYPES = { html: "text/html; charset=utf-8", htm: "text/html; charset=utf-8", txt: "text/plain; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", mjs: "text/javascript; charset=utf-8", json: "application/json; charset=utf-8", xml: "application/xml", csv: "text/csv; charset=utf-8", md: "text/markdown; charset=utf-8", svg: "image/svg+xml", png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", ico: "image/x-icon", bin: "application/octet-stream", wav: "audio/wav", mp3: "audio/mpeg", ogg: "audio/ogg", m4a: "audio/mp4", flac: "audio/flac", mp4: "video/mp4", webm: "video/webm", pdf: "application/pdf", zip: "application/zip", wasm: "application/wasm", woff: "font/woff", woff2: "font/woff2", ttf: "font/ttf" };
  const typeOfFile = (name) => TYPES[name.replace(/^.*[./\\]/s, "").toLowerCase()];
  const typeOf = (name) => (name.includes("/") ? name : typeOfFile(name));

  class BadRequest extends Error {
    constructor(message) { super(message); this.status = 400; }
  }

  const queryOf = (value) => {
    const { query } = value;
    if (query !== null && typeof query === "object") return { ...query };
    const text = typeof query === "string" ? query : (/\?(.*)$/s.exec(value.url ?? "")?.[1] ?? "");
    return { ...querystring.parse(text.replace(/^\?/, "").replace(/#.*$/s, "")) };
  };

  // The body as handlers expect it; none is an empty object.
  const bodyOf = (value) => {
    if (value.body === undefined || value.body === null) return {};
    const raw = typeof value.body === "string" ? Buffer.from(value.body) : Buffer.from(value.body);
    if (raw.length === 0) return {};
    const type = String(value.contentType ?? value.headers?.["content-type"] ?? "").split(";")[0].trim().toLowerCase();
    if (type === "application/json" || type.endsWith("+json")) {
      try {
        return JSON.parse(raw.toString("utf8"));
      } catch (error) {
        throw new BadRequest(error.message);
      }
    }
    if (type === "application/x-www-form-urlencoded") return { ...querystring.parse(raw.toString("utf8")) };
    if (type.startsWith("text/")) return raw.toString("utf8");
    if (type === "") {
      try {
        return JSON.parse(raw.toString("utf8"));
      } catch {
        return raw.toString("utf8");
      }
    }
    return raw;
  };

  class Req extends EventEmitter {
    get(name) {
      const key = String(name).toLowerCase();
      return key === "referrer" || key === "referer" ? (this.headers.referrer ?? this.headers.referer) : this.headers[key];
    }
    header(name) { return this.get(name); }
    param(name, fallback) { return this.params[name] ?? this.body?.[name] ?? this.query[name] ?? fallback; }
    get path() { return /^[^?#]*/.exec(this.url)[0] || "/"; }
    get hostname() { return (this.headers.host ?? "localhost").replace(/:\d+$/, ""); }
    get host() { return this.headers.host ?? "localhost"; }
    get protocol() { return "http"; }
    get secure() { return false; }
    get ip() { return "127.0.0.1"; }
    get xhr() { return String(this.get("x-requested-with") ?? "").toLowerCase() === "xmlhttprequest"; }
    is(...types) {
      const own = String(this.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
      if (!own) return null;
      return types.flat().find((type) => own === type || own.endsWith(`/${type}`) || (type.endsWith("/*") && own.startsWith(type.slice(0, -1)))) ?? false;
    }
    accepts(...types) {
      const accept = String(this.get("accept") ?? "*/*");
      const all = types.flat();
      return accept.includes("*/*") ? (all[0] ?? accept) : (all.find((type) => accept.includes(type.includes("/") ? type : (TYPES[type] ?? type).split(";")[0])) ?? false);
    }
    setTimeout() { return this; }
    resume() { return this; }
    unpipe() { return this; }
  }

  // `body` is read here, so the parsers of both generations of Express are told to leave it.
  const makeRequest = (value, more) => {
    const req = new Req();
    Object.assign(req, {
      method: String(value.method ?? "GET").toUpperCase(),
      url: value.url ?? value.path ?? "/",
      originalUrl: value.url ?? value.path ?? "/",
      baseUrl: "",
      headers: { ...value.headers },
      query: queryOf(value),
      params: { ...value.params },
      body: bodyOf(value),
      cookies: {},
      httpVersion: "1.1",
      httpVersionMajor: 1,
      httpVersionMinor: 1,
      complete: true,
      _body: true,
      ...more,
    });
    return req;
  };

  class Res extends EventEmitter {
    #answer;
    #headers = new Map();
    #chunks = [];
    constructor(answer) {
      super();
      this.#answer = answer;
      this.statusCode = 200;
      this.statusMessage = undefined;
      this.headersSent = false;
      this.finished = false;
      this.writable = true;
      this.writableEnded = false;
      this.writableFinished = false;
      this.locals = {};
    }
    status(code) { this.statusCode = Number(code); return this; }
    setHeader(name, value) { this.#headers.set(String(name).toLowerCase(), [String(name), value]); return this; }
    getHeader(name) { return this.#headers.get(String(name).toLowerCase())?.[1]; }
    getHeaders() { return Object.fromEntries(Array.from(this.#headers, ([key, [, value]]) => [key, value])); }
    getHeaderNames() { return [...this.#headers.keys()]; }
    hasHeader(name) { return this.#headers.has(String(name).toLowerCase()); }
    removeHeader(name) { this.#headers.delete(String(name).toLowerCase()); }
    set(name, value) {
      if (typeof name === "object") for (const [key, item] of Object.entries(name)) this.setHeader(key, item);
      else this.setHeader(name, String(name).toLowerCase() === "content-type" && !String(value).includes("/") ? (typeOf(String(value)) ?? value) : value);
      return this;
    }
    header(name, value) { return this.set(name, value); }
    get(name) { return this.getHeader(name); }
    append(name, value) {
      const known = this.getHeader(name);
      return this.set(name, known === undefined ? value : [known, value].flat());
    }
    type(name) { return this.set("Content-Type", typeOf(String(name)) ?? String(name)); }
    contentType(name) { return this.type(name); }
    vary(name) { return this.append("Vary", name); }
    location(url) { return this.set("Location", url); }
    links() { return this; }
    attachment(name) {
      if (name) this.setHeader("Content-Type", typeOfFile(name) ?? "application/octet-stream");
      return this.set("Content-Disposition", name ? `attachment; filename="${core.use("node/path").basename(name)}"` : "attachment");
    }
    cookie(name, value, options = {}) {
      const parts = [`${name}=${encodeURIComponent(typeof value === "object" ? `j:${JSON.stringify(value)}` : String(value))}`, `Path=${options.path ?? "/"}`];
      if (options.maxAge !== undefined) parts.push(`Max-Age=${Math.floor(options.maxAge / 1000)}`);
      if (options.httpOnly) parts.push("HttpOnly");
      return this.append("Set-Cookie", parts.join("; "));
    }
    clearCookie(name) { return this.append("Set-Cookie", `${name}=; Path=/; Max-Age=0`); }
    json(value) {
      if (!this.hasHeader("content-type")) this.setHeader("Content-Type", "application/json; charset=utf-8");
      const text = JSON.stringify(value);
      return this.#finish(text === undefined ? "" : text);
    }
    jsonp(value) { return this.json(value); }
    send(body, second) {
      if (second !== undefined && typeof body === "number") {
        this.status(body);
        body = second;
      }
      if (body === undefined || body === null) return this.#finish(undefined);
      if (typeof body === "string") {
        if (!this.hasHeader("content-type")) this.type("html");
        return this.#finish(body);
      }
      if (ArrayBuffer.isView(body) || body instanceof ArrayBuffer) {
        if (!this.hasHeader("content-type")) this.type("bin");
        return this.#finish(ArrayBuffer.isView(body) ? body : new Uint8Array(body));
      }
      return this.json(body);
    }
    sendStatus(code) {
      this.status(code).type("txt");
      return this.#finish(STATUS_CODES[code] ?? String(code));
    }
    redirect(status, url) {
      if (url === undefined) [status, url] = [302, status];
      return this.status(status).location(url).#finish(undefined);
    }
    sendFile(path, options, callback) {
      if (typeof options === "function") [options, callback] = [{}, options];
      const paths = core.use("node/path");
      const file = options?.root ? paths.join(options.root, path) : path;
      if (typeof file !== "string" || !paths.isAbsolute(file)) throw new TypeError("path must be absolute or specify root to res.sendFile");
      for (const [name, value] of Object.entries(options?.headers ?? {})) this.set(name, value);
      const full = paths.normalize(file);
      const inside = [core.info.pluginDir, core.info.dataDir].some((root) => full === root || full.startsWith(root.replace(/[\\/]$/, "") + paths.sep));
      let stats;
      try {
        stats = inside ? core.natives.fs.stat(full) : undefined;
      } catch {
        stats = undefined;
      }
      if (stats?.kind !== "file") {
        const error = Object.assign(new Error(inside ? `ENOENT: no such file, stat '${full}'` : "Forbidden: outside of the plugin's folders"), { code: "ENOENT", status: 404, statusCode: 404 });
        if (callback) return void callback(error);
        return this.status(404).json({ error: "Not found" });
      }
      if (!this.hasHeader("content-type")) this.setHeader("Content-Type", typeOfFile(full) ?? "application/octet-stream");
      this.#finish(undefined, full);
      callback?.();
      return this;
    }
    download(path, name, options, callback) {
      if (typeof name === "function") [name, callback] = [undefined, name];
      this.attachment(name ?? path);
      return this.sendFile(path, options ?? {}, callback);
    }
    writeHead(status, reason, headers) {
      this.status(status);
      for (const [name, value] of Object.entries((typeof reason === "string" ? headers : reason) ?? {})) this.setHeader(name, value);
      return this;
    }
    flushHeaders() {}
    writeContinue() {}
    setTimeout() { return this; }
    write(chunk, encoding, callback) {
      if (this.writableEnded) return false;
      this.#chunks.push(typeof chunk === "string" ? Buffer.from(chunk, typeof encoding === "string" ? encoding : undefined) : Buffer.from(chunk));
      (typeof encoding === "function" ? encoding : callback)?.();
      return true;
    }
    end(chunk, encoding, callback) {
      if (typeof chunk === "function") [chunk, callback] = [undefined, chunk];
      if (chunk !== undefined && chunk !== null) this.write(chunk, encoding);
      const body = this.#chunks.length ? Buffer.concat(this.#chunks) : undefined;
      this.#finish(body);
      (typeof encoding === "function" ? encoding : callback)?.();
      return this;
    }
    format(table) {
      const run = table.json ?? table["application/json"] ?? table.default ?? Object.values(table)[0];
      run?.();
      return this;
    }
    render() { throw new Error("res.render is not available to plugins"); }
    #finish(body, file) {
      if (this.writableEnded) {
        log.write("warn", "a second answer to one request was ignored");
        return this;
      }
      Object.assign(this, { headersSent: true, finished: true, writableEnded: true, writable: false });
      const headers = Array.from(this.#headers.values(), ([name, value]) => [value].flat().map((one) => [name, String(one)])).flat();
      const answer = { status: this.statusCode, headers };
      if (file !== undefined) answer.file = file;
      else if (body !== undefined && body !== "") answer.body = body;
      this.#answer(answer);
      this.writableFinished = true;
      this.emit("finish");
      this.emit("close");
      return this;
    }
  }

  const jsonAnswer = (status, value) => ({ status, headers: [["Content-Type", "application/json; charset=utf-8"]], body: JSON.stringify(value) });

  const failure = (error, what) => {
    const status = Number(error?.status ?? error?.statusCode);
    const code = status >= 400 && status <= 599 ? status : 500;
    if (code >= 500) log.write("error", `${what} failed: ${core.use("base/errors").withStack(error)}`);
    let message;
    try {
      message = String(error?.message ?? error);
    } catch {
      message = "unknown error";
    }
    return jsonAnswer(code, { error: message });
  };

  // Runs a handler (req, res, next) and gives the promise of the answer.
  part.exports.handle = (value, handler, more) =>
    new Promise((resolve) => {
      const what = `${value.method ?? "GET"} ${value.path ?? value.url ?? ""}`;
      let req;
      try {
        req = makeRequest(value, more);
      } catch (error) {
        return resolve(error instanceof BadRequest ? jsonAnswer(400, { error: `malformed body: ${error.message}` }) : failure(error, what));
      }
      const res = new Res(resolve);
      Object.defineProperty(req, "res", { value: res, enumerable: false, writable: true, configurable: true });
      Object.defineProperty(res, "req", { value: req, enumerable: false, writable: true, configurable: true });
      const failed = (error) => {
        if (res.writableEnded) log.write("error", `${what} failed after its answer: ${core.use("base/errors").withStack(error)}`);
        else resolve(failure(error, what));
      };
      const next = (error) => {
        if (error !== undefined && error !== null && error !== "router" && error !== "route") return failed(error);
        if (!res.writableEnded) resolve(jsonAnswer(404, { error: "Not found" }));
      };
      req.next = next;
      try {
        const result = core.use("base/rejections").watched(() => handler(req, res, next), failed);
        if (typeof result?.then === "function") result.then(undefined, failed);
      } catch (error) {
        failed(error);
      }
    });
  part.exports.notFound = (words) => Promise.resolve(jsonAnswer(404, { error: words }));
});
