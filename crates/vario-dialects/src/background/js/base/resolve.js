// Where a module's name leads: to a file of the plugin's folder, or to a module of the host.
(function (core, part) {
  "use strict";
  const paths = core.use("base/paths");
  const files = core.use("base/files");
  const builtins = core.use("base/builtins");

  const missing = (from, name) => {
    const error = new Error(`Cannot find module '${name}'\nRequire stack:\n- ${paths.absolute(from)}`);
    error.code = "MODULE_NOT_FOUND";
    error.requireStack = [paths.absolute(from)];
    return error;
  };

  const asFile = (path) => {
    if (path === undefined) return undefined;
    for (const ending of ["", ".js", ".json", ".cjs", ".mjs"]) {
      if (path !== "" && files.isFile(path + ending)) return path + ending;
    }
    return undefined;
  };

  const asIndex = (path) => {
    for (const name of ["index.js", "index.json", "index.cjs", "index.mjs"]) {
      const file = path === "" ? name : `${path}/${name}`;
      if (files.isFile(file)) return file;
    }
    return undefined;
  };

  const asFolder = (path, kind) => {
    if (path === undefined) return undefined;
    const described = files.package(path);
    const main = (kind === "import" && described?.module) || described?.main;
    if (typeof main === "string") {
      const target = paths.join(path, main);
      const found = asFile(target) ?? (target === undefined ? undefined : asIndex(target));
      if (found !== undefined) return found;
    }
    return asIndex(path);
  };

  const conditions = (kind) => new Set([kind, "node", "module-sync", "default"]);

  // A target of "exports": text, a list of which the first that works counts, or conditions.
  const target = (entry, wanted, star) => {
    if (typeof entry === "string") return star === undefined ? entry : entry.replaceAll("*", star);
    if (entry === null || entry === undefined) return undefined;
    if (Array.isArray(entry)) {
      for (const one of entry) {
        const found = target(one, wanted, star);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    for (const [condition, inner] of Object.entries(entry)) {
      if (!wanted.has(condition)) continue;
      const found = target(inner, wanted, star);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const fromTable = (table, key, wanted) => {
    if (Object.hasOwn(table, key) && !key.includes("*")) return target(table[key], wanted);
    let best;
    for (const pattern of Object.keys(table)) {
      const star = pattern.indexOf("*");
      if (star < 0) continue;
      const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
      const fits = key.length >= pattern.length && key.startsWith(head) && key.endsWith(tail);
      if (fits && (best === undefined || head.length > best.head.length)) best = { pattern, head, tail };
    }
    if (best === undefined) return undefined;
    const star = key.slice(best.head.length, key.length - best.tail.length);
    return target(table[best.pattern], wanted, star);
  };

  const isTable = (exports) =>
    exports !== null &&
    typeof exports === "object" &&
    !Array.isArray(exports) &&
    Object.keys(exports).some((key) => key.startsWith("."));

  const fromPackage = (directory, subpath, kind, from, name) => {
    const described = files.package(directory);
    if (described?.exports === undefined || described.exports === null) {
      const path = subpath === "" ? directory : `${directory}/${subpath}`;
      return (subpath === "" ? undefined : asFile(path)) ?? asFolder(path, kind);
    }
    const table = isTable(described.exports) ? described.exports : { ".": described.exports };
    const found = fromTable(table, subpath === "" ? "." : `./${subpath}`, conditions(kind));
    if (found === undefined) {
      const error = new Error(`Package subpath './${subpath}' is not defined by "exports" in ${paths.absolute(`${directory}/package.json`)}`);
      error.code = "ERR_PACKAGE_PATH_NOT_EXPORTED";
      throw error;
    }
    const file = paths.join(directory, found);
    // Packages cannot point out of their own folder.
    if (file === undefined || !file.startsWith(`${directory}/`) || !files.isFile(file)) throw missing(from, name);
    return file;
  };

  const split = (name) => {
    const pieces = name.split("/");
    const count = name.startsWith("@") ? 2 : 1;
    return [pieces.slice(0, count).join("/"), pieces.slice(count).join("/")];
  };

  const inNodeModules = (from, name, kind) => {
    const [package_, subpath] = split(name);
    for (let directory = paths.dirname(from); ; directory = paths.dirname(directory)) {
      if (directory !== "node_modules" && !directory.endsWith("/node_modules")) {
        const folder = directory === "" ? `node_modules/${package_}` : `${directory}/node_modules/${package_}`;
        if (files.package(folder) !== undefined) {
          const found = fromPackage(folder, subpath, kind, from, name);
          if (found !== undefined) return found;
        } else {
          const path = subpath === "" ? folder : `${folder}/${subpath}`;
          const found = asFile(path) ?? asIndex(path);
          if (found !== undefined) return found;
        }
      }
      if (directory === "") return undefined;
    }
  };

  // The nearest package.json at or above a file, with its folder.
  const nearest = (from) => {
    for (let directory = paths.dirname(from); ; directory = paths.dirname(directory)) {
      const described = files.package(directory);
      if (described !== undefined) return { directory, described };
      if (directory === "") return undefined;
    }
  };

  const internal = (from, name, kind) => {
    const owner = nearest(from);
    const found = owner && fromTable(owner.described.imports ?? {}, name, conditions(kind));
    if (found === undefined) throw missing(from, name);
    if (found.startsWith("./")) return paths.join(owner.directory, found);
    return part.exports.resolve(owner.directory === "" ? "package.json" : `${owner.directory}/package.json`, found, kind);
  };

  // `kind` is "require" or "import". Gives "host:<name>" for a module of the host.
  part.exports.resolve = (from, name, kind) => {
    if (typeof name !== "string" || name === "") {
      const error = new TypeError('The "id" argument must be a non-empty string');
      error.code = "ERR_INVALID_ARG_TYPE";
      throw error;
    }
    if (name.startsWith("file://")) name = core.use("node/url").fileURLToPath(name);
    const isRelative = name === "." || name === ".." || name.startsWith("./") || name.startsWith("../");
    if (isRelative || paths.isAbsolute(name)) {
      const path = isRelative ? paths.join(paths.dirname(from), name) : paths.inside(name);
      const wantsFolder = name.endsWith("/") || name === "." || name === "..";
      const found = (wantsFolder ? undefined : asFile(path)) ?? asFolder(path, kind);
      if (found === undefined) throw missing(from, name);
      return found;
    }
    if (name.startsWith("#")) return internal(from, name, kind);
    if (builtins.comesFirst(name)) return `host:${builtins.canonical(name)}`;
    const found = inNodeModules(from, name, kind);
    if (found !== undefined) return found;
    if (builtins.isKnown(name)) return `host:${builtins.canonical(name)}`;
    const refusal = builtins.refusal(name);
    if (refusal) throw refusal;
    throw missing(from, name);
  };
  part.exports.nearest = nearest;
});
