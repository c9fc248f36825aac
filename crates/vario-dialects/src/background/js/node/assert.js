(function (core, part) {
  "use strict";
  const util = core.use("node/util");
  class AssertionError extends Error {
    constructor(options) {
      super(options.message ?? `${util.inspect(options.actual)} ${options.operator} ${util.inspect(options.expected)}`);
      this.name = "AssertionError";
      this.code = "ERR_ASSERTION";
      this.generatedMessage = !options.message;
      this.actual = options.actual;
      this.expected = options.expected;
      this.operator = options.operator;
    }
  }
  const check = (holds, actual, expected, operator, message) => {
    if (holds) return;
    if (message instanceof Error) throw message;
    throw new AssertionError({ message, actual, expected, operator });
  };
  const make = (isStrict) => {
    const same = (a, b) => (isStrict ? Object.is(a, b) : a == b || (a !== a && b !== b));
    const deep = (a, b) => (isStrict ? util.isDeepStrictEqual(a, b) : util.looselyEqual(a, b));
    const ok = (value, message) => check(value, value, true, "==", message ?? (value ? undefined : "The expression evaluated to a falsy value"));
    const assert = (value, message) => ok(value, message);
    const fits = (error, expected, message) => {
      if (expected === undefined || typeof expected === "string") return;
      if (expected instanceof RegExp) return check(expected.test(String(error)), error, expected, "throws", message);
      if (typeof expected === "function") {
        if (expected.prototype !== undefined && error instanceof expected) return;
        if (Error.isPrototypeOf(expected)) throw error;
        return check(expected.call({}, error) === true, error, expected, "throws", message);
      }
      for (const key of Object.keys(expected)) {
        const wanted = expected[key];
        check(wanted instanceof RegExp && typeof error[key] === "string" ? wanted.test(error[key]) : util.isDeepStrictEqual(error[key], wanted), error, expected, "throws", message);
      }
    };
    const missing = (message, expected) => new AssertionError({ message: (typeof expected === "string" ? expected : message) ?? "Missing expected exception.", operator: "throws" });
    return Object.assign(assert, {
      AssertionError, ok,
      fail: (message) => { throw message instanceof Error ? message : new AssertionError({ message: message ?? "Failed", operator: "fail" }); },
      equal: (a, b, message) => check(same(a, b), a, b, isStrict ? "strictEqual" : "==", message),
      notEqual: (a, b, message) => check(!same(a, b), a, b, isStrict ? "notStrictEqual" : "!=", message),
      strictEqual: (a, b, message) => check(Object.is(a, b), a, b, "strictEqual", message),
      notStrictEqual: (a, b, message) => check(!Object.is(a, b), a, b, "notStrictEqual", message),
      deepEqual: (a, b, message) => check(deep(a, b), a, b, "deepEqual", message),
      notDeepEqual: (a, b, message) => check(!deep(a, b), a, b, "notDeepEqual", message),
      deepStrictEqual: (a, b, message) => check(util.isDeepStrictEqual(a, b), a, b, "deepStrictEqual", message),
      notDeepStrictEqual: (a, b, message) => check(!util.isDeepStrictEqual(a, b), a, b, "notDeepStrictEqual", message),
      match: (text, pattern, message) => check(pattern.test(text), text, pattern, "match", message),
      doesNotMatch: (text, pattern, message) => check(!pattern.test(text), text, pattern, "doesNotMatch", message),
      ifError: (value) => { if (value !== null && value !== undefined) throw value; },
      throws: (run, expected, message) => {
        try { run(); } catch (error) { return fits(error, expected, message); }
        throw missing(message, expected);
      },
      doesNotThrow: (run) => void run(),
      rejects: async (promise, expected, message) => {
        try { await (typeof promise === "function" ? promise() : promise); } catch (error) { return fits(error, expected, message); }
        throw missing(message, expected);
      },
      doesNotReject: async (promise) => void (await (typeof promise === "function" ? promise() : promise)),
    });
  };
  const strict = make(true);
  const assert = make(false);
  assert.strict = strict.strict = strict;
  part.exports = assert;
});
