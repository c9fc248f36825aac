(function (core, part) {
  "use strict";
  const { Buffer } = core.use("node/buffer");
  const bytesOf = (piece) => {
    if (piece instanceof Blob) return piece._bytes;
    if (piece instanceof ArrayBuffer) return Buffer.from(piece);
    if (ArrayBuffer.isView(piece)) return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    return Buffer.from(String(piece));
  };
  class Blob {
    constructor(pieces = [], options = {}) {
      Object.defineProperty(this, "_bytes", { value: Buffer.concat(Array.from(pieces, bytesOf)) });
      this.type = String(options?.type ?? "").toLowerCase();
    }
    get size() { return this._bytes.length; }
    async text() { return this._bytes.toString("utf8"); }
    async arrayBuffer() { return Uint8Array.from(this._bytes).buffer; }
    async bytes() { return Uint8Array.from(this._bytes); }
    slice(start, end, type) { return new Blob([this._bytes.subarray(start, end)], { type }); }
    stream() {
      const bytes = Uint8Array.from(this._bytes);
      return new (core.use("web/streams").ReadableStream)({ start(controller) { if (bytes.length) controller.enqueue(bytes); controller.close(); } });
    }
    get [Symbol.toStringTag]() { return "Blob"; }
  }
  class File extends Blob {
    constructor(pieces, name, options) {
      super(pieces, options);
      this.name = String(name);
      this.lastModified = options?.lastModified ?? Date.now();
    }
    get [Symbol.toStringTag]() { return "File"; }
  }
  part.exports = { Blob, File };
});
