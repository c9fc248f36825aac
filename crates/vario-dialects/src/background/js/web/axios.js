// A client of the shape of axios, over the host's requests.
(function (core, part) {
  "use strict";
  const { Buffer } = core.use("node/buffer");
  const { wait } = core.use("base/calls");
  const { STATUS_CODES } = core.use("web/status");

  class AxiosError extends Error {
    constructor(message, code, config, request, response) {
      super(message);
      this.name = "AxiosError";
      this.isAxiosError = true;
      if (code) this.code = code;
      if (config) this.config = config;
      this.request = request ?? {};
      if (response) {
        this.response = response;
        this.status = response.status;
      }
    }
    toJSON() { return { message: this.message, name: this.name, code: this.code, status: this.status ?? null, stack: this.stack }; }
    static from(error, code, config, request, response) {
      const made = new AxiosError(error.message, code ?? error.code, config, request, response);
      made.cause = error;
      return made;
    }
  }
  for (const code of ["ERR_BAD_OPTION_VALUE", "ERR_BAD_OPTION", "ECONNABORTED", "ETIMEDOUT", "ERR_NETWORK", "ERR_FR_TOO_MANY_REDIRECTS", "ERR_DEPRECATED", "ERR_BAD_RESPONSE", "ERR_BAD_REQUEST", "ERR_CANCELED", "ERR_NOT_SUPPORT", "ERR_INVALID_URL"]) AxiosError[code] = code;

  class CanceledError extends AxiosError {
    constructor(message, config, request) {
      super(message ?? "canceled", "ERR_CANCELED", config, request);
      this.name = "CanceledError";
      this.__CANCEL__ = true;
    }
  }

  // Headers as an object whose names are as they were written, found in any case.
  class AxiosHeaders {
    constructor(init) { if (init) this.set(init); }
    #key(name) {
      const wanted = String(name).toLowerCase();
      return Object.keys(this).find((key) => key.toLowerCase() === wanted);
    }
    set(name, value, rewrite) {
      if (name !== null && typeof name === "object") {
        const rows = typeof name[Symbol.iterator] === "function" ? name : Object.entries(name);
        for (const [key, item] of rows) this.set(key, item, value);
        return this;
      }
      const key = this.#key(name) ?? String(name);
      if (value === undefined || (rewrite === false && this[key] !== undefined)) return this;
      this[key] = value === null || value === false ? value : Array.isArray(value) ? value.map(String) : String(value);
      return this;
    }
    get(name) { const key = this.#key(name); return key === undefined ? undefined : this[key]; }
    has(name) { return this.#key(name) !== undefined; }
    delete(name) {
      const keys = [name].flat().map((one) => this.#key(one)).filter((key) => key !== undefined);
      for (const key of keys) delete this[key];
      return keys.length > 0;
    }
    clear() { for (const key of Object.keys(this)) delete this[key]; return true; }
    normalize() { return this; }
    concat(...others) { return AxiosHeaders.concat(this, ...others); }
    toJSON() { return Object.fromEntries(Object.entries(this).filter(([, value]) => value !== null && value !== false)); }
    toString() { return Object.entries(this.toJSON()).map(([name, value]) => `${name}: ${value}`).join("\n"); }
    getContentType() { return this.get("Content-Type"); }
    setContentType(value, rewrite) { return this.set("Content-Type", value, rewrite); }
    hasContentType() { return this.has("Content-Type"); }
    getAuthorization() { return this.get("Authorization"); }
    setAuthorization(value, rewrite) { return this.set("Authorization", value, rewrite); }
    getSetCookie() { return this.get("set-cookie") ?? []; }
    [Symbol.iterator]() { return Object.entries(this.toJSON())[Symbol.iterator](); }
    static from(init) { return init instanceof AxiosHeaders ? init : new AxiosHeaders(init); }
    static concat(...all) { const made = new AxiosHeaders(); for (const one of all) made.set(one ?? {}); return made; }
    static accessor() {}
  }

  const isPlain = (value) => value !== null && typeof value === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(value));

  const merge = (a, b) => {
    const made = { ...a };
    for (const [key, value] of Object.entries(b ?? {})) {
      if (value === undefined) continue;
      if (key === "headers") made.headers = AxiosHeaders.concat(a?.headers, value);
      else made[key] = isPlain(value) && isPlain(made[key]) && key !== "data" ? merge(made[key], value) : value;
    }
    return made;
  };

  const escape = (text) => encodeURIComponent(text).replace(/%3A/gi, ":").replace(/%24/g, "$").replace(/%2C/gi, ",").replace(/%20/g, "+");
  const paramsText = (params, serializer) => {
    if (typeof serializer === "function") return serializer(params);
    if (typeof serializer?.serialize === "function") return serializer.serialize(params);
    if (params instanceof URLSearchParams) return params.toString();
    const rows = [];
    const add = (key, value) => {
      if (value === undefined || value === null) return;
      if (value instanceof Date) rows.push([key, value.toISOString()]);
      else if (Array.isArray(value)) value.forEach((item, place) => add(typeof item === "object" && item !== null ? `${key}[${place}]` : `${key}[]`, item));
      else if (typeof value === "object") for (const [inner, item] of Object.entries(value)) add(`${key}[${inner}]`, item);
      else rows.push([key, String(value)]);
    };
    for (const [key, value] of Object.entries(params)) add(key, value);
    return rows.map(([key, value]) => `${escape(key)}=${escape(value)}`).join("&");
  };

  const isFull = (url) => /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url);
  const combine = (base, url) => (url ? `${base.replace(/\/?\/$/, "")}/${url.replace(/^\/+/, "")}` : base);
  const withParams = (url, config) => {
    if (!config.params) return url;
    const query = paramsText(config.params, config.paramsSerializer);
    if (!query) return url;
    const clean = url.replace(/#.*$/, "");
    return clean + (clean.includes("?") ? "&" : "?") + query;
  };
  const fullUrl = (config) => withParams(config.baseURL && !isFull(config.url ?? "") ? combine(config.baseURL, config.url) : (config.url ?? ""), config);

  const transformRequest = (data, headers) => {
    if (data === undefined || data === null) return data;
    if (data instanceof URLSearchParams) {
      headers.setContentType("application/x-www-form-urlencoded;charset=utf-8", false);
      return data.toString();
    }
    const { FormData, encodeForm } = core.use("web/form");
    if (data instanceof FormData) {
      const form = encodeForm(data);
      headers.setContentType(form.contentType);
      return form.body;
    }
    if (data instanceof ArrayBuffer || ArrayBuffer.isView(data) || typeof data?.pipe === "function" || data instanceof core.use("web/blob").Blob) return data;
    const type = headers.getContentType() ?? "";
    if (typeof data === "object") {
      if (String(type).includes("application/x-www-form-urlencoded")) return paramsText(data);
      headers.setContentType("application/json", false);
      return JSON.stringify(data);
    }
    if (String(type).includes("application/json") && typeof data !== "string") return JSON.stringify(data);
    return data;
  };

  const transformResponse = function (data) {
    if (typeof data !== "string" || data === "") return data;
    const isForced = this.responseType === "json";
    if (this.responseType && !isForced) return data;
    try {
      return JSON.parse(data);
    } catch (error) {
      if (isForced && this.transitional?.silentJSONParsing === false) throw AxiosError.from(error, "ERR_BAD_RESPONSE", this);
      return data;
    }
  };

  const bytesOf = async (data) => {
    if (data === undefined || data === null) return undefined;
    if (typeof data === "string" || ArrayBuffer.isView(data)) return data;
    if (data instanceof ArrayBuffer) return new Uint8Array(data);
    if (data instanceof core.use("web/blob").Blob) return data._bytes;
    if (typeof data[Symbol.asyncIterator] === "function") {
      const pieces = [];
      for await (const piece of data) pieces.push(Buffer.from(piece));
      return Buffer.concat(pieces);
    }
    return String(data);
  };

  // Asks the host; gives {status, statusText, headers, body, url}.
  const overHost = (call) => wait(() => core.natives.http.fetch(call));

  const adapter = async (config, ask, url) => {
    const headers = [];
    for (const [name, value] of AxiosHeaders.from(config.headers)) for (const one of [value].flat()) headers.push([name, String(one)]);
    if (config.auth) headers.push(["Authorization", `Basic ${Buffer.from(`${config.auth.username ?? ""}:${config.auth.password ?? ""}`).toString("base64")}`]);
    const call = { url, method: config.method.toUpperCase(), headers, redirect: config.maxRedirects === 0 ? "manual" : "follow" };
    const body = await bytesOf(config.data);
    if (body !== undefined && body !== "") call.body = body;
    if (config.timeout > 0) call.timeoutMs = config.timeout;
    const request = { method: call.method, path: url, responseURL: url };
    let answer;
    try {
      answer = await ask(call);
    } catch (error) {
      const late = error.code === "ETIMEDOUT" || error.code === "ECONNABORTED" || /timed out|timeout/i.test(error.message);
      const words = late ? (config.timeoutErrorMessage ?? `timeout of ${config.timeout ?? 0}ms exceeded`) : error.message;
      const failure = new AxiosError(words, late ? "ECONNABORTED" : (error.code ?? "ERR_NETWORK"), config, request);
      failure.cause = error;
      throw failure;
    }
    const received = new AxiosHeaders();
    for (const [name, value] of answer.headers ?? []) {
      const key = name.toLowerCase();
      if (key === "set-cookie") received[key] = [...(received[key] ?? []), value];
      else received[key] = key in received ? `${received[key]}, ${value}` : value;
    }
    const raw = answer.body === undefined ? Buffer.alloc(0) : Buffer.from(answer.body);
    const data = config.responseType === "arraybuffer" ? raw
      : config.responseType === "stream" ? core.use("node/stream").Readable.from(raw)
      : config.responseType === "blob" ? new (core.use("web/blob").Blob)([raw])
      : raw.toString(config.responseEncoding ?? "utf8").replace(/^\ufeff/, "");
    return { data, status: answer.status, statusText: answer.statusText || (STATUS_CODES[answer.status] ?? ""), headers: received, config, request: { ...request, res: { responseUrl: answer.url ?? url } } };
  };

  const canceled = (config) => {
    if (config.signal?.aborted) throw new CanceledError(undefined, config);
    config.cancelToken?.throwIfRequested();
  };

  const raced = (config, run) => {
    const { signal, cancelToken } = config;
    if (!signal && !cancelToken) return run();
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new CanceledError(undefined, config)), { once: true });
      cancelToken?.promise.then(reject);
      run().then(resolve, reject);
    });
  };

  const dispatch = async (config) => {
    canceled(config);
    config.headers = AxiosHeaders.from(config.headers);
    for (const transform of [config.transformRequest ?? []].flat()) config.data = transform.call(config, config.data, config.headers);
    if (["post", "put", "patch"].includes(config.method) && config.data !== undefined && config.data !== null) config.headers.setContentType("application/x-www-form-urlencoded", false);
    const own = typeof config.adapter === "function" ? config.adapter : (given) => adapter(given, overHost, fullUrl(given));
    const response = await raced(config, () => own(config));
    canceled(config);
    try {
      for (const transform of [config.transformResponse ?? []].flat()) response.data = transform.call(config, response.data, response.headers, response.status);
    } catch (error) {
      throw error instanceof AxiosError ? error : AxiosError.from(error, "ERR_BAD_RESPONSE", config, response.request, response);
    }
    response.headers = AxiosHeaders.from(response.headers);
    const { validateStatus } = config;
    if (!response.status || !validateStatus || validateStatus(response.status)) return response;
    const code = response.status >= 500 ? "ERR_BAD_RESPONSE" : "ERR_BAD_REQUEST";
    throw new AxiosError(`Request failed with status code ${response.status}`, code, config, response.request, response);
  };

  class Interceptors {
    constructor() { this.handlers = []; }
    use(fulfilled, rejected, options) { return this.handlers.push({ fulfilled, rejected, runWhen: options?.runWhen }) - 1; }
    eject(number) { if (this.handlers[number]) this.handlers[number] = null; }
    clear() { this.handlers = []; }
    forEach(run) { for (const handler of this.handlers) if (handler) run(handler); }
  }

  const METHODS = ["delete", "get", "head", "options", "post", "put", "patch"];

  class Axios {
    constructor(defaults) {
      this.defaults = defaults ?? {};
      this.interceptors = { request: new Interceptors(), response: new Interceptors() };
    }
    request(first, second) {
      const given = typeof first === "string" ? { ...second, url: first } : (first ?? {});
      const common = { ...this.defaults, headers: undefined };
      const config = merge(common, given);
      config.method = String(config.method ?? "get").toLowerCase();
      const defaults = this.defaults.headers ?? {};
      const plainDefaults = Object.fromEntries(Object.entries(defaults).filter(([name]) => name !== "common" && !METHODS.includes(name)));
      config.headers = AxiosHeaders.concat(defaults.common, plainDefaults, defaults[config.method], given.headers);
      let chain = Promise.resolve(config);
      const before = [];
      this.interceptors.request.forEach((handler) => {
        if (!handler.runWhen || handler.runWhen(config) !== false) before.unshift(handler);
      });
      for (const handler of before) chain = chain.then(handler.fulfilled, handler.rejected);
      chain = chain.then(dispatch);
      this.interceptors.response.forEach((handler) => { chain = chain.then(handler.fulfilled, handler.rejected); });
      return chain;
    }
    getUri(config) { return fullUrl(merge({ ...this.defaults, headers: undefined }, config)); }
  }
  for (const method of ["delete", "get", "head", "options"]) {
    Axios.prototype[method] = function (url, config) { return this.request({ ...config, method, url }); };
  }
  for (const method of ["post", "put", "patch"]) {
    Axios.prototype[method] = function (url, data, config) { return this.request({ ...config, method, url, data }); };
    Axios.prototype[`${method}Form`] = function (url, data, config) {
      return this.request({ ...config, method, url, data, headers: { ...config?.headers, "Content-Type": "multipart/form-data" } });
    };
  }

  const defaults = () => ({
    transitional: { silentJSONParsing: true, forcedJSONParsing: true, clarifyTimeoutError: false },
    adapter: "fetch",
    transformRequest: [transformRequest],
    transformResponse: [transformResponse],
    timeout: 0,
    maxContentLength: -1,
    maxBodyLength: -1,
    validateStatus: (status) => status >= 200 && status < 300,
    headers: { common: { Accept: "application/json, text/plain, */*" }, delete: {}, get: {}, head: {}, post: {}, put: {}, patch: {} },
  });

  const copyHeaders = (headers) => Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, isPlain(value) ? { ...value } : value]));

  const make = (settings) => {
    const client = new Axios(settings);
    const callable = (first, second) => client.request(first, second);
    for (const name of Object.getOwnPropertyNames(Axios.prototype)) if (name !== "constructor") callable[name] = client[name].bind(client);
    callable.defaults = client.defaults;
    callable.interceptors = client.interceptors;
    callable.create = (given) => {
      const headers = copyHeaders(client.defaults.headers);
      for (const [name, value] of Object.entries(given?.headers ?? {})) headers[name] = isPlain(value) ? { ...headers[name], ...value } : value;
      return make({ ...merge({ ...client.defaults, headers: undefined }, { ...given, headers: undefined }), headers });
    };
    return callable;
  };

  class CancelToken {
    constructor(executor) {
      let cancel;
      this.promise = new Promise((resolve) => { cancel = resolve; });
      executor((message) => {
        if (this.reason) return;
        this.reason = new CanceledError(message);
        cancel(this.reason);
      });
    }
    throwIfRequested() { if (this.reason) throw this.reason; }
    subscribe(run) { this.promise.then(run); }
    unsubscribe() {}
    static source() {
      let cancel;
      const token = new CancelToken((run) => { cancel = run; });
      return { token, cancel };
    }
  }

  const axios = make(defaults());
  Object.assign(axios, {
    Axios, AxiosError, AxiosHeaders, CanceledError, CancelToken,
    Cancel: CanceledError,
    VERSION: "1.11.0",
    isCancel: (value) => Boolean(value?.__CANCEL__),
    isAxiosError: (value) => value !== null && typeof value === "object" && value.isAxiosError === true,
    all: (promises) => Promise.all(promises),
    spread: (run) => (list) => run(...list),
    toFormData: (value, form) => {
      const made = form ?? new (core.use("web/form").FormData)();
      for (const [key, item] of Object.entries(value ?? {})) made.append(key, item);
      return made;
    },
    mergeConfig: merge,
    HttpStatusCode: Object.fromEntries(Object.entries(STATUS_CODES).map(([status, words]) => [words.replace(/[^A-Za-z]/g, ""), Number(status)])),
  });
  axios.default = axios;
  Object.defineProperty(axios, "__esModule", { value: true });
  // A client whose requests go another way than over the host's http.fetch.
  const over = (settings, ask) => axios.create({ ...settings, adapter: (config) => adapter(config, ask, withParams(config.url ?? "", config)) });
  part.exports = { axios, over };
});
