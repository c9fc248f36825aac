(function (core, part) {
  "use strict";
  const { helpers } = core;
  const kMaxLength = 2 ** 31 - 1;
  const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
  const NAMES = { utf8: "utf8", "utf-8": "utf8", hex: "hex", base64: "base64", base64url: "base64url", ascii: "ascii", latin1: "latin1", binary: "latin1", ucs2: "utf16le", "ucs-2": "utf16le", utf16le: "utf16le", "utf-16le": "utf16le" };

  const encodingName = (encoding) => NAMES[String(encoding ?? "utf8").toLowerCase()];
  const wantEncoding = (encoding) => {
    const name = encodingName(encoding);
    if (name) return name;
    const error = new TypeError(`Unknown encoding: ${encoding}`);
    error.code = "ERR_UNKNOWN_ENCODING";
    throw error;
  };
  const typeError = (words) => Object.assign(new TypeError(words), { code: "ERR_INVALID_ARG_TYPE" });
  const rangeError = (words) => Object.assign(new RangeError(words), { code: "ERR_OUT_OF_RANGE" });

  const encode = (text, encoding) => {
    switch (wantEncoding(encoding)) {
      case "utf8": return new Uint8Array(helpers.utf8Encode(text));
      case "base64":
      case "base64url": return new Uint8Array(helpers.fromBase64(text));
      case "hex": {
        const bytes = [];
        for (let at = 0; at + 1 < text.length; at += 2) {
          const byte = Number.parseInt(text.slice(at, at + 2), 16);
          if (Number.isNaN(byte) || !/^[0-9a-fA-F]{2}$/.test(text.slice(at, at + 2))) break;
          bytes.push(byte);
        }
        return Uint8Array.from(bytes);
      }
      case "utf16le": {
        const bytes = new Uint8Array(text.length * 2);
        for (let at = 0; at < text.length; at++) {
          const unit = text.charCodeAt(at);
          bytes[at * 2] = unit & 255;
          bytes[at * 2 + 1] = unit >> 8;
        }
        return bytes;
      }
      default: {
        const bytes = new Uint8Array(text.length);
        for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
        return bytes;
      }
    }
  };

  const decode = (bytes, encoding) => {
    switch (wantEncoding(encoding)) {
      case "utf8": return helpers.decodeText(bytes, "utf-8", false);
      case "base64": return helpers.toBase64(bytes, false);
      case "base64url": return helpers.toBase64(bytes, true);
      case "hex": {
        let text = "";
        for (const byte of bytes) text += HEX[byte];
        return text;
      }
      case "utf16le": return helpers.decodeText(bytes.subarray(0, bytes.length & ~1), "utf-16le", false);
      case "ascii": return helpers.decodeText(Uint8Array.from(bytes, (byte) => byte & 127), "latin1", false);
      default: return helpers.decodeText(bytes, "latin1", false);
    }
  };

  class FastBuffer extends Uint8Array {}

  // Old code calls Buffer as a function.
  function Buffer(value, encodingOrOffset, length) {
    return typeof value === "number" ? Buffer.alloc(value) : Buffer.from(value, encodingOrOffset, length);
  }
  Object.setPrototypeOf(Buffer, Uint8Array);
  Buffer.prototype = FastBuffer.prototype;
  Object.defineProperty(FastBuffer.prototype, "constructor", { value: Buffer, writable: true, configurable: true });
  Object.defineProperty(Buffer, Symbol.species, { get: () => FastBuffer });

  const view = (bytes) => new FastBuffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isBytes = (value) => ArrayBuffer.isView(value);
  const isArrayBuffer = (value) => value instanceof ArrayBuffer || (typeof SharedArrayBuffer === "function" && value instanceof SharedArrayBuffer);

  Buffer.from = (value, encodingOrOffset, length) => {
    if (typeof value === "string") return view(encode(value, encodingOrOffset));
    if (isArrayBuffer(value)) return new FastBuffer(value, encodingOrOffset, length);
    if (isBytes(value)) return new FastBuffer(Uint8Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).buffer);
    if (value !== null && typeof value === "object") {
      if (value.type === "Buffer" && Array.isArray(value.data)) return view(Uint8Array.from(value.data));
      if (typeof value.length === "number") return view(Uint8Array.from(value, (item) => Number(item) & 255));
      const primitive = value.valueOf?.();
      if (primitive !== undefined && primitive !== null && primitive !== value) return Buffer.from(primitive, encodingOrOffset, length);
      if (value[Symbol.toPrimitive]) return Buffer.from(value[Symbol.toPrimitive]("string"), encodingOrOffset);
    }
    throw typeError("The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object.");
  };
  const size = (count) => {
    if (typeof count !== "number") throw typeError('The "size" argument must be of type number.');
    if (!(count >= 0 && count <= kMaxLength)) throw rangeError('The value of "size" is out of range.');
    return count;
  };
  Buffer.alloc = (count, fill, encoding) => {
    const buffer = new FastBuffer(size(count));
    return fill === undefined || fill === 0 ? buffer : buffer.fill(fill, encoding);
  };
  Buffer.allocUnsafe = (count) => new FastBuffer(size(count));
  Buffer.allocUnsafeSlow = Buffer.allocUnsafe;
  Buffer.of = (...items) => view(Uint8Array.of(...items));
  Buffer.isBuffer = (value) => value instanceof FastBuffer;
  Buffer.isEncoding = (encoding) => typeof encoding === "string" && encodingName(encoding) !== undefined;
  Buffer.byteLength = (value, encoding) => {
    if (typeof value !== "string") return value.byteLength;
    return encode(value, encodingName(encoding) ?? "utf8").length;
  };
  Buffer.concat = (list, length) => {
    const total = length ?? list.reduce((sum, item) => sum + item.length, 0);
    const buffer = Buffer.alloc(total);
    let at = 0;
    for (const item of list) {
      if (at >= total) break;
      const bytes = item.subarray(0, total - at);
      buffer.set(bytes, at);
      at += bytes.length;
    }
    return buffer;
  };
  Buffer.compare = (a, b) => {
    const length = Math.min(a.length, b.length);
    for (let at = 0; at < length; at++) if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1;
    return Math.sign(a.length - b.length);
  };
  Buffer.copyBytesFrom = (source, offset = 0, length) => {
    const part_ = source.subarray(offset, length === undefined ? undefined : offset + length);
    return Buffer.from(part_);
  };
  Buffer.poolSize = 8192;

  const offsetOf = (buffer, value, offset, encoding, last) => {
    if (typeof offset === "string") [offset, encoding] = [undefined, offset];
    if (typeof value === "number") {
      return last ? Uint8Array.prototype.lastIndexOf.call(buffer, value & 255, offset ?? buffer.length) : Uint8Array.prototype.indexOf.call(buffer, value & 255, offset ?? 0);
    }
    const wanted = typeof value === "string" ? encode(value, encoding) : value;
    const end = buffer.length - wanted.length;
    const matches = (at) => wanted.every((byte, place) => buffer[at + place] === byte);
    if (last) {
      for (let at = Math.min(offset ?? end, end); at >= 0; at--) if (matches(at)) return at;
    } else {
      let start = Math.trunc(Number(offset) || 0);
      if (start < 0) start = Math.max(0, buffer.length + start);
      for (let at = start; at <= end; at++) if (matches(at)) return at;
    }
    return -1;
  };

  const methods = {
    toString(encoding, start = 0, end = this.length) {
      const from = Math.max(0, Math.trunc(start) || 0);
      const to = Math.min(this.length, Math.max(from, Math.trunc(end) || 0));
      return from >= to ? "" : decode(Uint8Array.prototype.subarray.call(this, from, to), encoding);
    },
    toJSON() { return { type: "Buffer", data: Array.from(this) }; },
    equals(other) { return Buffer.compare(this, other) === 0; },
    compare(other, start = 0, end = other.length, ownStart = 0, ownEnd = this.length) {
      return Buffer.compare(this.subarray(ownStart, ownEnd), other.subarray(start, end));
    },
    copy(target, at = 0, start = 0, end = this.length) {
      const bytes = Uint8Array.prototype.subarray.call(this, start, Math.min(end, start + Math.max(0, target.length - at)));
      target.set(bytes, at);
      return bytes.length;
    },
    subarray(start, end) { const bytes = Uint8Array.prototype.subarray.call(this, start, end); return view(bytes); },
    slice(start, end) { return this.subarray(start, end); },
    write(text, offset, length, encoding) {
      if (typeof offset === "string") [encoding, offset, length] = [offset, 0, undefined];
      else if (typeof length === "string") [encoding, length] = [length, undefined];
      const start = offset ?? 0;
      const bytes = encode(text, encoding).subarray(0, Math.min(length ?? this.length, this.length - start));
      this.set(bytes, start);
      return bytes.length;
    },
    fill(value, start, end, encoding) {
      if (typeof start === "string") [encoding, start, end] = [start, 0, undefined];
      else if (typeof end === "string") [encoding, end] = [end, undefined];
      const bytes = typeof value === "string" ? encode(value, encoding) : typeof value === "number" ? [value & 255] : value;
      const [from, to] = [start ?? 0, end ?? this.length];
      for (let at = from; at < to; at++) this[at] = bytes.length ? bytes[(at - from) % bytes.length] : 0;
      return this;
    },
    indexOf(value, offset, encoding) { return offsetOf(this, value, offset, encoding, false); },
    lastIndexOf(value, offset, encoding) { return offsetOf(this, value, offset, encoding, true); },
    includes(value, offset, encoding) { return offsetOf(this, value, offset, encoding, false) >= 0; },
    swap16() { return swap(this, 2); },
    swap32() { return swap(this, 4); },
    swap64() { return swap(this, 8); },
  };
  const swap = (buffer, width) => {
    if (buffer.length % width) throw Object.assign(new RangeError(`Buffer size must be a multiple of ${width * 8}-bits`), { code: "ERR_INVALID_BUFFER_SIZE" });
    for (let at = 0; at < buffer.length; at += width) Uint8Array.prototype.reverse.call(Uint8Array.prototype.subarray.call(buffer, at, at + width));
    return buffer;
  };
  for (const encoding of ["utf8", "ascii", "latin1", "hex", "base64", "base64url", "ucs2"]) {
    methods[`${encoding}Slice`] = function (start, end) { return this.toString(encoding, start, end); };
    methods[`${encoding}Write`] = function (text, offset, length) { return this.write(text, offset, length, encoding); };
  }

  const data = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const inside = (buffer, offset, width) => {
    if (!Number.isInteger(offset) || offset < 0 || offset + width > buffer.length) throw rangeError('The value of "offset" is out of range.');
  };
  const number = (names, kind, width) => {
    for (const [ending, little] of width === 1 ? [["", true]] : [["LE", true], ["BE", false]]) {
      for (const name of names) {
        methods[`read${name}${ending}`] = function (offset = 0) { inside(this, offset, width); return data(this)[`get${kind}`](offset, little); };
        methods[`write${name}${ending}`] = function (value, offset = 0) { inside(this, offset, width); data(this)[`set${kind}`](offset, value, little); return offset + width; };
      }
    }
  };
  number(["UInt8", "Uint8"], "Uint8", 1);
  number(["UInt16", "Uint16"], "Uint16", 2);
  number(["UInt32", "Uint32"], "Uint32", 4);
  number(["BigUInt64", "BigUint64"], "BigUint64", 8);
  number(["Int8"], "Int8", 1);
  number(["Int16"], "Int16", 2);
  number(["Int32"], "Int32", 4);
  number(["BigInt64"], "BigInt64", 8);
  number(["Float"], "Float32", 4);
  number(["Double"], "Float64", 8);
  for (const [ending, little] of [["LE", true], ["BE", false]]) {
    const place = (width, index) => (little ? index : width - 1 - index);
    const read = function (offset, width) {
      inside(this, offset, width);
      let value = 0;
      for (let index = width - 1; index >= 0; index--) value = value * 256 + this[offset + place(width, index)];
      return value;
    };
    const write = function (value, offset, width) {
      inside(this, offset, width);
      let rest = value < 0 ? value + 2 ** (8 * width) : value;
      for (let index = 0; index < width; index++) {
        this[offset + place(width, index)] = rest % 256;
        rest = Math.floor(rest / 256);
      }
      return offset + width;
    };
    for (const name of ["UInt", "Uint"]) {
      methods[`read${name}${ending}`] = read;
      methods[`write${name}${ending}`] = write;
    }
    methods[`readInt${ending}`] = function (offset, width) {
      const value = read.call(this, offset, width);
      return value >= 2 ** (8 * width - 1) ? value - 2 ** (8 * width) : value;
    };
    methods[`writeInt${ending}`] = write;
  }
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(FastBuffer.prototype, name, { value, writable: true, configurable: true, enumerable: false });
  }
  Object.defineProperty(FastBuffer.prototype, "parent", { get() { return this.buffer; }, configurable: true });
  Object.defineProperty(FastBuffer.prototype, "offset", { get() { return this.byteOffset; }, configurable: true });
  Object.defineProperty(FastBuffer.prototype, Symbol.for("nodejs.util.inspect.custom"), {
    value() {
      const shown = Array.from(Uint8Array.prototype.subarray.call(this, 0, 50), (byte) => HEX[byte]).join(" ");
      return `<Buffer ${shown}${this.length > 50 ? ` ... ${this.length - 50} more bytes` : ""}>`;
    },
    configurable: true,
  });

  function SlowBuffer(count) { return Buffer.allocUnsafeSlow(count); }
  const btoa = globalThis.btoa ?? ((text) => helpers.toBase64(encode(String(text), "latin1"), false));
  const atob = globalThis.atob ?? ((text) => decode(encode(String(text), "base64"), "latin1"));

  const exports = {
    Buffer,
    SlowBuffer,
    kMaxLength,
    kStringMaxLength: 2 ** 29 - 24,
    INSPECT_MAX_BYTES: 50,
    constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: 2 ** 29 - 24 },
    btoa,
    atob,
    isUtf8: (bytes) => { try { helpers.decodeText(bytes, "utf-8", true); return true; } catch { return false; } },
    isAscii: (bytes) => Array.prototype.every.call(new Uint8Array(bytes.buffer ?? bytes), (byte) => byte < 128),
    transcode: (bytes, from, to) => Buffer.from(decode(bytes, from), to),
  };
  for (const name of ["Blob", "File"]) {
    Object.defineProperty(exports, name, { get: () => core.use("web/blob")[name], enumerable: true, configurable: true });
  }
  Object.defineProperty(exports, "internals", { value: { encode, decode }, enumerable: false });
  part.exports = exports;
});
