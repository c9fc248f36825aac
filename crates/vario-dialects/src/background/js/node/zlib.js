// Libraries look at the constants; answers of the host come unpacked already.
(function (_core, part) {
  "use strict";
  const constants = { Z_NO_FLUSH: 0, Z_PARTIAL_FLUSH: 1, Z_SYNC_FLUSH: 2, Z_FULL_FLUSH: 3, Z_FINISH: 4, Z_BLOCK: 5, Z_OK: 0, Z_STREAM_END: 1, Z_NEED_DICT: 2, Z_ERRNO: -1, Z_STREAM_ERROR: -2, Z_DATA_ERROR: -3, Z_MEM_ERROR: -4, Z_BUF_ERROR: -5, Z_NO_COMPRESSION: 0, Z_BEST_SPEED: 1, Z_BEST_COMPRESSION: 9, Z_DEFAULT_COMPRESSION: -1, Z_DEFAULT_STRATEGY: 0, Z_MIN_WINDOWBITS: 8, Z_MAX_WINDOWBITS: 15, Z_DEFAULT_WINDOWBITS: 15, Z_DEFAULT_CHUNK: 16384, BROTLI_OPERATION_PROCESS: 0, BROTLI_OPERATION_FLUSH: 1, BROTLI_OPERATION_FINISH: 2, BROTLI_PARAM_MODE: 0, BROTLI_PARAM_QUALITY: 1, BROTLI_DEFAULT_QUALITY: 11 };
  const exports = { constants, codes: {} };
  for (const [name, value] of Object.entries(constants)) if (name.startsWith("Z_")) exports[name] = value;
  for (const kind of ["Gzip", "Gunzip", "Deflate", "Inflate", "DeflateRaw", "InflateRaw", "Unzip", "BrotliCompress", "BrotliDecompress"]) {
    const refuse = (what) => function () {
      throw Object.assign(new Error(`zlib.${what} is not available to plugins; answers of fetch and axios are unpacked already`), { code: "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM" });
    };
    const small = kind[0].toLowerCase() + kind.slice(1);
    for (const name of [kind, `create${kind}`, small, `${small}Sync`]) exports[name] = refuse(name);
  }
  part.exports = exports;
});
