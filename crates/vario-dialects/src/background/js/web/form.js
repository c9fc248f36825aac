(function (core, part) {
  "use strict";
  const { Blob, File } = core.use("web/blob");
  const { Buffer } = core.use("node/buffer");
  const entry = (value, name) => {
    if (!(value instanceof Blob)) return String(value);
    return value instanceof File && name === undefined ? value : new File([value], name ?? "blob", { type: value.type });
  };
  class FormData {
    #pairs = [];
    append(key, value, name) { this.#pairs.push([String(key), entry(value, name)]); }
    set(key, value, name) { this.delete(key); this.append(key, value, name); }
    delete(key) { this.#pairs = this.#pairs.filter((pair) => pair[0] !== String(key)); }
    get(key) { return this.#pairs.find((pair) => pair[0] === String(key))?.[1] ?? null; }
    getAll(key) { return this.#pairs.filter((pair) => pair[0] === String(key)).map((pair) => pair[1]); }
    has(key) { return this.#pairs.some((pair) => pair[0] === String(key)); }
    forEach(run, receiver) { for (const [key, value] of this.#pairs) run.call(receiver, value, key, this); }
    *entries() { yield* this.#pairs; }
    *keys() { for (const [key] of this.#pairs) yield key; }
    *values() { for (const [, value] of this.#pairs) yield value; }
    [Symbol.iterator]() { return this.entries(); }
    get [Symbol.toStringTag]() { return "FormData"; }
  }
  // The body that a form is sent as, with its content type.
  const encodeForm = (form) => {
    const boundary = `----vario${core.use("node/crypto").randomBytes(12).toString("hex")}`;
    const escape = (text) => text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
    const pieces = [];
    for (const [key, value] of form) {
      const isFile = value instanceof Blob;
      const name = isFile ? `; filename="${escape(value.name)}"\r\ncontent-type: ${value.type || "application/octet-stream"}` : "";
      pieces.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${escape(key)}"${name}\r\n\r\n`));
      pieces.push(isFile ? value._bytes : Buffer.from(value), Buffer.from("\r\n"));
    }
    pieces.push(Buffer.from(`--${boundary}--\r\n`));
    return { body: Buffer.concat(pieces), contentType: `multipart/form-data; boundary=${boundary}` };
  };
  part.exports = { FormData, encodeForm };
});
