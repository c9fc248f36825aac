// Databases in the shape of better-sqlite3: every call waits for its answer.
(function (core, part) {
  "use strict";
  const { database } = core.natives;
  const { Buffer } = core.use("node/buffer");

  class SqliteError extends Error {
    constructor(message, code) {
      super(message);
      this.name = "SqliteError";
      this.code = code;
    }
  }

  // The host puts SQLite's code before its words; what it says by itself has the types that
  // better-sqlite3 gives it.
  const RANGE = /^(?:Too (?:few|many) parameter values|Missing named parameter|The supplied SQL string)|is too large/;
  const ask = (run) => {
    try {
      return run();
    } catch (error) {
      const found = /^(SQLITE_[A-Z_]+): ?(.*)$/s.exec(error.message);
      if (found) throw new SqliteError(found[2], found[1]);
      throw RANGE.test(error.message) ? new RangeError(error.message) : error;
    }
  };

  const typeError = (words) => new TypeError(words);

  const bindable = (value) => {
    switch (typeof value) {
      case "number":
      case "string": return value;
      case "bigint": {
        if (value < -(2n ** 63n) || value >= 2n ** 63n) throw new RangeError("The bound string, buffer, or bigint is too big");
        return [String(value)];
      }
      case "object":
        if (value === null) return null;
        if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value;
        break;
      default:
    }
    throw typeError("SQLite3 can only bind numbers, strings, bigints, buffers, and null");
  };

  const isNamed = (value) => value !== null && typeof value === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(value));

  // Positional values and lists of them, or one object of names.
  const parameters = (source, given) => {
    const named = given.filter(isNamed);
    if (named.length > 1) throw typeError("You cannot specify named parameters in two different objects");
    const positional = given.filter((value) => !isNamed(value)).flat().map(bindable);
    if (named.length === 0) return positional;
    // What the statement does not name is not looked at.
    const names = new Set(Array.from(source.matchAll(/[@:$](\w+)/g), ([, name]) => name));
    const used = Object.entries(named[0]).filter(([name]) => names.has(name));
    const byName = Object.fromEntries(used.map(([name, value]) => [name, bindable(value)]));
    return positional.length === 0 ? byName : [...positional, byName];
  };

  // Integers come as a list of their digits where BigInts are wanted.
  const shown = (value) => {
    if (Array.isArray(value)) return BigInt(value[0]);
    if (value instanceof ArrayBuffer) return Buffer.from(value);
    if (value instanceof Uint8Array && !Buffer.isBuffer(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return value === undefined ? null : value;
  };

  class Statement {
    #number;
    #columns;
    #bound;
    #mode = "object";
    #whole;
    constructor(db, sql, prepared) {
      this.database = db;
      this.source = sql;
      this.reader = Boolean(prepared.reader);
      this.readonly = Boolean(prepared.reader);
      this.busy = false;
      this.#number = prepared.statement;
      this.#whole = db._whole;
      this.#columns = prepared.columns ?? [];
    }
    #params(given) {
      this.database._check();
      if (this.#bound === undefined) return parameters(this.source, given);
      if (given.length) throw typeError("This statement already has bound parameters");
      return this.#bound;
    }
    #reads() {
      if (!this.reader) throw typeError("This statement does not return data. Use run() instead");
    }
    #row(values) {
      if (this.#mode === "pluck") return shown(values[0]);
      if (this.#mode === "raw") return values.map(shown);
      if (this.#mode === "expand") {
        const row = {};
        this.#columns.forEach((column, place) => { (row[column.table ?? "$"] ??= {})[column.name] = shown(values[place]); });
        return row;
      }
      const row = {};
      this.#columns.forEach((column, place) => { row[column.name] = shown(values[place]); });
      return row;
    }
    run(...given) {
      const params = this.#params(given);
      const { changes, lastInsertRowid } = ask(() => database.run(this.#number, params, this.#whole));
      return { changes, lastInsertRowid: shown(lastInsertRowid) };
    }
    get(...given) {
      this.#reads();
      const params = this.#params(given);
      const values = ask(() => database.get(this.#number, params, this.#whole));
      return values === undefined || values === null ? undefined : this.#row(values);
    }
    all(...given) {
      this.#reads();
      const params = this.#params(given);
      return ask(() => database.all(this.#number, params, this.#whole)).map((values) => this.#row(values));
    }
    *#walk(params) {
      const cursor = ask(() => database.iterate(this.#number, params));
      this.busy = true;
      try {
        for (;;) {
          const rows = ask(() => database.next(cursor, this.#whole));
          if (rows.length === 0) return;
          for (const values of rows) yield this.#row(values);
        }
      } finally {
        this.busy = false;
        ask(() => database.end(cursor));
      }
    }
    iterate(...given) {
      this.#reads();
      return this.#walk(this.#params(given));
    }
    #toggle(mode, on) {
      this.#reads();
      this.#mode = on ? mode : "object";
      return this;
    }
    pluck(on = true) { return this.#toggle("pluck", on); }
    raw(on = true) { return this.#toggle("raw", on); }
    expand(on = true) { return this.#toggle("expand", on); }
    safeIntegers(on = true) {
      this.#whole = Boolean(on);
      return this;
    }
    columns() {
      this.#reads();
      return this.#columns.map((column) => ({ name: column.name, column: column.column ?? null, table: column.table ?? null, database: column.table ? "main" : null, type: column.type ?? null }));
    }
    bind(...given) {
      if (this.#bound !== undefined) throw typeError("The bind() method can only be invoked once per statement object");
      this.#bound = parameters(this.source, given);
      return this;
    }
  }

  class Database {
    #number;
    #open = true;
    _whole = false;
    constructor(name) {
      if (typeof name !== "string" || name === "" || /[\\/\0]/.test(name) || name.includes("..")) throw typeError(`"${name}" is no name of a database: it is a file name without folders`);
      this.name = name;
      this.memory = false;
      this.readonly = false;
      this.#number = ask(() => database.open(name));
      opened.add(this);
    }
    get open() { return this.#open; }
    get inTransaction() { return this.#open && Boolean(ask(() => database.state(this.#number)).inTransaction); }
    _check() {
      if (!this.#open) throw typeError("The database connection is not open");
    }
    exec(sql) {
      this._check();
      ask(() => database.exec(this.#number, String(sql)));
      return this;
    }
    prepare(sql) {
      this._check();
      if (typeof sql !== "string") throw typeError("Expected first argument to be a string");
      return new Statement(this, sql, ask(() => database.prepare(this.#number, sql)));
    }
    pragma(source, options) {
      const statement = this.prepare(`PRAGMA ${source}`);
      if (!statement.reader) {
        statement.run();
        return options?.simple ? undefined : [];
      }
      return options?.simple ? statement.pluck().get() : statement.all();
    }
    transaction(run) {
      if (typeof run !== "function") throw typeError("Expected first argument to be a function");
      const db = this;
      const wrap = (begin) => function (...args) {
        const isInner = db.inTransaction;
        const [start, commit, back] = isInner ? ["SAVEPOINT `\t_bs3.\t`", "RELEASE `\t_bs3.\t`", "ROLLBACK TO `\t_bs3.\t`"] : [begin, "COMMIT", "ROLLBACK"];
        db.exec(start);
        try {
          const result = run.apply(this, args);
          if (typeof result?.then === "function") throw typeError("Transaction function cannot return a promise");
          db.exec(commit);
          return result;
        } catch (error) {
          if (db.inTransaction) {
            db.exec(back);
            if (isInner) db.exec(commit);
          }
          throw error;
        }
      };
      const made = wrap("BEGIN");
      for (const kind of ["deferred", "immediate", "exclusive"]) made[kind] = wrap(`BEGIN ${kind.toUpperCase()}`);
      made.default = made;
      made.database = this;
      return made;
    }
    close() {
      if (!this.#open) return this;
      this.#open = false;
      opened.delete(this);
      ask(() => database.close(this.#number));
      return this;
    }
    defaultSafeIntegers(on = true) {
      this._whole = Boolean(on);
      return this;
    }
    unsafeMode() { return this; }
    function() { throw typeError("functions of a database's own are not available here"); }
    aggregate() { return this.function(); }
    table() { return this.function(); }
    loadExtension() { throw typeError("extensions are not available here"); }
    backup() { return Promise.reject(typeError("backup() is not available here")); }
    serialize() { throw typeError("serialize() is not available here"); }
  }
  Database.SqliteError = SqliteError;
  const opened = new Set();

  part.exports = { open: (name) => new Database(name), clear: () => { for (const db of [...opened]) db.close(); }, Database, SqliteError };
});
