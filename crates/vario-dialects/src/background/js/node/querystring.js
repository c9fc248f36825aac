(function (_core, part) {
  "use strict";
  const unescape = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  const escape = (value) => encodeURIComponent(String(value)).replace(/%(21|27|28|29|2A|7E)/gi, (mark) => decodeURIComponent(mark));

  const parse = (text, separator = "&", equals = "=", options = {}) => {
    const found = Object.create(null);
    const decode = options.decodeURIComponent ?? unescape;
    const max = options.maxKeys ?? 1000;
    if (typeof text !== "string" || text === "") return found;
    const rows = text.split(separator);
    for (const row of max > 0 ? rows.slice(0, max) : rows) {
      if (row === "") continue;
      const at = row.indexOf(equals);
      const [key, value] = [at < 0 ? row : row.slice(0, at), at < 0 ? "" : row.slice(at + equals.length)].map((piece) => decode(piece.replaceAll("+", " ")));
      if (!(key in found)) found[key] = value;
      else if (Array.isArray(found[key])) found[key].push(value);
      else found[key] = [found[key], value];
    }
    return found;
  };

  const primitive = (value) => (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value)) ? String(value) : "");

  const stringify = (object, separator = "&", equals = "=", options = {}) => {
    const encode = options.encodeURIComponent ?? part.exports.escape;
    if (object === null || typeof object !== "object") return "";
    return Object.keys(object)
      .flatMap((key) => [object[key]].flat().map((value) => encode(primitive(key)) + equals + encode(primitive(value))))
      .join(separator);
  };

  part.exports = { parse, stringify, escape, unescape, decode: parse, encode: stringify };
});
