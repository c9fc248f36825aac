// Plugins of Mudstack: a CommonJS module that exports a class, which is made with the API.
(function (core, part) {
  "use strict";
  const { natives, info } = core;
  const log = core.use("base/log");
  const util = core.use("node/util");
  const bus = core.use("base/bus");
  const storage = core.use("dialect/storage");
  const { withStack } = core.use("base/errors");
  const { clone } = core.use("web/clone");
  const { wait } = core.use("base/calls");

  let instance;
  const providers = new Map(); // handlers of requests, by type
  const waiting = new Map(); // requests that are answered by api.respond, by message id
  const subscriptions = new Map(); // by event, then by handler

  // What handlers are given: the message, and not only its payload.
  const messageOf = (event) => ({ id: event.id, event: event.type, payload: event.payload, source: event.source, timestamp: event.timestamp });

  const on = (event, handler) => {
    if (typeof handler !== "function") throw new TypeError("a handler is a function");
    const known = subscriptions.get(event) ?? new Map();
    subscriptions.set(event, known);
    known.get(handler)?.();
    const off = bus.subscribe(event, (given) => handler(messageOf(given)));
    known.set(handler, off);
    return () => {
      if (known.get(handler) !== off) return;
      known.delete(handler);
      off();
    };
  };

  const events = {
    on,
    off(event, handler) {
      for (const [one, off] of subscriptions.get(event) ?? []) {
        if (handler !== undefined && one !== handler) continue;
        subscriptions.get(event).delete(one);
        off();
      }
    },
    once(event, handler) {
      const off = on(event, (message) => {
        off();
        return handler(message);
      });
      return off;
    },
    emit: async (event, payload) => void bus.publish(String(event), clone.toPlain(payload)),
  };

  const assets = (api, method, ...args) => wait(() => natives.assets.call(api, method, clone.toPlain(args)));
  const METHODS = ["get", "list", "create", "update", "delete"];
  const subApi = (name, more) => {
    const known = {};
    for (const method of [...METHODS, ...more]) known[method] = (...args) => assets(name, method, ...args);
    // Names that nobody has told us of go to the store as they are.
    return new Proxy(known, {
      get: (target, method) => (method in target || typeof method === "symbol" || method === "then" ? target[method] : (...args) => assets(name, method, ...args)),
    });
  };
  const db = {
    accountAPI: subApi("account", ["getAccount"]),
    workspaceAPI: subApi("workspace", ["getWorkspace"]),
    libraryAPI: subApi("library", ["getLibrary"]),
    tagAPI: subApi("tag", ["getTag"]),
    assetAPI: subApi("asset", ["getAsset", "addTags"]),
    versionAPI: subApi("version", ["getVersion", "getVersionLocalPath", "updateThumbnail"]),
  };

  const validate = async (given) => {
    const schema = info.manifest?.configSchema;
    const value = given ?? storage.all();
    if (schema === undefined) return { valid: true, errors: [] };
    const errors = [];
    check(schema, value, "", errors);
    return { valid: errors.length === 0, errors };
  };
  const TYPES = { object: (v) => v !== null && typeof v === "object" && !Array.isArray(v), array: Array.isArray, string: (v) => typeof v === "string", number: (v) => typeof v === "number", integer: Number.isInteger, boolean: (v) => typeof v === "boolean", null: (v) => v === null };
  const check = (schema, value, path, errors) => {
    if (schema === null || typeof schema !== "object") return;
    const at = path || "/";
    const types = schema.type === undefined ? [] : [schema.type].flat();
    if (types.length && !types.some((type) => TYPES[type]?.(value))) return void errors.push(`${at} must be ${types.join(" or ")}`);
    if (schema.enum && !schema.enum.some((one) => util.isDeepStrictEqual(one, value))) errors.push(`${at} must be one of ${JSON.stringify(schema.enum)}`);
    if (typeof value === "number") {
      if (value < schema.minimum) errors.push(`${at} must be at least ${schema.minimum}`);
      if (value > schema.maximum) errors.push(`${at} must be at most ${schema.maximum}`);
    }
    if (typeof value === "string") {
      if (value.length < schema.minLength) errors.push(`${at} is too short`);
      if (value.length > schema.maxLength) errors.push(`${at} is too long`);
      if (schema.pattern && !new RegExp(schema.pattern, "u").test(value)) errors.push(`${at} must match ${schema.pattern}`);
    }
    if (TYPES.object(value)) {
      for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) errors.push(`${path}/${name} is required`);
      for (const [name, inner] of Object.entries(schema.properties ?? {})) if (Object.hasOwn(value, name)) check(inner, value[name], `${path}/${name}`, errors);
      if (schema.additionalProperties === false) for (const name of Object.keys(value)) if (!Object.hasOwn(schema.properties ?? {}, name)) errors.push(`${path}/${name} is not known`);
    }
    if (Array.isArray(value) && schema.items) value.forEach((item, place) => check(schema.items, item, `${path}/${place}`, errors));
  };

  const text = (bytes) => (bytes === undefined ? "" : typeof bytes === "string" ? bytes : core.helpers.decodeText(bytes, "utf-8", false));
  const program = async (name, args, options = {}) => {
    const request = { program: String(name), args: (args ?? []).map(String), cwd: options.cwd ?? info.pluginDir };
    if (options.env) request.env = Object.fromEntries(Object.entries(options.env).map(([key, value]) => [key, String(value)]));
    if (options.input !== undefined) request.input = options.input;
    request.timeoutMs = options.timeout ?? 60000;
    const done = await wait(() => natives.process.run(request));
    return { code: done.code ?? null, signal: done.signal ?? null, stdout: text(done.stdout), stderr: text(done.stderr), truncated: Boolean(done.truncated) };
  };
  // Arguments are a list or, left out, the options come in their place.
  const split = (args, options) => (Array.isArray(args) || args === undefined || args === null ? [args ?? [], options] : [[], args]);
  const executeCommand = async (command, args, options) => program(command, ...split(args, options));
  const script = (name) => async (path, args, options) => {
    const [list, rest] = split(args, options);
    return program(name, [path, ...list], rest);
  };
  const executeNodeScript = script("node");
  const executePythonScript = script(info.app?.platform === "windows" ? "python" : "python3");
  const execute = async ({ type = "command", command, script: path, args, cwd, env, timeout, input } = {}) => {
    const options = { cwd, env, timeout, input };
    switch (type) {
      case "node": return executeNodeScript(path ?? command, args, options);
      case "python": return executePythonScript(path ?? command, args, options);
      case "shell":
      case "command": return executeCommand(command ?? path, args, options);
      default: throw new Error(`execute does not know the type "${type}"`);
    }
  };

  const api = {
    pluginId: info.pluginId,
    pluginPath: info.pluginDir,
    manifest: info.manifest,
    log(level, message, ...data) {
      const shown = [typeof message === "string" ? message : util.inspect(message), ...data.map((item) => (item instanceof Error ? withStack(item) : typeof item === "string" ? item : util.inspect(item, { depth: 6, breakLength: Infinity })))];
      log.write(log.level(level), shown.join(" "));
    },
    events,
    requestFromPlugin: async (target, type, payload, options) => bus.request(String(target), String(type), clone.toPlain(payload), options?.timeout ?? 30000),
    onRequest(type, handler) {
      if (typeof handler !== "function") throw new TypeError("a handler is a function");
      providers.set(type, handler);
      return () => void (providers.get(type) === handler && providers.delete(type));
    },
    async respond(id, payload) {
      const answer = waiting.get(id);
      if (!answer) throw new Error(`no request ${id} waits for an answer`);
      waiting.delete(id);
      answer(payload);
    },
    hasDependency: (id) => Boolean(natives.plugins.has(String(id))),
    config: {
      get: async (key, fallback) => (key === undefined ? storage.all() : storage.get(key, fallback)),
      set: async (key, value) => void storage.set(key, value),
      validate,
    },
    db,
    getVersionLocalPath: (id) => db.versionAPI.getVersionLocalPath(id),
    updateThumbnail: (id, path) => db.versionAPI.updateThumbnail(id, path),
    execute, executeCommand, executeNodeScript, executePythonScript,
  };
  for (const name of ["pluginId", "pluginPath", "manifest"]) Object.defineProperty(api, name, { writable: false });

  const clear = () => {
    for (const event of [...subscriptions.keys()]) events.off(event);
  };
  core.use("host/mudstack-plugins").onDeactivate(api, clear);

  const take = (exports) => {
    const Plugin = typeof exports === "function" ? exports : exports?.default;
    if (typeof Plugin !== "function") throw new TypeError("the plugin exports no class");
    instance = new Plugin(api);
    instance.api ??= api;
    const has = (hook) => typeof instance[hook] === "function";
    return { routes: [], has: { start: has("activate"), stop: has("deactivate"), settings: false } };
  };

  // Reference of Mudstack, section 7: an error that nobody catches is a crash.
  core.use("base/rejections").isFatal = true;

  part.exports = {
    load() {
      const exports = core.use("base/modules").requireEntry();
      return exports instanceof Promise ? exports.then(take) : take(exports);
    },
    start: () => instance.activate?.(),
    async stop() {
      try {
        await instance.deactivate?.();
      } finally {
        clear();
        core.use("base/calls").abandon("the plugin is being unloaded");
      }
    },
    event(handler, event) {
      const method = instance[handler];
      if (typeof method !== "function") return void log.write("warn", `the plugin has no method ${handler} for the event ${event.type}`);
      return method.call(instance, messageOf(event));
    },
    request({ from, type, payload, message }) {
      const given = { source: from, event: type, payload, timestamp: Date.now(), ...message };
      const provider = providers.get(type);
      if (provider) return provider(payload, given);
      const isOwn = typeof instance[type] === "function" && !(type in Object.prototype) && !["constructor", "activate", "deactivate"].includes(type) && !type.startsWith("_");
      if (isOwn) {
        // The method may answer by what it gives, or later by api.respond.
        return new Promise((resolve, reject) => {
          if (given.id !== undefined) waiting.set(given.id, resolve);
          Promise.resolve(instance[type](payload, given)).then((value) => {
            if (value === undefined && waiting.has(given.id)) return;
            waiting.delete(given.id);
            resolve(value);
          }, reject);
        });
      }
      throw new Error(`the plugin answers no requests of type "${type}"`);
    },
    http: () => core.use("dialect/http").notFound("the plugin has no routes"),
  };
});
