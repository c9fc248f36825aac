// Puts in reach of the tests what a prelude keeps to itself.
(function (natives) {
  const engine = natives._engine;
  globalThis.rejected = [];
  globalThis.created = [];
  globalThis.seen = [];
  const texts = {
    main: "import d, { dep } from './dep'; export const answer = `main:${dep}:${import.meta.tag}:${d}`;",
    "./dep": "export const dep = 7; export default 'default';",
    broken: "import from;",
  };
  engine.hooks({
    resolve: (_base, name) => name,
    load: (key) => {
      if (!(key in texts)) throw new Error(`no module ${key}`);
      return { text: texts[key], meta: { tag: "dep" } };
    },
    rejected: (_promise, reason, handled) => globalThis.rejected.push([reason, handled]),
    created: (promise) => globalThis.created.push(promise),
  });
  globalThis.run = (text) => engine.compile("given.js", text);
  globalThis.load = engine.load;
  globalThis.watch = engine.watch;
})
