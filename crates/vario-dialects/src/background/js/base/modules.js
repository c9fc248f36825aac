// Modules of both kinds: those that are required, and those that are imported.
(function (core, part) {
  "use strict";
  const paths = core.use("base/paths");
  const files = core.use("base/files");
  const builtins = core.use("base/builtins");
  const { resolve, nearest } = core.use("base/resolve");
  const { engine } = core;
  const PARAMETERS = "exports, require, module, __filename, __dirname";
  const KEY = "vario-key:";
  const SYNTAX = /(?:^|[;}\n])\s*(?:import\s*(?:[\w$*{"']|\.\s*meta\b)|export\s*(?:[{*]|default\b|const\b|let\b|var\b|function\b|class\b|async\b))/;

  const cache = Object.create(null); // by absolute path, as plugins see it
  const compiled = new Map(); // functions of files that were looked at but not run

  class Module {
    constructor(path, parent) {
      this.id = paths.absolute(path);
      this.path = paths.absolute(paths.dirname(path));
      this.exports = {};
      this.filename = this.id;
      this.loaded = false;
      this.children = [];
      this.paths = [];
      this.parent = parent;
      Object.defineProperty(this, "key", { value: path });
      parent?.children.push(this);
    }
    require(name) { return requireFrom(this, name); }
  }

  const compile = (path) => {
    let text = files.text(path);
    if (text.startsWith("\ufeff")) text = text.slice(1);
    if (text.startsWith("#!")) text = `//${text}`;
    return engine.compile(path, `(function (${PARAMETERS}) {${text}\n})`);
  };

  const hasSyntax = (path) => SYNTAX.test(files.text(path));

  // "module" or "commonjs" or "json", as Node decides it.
  const format = (path) => {
    if (path.endsWith(".json")) return "json";
    if (path.endsWith(".mjs")) return "module";
    if (path.endsWith(".cjs")) return "commonjs";
    const type = nearest(path)?.described.type;
    if (type === "module" || type === "commonjs") return type;
    if (!hasSyntax(path)) return "commonjs";
    // It looks like a module; a comment or a text may have looked like it, too.
    try {
      compiled.set(path, compile(path));
      return "commonjs";
    } catch {
      return "module";
    }
  };

  const withKnown = (path, forced) => (forced === undefined ? format(path) : forced);

  const loadJson = (path) => {
    try {
      return JSON.parse(files.text(path).replace(/^\ufeff/, ""));
    } catch (error) {
      throw new SyntaxError(`${paths.absolute(path)}: ${error.message}`);
    }
  };

  const requirePath = (path, parent, forced) => {
    const id = paths.absolute(path);
    const known = cache[id];
    if (known) return known.exports;
    if (path.endsWith(".node")) throw new Error(`native add-ons cannot be loaded: ${path}`);
    const kind = withKnown(path, forced);
    if (kind === "module") {
      const error = new Error(`require() of ES Module ${id} not supported. Use import() instead.`);
      error.code = "ERR_REQUIRE_ESM";
      throw error;
    }
    const module = new Module(path, parent);
    cache[id] = module;
    try {
      if (kind === "json") {
        module.exports = loadJson(path);
      } else {
        const run = compiled.get(path) ?? compile(path);
        compiled.delete(path);
        run.call(module.exports, module.exports, makeRequire(module), module, module.filename, module.path);
      }
      module.loaded = true;
    } catch (error) {
      delete cache[id];
      throw error;
    }
    return module.exports;
  };

  const requireFrom = (module, name) => {
    const key = resolve(module.key, name, "require");
    return key.startsWith("host:") ? builtins.get(key.slice(5)) : requirePath(key, module);
  };

  const makeRequire = (module) => {
    const require = (name) => requireFrom(module, name);
    require.resolve = (name) => {
      const key = resolve(module.key, name, "require");
      return key.startsWith("host:") ? name : paths.absolute(key);
    };
    require.resolve.paths = () => null;
    require.cache = cache;
    require.main = main;
    require.extensions = Object.create(null);
    return require;
  };
  let main;

  const synthetic = (value) => {
    const isObject = value !== null && (typeof value === "object" || typeof value === "function");
    const names = isObject ? Object.keys(value).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== "default") : [];
    const lines = names.map((name, place) => `const $${place} = m[${JSON.stringify(name)}]; export { $${place} as ${name} };`);
    return { text: `const m = import.meta.exports; export default m;\n${lines.join("\n")}`, meta: { exports: value } };
  };

  // The engine asks what an import means.
  const resolveImport = (base, name) => {
    if (name.startsWith(KEY)) return name.slice(KEY.length);
    const from = base === "" || base.startsWith("host:") || base.startsWith("vario:") ? core.info.entry : base;
    return resolve(from, name, "import");
  };

  const forcedFormats = new Map();

  // The engine asks for a module's text.
  const loadModule = (key) => {
    if (key.startsWith("host:")) return synthetic(builtins.get(key.slice(5)));
    const text = files.text(key);
    if (text === undefined) throw new Error(`Cannot find module '${key}'`);
    const kind = withKnown(key, forcedFormats.get(key));
    if (kind !== "module") return synthetic(requirePath(key, undefined));
    const filename = paths.absolute(key);
    const meta = {
      url: paths.url(key),
      filename,
      dirname: paths.absolute(paths.dirname(key)),
      resolve: (name) => {
        const found = resolve(key, name, "import");
        return found.startsWith("host:") ? `node:${found.slice(5)}` : paths.url(found);
      },
    };
    return { text: text.startsWith("#!") ? `//${text}` : text, meta };
  };

  const entryFile = () => {
    const path = paths.normalize(core.info.entry);
    if (path !== undefined && files.isFile(path)) return path;
    throw new Error(`the plugin has no file ${core.info.entry}`);
  };

  // Loads the plugin's first file as CommonJS, unless it is a module without doubt; that comes as
  // a promise of its namespace.
  part.exports.requireEntry = () => {
    const path = entryFile();
    if (format(path) === "module") return part.exports.importEntry();
    const module = new Module(path);
    main = module;
    return requirePath(path);
  };

  // Loads it as an ES module, unless it is CommonJS without doubt.
  part.exports.importEntry = () => {
    const path = entryFile();
    const isCommon = path.endsWith(".cjs") || (!hasSyntax(path) && /\bmodule\s*\.\s*exports\b|\bexports\s*\.\s*\w+\s*=/.test(files.text(path)));
    forcedFormats.set(path, isCommon ? "commonjs" : "module");
    return engine.load(KEY + path);
  };

  part.exports.resolveImport = resolveImport;
  part.exports.loadModule = loadModule;
  part.exports.Module = Module;
  part.exports.requireAt = (path) => makeRequire(new Module(path));
  part.exports.cache = cache;
});
