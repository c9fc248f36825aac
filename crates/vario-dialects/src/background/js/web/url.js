(function (core, part) {
  "use strict";
  const { parseUrl, changeUrl } = core.helpers;

  const decode = (text) => {
    const plain = text.replaceAll("+", " ");
    try {
      return decodeURIComponent(plain);
    } catch {
      return plain.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
        const bytes = Uint8Array.from(run.slice(1).split("%"), (hex) => Number.parseInt(hex, 16));
        return core.helpers.decodeText(bytes, "utf-8", false);
      });
    }
  };
  const encode = (text) =>
    encodeURIComponent(text.toWellFormed()).replace(/%20/g, "+").replace(/[!'()~]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

  class URLSearchParams {
    #pairs = [];
    #changed;
    constructor(init = "") {
      if (typeof init === "object" && init !== null) {
        const rows = typeof init[Symbol.iterator] === "function" ? init : Object.entries(init);
        for (const [key, value] of rows) this.#pairs.push([String(key), String(value)]);
      } else {
        this.#read(String(init));
      }
    }
    #read(text) {
      const query = text.startsWith("?") ? text.slice(1) : text;
      this.#pairs = query.split("&").filter((row) => row !== "").map((row) => {
        const at = row.indexOf("=");
        return at < 0 ? [decode(row), ""] : [decode(row.slice(0, at)), decode(row.slice(at + 1))];
      });
    }
    // Ties it to a URL, whose search it then is.
    static _of(search, changed) {
      const params = new URLSearchParams(search);
      params.#changed = changed;
      return params;
    }
    static _reset(params, search) { params.#read(search); }
    #tell() { this.#changed?.(this.toString()); }
    get size() { return this.#pairs.length; }
    append(key, value) { this.#pairs.push([String(key), String(value)]); this.#tell(); }
    delete(key, value) {
      this.#pairs = this.#pairs.filter((pair) => pair[0] !== String(key) || (value !== undefined && pair[1] !== String(value)));
      this.#tell();
    }
    get(key) { return this.#pairs.find((pair) => pair[0] === String(key))?.[1] ?? null; }
    getAll(key) { return this.#pairs.filter((pair) => pair[0] === String(key)).map((pair) => pair[1]); }
    has(key, value) { return this.#pairs.some((pair) => pair[0] === String(key) && (value === undefined || pair[1] === String(value))); }
    set(key, value) {
      const first = this.#pairs.find((pair) => pair[0] === String(key));
      if (!first) return this.append(key, value);
      first[1] = String(value);
      this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== String(key));
      this.#tell();
    }
    sort() { this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); this.#tell(); }
    forEach(run, receiver) { for (const [key, value] of this.#pairs) run.call(receiver, value, key, this); }
    *entries() { for (const [key, value] of this.#pairs) yield [key, value]; }
    *keys() { for (const [key] of this.#pairs) yield key; }
    *values() { for (const [, value] of this.#pairs) yield value; }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return this.#pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join("&"); }
    get [Symbol.toStringTag]() { return "URLSearchParams"; }
  }

  const read = (input, base) => {
    const parts = base === undefined ? parseUrl(String(input)) : parseUrl(String(input), String(base));
    if (parts !== undefined) return parts;
    throw Object.assign(new TypeError("Invalid URL"), { code: "ERR_INVALID_URL", input: String(input) });
  };

  class URL {
    #parts;
    #params;
    constructor(input, base) {
      this.#parts = read(input, base);
    }
    static canParse(input, base) {
      return (base === undefined ? parseUrl(String(input)) : parseUrl(String(input), String(base))) !== undefined;
    }
    static parse(input, base) { return URL.canParse(input, base) ? new URL(input, base) : null; }
    static createObjectURL() { throw new Error("URL.createObjectURL is not available to plugins"); }
    static revokeObjectURL() {}
    static _get(url, name) { return url.#parts[name]; }
    static _set(url, name, value) {
      url.#parts = name === "href" ? read(value) : changeUrl(url.#parts.href, name, String(value));
      if (url.#params && (name === "href" || name === "search")) URLSearchParams._reset(url.#params, url.#parts.search);
    }
    get searchParams() {
      this.#params ??= URLSearchParams._of(this.#parts.search, (search) => {
        this.#parts = changeUrl(this.#parts.href, "search", search);
      });
      return this.#params;
    }
    get origin() { return this.#parts.origin; }
    toString() { return this.#parts.href; }
    toJSON() { return this.#parts.href; }
    get [Symbol.toStringTag]() { return "URL"; }
    [Symbol.for("nodejs.util.inspect.custom")]() { return `URL { href: '${this.#parts.href}' }`; }
  }
  const { _get, _set } = URL;
  delete URL._get;
  delete URL._set;
  for (const name of ["href", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"]) {
    Object.defineProperty(URL.prototype, name, {
      get() { return _get(this, name); },
      set(value) { _set(this, name, value); },
      enumerable: true,
      configurable: true,
    });
  }
  part.exports = { URL, URLSearchParams };
});
