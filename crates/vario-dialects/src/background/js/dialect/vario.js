// Our own plugins: an ES module with start(ctx), stop(ctx), settings(values) and routes.
(function (core, part) {
  "use strict";
  const { natives, info } = core;
  const { handle, notFound } = core.use("dialect/http");
  const storage = core.use("dialect/storage");
  const bus = core.use("base/bus");
  const ipc = core.use("base/ipc");
  const loop = core.use("base/loop");
  const { write } = core.use("base/log");
  const util = core.use("node/util");
  const { wait } = core.use("base/calls");
  const { clone } = core.use("web/clone");

  let definition;
  let ctx;
  const routes = new Map();
  const routers = new Map();
  const providers = new Map();
  const timers = new Set();

  const line = (level) => (...args) => write(level, util.format(...args));
  const timer = (start, end) => (ms, run) => {
    const made = start(run, ms);
    timers.add(made);
    return () => {
      timers.delete(made);
      end(made);
    };
  };

  const addRoute = (method, name, entry) => {
    const handler = typeof entry === "function" ? entry : entry?.handler;
    if (typeof handler !== "function") throw new TypeError(`the route ${method} ${name} has no handler`);
    const route = { method: method.toUpperCase(), name };
    if (typeof entry.description === "string") route.description = entry.description;
    natives.routes.add(route);
    routes.set(`${route.method} ${name}`, handler);
    return route;
  };

  const server = {
    route: (method, name, handler) => {
      const route = addRoute(method, name, handler);
      return () => {
        if (routes.delete(`${route.method} ${name}`)) natives.routes.remove({ method: route.method, name });
      };
    },
    mount(prefix, router) {
      if (typeof router !== "function") throw new TypeError("a router is a function (req, res, next)");
      if (!routers.has(prefix)) natives.routes.add({ prefix });
      routers.set(prefix, router);
      return () => {
        if (routers.delete(prefix)) natives.routes.remove({ prefix });
      };
    },
    get Router() { return core.use("host/express").Router; },
  };

  const text = (bytes) => (bytes === undefined ? "" : typeof bytes === "string" ? bytes : core.helpers.decodeText(bytes, "utf-8", false));

  const context = () => ({
    plugin: { id: info.pluginId, path: info.pluginDir, dataPath: info.dataDir, manifest: info.manifest },
    app: info.app,
    log: { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") },
    config: { get: storage.get, set: storage.set, remove: storage.remove, delete: storage.remove, all: storage.all },
    settings: { get: (key, fallback) => storage.settings()[key] ?? fallback, all: storage.settings },
    database: { open: (name) => core.use("dialect/database").open(name) },
    http: { fetch: (...args) => globalThis.fetch(...args) },
    get axios() { return core.use("web/axios").axios; },
    server,
    bus: {
      publish: (type, payload) => bus.publish(type, clone.toPlain(payload)),
      subscribe: (pattern, handler) => bus.subscribe(pattern, (event) => handler(event.payload, event)),
      request: (target, type, payload, options) => bus.request(target, type, clone.toPlain(payload), options?.timeout ?? 30000),
      handle(type, handler) {
        providers.set(type, handler);
        return () => void providers.delete(type);
      },
    },
    ipc: { handle: ipc.handle, removeHandler: ipc.removeHandler, send: ipc.send },
    account: {
      current: () => natives.account.current() ?? null,
      token: () => natives.account.token() ?? null,
      fetch: (request) => wait(() => natives.account.fetch(request)),
      createClient: () => core.use("web/axios").over({}, (call) => wait(() => natives.account.fetch(call))),
    },
    timers: { every: timer(loop.setInterval, loop.clearInterval), after: timer(loop.setTimeout, loop.clearTimeout) },
    execute: async (request) => {
      const done = await wait(() => natives.process.run({ timeoutMs: 60000, ...request }));
      return { ...done, code: done.code ?? null, signal: done.signal ?? null, stdout: text(done.stdout), stderr: text(done.stderr) };
    },
    plugins: { has: (id) => natives.plugins.has(id), list: () => natives.plugins.list() },
    fs: core.use("node/fs"),
  });

  const take = (namespace) => {
    definition = namespace.default ?? namespace;
    if (definition?.__esModule && definition.default) definition = definition.default;
    if (definition === null || typeof definition !== "object") throw new TypeError("the plugin's default export is no object");
    const listed = [];
    for (const [method, table] of Object.entries(definition.routes ?? {})) {
      for (const [name, entry] of Object.entries(table ?? {})) listed.push(addRoute(method, name, entry));
    }
    const has = (hook) => typeof definition[hook] === "function";
    return { routes: listed, has: { start: has("start"), stop: has("stop"), settings: has("settings") } };
  };

  part.exports = {
    load: () => core.use("base/modules").importEntry().then(take),
    start() {
      ctx = context();
      return definition.start?.(ctx);
    },
    async stop() {
      try {
        await definition.stop?.(ctx ?? context());
      } finally {
        for (const made of timers) loop.clearTimeout(made);
        bus.clear();
        ipc.clear();
        core.use("dialect/database").clear();
      }
    },
    settings: (values) => definition.settings?.(values),
    http(value) {
      if (value.prefix !== undefined && routers.has(value.prefix)) {
        const original = value.url ?? value.path ?? "/";
        const rest = original.startsWith(value.prefix) ? original.slice(value.prefix.length) : original;
        const url = rest.startsWith("/") ? rest : `/${rest}`;
        return handle({ ...value, url }, routers.get(value.prefix), { url, baseUrl: value.prefix, originalUrl: original });
      }
      const name = typeof value.route === "string" ? value.route : value.route?.name;
      const handler = routes.get(`${String(value.method).toUpperCase()} ${name}`);
      if (!handler) return notFound(`no handler for ${value.method} ${name}`);
      return handle(value, (req, res, next) => {
        const result = handler(req, res, next);
        // A handler may simply give its answer.
        const answer = (given) => {
          if (given !== undefined && given !== res && !res.headersSent) res.send(given);
        };
        return typeof result?.then === "function" ? result.then(answer) : answer(result);
      });
    },
    request({ type, payload, message }) {
      const provider = providers.get(type);
      if (!provider) throw new Error(`the plugin answers no requests of type "${type}"`);
      return provider(payload, message);
    },
    event() {},
  };
});
