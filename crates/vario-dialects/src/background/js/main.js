// Builds the world of background plugins. Each part is a script of its own that is run when it
// is first needed: a function (core, part) that fills or replaces part.exports.
(function (natives, info) {
  "use strict";
  const engine = natives._engine;
  const helpers = natives._helpers;
  delete natives._engine;
  delete natives._helpers;

  const parts = new Map();
  const core = { natives, info, engine, helpers };

  core.use = (name) => {
    const known = parts.get(name);
    if (known) return known.exports;
    const text = helpers.script(name);
    if (text === undefined) throw new Error(`the host has no part ${name}`);
    const part = { exports: {} };
    parts.set(name, part);
    try {
      engine.compile(`vario:${name}.js`, text)(core, part);
    } catch (error) {
      parts.delete(name);
      throw error;
    }
    return part.exports;
  };
  core.has = (name) => helpers.script(name) !== undefined;

  core.use("base/stacks");
  const { due, over } = core.use("base/loop");
  core.use("base/globals");
  const messages = core.use("base/messages");
  const modules = core.use("base/modules");
  const rejections = core.use("base/rejections");
  engine.hooks({
    resolve: modules.resolveImport,
    load: modules.loadModule,
    rejected: rejections.rejected,
    created: rejections.created,
  });

  return {
    load: messages.load,
    deliver: messages.deliver,
    due() {
      rejections.report();
      return messages.isOver() ? over : due();
    },
  };
});
