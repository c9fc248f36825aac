(function (core, part) {
  "use strict";
  const custom = Symbol.for("nodejs.util.inspect.custom");
  const promisified = Symbol.for("nodejs.util.promisify.custom");
  const MAX_ITEMS = 100;
  const MAX_TEXT = 16384;

  const tag = (value) => Object.prototype.toString.call(value).slice(8, -1);
  const types = {
    isAnyArrayBuffer: (value) => ["ArrayBuffer", "SharedArrayBuffer"].includes(tag(value)),
    isArrayBuffer: (value) => value instanceof ArrayBuffer,
    isSharedArrayBuffer: (value) => tag(value) === "SharedArrayBuffer",
    isArrayBufferView: ArrayBuffer.isView,
    isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
    isUint8Array: (value) => value instanceof Uint8Array,
    isDataView: (value) => value instanceof DataView,
    isDate: (value) => value instanceof Date,
    isRegExp: (value) => value instanceof RegExp,
    isMap: (value) => value instanceof Map,
    isSet: (value) => value instanceof Set,
    isWeakMap: (value) => value instanceof WeakMap,
    isWeakSet: (value) => value instanceof WeakSet,
    isPromise: (value) => value instanceof Promise,
    isNativeError: (value) => value instanceof Error,
    isAsyncFunction: (value) => typeof value === "function" && tag(value) === "AsyncFunction",
    isGeneratorFunction: (value) => typeof value === "function" && tag(value).endsWith("GeneratorFunction"),
    isGeneratorObject: (value) => tag(value) === "Generator",
    isProxy: () => false,
    isBoxedPrimitive: (value) => value instanceof Number || value instanceof String || value instanceof Boolean,
    isSymbolObject: (value) => typeof value === "object" && value instanceof Symbol,
    isStringObject: (value) => value instanceof String,
    isNumberObject: (value) => value instanceof Number,
    isModuleNamespaceObject: (value) => tag(value) === "Module",
    isExternal: () => false,
    isKeyObject: () => false,
    isCryptoKey: () => false,
  };

  const quote = (text) => {
    const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes("`") ? "`" : "'";
    const body = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
    return mark + (mark === "'" ? body.replaceAll("'", "\\'") : body) + mark;
  };

  const keyText = (key) => (typeof key === "symbol" ? `[${String(key)}]` : /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key));

  function inspect(value, options, ...old) {
    if (typeof options === "boolean") options = { showHidden: options, depth: old[0] };
    const settings = { depth: 2, breakLength: 80, compact: 3, maxArrayLength: MAX_ITEMS, ...options };
    if (settings.depth === null) settings.depth = Infinity;
    return show(value, settings, 0, []);
  }

  const show = (value, settings, depth, path) => {
    switch (typeof value) {
      case "string": return depth === 0 && settings.top ? value : quote(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}...` : value);
      case "number": return Object.is(value, -0) ? "-0" : String(value);
      case "bigint": return `${value}n`;
      case "symbol":
      case "boolean":
      case "undefined": return String(value);
      case "function": {
        const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "Function";
        const base = value.name ? `[${kind}${kind === "class" ? "" : ":"} ${value.name}]` : `[${kind} (anonymous)]`;
        const keys = Object.keys(value);
        return keys.length && depth <= settings.depth ? `${base} ${object(value, keys, settings, depth, path)}` : base;
      }
      default:
    }
    if (value === null) return "null";
    if (path.includes(value)) return "[Circular *1]";
    const hook = value[custom];
    if (typeof hook === "function" && hook !== inspect) {
      const shown = hook.call(value, settings.depth - depth, settings, inspect);
      return typeof shown === "string" ? shown : show(shown, settings, depth, [...path, value]);
    }
    if (value instanceof Error) return errorText(value, settings, depth, path);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    if (value instanceof RegExp) return String(value);
    if (value instanceof Promise) return "Promise { <pending> }";
    if (value instanceof WeakMap || value instanceof WeakSet) return `${tag(value)} { <items unknown> }`;
    if (types.isBoxedPrimitive(value)) return `[${tag(value)}: ${show(value.valueOf(), settings, depth + 1, path)}]`;
    const name = value.constructor?.name;
    if (depth > settings.depth) return Array.isArray(value) ? "[Array]" : `[${name ?? "Object: null prototype"}]`;
    const inner = [...path, value];
    if (Array.isArray(value)) return list(value, "", settings, depth, inner);
    if (types.isTypedArray(value)) return list(value, `${name}(${value.length}) `, settings, depth, inner);
    if (value instanceof ArrayBuffer) return `ArrayBuffer { byteLength: ${value.byteLength} }`;
    if (value instanceof Map) {
      const rows = Array.from(value, ([key, item]) => `${show(key, settings, depth + 1, inner)} => ${show(item, settings, depth + 1, inner)}`);
      return wrap(`Map(${value.size}) {`, rows, "}", settings, depth);
    }
    if (value instanceof Set) {
      const rows = Array.from(value, (item) => show(item, settings, depth + 1, inner));
      return wrap(`Set(${value.size}) {`, rows, "}", settings, depth);
    }
    const keys = [...Object.keys(value), ...Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key))];
    const prefix = name === undefined ? "[Object: null prototype] " : name === "Object" ? "" : `${name} `;
    return prefix + object(value, keys, settings, depth, inner);
  };

  const object = (value, keys, settings, depth, path) => {
    const rows = keys.slice(0, MAX_ITEMS * 10).map((key) => {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (property?.get) return `${keyText(key)}: [${property.set ? "Getter/Setter" : "Getter"}]`;
      return `${keyText(key)}: ${show(property ? property.value : value[key], settings, depth + 1, path)}`;
    });
    return wrap("{", rows, "}", settings, depth);
  };

  const list = (value, prefix, settings, depth, path) => {
    const max = settings.maxArrayLength ?? Infinity;
    const rows = [];
    for (let at = 0; at < Math.min(value.length, max); at++) rows.push(at in value ? show(value[at], settings, depth + 1, path) : "<empty>");
    if (value.length > max) rows.push(`... ${value.length - max} more items`);
    return wrap(`${prefix}[`, rows, "]", settings, depth);
  };

  const wrap = (open, rows, close, settings, depth) => {
    if (rows.length === 0) return open + close;
    const line = `${open} ${rows.join(", ")} ${close}`;
    if (settings.compact === false || line.length + depth * 2 > settings.breakLength || line.includes("\n")) {
      const indent = "  ".repeat(depth + 1);
      return `${open}\n${indent}${rows.join(`,\n${indent}`)}\n${"  ".repeat(depth)}${close}`;
    }
    return line;
  };

  const errorText = (error, settings, depth, path) => {
    let text = core.use("base/errors").withStack(error, false);
    const keys = Object.keys(error).filter((key) => key !== "stack" && key !== "message");
    if (keys.length && depth <= settings.depth) text += ` ${object(error, keys, settings, depth, [...path, error])}`;
    if (error.cause !== undefined && depth <= settings.depth) text += `\n  [cause]: ${show(error.cause, settings, depth + 1, [...path, error])}`;
    return text;
  };

  inspect.custom = custom;
  inspect.defaultOptions = { depth: 2 };
  inspect.colors = {};
  inspect.styles = {};

  const plain = (value) => (typeof value === "string" ? value : inspect(value));

  function formatWithOptions(options, ...args) {
    if (typeof args[0] !== "string") return args.map(plain).join(" ");
    let next = 1;
    const text = args[0].replace(/%[sdifjoOc%]/g, (mark) => {
      if (mark === "%%") return "%";
      if (next >= args.length) return mark;
      const value = args[next++];
      switch (mark) {
        case "%s": return typeof value === "string" ? value : typeof value === "object" && value !== null ? inspect(value, { depth: 0 }) : typeof value === "bigint" ? `${value}n` : String(value);
        case "%d": return typeof value === "bigint" ? `${value}n` : typeof value === "symbol" ? "NaN" : String(Number(value));
        case "%i": return String(Number.parseInt(value, 10));
        case "%f": return String(Number.parseFloat(value));
        case "%j": try { return JSON.stringify(value); } catch { return "[Circular]"; }
        case "%c": return "";
        default: return inspect(value, options);
      }
    });
    return [text, ...args.slice(next).map(plain)].join(" ");
  }

  const inherits = (child, parent) => {
    Object.defineProperty(child, "super_", { value: parent, writable: true, configurable: true });
    Object.setPrototypeOf(child.prototype, parent.prototype);
  };

  const promisify = (original) => {
    if (typeof original !== "function") throw new TypeError('The "original" argument must be of type function');
    if (original[promisified]) return original[promisified];
    const wrapped = function (...args) {
      return new Promise((resolve, reject) => {
        original.call(this, ...args, (error, value) => (error ? reject(error) : resolve(value)));
      });
    };
    Object.setPrototypeOf(wrapped, Object.getPrototypeOf(original));
    Object.defineProperty(wrapped, promisified, { value: wrapped });
    return Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  };
  promisify.custom = promisified;

  const callbackify = (original) =>
    function (...args) {
      const callback = args.pop();
      original.apply(this, args).then(
        (value) => globalThis.process.nextTick(callback, null, value),
        (error) => globalThis.process.nextTick(callback, error ?? new Error("rejected without a reason")),
      );
    };

  const isDeepStrictEqual = (a, b, strict = true, seen = []) => {
    if (strict ? Object.is(a, b) : a == b || (a !== a && b !== b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (tag(a) !== tag(b)) return false;
    if (seen.some(([x, y]) => x === a && y === b)) return true;
    const path = [...seen, [a, b]];
    const same = (x, y) => isDeepStrictEqual(x, y, strict, path);
    if (a instanceof Date) return a.getTime() === b.getTime();
    if (a instanceof RegExp) return String(a) === String(b);
    if (a instanceof Error && (a.message !== b.message || a.name !== b.name)) return false;
    if (types.isBoxedPrimitive(a)) return Object.is(a.valueOf(), b.valueOf());
    if (a instanceof Map) {
      if (a.size !== b.size) return false;
      return [...a].every(([key, value]) => (b.has(key) ? same(value, b.get(key)) : [...b].some(([k, v]) => same(key, k) && same(value, v))));
    }
    if (a instanceof Set) return a.size === b.size && [...a].every((item) => b.has(item) || [...b].some((other) => same(item, other)));
    if (Array.isArray(a) && a.length !== b.length) return false;
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
  };

  const isType = (name) => (value) => typeof value === name;

  part.exports = {
    inspect,
    format: (...args) => formatWithOptions({}, ...args),
    formatWithOptions,
    inherits,
    promisify,
    callbackify,
    deprecate: (callback) => callback,
    debuglog: () => Object.assign(() => {}, { enabled: false }),
    debug: () => Object.assign(() => {}, { enabled: false }),
    isDeepStrictEqual: (a, b) => isDeepStrictEqual(a, b),
    looselyEqual: (a, b) => isDeepStrictEqual(a, b, false),
    types,
    stripVTControlCharacters: (text) => String(text).replace(/\u001b\[[0-9;]*[A-Za-z]/g, ""),
    styleText: (_style, text) => text,
    toUSVString: (text) => String(text).toWellFormed(),
    aborted: (signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
    getSystemErrorName: (number) => Object.entries(core.use("node/os").constants.errno).find(([, known]) => known === -number)?.[0],
    isArray: Array.isArray,
    isBoolean: isType("boolean"),
    isNumber: isType("number"),
    isString: isType("string"),
    isSymbol: isType("symbol"),
    isUndefined: isType("undefined"),
    isFunction: isType("function"),
    isNull: (value) => value === null,
    isNullOrUndefined: (value) => value === null || value === undefined,
    isObject: (value) => value !== null && typeof value === "object",
    isPrimitive: (value) => value === null || (typeof value !== "object" && typeof value !== "function"),
    isRegExp: types.isRegExp,
    isDate: types.isDate,
    isError: types.isNativeError,
    isBuffer: (value) => core.use("node/buffer").Buffer.isBuffer(value),
    _extend: (target, source) => Object.assign(target, source),
  };
  for (const name of ["TextEncoder", "TextDecoder"]) {
    Object.defineProperty(part.exports, name, { get: () => core.use("web/encoding")[name], enumerable: true, configurable: true });
  }
});
