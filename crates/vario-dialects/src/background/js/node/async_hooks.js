// There is no tracking through promises: a store lasts as long as the function that was run with
// it, and callbacks that were bound keep theirs.
(function (_core, part) {
  "use strict";
  const storages = new Set();
  const snapshot = () => {
    const stores = Array.from(storages, (storage) => [storage, storage._store]);
    return (run, ...args) => {
      const before = stores.map(([storage]) => storage._store);
      for (const [storage, store] of stores) storage._store = store;
      try {
        return run(...args);
      } finally {
        stores.forEach(([storage], place) => { storage._store = before[place]; });
      }
    };
  };
  class AsyncLocalStorage {
    constructor() { this._store = undefined; storages.add(this); }
    getStore() { return this._store; }
    enterWith(store) { this._store = store; }
    run(store, run, ...args) {
      const before = this._store;
      this._store = store;
      try { return run(...args); } finally { this._store = before; }
    }
    exit(run, ...args) { return this.run(undefined, run, ...args); }
    disable() { this._store = undefined; storages.delete(this); }
    static bind(run) { const inside = snapshot(); return (...args) => inside(run, ...args); }
    static snapshot() { return snapshot(); }
  }
  let count = 1;
  class AsyncResource {
    constructor(type) { this.type = type; this._id = ++count; this._inside = snapshot(); }
    runInAsyncScope(run, receiver, ...args) { return this._inside(() => run.apply(receiver, args)); }
    bind(run, receiver) { return (...args) => this.runInAsyncScope(run, receiver, ...args); }
    static bind(run, type, receiver) { return new AsyncResource(type ?? run.name).bind(run, receiver); }
    emitDestroy() { return this; }
    asyncId() { return this._id; }
    triggerAsyncId() { return 1; }
  }
  const hook = { enable() { return this; }, disable() { return this; } };
  part.exports = { AsyncLocalStorage, AsyncResource, createHook: () => hook, executionAsyncId: () => 1, triggerAsyncId: () => 0, executionAsyncResource: () => ({}) };
});
