// Plugins of Stratos: an ES module whose default export has onStart and onStop, which are given
// all they have as ctx.
(function (core, part) {
  "use strict";
  const { natives, info } = core;
  const { write } = core.use("base/log");
  const { withStack } = core.use("base/errors");
  const { handle, notFound } = core.use("dialect/http");
  const storage = core.use("dialect/storage");
  const ipc = core.use("base/ipc");
  const util = core.use("node/util");
  const { wait } = core.use("base/calls");
  const RESERVED = ["/", "/socket.io"];

  let definition;
  let ctx;
  let isStopping = false;
  const routers = new Map(); // by prefix

  // Logs a line: "[category] message extras".
  const line = (level) => (...args) => {
    const [category, message, ...extra] = args.length === 1 ? [undefined, args[0]] : args;
    const shown = [typeof message === "string" ? message : util.inspect(message)];
    for (const item of extra) shown.push(item instanceof Error ? withStack(item) : typeof item === "string" ? item : json(item));
    write(level, `${category === undefined ? "" : `[${String(category)}] `}${shown.join(" ")}`);
  };
  const json = (value) => {
    if (typeof value !== "object" || value === null) return String(value);
    const path = [];
    const plain = (item) => {
      if (item instanceof Error) return withStack(item);
      if (typeof item === "bigint") return String(item);
      if (typeof item !== "object" || item === null) return item;
      if (typeof item.toJSON === "function") return plain(item.toJSON());
      if (path.includes(item)) return "[Circular]";
      path.push(item);
      const made = Array.isArray(item) ? item.map(plain) : Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, plain(inner)]));
      path.pop();
      return made;
    };
    try {
      return JSON.stringify(plain(value));
    } catch {
      return util.inspect(value);
    }
  };

  const account = () => natives.account.current() ?? null;
  const airline = () => {
    const current = account();
    if (!current) return null;
    return current.airline ?? (current.baseUrl !== undefined ? current : null);
  };

  const config = () => ({
    get: async (key, fallback) => storage.get(key, fallback),
    set: async (key, value) => void storage.set(key, value),
    delete: async (key) => void storage.remove(key),
    getAll: async () => storage.all(),
  });

  const server = () => ({
    registerRouter(prefix, router) {
      if (typeof router !== "function") throw new TypeError("a router is a function (req, res, next)");
      if (typeof prefix !== "string" || !prefix.startsWith("/")) throw new TypeError("the prefix of a router begins with /");
      const clean = prefix.length > 1 ? prefix.replace(/\/+$/, "") : prefix;
      if (RESERVED.includes(clean) || clean === "") throw new Error(`the prefix ${prefix} is reserved`);
      // Another plugin may have it already: then the host has said so in the log.
      if (!routers.has(clean) && natives.routes.add({ prefix: clean }) === false) return;
      routers.set(clean, router);
    },
  });

  const subscribe = (pattern, callback) => {
    if (typeof callback !== "function") throw new TypeError("a callback is a function");
    try {
      return core.use("base/bus").subscribe(pattern, (event) => callback(event?.payload, event));
    } catch (error) {
      write("warn", `no events of ${pattern}: ${error.message}`);
      return () => {};
    }
  };

  // Without a flight there is nothing to say; what the host sends on its bus is passed on.
  const flight = () => {
    const guards = new Set();
    return {
      getState: async () => ({ flight: null, pendingRecovery: null, simDisconnected: false, reconnecting: false, timestamp: Date.now() }),
      getPhase: async () => ({ currentPhase: "unknown", previousPhase: null, pendingTransition: null, trends: {}, isTracking: false }),
      getSnapshot: async () => null,
      getLandingReport: async () => null,
      onUpdate: (callback) => subscribe("flight:update", callback),
      onPhaseChange: (callback) => subscribe("flight:phase", callback),
      onSimData: (callback) => subscribe("simulator:data", callback),
      onLanding: (callback) => subscribe("flight:landing", callback),
      log: { add: async () => null, update: async () => null, remove: async () => null },
      registerStartGuard(guard) {
        guards.add(guard);
        return () => void guards.delete(guard);
      },
    };
  };

  const tell = (what, value) => wait(() => natives.desktop.tell(what, core.use("web/clone").clone.toPlain(value)));
  const quietly = (what, value) => tell(what, value).then(() => undefined, (error) => void write("warn", `${what}: ${error.message}`));

  const notify = () => ({
    toast: (...args) => quietly("toast", args.length === 1 ? args[0] : args),
    playSound: (...args) => quietly("play-sound", args.length === 1 ? args[0] : args),
    async playCustomSound(path, options) {
      const file = core.use("base/paths").normalize(String(path));
      if (file === undefined || !core.use("node/fs").existsSync(core.use("base/paths").absolute(file))) throw new Error(`the plugin has no file ${path}`);
      return quietly("play-sound", { path: file, ...options });
    },
  });

  // A question nobody answers gets the answer of somebody who closes it.
  const ask = (what, fallback) => async (options) => {
    if (isStopping) return fallback;
    try {
      return (await tell(what, options ?? {})) ?? fallback;
    } catch {
      return fallback;
    }
  };

  const socket = () => {
    const offs = new Map(); // by event, then by callback
    return {
      connected: false,
      on(event, callback) {
        const known = offs.get(event) ?? new Map();
        offs.set(event, known);
        if (!known.has(callback)) known.set(callback, subscribe(event, callback));
        return this;
      },
      off(event, callback) {
        const known = offs.get(event) ?? new Map();
        for (const [one, off] of known) {
          if (callback !== undefined && one !== callback) continue;
          off();
          known.delete(one);
        }
        return this;
      },
      emit() { return this; },
    };
  };

  const client = () =>
    core.use("web/axios").over({}, (call) => wait(() => natives.account.fetch(call)));

  const context = () => ({
    logger: { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") },
    config: config(),
    ipc: { handle: ipc.handle, removeHandler: ipc.removeHandler, send: ipc.send },
    auth: {
      getToken: () => natives.account.token() ?? null,
      isAuthenticated: () => Boolean(natives.account.token()),
      get token() { return natives.account.token() ?? null; },
    },
    airline: { getCurrent: airline, createClient: client },
    database: { open: (name) => core.use("dialect/database").open(name) },
    server: server(),
    flight: flight(),
    notify: notify(),
    dialog: { alert: ask("alert", undefined), confirm: async (options) => (await ask("confirm", false)(options)) === true },
    prompt: { text: ask("prompt-text", null), number: ask("prompt-number", null), select: ask("prompt-select", null) },
    plugin: {
      id: info.pluginId,
      setIndicator: (options) => quietly("set-indicator", options ?? {}),
      clearIndicator: () => quietly("clear-indicator", {}),
    },
    socket: socket(),
  });

  const take = (namespace) => {
    let found = namespace.default;
    // A module of the CommonJS kind that a bundler made of an ES module.
    if (found?.__esModule && found.default) found = found.default;
    if (found === undefined && info.manifest?.background?.entryModule !== undefined) {
      write("warn", "named exports of hooks are deprecated: export default { onStart, onStop }");
      found = namespace;
    }
    if (found === undefined || found === null) throw new TypeError("the plugin has no default export { onStart, onStop }; named exports are not supported");
    for (const hook of ["onStart", "onStop"]) {
      if (typeof found[hook] !== "function") throw new TypeError(`the plugin's default export has no function ${hook}`);
    }
    definition = found;
    return { routes: [], has: { start: true, stop: true, settings: false } };
  };

  const clear = () => {
    for (const prefix of [...routers.keys()]) {
      routers.delete(prefix);
      natives.routes.remove({ prefix });
    }
    core.use("base/bus").clear();
    ipc.clear();
    core.use("dialect/database").clear();
  };

  part.exports = {
    load: () => core.use("base/modules").importEntry().then(take),
    async start() {
      ctx = context();
      try {
        await definition.onStart(ctx);
      } catch (error) {
        clear();
        throw error;
      }
    },
    async stop() {
      isStopping = true;
      ctx ??= context();
      try {
        await definition.onStop(ctx);
      } finally {
        clear();
      }
    },
    http(value) {
      const prefix = value.prefix;
      const router = routers.get(prefix);
      if (!router) return notFound(`no router at ${prefix}`);
      const original = value.url ?? value.path ?? "/";
      const rest = original.startsWith(prefix) ? original.slice(prefix.length) : original;
      const url = rest.startsWith("/") ? rest : `/${rest}`;
      return handle({ ...value, url }, router, { url, baseUrl: prefix, originalUrl: original });
    },
    request({ type }) {
      throw new Error(`the plugin answers no requests (${type})`);
    },
    event() {},
  };
});
