(function (_core, part) {
  "use strict";
  const refuse = (name) => new Error(`the library "effect" is not part of this host (effect.${String(name)} was used); bundle it into the plugin`);
  part.exports = new Proxy({}, {
    get(target, name) {
      if (typeof name === "symbol" || name === "then" || name === "__esModule" || name === "default") return target[name];
      throw refuse(name);
    },
  });
});
