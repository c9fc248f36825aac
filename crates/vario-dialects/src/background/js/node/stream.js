// Streams, as far as libraries need them: no back pressure beyond a promise of order.
(function (core, part) {
  "use strict";
  const EventEmitter = core.use("node/events");
  const { Buffer } = core.use("node/buffer");
  const { inherits } = core.use("node/util");
  const tick = (run, ...args) => queueMicrotask(() => run(...args));

  // Functions and not classes: old libraries call them on their own objects.
  function Stream(options) { EventEmitter.call(this, options); }
  inherits(Stream, EventEmitter);
  Stream.prototype.pipe = function (target, options) {
    const forward = (chunk) => target.write(chunk);
    this.on("data", forward);
    if (options?.end !== false && !target._isStdio) this.once("end", () => target.end());
    target.once?.("unpipe", () => this.removeListener("data", forward));
    target.emit?.("pipe", this);
    return target;
  };

  function destroy(error, callback) {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.errored = error ?? null;
    const closed = (failure) => {
      const reason = failure ?? error;
      tick(() => {
        if (reason) this.emit("error", reason);
        this.closed = true;
        this.emit("close");
        callback?.(reason);
      });
    };
    if (typeof this._destroy === "function") this._destroy(error ?? null, closed);
    else closed();
    return this;
  }

  function Readable(options) {
    if (!(this instanceof Readable)) return new Readable(options);
    Stream.call(this, options);
    readable(this, options);
  }
  function readable(stream, options = {}) {
    stream._readableState = { chunks: [], flowing: null, ended: false, endEmitted: false, reading: false, objectMode: Boolean(options?.objectMode ?? options?.readableObjectMode), encoding: options?.encoding ?? null, highWaterMark: options?.highWaterMark ?? 65536 };
    stream.readable = true;
    stream.destroyed = false;
    if (typeof options?.read === "function") stream._read = options.read;
    if (typeof options?.destroy === "function") stream._destroy = options.destroy;
    if (options?.signal) options.signal.addEventListener("abort", () => stream.destroy(options.signal.reason), { once: true });
  }
  inherits(Readable, Stream);
  const asked = (stream) => {
    const state = stream._readableState;
    if (state.ended || state.reading || stream.destroyed) return;
    state.reading = true;
    try {
      stream._read(state.highWaterMark);
    } catch (error) {
      stream.destroy(error);
    }
    state.reading = false;
  };
  const flow = (stream) => {
    const state = stream._readableState;
    if (state.scheduled) return;
    state.scheduled = true;
    tick(() => {
      state.scheduled = false;
      while (state.flowing && !stream.destroyed) {
        if (state.chunks.length === 0) asked(stream);
        if (state.chunks.length === 0) break;
        stream.emit("data", state.chunks.shift());
      }
      if (!state.flowing && state.chunks.length) stream.emit("readable");
      finish(stream);
    });
  };
  const finish = (stream) => {
    const state = stream._readableState;
    if (!state.ended || state.endEmitted || state.chunks.length || stream.destroyed) return;
    if (state.flowing === null && !stream.listenerCount("readable") && !stream.listenerCount("end")) return;
    state.endEmitted = true;
    stream.readable = false;
    stream.readableEnded = true;
    stream.emit("end");
    if (stream.writable !== true) stream.destroy();
  };
  Object.assign(Readable.prototype, {
    readableEnded: false,
    _read() {},
    push(chunk, encoding) {
      const state = this._readableState;
      if (chunk === null) { state.ended = true; flow(this); return false; }
      let given = chunk;
      if (!state.objectMode) {
        if (typeof given === "string") given = Buffer.from(given, encoding);
        else if (!Buffer.isBuffer(given)) given = Buffer.from(given);
        if (given.length === 0) return true;
        if (state.encoding) given = (state.decoder ??= new (core.use("node/string_decoder").StringDecoder)(state.encoding)).write(given);
      }
      state.chunks.push(given);
      if (state.flowing || this.listenerCount("readable")) flow(this);
      return true;
    },
    unshift(chunk) { this._readableState.chunks.unshift(chunk); flow(this); },
    read(count) {
      const state = this._readableState;
      if (state.chunks.length === 0) asked(this);
      if (state.chunks.length === 0) { finish(this); return null; }
      if (state.objectMode || state.encoding) return state.objectMode ? state.chunks.shift() : state.chunks.splice(0).join("");
      const all = Buffer.concat(state.chunks.splice(0));
      if (count === undefined || count >= all.length) { if (state.ended) flow(this); return all; }
      state.chunks.push(all.subarray(count));
      return all.subarray(0, count);
    },
    on(event, listener) {
      Stream.prototype.on.call(this, event, listener);
      if (event === "data" && this._readableState.flowing !== false) this.resume();
      if (event === "readable" || event === "end") flow(this);
      return this;
    },
    resume() { this._readableState.flowing = true; flow(this); return this; },
    pause() { this._readableState.flowing = false; return this; },
    isPaused() { return this._readableState.flowing === false; },
    setEncoding(encoding) { this._readableState.encoding = encoding; return this; },
    unpipe() { this.emit("unpipe"); this.pause(); return this; },
    destroy,
    [Symbol.asyncIterator]() {
      const items = [];
      const waiting = [];
      let over;
      const settle = (end) => { over ??= end; for (const next of waiting.splice(0)) end.error ? next.reject(end.error) : next.resolve({ value: undefined, done: true }); };
      this.on("data", (chunk) => { const next = waiting.shift(); if (next) next.resolve({ value: chunk, done: false }); else items.push(chunk); });
      this.once("end", () => settle({}));
      this.once("error", (error) => settle({ error }));
      this.once("close", () => settle({}));
      return {
        next: () => items.length ? Promise.resolve({ value: items.shift(), done: false })
          : over ? (over.error ? Promise.reject(over.error) : Promise.resolve({ value: undefined, done: true }))
          : new Promise((resolve, reject) => waiting.push({ resolve, reject })),
        return: () => { this.destroy(); return Promise.resolve({ value: undefined, done: true }); },
        [Symbol.asyncIterator]() { return this; },
      };
    },
  });
  Readable.prototype.addListener = Readable.prototype.on;
  Readable.from = (source, options) => {
    const stream = new Readable({ objectMode: true, ...options });
    const single = typeof source === "string" || ArrayBuffer.isView(source);
    (async () => {
      if (single) stream.push(source);
      else for await (const item of source) stream.push(item);
      stream.push(null);
    })().catch((error) => stream.destroy(error));
    return stream;
  };
  Readable.fromWeb = (web) => Readable.from(web);
  Readable.toWeb = (stream) => new (core.use("web/streams").ReadableStream)({
    start(controller) {
      stream.on("data", (chunk) => controller.enqueue(chunk));
      stream.on("end", () => controller.close());
      stream.on("error", (error) => controller.error(error));
    },
  });

  function Writable(options) {
    if (!(this instanceof Writable) && !(this instanceof Duplex)) return new Writable(options);
    Stream.call(this, options);
    writable(this, options);
  }
  function writable(stream, options = {}) {
    stream._writableState = { queue: [], busy: false, ending: false, finished: false, objectMode: Boolean(options?.objectMode ?? options?.writableObjectMode), decodeStrings: options?.decodeStrings !== false, corked: 0 };
    stream.writable = true;
    stream.destroyed = false;
    for (const [name, method] of [["write", "_write"], ["writev", "_writev"], ["final", "_final"], ["destroy", "_destroy"]]) {
      if (typeof options?.[name] === "function") stream[method] = options[name];
    }
  }
  inherits(Writable, Stream);
  const work = (stream) => {
    const state = stream._writableState;
    if (state.busy || stream.destroyed) return;
    const job = state.queue.shift();
    if (job) {
      state.busy = true;
      const done = (error) => {
        state.busy = false;
        job.callback?.(error ?? null);
        if (error) return void stream.destroy(error);
        if (state.queue.length === 0) tick(() => stream.emit("drain"));
        work(stream);
      };
      try {
        if (typeof stream._write === "function") stream._write(job.chunk, job.encoding, done);
        else stream._writev([job], done);
      } catch (error) {
        done(error);
      }
      return;
    }
    if (!state.ending || state.finished) return;
    state.finished = true;
    const done = (error) => {
      if (error) return void stream.destroy(error);
      stream.writable = false;
      stream.writableFinished = true;
      tick(() => {
        stream.emit("finish");
        if (stream._readableState === undefined || stream._readableState.endEmitted) stream.destroy();
      });
    };
    if (typeof stream._final === "function") stream._final(done);
    else done();
  };
  const writableMethods = {
    writableEnded: false,
    writableFinished: false,
    _write(_chunk, _encoding, done) {
      done(Object.assign(new Error("The _write() method is not implemented"), { code: "ERR_METHOD_NOT_IMPLEMENTED" }));
    },
    write(chunk, encoding, callback) {
      const state = this._writableState;
      if (typeof encoding === "function") [encoding, callback] = [undefined, encoding];
      if (state.ending) {
        const error = Object.assign(new Error("write after end"), { code: "ERR_STREAM_WRITE_AFTER_END" });
        tick(() => { callback?.(error); this.emit("error", error); });
        return false;
      }
      let given = chunk;
      if (!state.objectMode && state.decodeStrings && typeof chunk === "string") given = Buffer.from(chunk, encoding);
      state.queue.push({ chunk: given, encoding: Buffer.isBuffer(given) ? "buffer" : encoding ?? "utf8", callback });
      work(this);
      return true;
    },
    end(chunk, encoding, callback) {
      if (typeof chunk === "function") [chunk, callback] = [undefined, chunk];
      else if (typeof encoding === "function") [encoding, callback] = [undefined, encoding];
      if (chunk !== undefined && chunk !== null) this.write(chunk, encoding);
      if (callback) this.once("finish", callback);
      this._writableState.ending = true;
      this.writableEnded = true;
      work(this);
      return this;
    },
    cork() {},
    uncork() {},
    setDefaultEncoding() { return this; },
    destroy,
  };
  Object.assign(Writable.prototype, writableMethods);

  function Duplex(options) {
    if (!(this instanceof Duplex)) return new Duplex(options);
    Stream.call(this, options);
    readable(this, options);
    writable(this, options);
  }
  inherits(Duplex, Readable);
  for (const [name, method] of Object.entries(writableMethods)) Duplex.prototype[name] = method;

  function Transform(options) {
    if (!(this instanceof Transform)) return new Transform(options);
    Duplex.call(this, options);
    if (typeof options?.transform === "function") this._transform = options.transform;
    if (typeof options?.flush === "function") this._flush = options.flush;
  }
  inherits(Transform, Duplex);
  Transform.prototype._transform = function (_chunk, _encoding, done) {
    done(Object.assign(new Error("The _transform() method is not implemented"), { code: "ERR_METHOD_NOT_IMPLEMENTED" }));
  };
  Transform.prototype._write = function (chunk, encoding, done) {
    this._transform(chunk, encoding, (error, result) => {
      if (!error && result !== undefined && result !== null) this.push(result);
      done(error);
    });
  };
  Transform.prototype._final = function (done) {
    const end = (error, result) => {
      if (!error && result !== undefined && result !== null) this.push(result);
      if (!error) this.push(null);
      done(error);
    };
    if (typeof this._flush === "function") this._flush(end);
    else end();
  };

  function PassThrough(options) {
    if (!(this instanceof PassThrough)) return new PassThrough(options);
    Transform.call(this, options);
  }
  inherits(PassThrough, Transform);
  PassThrough.prototype._transform = (chunk, _encoding, done) => done(null, chunk);

  const finished = (stream, options, callback) => {
    if (typeof options === "function") [options, callback] = [{}, options];
    let called = false;
    const end = (error) => { if (!called) { called = true; callback.call(stream, error ?? undefined); } };
    stream.on("error", end);
    stream.on("end", () => { if (stream.writable !== true || options?.writable === false) end(); });
    stream.on("finish", () => { if (stream.readable !== true || options?.readable === false) end(); });
    stream.on("close", () => end());
    return () => { called = true; };
  };

  const pipeline = (...streams) => {
    const callback = typeof streams.at(-1) === "function" ? streams.pop() : () => {};
    const all = streams.flat();
    let called = false;
    const end = (error) => {
      if (called) return;
      called = true;
      if (error) for (const stream of all) stream.destroy?.();
      callback(error);
    };
    for (const stream of all) stream.on?.("error", end);
    const last = all.at(-1);
    last.on?.(typeof last.end === "function" ? "finish" : "end", () => end());
    return all.reduce((from, to) => (from.pipe ? from : Readable.from(from)).pipe(to));
  };

  Object.assign(Stream, {
    Stream, Readable, Writable, Duplex, Transform, PassThrough, finished, pipeline,
    addAbortSignal: (signal, stream) => { signal.addEventListener("abort", () => stream.destroy(signal.reason), { once: true }); return stream; },
    isReadable: (stream) => Boolean(stream?.readable),
    isErrored: (stream) => Boolean(stream?.errored),
    getDefaultHighWaterMark: () => 65536,
    promises: {
      finished: (stream, options) => new Promise((resolve, reject) => finished(stream, options ?? {}, (error) => (error ? reject(error) : resolve()))),
      pipeline: (...streams) => new Promise((resolve, reject) => pipeline(...streams, (error) => (error ? reject(error) : resolve()))),
    },
  });
  part.exports = Stream;
});
