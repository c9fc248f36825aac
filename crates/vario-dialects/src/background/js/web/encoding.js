(function (core, part) {
  "use strict";
  const { helpers } = core;
  const LABELS = { "utf-8": "utf-8", utf8: "utf-8", "unicode-1-1-utf-8": "utf-8", "utf-16le": "utf-16le", "utf-16": "utf-16le", "utf-16be": "utf-16be", latin1: "latin1", "iso-8859-1": "latin1", "windows-1252": "latin1", ascii: "latin1", "us-ascii": "latin1" };
  const viewOf = (data) => {
    if (data === undefined) return new Uint8Array(0);
    if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return new Uint8Array(data);
  };

  class TextEncoder {
    get encoding() { return "utf-8"; }
    encode(text = "") { return new Uint8Array(helpers.utf8Encode(String(text))); }
    encodeInto(text, target) {
      let read = 0;
      let written = 0;
      for (const letter of String(text)) {
        const bytes = this.encode(letter);
        if (written + bytes.length > target.length) break;
        target.set(bytes, written);
        written += bytes.length;
        read += letter.length;
      }
      return { read, written };
    }
  }

  class TextDecoder {
    #rest = new Uint8Array(0);
    #seen = false;
    constructor(label = "utf-8", options = {}) {
      const encoding = LABELS[String(label).trim().toLowerCase()];
      if (!encoding) throw Object.assign(new RangeError(`The "${label}" encoding is not supported`), { code: "ERR_ENCODING_NOT_SUPPORTED" });
      Object.defineProperties(this, {
        encoding: { value: encoding === "latin1" ? "windows-1252" : encoding, enumerable: true },
        fatal: { value: Boolean(options?.fatal), enumerable: true },
        ignoreBOM: { value: Boolean(options?.ignoreBOM), enumerable: true },
        kind: { value: encoding },
      });
    }
    decode(data, options) {
      let bytes = viewOf(data);
      if (this.#rest.length) {
        const joined = new Uint8Array(this.#rest.length + bytes.length);
        joined.set(this.#rest);
        joined.set(bytes, this.#rest.length);
        bytes = joined;
        this.#rest = new Uint8Array(0);
      }
      if (options?.stream) {
        const tail = this.#tail(bytes);
        this.#rest = bytes.slice(bytes.length - tail);
        bytes = bytes.subarray(0, bytes.length - tail);
      }
      let text;
      try {
        text = helpers.decodeText(bytes, this.kind, this.fatal);
      } catch (error) {
        throw Object.assign(new TypeError(error.message), { code: "ERR_ENCODING_INVALID_ENCODED_DATA" });
      }
      if (!this.#seen && !this.ignoreBOM && text.startsWith("\ufeff")) text = text.slice(1);
      this.#seen = Boolean(options?.stream) && (this.#seen || text !== "");
      return text;
    }
    #tail(bytes) {
      if (this.kind === "latin1") return 0;
      if (this.kind !== "utf-8") return bytes.length % 2;
      for (let back = 1; back <= Math.min(3, bytes.length); back++) {
        const byte = bytes[bytes.length - back];
        if ((byte & 0xc0) === 0x80) continue;
        const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return width > back ? back : 0;
      }
      return 0;
    }
  }
  part.exports = { TextEncoder, TextDecoder };
});
