// Plugins of smartCARS: a CommonJS module whose exports are hooks and routes.
(function (core, part) {
  "use strict";
  const { natives, info } = core;
  const { handle, notFound } = core.use("dialect/http");
  let definition = {};
  const routes = new Map(); // by method and name

  const freeze = (value) => {
    if (value !== null && typeof value === "object") {
      Object.values(value).forEach(freeze);
      Object.freeze(value);
    }
    return value;
  };

  const take = (exports) => {
    definition = (exports?.__esModule && exports.default) || exports?.[Symbol.toStringTag] === "Module" ? (exports.default ?? exports) : exports;
    if (definition === null || (typeof definition !== "object" && typeof definition !== "function")) throw new TypeError("the plugin exports no object");
    const listed = [];
    for (const [method, table] of Object.entries(definition.routes ?? {})) {
      for (const [name, entry] of Object.entries(table ?? {})) {
        const handler = typeof entry === "function" ? entry : entry?.handler;
        if (typeof handler !== "function") throw new TypeError(`the route ${method} ${name} has no handler`);
        const route = { method: method.toUpperCase(), name };
        if (typeof entry.description === "string") route.description = entry.description;
        routes.set(`${route.method} ${name}`, { entry, handler });
        natives.routes.add(route);
        listed.push(route);
      }
    }
    const has = (hook) => typeof definition[hook] === "function";
    return { routes: listed, has: { start: has("onStart"), stop: has("onEnd"), settings: has("onSettingsUpdate") } };
  };

  part.exports = {
    load() {
      const exports = core.use("base/modules").requireEntry();
      return typeof exports?.then === "function" && exports instanceof Promise ? exports.then(take) : take(exports);
    },
    start(value) {
      const identity = freeze({ ...value?.account, storagePath: value?.storagePath ?? info.dataDir });
      return definition.onStart?.(identity);
    },
    stop() {
      return definition.onEnd?.();
    },
    settings(values) {
      return definition.onSettingsUpdate?.(values);
    },
    http(value) {
      const name = typeof value.route === "string" ? value.route : (value.route?.name ?? value.params?.handlerName);
      const method = String(value.method).toUpperCase();
      const route = routes.get(`${method} ${name}`) ?? (method === "HEAD" ? routes.get(`GET ${name}`) : undefined);
      if (!route) return notFound(`no handler for ${method} ${name}`);
      const params = { pluginId: info.pluginId, handlerName: name, ...value.params };
      return handle({ ...value, params }, (req, res, next) => route.handler.call(route.entry, req, res, next));
    },
    request({ type }) {
      throw new Error(`the plugin answers no requests (${type})`);
    },
    event() {},
  };
});
