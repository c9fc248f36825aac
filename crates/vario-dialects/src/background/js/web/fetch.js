(function (core, part) {
  "use strict";
  const { Buffer } = core.use("node/buffer");
  const { Blob } = core.use("web/blob");
  const { FormData, encodeForm } = core.use("web/form");
  const { URL, URLSearchParams } = core.use("web/url");
  const { ReadableStream } = core.use("web/streams");
  const { wait } = core.use("base/calls");

  const nameOf = (name) => {
    const text = String(name);
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)) throw new TypeError(`Headers: "${text}" is an invalid header name.`);
    return text.toLowerCase();
  };
  const valueOf = (value) => {
    const text = String(value).replace(/^[\t\r\n ]+|[\t\r\n ]+$/g, "");
    if (/[\0\r\n]/.test(text)) throw new TypeError("Headers: invalid header value.");
    return text;
  };

  class Headers {
    #pairs = [];
    constructor(init) {
      if (init === undefined || init === null) return;
      const rows = typeof init[Symbol.iterator] === "function" ? init : Object.entries(init);
      for (const [name, value] of rows) this.append(name, value);
    }
    append(name, value) { this.#pairs.push([nameOf(name), valueOf(value)]); }
    set(name, value) { this.delete(name); this.append(name, value); }
    delete(name) { const key = nameOf(name); this.#pairs = this.#pairs.filter((pair) => pair[0] !== key); }
    has(name) { const key = nameOf(name); return this.#pairs.some((pair) => pair[0] === key); }
    get(name) {
      const key = nameOf(name);
      const values = this.#pairs.filter((pair) => pair[0] === key).map((pair) => pair[1]);
      return values.length ? values.join(", ") : null;
    }
    getSetCookie() { return this.#pairs.filter((pair) => pair[0] === "set-cookie").map((pair) => pair[1]); }
    *entries() {
      const names = [...new Set(this.#pairs.map((pair) => pair[0]))].sort();
      for (const name of names) {
        if (name === "set-cookie") for (const cookie of this.getSetCookie()) yield [name, cookie];
        else yield [name, this.get(name)];
      }
    }
    *keys() { for (const [name] of this.entries()) yield name; }
    *values() { for (const [, value] of this.entries()) yield value; }
    forEach(run, receiver) { for (const [name, value] of this.entries()) run.call(receiver, value, name, this); }
    [Symbol.iterator]() { return this.entries(); }
    get [Symbol.toStringTag]() { return "Headers"; }
  }

  // A body as bytes, or a stream that must be read first, with the content type it brings.
  const bodyOf = (body) => {
    if (body === undefined || body === null) return {};
    if (typeof body === "string") return { bytes: Buffer.from(body), type: "text/plain;charset=UTF-8" };
    if (body instanceof URLSearchParams) return { bytes: Buffer.from(body.toString()), type: "application/x-www-form-urlencoded;charset=UTF-8" };
    if (body instanceof Blob) return { bytes: body._bytes, type: body.type || undefined };
    if (body instanceof FormData) {
      const form = encodeForm(body);
      return { bytes: form.body, type: form.contentType };
    }
    if (body instanceof ArrayBuffer) return { bytes: Buffer.from(body) };
    if (ArrayBuffer.isView(body)) return { bytes: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
    if (typeof body[Symbol.asyncIterator] === "function") return { stream: body };
    return { bytes: Buffer.from(String(body)), type: "text/plain;charset=UTF-8" };
  };

  const gather = async (stream) => {
    const pieces = [];
    for await (const piece of stream) pieces.push(typeof piece === "string" ? Buffer.from(piece) : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    return Buffer.concat(pieces);
  };

  class Body {
    #body;
    #used = false;
    #stream;
    constructor(body) { this.#body = body; }
    get bodyUsed() { return this.#used; }
    get body() {
      if (this.#body.bytes === undefined && this.#body.stream === undefined) return null;
      if (this.#body.stream instanceof ReadableStream) return this.#body.stream;
      this.#stream ??= new ReadableStream({
        pull: async (controller) => {
          this.#used = true;
          const bytes = this.#body.bytes ?? (await gather(this.#body.stream));
          if (bytes.length) controller.enqueue(Uint8Array.from(bytes));
          controller.close();
        },
      });
      return this.#stream;
    }
    async _take() {
      if (this.#used || this.#stream?.locked) throw new TypeError("Body is unusable: Body has already been read");
      this.#used = this.#body.bytes !== undefined || this.#body.stream !== undefined;
      return this.#body.bytes ?? (this.#body.stream ? gather(this.#body.stream) : Buffer.alloc(0));
    }
    _share() { return this.#body; }
    async text() { return (await this._take()).toString("utf8").replace(/^\ufeff/, ""); }
    async json() { return JSON.parse(await this.text()); }
    async arrayBuffer() { return Uint8Array.from(await this._take()).buffer; }
    async bytes() { return Uint8Array.from(await this._take()); }
    async blob() { return new Blob([await this._take()], { type: this.headers.get("content-type") ?? "" }); }
    async formData() {
      const type = this.headers.get("content-type") ?? "";
      if (!type.startsWith("application/x-www-form-urlencoded")) throw new TypeError("formData() reads urlencoded bodies only");
      const form = new FormData();
      for (const [key, value] of new URLSearchParams(await this.text())) form.append(key, value);
      return form;
    }
  }

  class Request extends Body {
    constructor(input, init = {}) {
      const from = input instanceof Request ? input : undefined;
      const url = from ? from.url : new URL(String(input)).href;
      const method = String(init.method ?? from?.method ?? "GET");
      const upper = /^(get|head|post|put|delete|options|patch)$/i.test(method) ? method.toUpperCase() : method;
      const given = init.body !== undefined ? bodyOf(init.body) : (from?._share() ?? {});
      if ((upper === "GET" || upper === "HEAD") && init.body !== undefined && init.body !== null) throw new TypeError("Request with GET/HEAD method cannot have body.");
      super(given);
      const headers = new Headers(init.headers ?? from?.headers);
      if (given.type && !headers.has("content-type")) headers.set("content-type", given.type);
      Object.assign(this, {
        url, method: upper, headers,
        redirect: init.redirect ?? from?.redirect ?? "follow",
        signal: init.signal ?? from?.signal ?? new (core.use("web/abort").AbortController)().signal,
        mode: init.mode ?? "cors", credentials: init.credentials ?? "same-origin", cache: init.cache ?? "default", referrer: "about:client", integrity: "", keepalive: false, duplex: "half",
      });
    }
    clone() { return new Request(this); }
    get [Symbol.toStringTag]() { return "Request"; }
  }

  class Response extends Body {
    constructor(body, init = {}) {
      const given = bodyOf(body);
      super(given);
      const status = init.status ?? 200;
      if (!(status >= 200 && status <= 599)) throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
      const headers = new Headers(init.headers);
      if (given.type && !headers.has("content-type")) headers.set("content-type", given.type);
      Object.assign(this, { status, statusText: String(init.statusText ?? ""), headers, ok: status >= 200 && status < 300, url: "", redirected: false, type: "default" });
    }
    clone() {
      const copy = new Response(null, { status: this.status, statusText: this.statusText, headers: this.headers });
      const shared = this._share();
      const again = shared.bytes === undefined ? copy : new Response(shared.bytes, { status: this.status, statusText: this.statusText, headers: this.headers });
      return Object.assign(again, { url: this.url, redirected: this.redirected, type: this.type });
    }
    static json(value, init) {
      const headers = new Headers(init?.headers);
      if (!headers.has("content-type")) headers.set("content-type", "application/json");
      return new Response(JSON.stringify(value), { ...init, headers });
    }
    static error() { return Object.assign(new Response(null), { status: 0, ok: false, type: "error" }); }
    static redirect(url, status = 302) { return new Response(null, { status, headers: { location: new URL(url).href } }); }
    get [Symbol.toStringTag]() { return "Response"; }
  }

  const failed = (error) => {
    const cause = Object.assign(new Error(error.message), { code: error.code, name: error.name });
    return new TypeError("fetch failed", { cause });
  };

  const fetch = async (input, init) => {
    const request = new Request(input, init);
    const { signal } = request;
    if (signal.aborted) throw signal.reason;
    const call = { url: request.url, method: request.method, headers: [...request.headers], redirect: request.redirect };
    const body = await request._take();
    if (body.length) call.body = body;
    const answer = await new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      wait(() => core.natives.http.fetch(call)).then(resolve, (error) => reject(failed(error)));
    });
    const empty = [204, 205, 304].includes(answer.status) || request.method === "HEAD" || answer.body === undefined;
    const isUsual = answer.status >= 200 && answer.status <= 599;
    const response = new Response(empty ? null : answer.body, { status: isUsual ? answer.status : 200, statusText: answer.statusText, headers: answer.headers });
    return Object.assign(response, { status: answer.status, ok: answer.status >= 200 && answer.status < 300, url: answer.url ?? request.url, redirected: Boolean(answer.redirected), type: "basic" });
  };
  part.exports = { fetch, Request, Response, Headers };
});
