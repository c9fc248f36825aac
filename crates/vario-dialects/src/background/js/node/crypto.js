(function (core, part) {
  "use strict";
  const { helpers } = core;
  const { Buffer } = core.use("node/buffer");
  const { Transform } = core.use("node/stream");
  const HASHES = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

  const bytes = (data, encoding) => {
    if (typeof data === "string") return Buffer.from(data, encoding);
    if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    if (data instanceof ArrayBuffer) return Buffer.from(data);
    throw Object.assign(new TypeError('The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView.'), { code: "ERR_INVALID_ARG_TYPE" });
  };
  const shown = (buffer, encoding) => (encoding && encoding !== "buffer" ? buffer.toString(encoding) : buffer);

  class Digest extends Transform {
    constructor(finish) { super(); Object.defineProperty(this, "_state", { value: { chunks: [], finish, done: false } }); }
    update(data, encoding) {
      if (this._state.done) throw Object.assign(new Error("Digest already called"), { code: "ERR_CRYPTO_HASH_FINALIZED" });
      this._state.chunks.push(Buffer.from(bytes(data, encoding)));
      return this;
    }
    digest(encoding) {
      if (this._state.done) throw Object.assign(new Error("Digest already called"), { code: "ERR_CRYPTO_HASH_FINALIZED" });
      this._state.done = true;
      return shown(Buffer.from(this._state.finish(Buffer.concat(this._state.chunks))), encoding);
    }
    copy() {
      const other = new this.constructor(this._state.finish);
      other._state.chunks.push(...this._state.chunks);
      return other;
    }
    _transform(chunk, encoding, done) { this.update(chunk, encoding); done(); }
    _flush(done) { this.push(this.digest()); done(); }
  }
  class Hash extends Digest {}
  class Hmac extends Digest {}

  const known = (algorithm) => {
    if (HASHES.includes(String(algorithm).toLowerCase().replaceAll("-", ""))) return algorithm;
    throw Object.assign(new Error("Digest method not supported"), { code: "ERR_CRYPTO_INVALID_DIGEST" });
  };
  const createHash = (algorithm) => (known(algorithm), new Hash((data) => helpers.hash(algorithm, data)));
  const createHmac = (algorithm, key) => {
    known(algorithm);
    const secret = Buffer.from(bytes(key));
    return new Hmac((data) => helpers.hmac(algorithm, secret, data));
  };

  const later = (run, callback) => {
    if (!callback) return run();
    globalThis.setImmediate(() => {
      let answer;
      try {
        answer = [null, run()];
      } catch (error) {
        answer = [error];
      }
      callback(...answer);
    });
  };

  const random = (count) => {
    const whole = Buffer.alloc(count);
    for (let at = 0; at < count; at += 65536) whole.set(new Uint8Array(helpers.randomBytes(Math.min(65536, count - at))), at);
    return whole;
  };
  const randomFillSync = (target, offset = 0, size) => {
    const view = ArrayBuffer.isView(target) ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength) : new Uint8Array(target);
    view.set(random(size ?? view.length - offset), offset);
    return target;
  };
  const randomUUID = () => {
    const id = random(16);
    id[6] = (id[6] & 15) | 64;
    id[8] = (id[8] & 63) | 128;
    const hex = id.toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
  const randomInt = (min, max, callback) => {
    if (max === undefined || typeof max === "function") [min, max, callback] = [0, min, max];
    return later(() => {
      const range = max - min;
      if (!(Number.isSafeInteger(min) && Number.isSafeInteger(max) && range > 0 && range <= 2 ** 48)) throw Object.assign(new RangeError('The value of "max" is out of range.'), { code: "ERR_OUT_OF_RANGE" });
      const limit = 2 ** 48 - (2 ** 48 % range);
      for (;;) {
        const number = random(6).readUIntBE(0, 6);
        if (number < limit) return min + (number % range);
      }
    }, callback);
  };

  const timingSafeEqual = (a, b) => {
    if (a.byteLength !== b.byteLength) throw Object.assign(new RangeError("Input buffers must have the same byte length"), { code: "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH" });
    const [x, y] = [bytes(a), bytes(b)];
    let difference = 0;
    for (let at = 0; at < x.length; at++) difference |= x[at] ^ y[at];
    return difference === 0;
  };

  const pbkdf2Sync = (password, salt, iterations, length, digest) => {
    const blocks = [];
    const start = bytes(salt);
    for (let index = 1, total = 0; total < length; index++) {
      const counter = Buffer.alloc(4);
      counter.writeUInt32BE(index);
      let last = Buffer.from(helpers.hmac(digest, bytes(password), Buffer.concat([start, counter])));
      const block = Buffer.from(last);
      for (let round = 1; round < iterations; round++) {
        last = Buffer.from(helpers.hmac(digest, bytes(password), last));
        for (let at = 0; at < block.length; at++) block[at] ^= last[at];
      }
      blocks.push(block);
      total += block.length;
    }
    return Buffer.concat(blocks, length);
  };

  const exports = {
    createHash,
    createHmac,
    Hash,
    Hmac,
    hash: (algorithm, data, encoding = "hex") => createHash(algorithm).update(data).digest(encoding),
    getHashes: () => [...HASHES],
    getCiphers: () => [],
    getCurves: () => [],
    randomBytes: (count, callback) => later(() => random(count), callback),
    pseudoRandomBytes: (count, callback) => later(() => random(count), callback),
    randomFillSync,
    randomFill: (target, ...rest) => {
      const callback = rest.pop();
      later(() => randomFillSync(target, ...rest), callback);
    },
    randomUUID,
    randomInt,
    timingSafeEqual,
    pbkdf2Sync,
    pbkdf2: (password, salt, iterations, length, digest, callback) => later(() => pbkdf2Sync(password, salt, iterations, length, digest), callback),
    constants: {},
    webcrypto: {
      getRandomValues: (target) => randomFillSync(target),
      randomUUID,
      subtle: {
        digest: async (algorithm, data) => {
          const copy = Uint8Array.from(createHash(algorithm?.name ?? algorithm).update(data instanceof ArrayBuffer ? new Uint8Array(data) : data).digest());
          return copy.buffer;
        },
      },
    },
  };
  exports.getRandomValues = exports.webcrypto.getRandomValues;
  exports.subtle = exports.webcrypto.subtle;
  for (const name of ["createCipheriv", "createDecipheriv", "createSign", "createVerify", "sign", "verify", "publicEncrypt", "privateDecrypt", "generateKeyPair", "generateKeyPairSync", "createDiffieHellman", "createECDH", "scrypt", "scryptSync", "hkdf", "hkdfSync", "createPrivateKey", "createPublicKey", "createSecretKey"]) {
    exports[name] = () => {
      throw Object.assign(new Error(`crypto.${name} is not available to plugins; there are createHash, createHmac, randomBytes, randomUUID and pbkdf2`), { code: "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM" });
    };
  }
  part.exports = exports;
});
