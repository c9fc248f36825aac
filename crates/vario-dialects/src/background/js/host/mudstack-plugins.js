(function (core, part) {
  "use strict";
  const clearers = new WeakMap();
  class MudstackPlugin {
    constructor(api) {
      this.api = api;
    }
    async activate() {}
    async deactivate() {
      clearers.get(this.api)?.();
    }
  }
  part.exports = { MudstackPlugin };
  Object.defineProperty(part.exports, "onDeactivate", { value: (api, clear) => clearers.set(api, clear), enumerable: false });
  void core;
});
