// Web streams, as far as bodies of answers need them.
(function (_core, part) {
  "use strict";
  class ReadableStream {
    #items = [];
    #waiting = [];
    #state = "open";
    #error;
    #source;
    #pulling = false;
    #controller;
    #started;
    constructor(source = {}, _strategy) {
      this.#source = source;
      this.locked = false;
      this.#controller = {
        enqueue: (item) => {
          if (this.#state !== "open") throw new TypeError("Invalid state: the stream is closed");
          const next = this.#waiting.shift();
          if (next) next.resolve({ value: item, done: false });
          else this.#items.push(item);
        },
        close: () => {
          if (this.#state === "open") this.#state = "closed";
          for (const next of this.#waiting.splice(0)) next.resolve({ value: undefined, done: true });
        },
        error: (error) => {
          this.#state = "failed";
          this.#error = error;
          for (const next of this.#waiting.splice(0)) next.reject(error);
        },
        get desiredSize() { return 1; },
        byobRequest: null,
      };
      this.#started = Promise.resolve(source.start?.(this.#controller)).catch((error) => this.#controller.error(error));
    }
    async #read() {
      await this.#started;
      if (this.#items.length) return { value: this.#items.shift(), done: false };
      if (this.#state === "closed") return { value: undefined, done: true };
      if (this.#state === "failed") throw this.#error;
      const next = new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
      if (this.#source.pull && !this.#pulling) {
        this.#pulling = true;
        Promise.resolve().then(() => this.#source.pull(this.#controller)).catch((error) => this.#controller.error(error)).finally(() => { this.#pulling = false; });
      }
      return next;
    }
    getReader() {
      if (this.locked) throw new TypeError("Invalid state: ReadableStream is locked");
      this.locked = true;
      const closed = Promise.resolve();
      return { read: () => this.#read(), releaseLock: () => { this.locked = false; }, cancel: (reason) => this.#cancel(reason), closed };
    }
    #cancel(reason) {
      this.#items = [];
      this.#controller.close();
      return Promise.resolve(this.#source.cancel?.(reason)).then(() => undefined);
    }
    cancel(reason) { return this.locked ? Promise.reject(new TypeError("Invalid state: ReadableStream is locked")) : this.#cancel(reason); }
    async *values() {
      const reader = this.getReader();
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return;
          yield value;
        }
      } finally {
        reader.releaseLock();
      }
    }
    [Symbol.asyncIterator]() { return this.values(); }
    async pipeTo(target) {
      const writer = target.getWriter();
      for await (const item of this) await writer.write(item);
      await writer.close();
    }
    pipeThrough(pair) { this.pipeTo(pair.writable).catch(() => {}); return pair.readable; }
    tee() {
      const controllers = [];
      const branches = [0, 1].map(() => new ReadableStream({ start(controller) { controllers.push(controller); } }));
      (async () => {
        for await (const item of this) for (const controller of controllers) controller.enqueue(item);
        for (const controller of controllers) controller.close();
      })().catch((error) => { for (const controller of controllers) controller.error(error); });
      return branches;
    }
    static from(source) {
      return new ReadableStream({ async start(controller) { for await (const item of source) controller.enqueue(item); controller.close(); } });
    }
    get [Symbol.toStringTag]() { return "ReadableStream"; }
  }

  class WritableStream {
    constructor(sink = {}) {
      this.locked = false;
      const controller = { error: () => {}, signal: undefined };
      let last = Promise.resolve(sink.start?.(controller));
      const then = (run) => (last = last.then(run));
      this.getWriter = () => ({
        write: (item) => then(() => sink.write?.(item, controller)),
        close: () => then(() => sink.close?.()),
        abort: (reason) => then(() => sink.abort?.(reason)),
        releaseLock: () => {},
        ready: Promise.resolve(),
        closed: last,
        desiredSize: 1,
      });
      this.close = () => this.getWriter().close();
      this.abort = (reason) => this.getWriter().abort(reason);
    }
    get [Symbol.toStringTag]() { return "WritableStream"; }
  }

  class TransformStream {
    constructor(transformer = {}) {
      let inner;
      this.readable = new ReadableStream({ start(controller) { inner = controller; } });
      const controller = { enqueue: (item) => inner.enqueue(item), error: (error) => inner.error(error), terminate: () => inner.close() };
      this.writable = new WritableStream({
        start: () => transformer.start?.(controller),
        write: (item) => (transformer.transform ? transformer.transform(item, controller) : controller.enqueue(item)),
        close: async () => { await transformer.flush?.(controller); inner.close(); },
        abort: (reason) => inner.error(reason),
      });
    }
    get [Symbol.toStringTag]() { return "TransformStream"; }
  }
  class CountQueuingStrategy { constructor(options) { this.highWaterMark = options?.highWaterMark; } size() { return 1; } }
  class ByteLengthQueuingStrategy { constructor(options) { this.highWaterMark = options?.highWaterMark; } size(chunk) { return chunk.byteLength; } }
  part.exports = { ReadableStream, WritableStream, TransformStream, CountQueuingStrategy, ByteLengthQueuingStrategy };
});
