(function (core, part) {
  "use strict";
  const { Buffer } = core.use("node/buffer");
  // How many bytes at the end belong to a character that is not whole yet.
  const TAILS = {
    utf8(bytes) {
      for (let back = 1; back <= Math.min(3, bytes.length); back++) {
        const byte = bytes[bytes.length - back];
        if ((byte & 0xc0) === 0x80) continue;
        const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return width > back ? back : 0;
      }
      return 0;
    },
    utf16le: (bytes) => bytes.length % 2,
    base64: (bytes) => bytes.length % 3,
  };
  const NAMES = { utf8: "utf8", "utf-8": "utf8", utf16le: "utf16le", "utf-16le": "utf16le", ucs2: "utf16le", "ucs-2": "utf16le", base64: "base64" };
  function StringDecoder(encoding) {
    this.encoding = encoding ?? "utf8";
    this._tail = TAILS[NAMES[String(this.encoding).toLowerCase()]] ?? (() => 0);
    this._rest = Buffer.alloc(0);
  }
  StringDecoder.prototype.write = function (chunk) {
    const bytes = Buffer.concat([this._rest, typeof chunk === "string" ? Buffer.from(chunk) : chunk]);
    const end = bytes.length - this._tail(bytes);
    this._rest = bytes.subarray(end);
    return bytes.toString(this.encoding, 0, end);
  };
  StringDecoder.prototype.end = function (chunk) {
    const text = (chunk ? this.write(chunk) : "") + this._rest.toString(this.encoding);
    this._rest = Buffer.alloc(0);
    return text;
  };
  part.exports = { StringDecoder };
});
