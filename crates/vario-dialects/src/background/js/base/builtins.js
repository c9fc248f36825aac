// The modules that the host brings: parts of Node, and what plugins of a family find installed.
(function (core, part) {
  "use strict";
  const NODE = [
    "assert", "async_hooks", "buffer", "child_process", "console", "crypto", "diagnostics_channel", "events", "fs",
    "http", "https", "module", "net", "os", "path", "perf_hooks", "process", "querystring", "stream",
    "string_decoder", "timers", "tty", "url", "util", "worker_threads", "zlib",
  ];
  // Parts of others.
  const INSIDE = {
    "assert/strict": () => core.use("node/assert").strict,
    "fs/promises": () => core.use("node/fs").promises,
    "path/posix": () => core.use("node/path").posix,
    "path/win32": () => core.use("node/path").win32,
    "stream/promises": () => core.use("node/stream").promises,
    "stream/web": () => core.use("web/streams"),
    "timers/promises": () => core.use("node/timers").promises,
    "util/types": () => core.use("node/util").types,
    sys: () => core.use("node/util"),
  };
  // Libraries load these without need: they are there, and fail when something in them is used.
  const HOLLOW = ["constants", "dns", "dns/promises", "http2", "punycode", "readline", "tls", "v8", "vm"];
  const ABSENT = [
    "cluster", "dgram", "domain", "inspector", "inspector/promises", "readline/promises", "repl", "sea", "sqlite",
    "stream/consumers", "test", "trace_events", "wasi",
  ];
  // Not of Node; a copy in node_modules wins, but for what is in FIRST.
  const HOST = {
    axios: "host/axios",
    effect: "host/effect",
    electron: "host/electron",
    express: "host/express",
    "socket.io-client": "host/socket-io",
    "@tfdidesign/smartcars3-background-sdk": "host/smartcars-sdk",
    "@skyvexsoftware/stratos-sdk": "host/stratos-sdk",
    "@skyvexsoftware/stratos-sdk/helpers": "host/stratos-helpers",
    "@mudstack/plugins": "host/mudstack-plugins",
  };
  const FIRST = new Set(["@mudstack/plugins", "electron"]);

  const bare = (name) => (name.startsWith("node:") ? name.slice(5) : name);
  const isNode = (name) => NODE.includes(name) || Object.hasOwn(INSIDE, name) || HOLLOW.includes(name);

  part.exports.comesFirst = (name) => isNode(bare(name)) || FIRST.has(name);
  part.exports.isKnown = (name) => part.exports.comesFirst(name) || Object.hasOwn(HOST, name);
  part.exports.isNode = (name) => isNode(bare(name));
  part.exports.canonical = bare;
  part.exports.names = [...NODE, ...Object.keys(INSIDE)].sort();

  part.exports.refusal = (name) => {
    if (!name.startsWith("node:") && !ABSENT.includes(name)) return undefined;
    const words = `the module '${name}' is not available to plugins here; of Node there are: ${NODE.join(", ")}`;
    const error = new Error(words);
    error.code = "ERR_UNKNOWN_BUILTIN_MODULE";
    return error;
  };

  const hollow = (name) => {
    const refuse = (member) => {
      const error = new Error(`${name}.${member} is not available to plugins here`);
      error.code = "ERR_METHOD_NOT_IMPLEMENTED";
      return error;
    };
    return new Proxy({}, {
      get(target, member) {
        if (typeof member === "symbol" || member === "default" || member === "then" || member === "__esModule") return target[member];
        if (member in target) return target[member];
        if (/^[A-Z]/.test(member) && /[A-Z]$/.test(member)) return undefined;
        const lacking = function () { throw refuse(member); };
        Object.defineProperty(lacking, "name", { value: member });
        return lacking;
      },
    });
  };

  const made = new Map();
  part.exports.get = (canonical) => {
    if (NODE.includes(canonical)) return core.use(`node/${canonical}`);
    if (Object.hasOwn(HOST, canonical)) return core.use(HOST[canonical]);
    if (Object.hasOwn(INSIDE, canonical)) return INSIDE[canonical]();
    if (!made.has(canonical)) made.set(canonical, canonical === "constants" ? { ...core.use("node/os").constants.errno } : hollow(canonical));
    return made.get(canonical);
  };
});
