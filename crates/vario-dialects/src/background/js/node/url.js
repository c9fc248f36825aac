(function (core, part) {
  "use strict";
  const { URL, URLSearchParams } = core.use("web/url");
  const querystring = core.use("node/querystring");
  const paths = core.use("base/paths");

  function Url() {
    for (const key of ["protocol", "slashes", "auth", "host", "port", "hostname", "hash", "search", "query", "pathname", "path", "href"]) this[key] = null;
  }

  // Node's old parser, as far as it is used: it takes paths without a host, too.
  function parse(text, parseQuery = false, slashesDenoteHost = false) {
    if (text instanceof Url) return text;
    if (typeof text !== "string") throw Object.assign(new TypeError('The "url" argument must be of type string.'), { code: "ERR_INVALID_ARG_TYPE" });
    const url = new Url();
    let rest = text.trim();
    const take = (pattern) => {
      const found = pattern.exec(rest);
      if (found) rest = rest.slice(0, found.index) + rest.slice(found.index + found[0].length);
      return found;
    };
    url.hash = take(/#.*$/s)?.[0] ?? null;
    url.search = take(/\?.*$/s)?.[0] ?? null;
    url.query = url.search === null ? null : url.search.slice(1);
    if (parseQuery) {
      url.query = querystring.parse(url.query ?? "");
      url.search ??= "";
    }
    const protocol = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.exec(rest)?.[0];
    if (protocol) {
      url.protocol = protocol.toLowerCase();
      rest = rest.slice(protocol.length);
    }
    if (rest.startsWith("//") && (protocol || slashesDenoteHost)) {
      url.slashes = true;
      const end = rest.slice(2).search(/[/\\]/);
      const authority = end < 0 ? rest.slice(2) : rest.slice(2, end + 2);
      rest = end < 0 ? "" : rest.slice(end + 2);
      const at = authority.lastIndexOf("@");
      if (at >= 0) url.auth = decodeURIComponent(authority.slice(0, at));
      const host = authority.slice(at + 1).toLowerCase();
      const port = /:(\d+)$/.exec(host);
      url.port = port?.[1] ?? null;
      url.hostname = (port ? host.slice(0, port.index) : host).replace(/^\[(.*)\]$/, "$1");
      url.host = host;
      if (rest === "" && /^(https?|ftp|wss?|file):$/.test(url.protocol ?? "http:")) rest = "/";
    }
    url.pathname = rest === "" ? null : rest;
    url.path = url.pathname === null && url.search === null ? null : (url.pathname ?? "") + (url.search ?? "");
    url.href = format(url);
    return url;
  }

  function format(url, options) {
    if (typeof url === "string") return parse(url).format();
    if (url instanceof URL) {
      const copy = new URL(url.href);
      if (options?.fragment === false) copy.hash = "";
      if (options?.search === false) copy.search = "";
      if (options?.auth === false) copy.username = copy.password = "";
      return copy.href;
    }
    const protocol = url.protocol ? (url.protocol.endsWith(":") ? url.protocol : `${url.protocol}:`) : "";
    const auth = url.auth ? `${encodeURIComponent(url.auth).replace("%3A", ":")}@` : "";
    let host = url.host ?? "";
    if (!host && url.hostname) host = (url.hostname.includes(":") ? `[${url.hostname}]` : url.hostname) + (url.port ? `:${url.port}` : "");
    const slashes = url.slashes || (/^(https?|ftp|wss?|file):$/.test(protocol) && host) ? "//" : "";
    const query = url.query !== null && typeof url.query === "object" ? querystring.stringify(url.query) : "";
    let search = url.search || (query && `?${query}`) || "";
    if (search && !search.startsWith("?")) search = `?${search}`;
    let hash = url.hash || "";
    if (hash && !hash.startsWith("#")) hash = `#${hash}`;
    let pathname = url.pathname ?? "";
    if (slashes && pathname && !pathname.startsWith("/")) pathname = `/${pathname}`;
    return protocol + slashes + (slashes || host ? auth + host : "") + pathname + search + hash;
  }
  Url.prototype.format = function () { return format(this); };
  Url.prototype.parse = function (text, parseQuery, slashes) { return Object.assign(this, parse(text, parseQuery, slashes)); };
  Url.prototype.resolve = function (relative) { return resolve(this.href, relative); };

  function resolve(from, to) {
    const base = new URL(from, "resolve://");
    const found = new URL(to, base);
    return found.protocol === "resolve:" ? found.pathname + found.search + found.hash : found.href;
  }

  const fileURLToPath = (url) => {
    const parsed = typeof url === "string" ? new URL(url) : url;
    if (parsed.protocol !== "file:") throw Object.assign(new TypeError("The URL must be of scheme file"), { code: "ERR_INVALID_URL_SCHEME" });
    const path = decodeURIComponent(parsed.pathname);
    return core.info.app?.platform === "windows" ? path.slice(1).replaceAll("/", "\\") : path;
  };

  const pathToFileURL = (path) => {
    const absolute = paths.slashes(core.use("node/path").resolve(path));
    const encoded = absolute.split("/").map((piece) => encodeURIComponent(piece).replaceAll("%3A", ":")).join("/");
    return new URL(`file://${encoded.startsWith("/") ? "" : "/"}${encoded}`);
  };

  part.exports = {
    URL, URLSearchParams, Url, parse, format, resolve,
    resolveObject: (from, to) => parse(resolve(format(from), to)),
    fileURLToPath, pathToFileURL,
    urlToHttpOptions: (url) => ({ protocol: url.protocol, hostname: url.hostname, hash: url.hash, search: url.search, pathname: url.pathname, path: `${url.pathname}${url.search}`, href: url.href, ...(url.port ? { port: Number(url.port) } : {}) }),
    domainToASCII: (domain) => { try { return new URL(`http://${domain}`).hostname; } catch { return ""; } },
    domainToUnicode: (domain) => domain,
  };
});
