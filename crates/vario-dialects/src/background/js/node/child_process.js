(function (core, part) {
  "use strict";
  const POINTERS = {
    mudstack: "use this.api.executeCommand(command, args) instead",
    vario: "use ctx.execute({program, args}) instead",
  };
  const exports = {};
  for (const name of ["exec", "execSync", "execFile", "execFileSync", "spawn", "spawnSync", "fork"]) {
    exports[name] = () => {
      const pointer = POINTERS[core.info.dialect] ?? "programs are run with api.executeCommand, where a plugin has it";
      throw Object.assign(new Error(`child_process.${name} is not available to plugins: ${pointer}`), { code: "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM" });
    };
  }
  exports.ChildProcess = class ChildProcess extends core.use("node/events") {};
  part.exports = exports;
});
