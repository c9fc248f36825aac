(function (core, part) {
  "use strict";
  const modules = core.use("base/modules");
  const paths = core.use("base/paths");
  const builtins = core.use("base/builtins");
  const { Module } = modules;
  const createRequire = (from) => {
    const file = from instanceof URL || String(from).startsWith("file:") ? core.use("node/url").fileURLToPath(from) : String(from);
    const path = paths.inside(file);
    if (path === undefined) throw new Error(`${file} is outside of the plugin's folder`);
    return modules.requireAt(file.endsWith("/") || path === "" ? `${path}/.`.replace(/^\//, "") : path);
  };
  part.exports = Object.assign(Module, {
    Module, createRequire,
    builtinModules: builtins.names,
    isBuiltin: builtins.isNode,
    _cache: modules.cache,
    _extensions: {},
    _load: (name) => modules.requireAt(core.info.entry)(name),
    _nodeModulePaths: () => [],
    syncBuiltinESMExports() {},
    register() { throw new Error("module.register is not available to plugins"); },
    findSourceMap: () => undefined,
  });
});
