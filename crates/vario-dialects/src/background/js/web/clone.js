// Copies of values, by the rules of structured cloning.
(function (_core, part) {
  "use strict";
  const refuse = (value) => {
    const shown = typeof value === "symbol" ? String(value) : typeof value === "function" ? `${value.name || "function"}` : "#<Object>";
    return new DOMException(`${shown} could not be cloned.`, "DataCloneError");
  };
  const isView = ArrayBuffer.isView;

  const structured = (value) => copy(value, new Map());
  const copy = (value, seen) => {
    if (typeof value === "function" || typeof value === "symbol") throw refuse(value);
    if (value === null || typeof value !== "object") return value;
    if (seen.has(value)) return seen.get(value);
    const keep = (made) => (seen.set(value, made), made);
    if (value instanceof Date) return keep(new Date(value.getTime()));
    if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
    if (value instanceof Boolean || value instanceof Number || value instanceof String) return keep(Object(value.valueOf()));
    if (value instanceof ArrayBuffer) return keep(value.slice(0));
    if (isView(value)) {
      const buffer = value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength);
      const Kind = value instanceof DataView ? DataView : globalThis[value[Symbol.toStringTag]];
      return keep(new Kind(buffer));
    }
    if (value instanceof Map) {
      const made = keep(new Map());
      for (const [key, item] of value) made.set(copy(key, seen), copy(item, seen));
      return made;
    }
    if (value instanceof Set) {
      const made = keep(new Set());
      for (const item of value) made.add(copy(item, seen));
      return made;
    }
    if (value instanceof Error) {
      const made = keep(Object.create(Object.getPrototypeOf(value)));
      for (const key of ["name", "message", "stack", "cause"]) if (Object.hasOwn(value, key)) Object.defineProperty(made, key, { value: copy(value[key], seen), writable: true, configurable: true });
      return made;
    }
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef) throw refuse(value);
    const made = keep(Array.isArray(value) ? new Array(value.length) : {});
    for (const key of Object.keys(value)) made[key] = copy(value[key], seen);
    return made;
  };

  // The copy as plain values, which is all that leaves the plugin: a date as ISO text, a map as
  // an object or as a list of pairs, a set as a list, typed arrays as bytes.
  const toPlain = (value) => plain(value, []);
  const plain = (value, path) => {
    if (typeof value === "function" || typeof value === "symbol") throw refuse(value);
    if (typeof value === "bigint") throw new DOMException("a BigInt could not be cloned: it has no plain form", "DataCloneError");
    if (value === null || typeof value !== "object") return value;
    if (path.includes(value)) throw new DOMException("a value that contains itself could not be cloned", "DataCloneError");
    const inner = [...path, value];
    const each = (item) => plain(item, inner);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof ArrayBuffer || isView(value)) return structured(value);
    if (value instanceof Map) {
      const rows = [...value];
      if (rows.every(([key]) => typeof key === "string")) return Object.fromEntries(rows.map(([key, item]) => [key, each(item)]));
      return rows.map(([key, item]) => [each(key), each(item)]);
    }
    if (value instanceof Set) return Array.from(value, each);
    if (value instanceof RegExp) return String(value);
    if (value instanceof Error) return { name: value.name, message: value.message };
    if (value instanceof Boolean || value instanceof Number || value instanceof String) return value.valueOf();
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef) throw refuse(value);
    if (Array.isArray(value)) return value.map(each);
    const methods = methodOf(value);
    if (methods !== undefined) throw refuse(value);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, each(item)]));
  };

  // The name of a method that an instance of a class has; nothing for plain objects.
  const methodOf = (value) => {
    for (let prototype = Object.getPrototypeOf(value); prototype !== null && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
      const found = Object.getOwnPropertyNames(prototype).find((name) => name !== "constructor" && typeof Object.getOwnPropertyDescriptor(prototype, name).value === "function");
      if (found !== undefined) return found;
    }
    return undefined;
  };
  part.exports.clone = { structured, toPlain };
});
