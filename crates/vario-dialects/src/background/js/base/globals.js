// The global names that plugins expect, each made when it is first touched.
(function (core) {
  "use strict";
  const global = globalThis;

  const fixed = (name, value) => {
    Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false });
  };

  const lazy = (name, make) => {
    Object.defineProperty(global, name, {
      get() {
        const value = make();
        fixed(name, value);
        return value;
      },
      set(value) {
        fixed(name, value);
      },
      configurable: true,
      enumerable: false,
    });
  };

  fixed("global", global);
  const loop = core.use("base/loop");
  for (const name of ["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate"]) {
    fixed(name, loop[name]);
  }

  const queue = global.queueMicrotask;
  fixed("queueMicrotask", function queueMicrotask(callback) {
    if (typeof callback !== "function") throw new TypeError('The "callback" argument must be of type function.');
    queue(() => {
      try {
        callback();
      } catch (error) {
        core.use("base/rejections").uncaught(error);
      }
    });
  });

  const from = (part, names) => {
    for (const name of names) lazy(name, () => core.use(part)[name]);
  };
  lazy("console", () => core.use("base/console"));
  lazy("process", () => core.use("node/process"));
  from("node/buffer", ["Buffer"]);
  from("web/encoding", ["TextEncoder", "TextDecoder"]);
  from("web/url", ["URL", "URLSearchParams"]);
  from("web/events", ["Event", "CustomEvent", "EventTarget", "MessageEvent", "CloseEvent", "ErrorEvent"]);
  from("web/abort", ["AbortController", "AbortSignal"]);
  from("web/blob", ["Blob", "File"]);
  from("web/form", ["FormData"]);
  from("web/streams", ["ReadableStream", "WritableStream", "TransformStream", "ByteLengthQueuingStrategy", "CountQueuingStrategy"]);
  from("web/fetch", ["fetch", "Request", "Response", "Headers"]);
  from("web/websocket", ["WebSocket"]);
  lazy("structuredClone", () => core.use("web/clone").clone.structured);
  lazy("performance", () => core.use("node/perf_hooks").performance);
  lazy("crypto", () => core.use("node/crypto").webcrypto);
  lazy("navigator", () => ({ userAgent: `Vario/${core.info.app?.version ?? "0"}`, hardwareConcurrency: 1, language: "en-US", platform: core.info.app?.platform ?? "" }));
  if (typeof global.atob !== "function") lazy("atob", () => core.use("node/buffer").atob);
  if (typeof global.btoa !== "function") lazy("btoa", () => core.use("node/buffer").btoa);
});
