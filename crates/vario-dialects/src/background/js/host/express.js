// A router in the manner of Express, for plugins that import it without bundling it.
(function (core, part) {
  "use strict";
  const { METHODS } = core.use("node/http");

  // The pattern of a path: ":name", ":name?", "*", "*name" and "(...)" as Express has them.
  const compile = (path, isPrefix) => {
    if (path instanceof RegExp) return { pattern: path, names: [] };
    const names = [];
    let source = "";
    const text = path === "/" && isPrefix ? "" : path.replace(/\/+$/, isPrefix ? "" : "/").replace(/^$/, isPrefix ? "" : "/");
    const clean = isPrefix || path === "/" ? text : path.replace(/\/+$/, "");
    const token = /\{?\/?:(\w+)\}?(\([^)]*\))?([?*+])?|\/?\*(\w*)|[.^$+()[\]{}|\\?]|[^]/g;
    for (const [all, name, group, mark, star] of clean.matchAll(token)) {
      if (name !== undefined) {
        names.push(name);
        const slash = all.includes("/") ? "/" : "";
        const inner = group ?? (mark === "*" || mark === "+" ? "(.+)" : "([^/]+?)");
        source += mark === "?" || all.startsWith("{") ? `(?:${slash}${inner})?` : slash + inner;
      } else if (star !== undefined) {
        names.push(star === "" ? String(names.filter((known) => /^\d+$/.test(known)).length) : star);
        source += `${all.startsWith("/") ? "/" : ""}(.*)`;
      } else {
        source += all.replace(/[.^$*+?()[\]{}|\\]/g, "\\$&");
      }
    }
    return { pattern: new RegExp(isPrefix ? `^${source}(?=/|$)` : `^${source === "" ? "/" : source}/?$`, "i"), names };
  };

  const decode = (text) => {
    if (text === undefined) return undefined;
    try {
      return decodeURIComponent(text);
    } catch {
      throw Object.assign(new URIError(`Failed to decode param '${text}'`), { status: 400, statusCode: 400 });
    }
  };

  const paramsOf = (names, found) => {
    const params = {};
    names.forEach((name, place) => {
      if (found[place + 1] !== undefined) params[name] = decode(found[place + 1]);
    });
    return params;
  };

  const flatten = (handlers) => {
    const all = handlers.flat(Infinity);
    for (const handler of all) if (typeof handler !== "function") throw new TypeError(`a handler must be a function but got a ${typeof handler}`);
    return all;
  };

  function Router(options) {
    const router = (req, res, next) => router.handle(req, res, next);
    Object.setPrototypeOf(router, Router.prototype);
    router.stack = [];
    router._params = new Map();
    router._options = options ?? {};
    return router;
  }
  Router.prototype = Object.create(Function.prototype, { constructor: { value: Router, writable: true } });

  const splitPath = (args) => {
    const [first] = args;
    const isPath = typeof first === "string" || first instanceof RegExp || (Array.isArray(first) && first.length > 0 && typeof first.flat(Infinity)[0] !== "function");
    return isPath ? [[first].flat(), args.slice(1)] : [["/"], args];
  };

  Object.assign(Router.prototype, {
    use(...args) {
      const [paths, handlers] = splitPath(args);
      for (const handler of flatten(handlers)) {
        for (const path of paths) this.stack.push({ ...compile(path, true), handlers: [handler], isPrefix: true });
      }
      return this;
    },
    route(path) {
      const router = this;
      const route = {};
      for (const method of [...METHODS.map((name) => name.toLowerCase()), "all"]) {
        route[method] = (...handlers) => {
          router._add(method, path, handlers);
          return route;
        };
      }
      return route;
    },
    param(name, handler) {
      this._params.set(name, [...(this._params.get(name) ?? []), handler]);
      return this;
    },
    _add(method, path, handlers) {
      for (const one of [path].flat()) this.stack.push({ ...compile(one, false), handlers: flatten(handlers), method: method.toUpperCase(), path: one });
      return this;
    },
    handle(req, res, done) {
      const router = this;
      const end = done ?? (() => {});
      const before = { baseUrl: req.baseUrl ?? "", url: req.url, params: req.params ?? {} };
      const seen = new Set();
      let place = 0;
      const restore = () => Object.assign(req, { baseUrl: before.baseUrl, url: before.url });
      const next = (error) => {
        restore();
        if (error === "router" || place >= router.stack.length) {
          req.params = before.params;
          return end(error === "router" || error === "route" ? undefined : error);
        }
        const layer = router.stack[place++];
        const path = (/^[^?#]*/.exec(req.url)?.[0] ?? "") || "/";
        const found = layer.pattern.exec(path);
        if (!found) return next(error);
        const fits = layer.isPrefix || layer.method === "ALL" || layer.method === req.method || (layer.method === "GET" && req.method === "HEAD");
        if (!fits || (error !== undefined && error !== "route" && !layer.isPrefix)) return next(error);
        let params;
        try {
          params = paramsOf(layer.names, found);
        } catch (failure) {
          return next(failure);
        }
        req.params = router._options.mergeParams ? { ...before.params, ...params } : params;
        if (layer.isPrefix) {
          const rest = req.url.slice(found[0].length);
          req.baseUrl = before.baseUrl + found[0];
          req.url = rest.startsWith("/") ? rest : `/${rest}`;
        } else {
          req.route = { path: layer.path, methods: { [layer.method.toLowerCase()]: true } };
        }
        router._before(req, res, params, seen, (failure) => (failure === undefined ? run(layer, 0, error === "route" ? undefined : error) : next(failure)));
      };
      const run = (layer, at, error) => {
        const handler = layer.handlers[at];
        if (!handler || error === "route") return next(error === "route" ? undefined : error);
        const after = (failure) => (failure === "router" ? next("router") : run(layer, at + 1, failure ?? undefined));
        const takesError = handler.length === 4;
        if (takesError !== (error !== undefined)) return run(layer, at + 1, error);
        try {
          const result = takesError ? handler(error, req, res, after) : handler(req, res, after);
          if (typeof result?.then === "function") result.then(undefined, (failure) => after(failure ?? new Error("Rejected promise")));
        } catch (failure) {
          after(failure);
        }
      };
      next();
    },
    _before(req, res, params, seen, done) {
      const jobs = Object.entries(params).flatMap(([name, value]) => (seen.has(name + value) ? [] : (this._params.get(name) ?? []).map((handler) => [handler, name, value])));
      const step = (error) => {
        if (error !== undefined || jobs.length === 0) return done(error);
        const [handler, name, value] = jobs.shift();
        seen.add(name + value);
        try {
          handler(req, res, step, value, name);
        } catch (failure) {
          done(failure);
        }
      };
      step();
    },
  });
  for (const method of [...METHODS.map((name) => name.toLowerCase()), "all"]) {
    Router.prototype[method] = function (path, ...handlers) { return this._add(method, path, handlers); };
  }

  // Bodies are read by the host before a router sees them.
  const parser = () => (_req, _res, next) => next();

  const application = () => {
    const app = Router();
    const settings = new Map();
    const routerGet = Router.prototype.get;
    app.locals = {};
    app.set = (name, value) => (settings.set(name, value), app);
    app.get = (path, ...handlers) => (handlers.length === 0 && typeof path === "string" ? settings.get(path) : routerGet.call(app, path, ...handlers));
    app.enable = (name) => app.set(name, true);
    app.disable = (name) => app.set(name, false);
    app.enabled = (name) => Boolean(settings.get(name));
    app.disabled = (name) => !settings.get(name);
    app.engine = () => app;
    app.listen = () => {
      throw new Error("app.listen is not available to plugins: register the router with the host");
    };
    return app;
  };

  const serveFolder = (root, options = {}) => (req, res, next) => {
    if (req.method !== "GET" && req.method !== "HEAD") return next();
    const path = core.use("node/path");
    let name;
    try {
      name = decodeURIComponent(/^[^?#]*/.exec(req.url)[0]);
    } catch {
      return next();
    }
    if (name.split("/").includes("..")) return next();
    if (name.endsWith("/")) name += options.index ?? "index.html";
    const file = path.join(path.resolve(root), name);
    return core.use("node/fs").existsSync(file) ? res.sendFile(file) : next();
  };

  const express = Object.assign(application, { Router, Route: class Route {}, application: {}, request: {}, response: {}, json: parser, urlencoded: parser, text: parser, raw: parser, static: serveFolder, query: parser });
  express.default = express;
  part.exports = express;
});
