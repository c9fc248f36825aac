// Files, through the host, which looks at every path. Only what the host can do: no descriptors,
// no links, no watching.
(function (core, part) {
  "use strict";
  const { fs } = core.natives;
  const { Buffer } = core.use("node/buffer");
  const EventEmitter = core.use("node/events");
  const paths = core.use("node/path");

  const fail = (code, call, path, words) => {
    const error = new Error(`${code}: ${words}, ${call} '${path}'`);
    return Object.assign(error, { code, syscall: call, path, errno: -(core.use("node/os").constants.errno[code] ?? 1) });
  };

  const toPath = (path) => {
    if (path instanceof URL) return core.use("node/url").fileURLToPath(path);
    if (Buffer.isBuffer(path)) return path.toString();
    if (typeof path === "string" && !path.includes("\0")) return paths.resolve(path);
    throw Object.assign(new TypeError('The "path" argument must be of type string or an instance of Buffer or URL.'), { code: "ERR_INVALID_ARG_TYPE" });
  };

  // The host's words as an error of Node.
  const translated = (error, call, path) => {
    const words = String(error.message);
    if (error.code) return error;
    const code = /not allowed/i.test(words) ? "EACCES"
      : /no such file|not found|os error 2\b/i.test(words) ? "ENOENT"
      : /exists|os error 17\b/i.test(words) ? "EEXIST"
      : /not empty|os error 39\b/i.test(words) ? "ENOTEMPTY"
      : /is a directory|os error 21\b/i.test(words) ? "EISDIR"
      : /not a directory|os error 20\b/i.test(words) ? "ENOTDIR"
      : "EIO";
    return Object.assign(fail(code, call, path, words), { cause: undefined });
  };

  const host = (call, path, run) => {
    try {
      return run();
    } catch (error) {
      throw translated(error, call, path);
    }
  };

  class Stats {
    constructor(found) {
      const ms = found?.mtimeMs ?? 0;
      this._kind = found?.kind;
      Object.assign(this, { dev: 0, mode: found?.kind === "dir" ? 0o40755 : 0o100644, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096, ino: 0, size: found?.size ?? 0, blocks: Math.ceil((found?.size ?? 0) / 512) });
      for (const name of ["atime", "mtime", "ctime", "birthtime"]) {
        this[`${name}Ms`] = ms;
        this[name] = new Date(ms);
      }
      Object.defineProperty(this, "_kind", { enumerable: false });
    }
    isFile() { return this._kind === "file"; }
    isDirectory() { return this._kind === "dir"; }
    isSymbolicLink() { return false; }
    isBlockDevice() { return false; }
    isCharacterDevice() { return false; }
    isFIFO() { return false; }
    isSocket() { return false; }
  }

  class Dirent {
    constructor(name, parent, kind) { this.name = name; this.parentPath = parent; this.path = parent; Object.defineProperty(this, "_kind", { value: kind }); }
  }
  for (const name of ["isFile", "isDirectory", "isSymbolicLink", "isBlockDevice", "isCharacterDevice", "isFIFO", "isSocket"]) Dirent.prototype[name] = Stats.prototype[name];

  const encodingOf = (options) => (typeof options === "string" ? options : options?.encoding);
  const flagOf = (options) => (typeof options === "object" ? options?.flag : undefined) ?? "w";

  const find = (path, call, options) => {
    const full = toPath(path);
    const found = host(call, full, () => fs.stat(full));
    if (found) return new Stats(found);
    if (options?.throwIfNoEntry === false) return undefined;
    throw fail("ENOENT", call, full, "no such file or directory");
  };

  const bytesOf = (data, options) => {
    if (typeof data === "string") return Buffer.from(data, encodingOf(options) ?? "utf8");
    if (ArrayBuffer.isView(data)) return data;
    throw Object.assign(new TypeError('The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView.'), { code: "ERR_INVALID_ARG_TYPE" });
  };

  let count = 0;
  const sync = {
    existsSync: (path) => {
      try {
        return fs.stat(toPath(path)) !== undefined;
      } catch {
        return false;
      }
    },
    accessSync: (path) => void find(path, "access"),
    statSync: (path, options) => find(path, "stat", options),
    lstatSync: (path, options) => find(path, "lstat", options),
    readFileSync: (path, options) => {
      const full = toPath(path);
      const buffer = Buffer.from(host("open", full, () => fs.readBytes(full)));
      const encoding = encodingOf(options);
      return encoding ? buffer.toString(encoding) : buffer;
    },
    writeFileSync: (path, data, options) => {
      const full = toPath(path);
      const flag = flagOf(options);
      if (flag.includes("x") && sync.existsSync(full)) throw fail("EEXIST", "open", full, "file already exists");
      host("open", full, () => (flag.startsWith("a") ? fs.appendBytes : fs.writeBytes)(full, bytesOf(data, options)));
    },
    appendFileSync: (path, data, options) => {
      const full = toPath(path);
      host("open", full, () => fs.appendBytes(full, bytesOf(data, options)));
    },
    mkdirSync: (path, options) => {
      const full = toPath(path);
      const recursive = typeof options === "object" && options?.recursive === true;
      if (!recursive && sync.existsSync(full)) throw fail("EEXIST", "mkdir", full, "file already exists");
      const isNew = !sync.existsSync(full);
      host("mkdir", full, () => fs.makeDir(full, recursive));
      return recursive && isNew ? full : undefined;
    },
    mkdtempSync: (prefix) => {
      const full = toPath(prefix) + (String(prefix).endsWith("/") ? "/" : "") + (++count).toString(36).padStart(6, "0");
      host("mkdtemp", full, () => fs.makeDir(full, true));
      return full;
    },
    readdirSync: (path, options) => {
      const full = toPath(path);
      const stats = find(full, "scandir");
      if (!stats.isDirectory()) throw fail("ENOTDIR", "scandir", full, "not a directory");
      const names = [...host("scandir", full, () => fs.listDir(full))].sort();
      const rows = options?.recursive
        ? names.flatMap((name) => [name, ...(isFolder(paths.join(full, name)) ? sync.readdirSync(paths.join(full, name), { recursive: true }).map((inner) => paths.join(name, inner)) : [])])
        : names;
      if (!options?.withFileTypes) return rows;
      return rows.map((name) => new Dirent(paths.basename(name), paths.dirname(paths.join(full, name)), fs.stat(paths.join(full, name))?.kind));
    },
    unlinkSync: (path) => {
      const full = toPath(path);
      if (find(full, "unlink").isDirectory()) throw fail("EISDIR", "unlink", full, "illegal operation on a directory");
      host("unlink", full, () => fs.remove(full, false));
    },
    rmdirSync: (path, options) => {
      const full = toPath(path);
      if (!find(full, "rmdir").isDirectory()) throw fail("ENOTDIR", "rmdir", full, "not a directory");
      host("rmdir", full, () => fs.remove(full, options?.recursive === true));
    },
    rmSync: (path, options) => {
      const full = toPath(path);
      const stats = find(full, "rm", { throwIfNoEntry: !options?.force });
      if (!stats) return;
      if (stats.isDirectory() && !options?.recursive) throw Object.assign(fail("EISDIR", "rm", full, "is a directory"), { code: "ERR_FS_EISDIR" });
      host("rm", full, () => fs.remove(full, options?.recursive === true));
    },
    renameSync: (from, to) => {
      const [a, b] = [toPath(from), toPath(to)];
      host("rename", a, () => fs.rename(a, b));
    },
    copyFileSync: (from, to, mode) => {
      const [a, b] = [toPath(from), toPath(to)];
      if (mode & 1 && sync.existsSync(b)) throw fail("EEXIST", "copyfile", b, "file already exists");
      host("copyfile", a, () => fs.copy(a, b));
    },
    cpSync: (from, to, options) => {
      const [a, b] = [toPath(from), toPath(to)];
      if (!isFolder(a)) return sync.copyFileSync(a, b);
      if (!options?.recursive) throw fail("EISDIR", "cp", a, "is a directory");
      sync.mkdirSync(b, { recursive: true });
      for (const name of sync.readdirSync(a)) sync.cpSync(paths.join(a, name), paths.join(b, name), options);
    },
    truncateSync: (path, length = 0) => sync.writeFileSync(path, Buffer.concat([sync.readFileSync(path)], length)),
    realpathSync: (path) => (find(path, "realpath"), toPath(path)),
    chmodSync: (path) => void find(path, "chmod"),
    utimesSync: (path) => void find(path, "utimes"),
  };
  const isFolder = (path) => fs.stat(path)?.kind === "dir";

  const exports = { ...sync };
  const promises = {};
  // Each comes in three forms.
  for (const [name, run] of Object.entries(sync)) {
    const short = name.slice(0, -4);
    promises[short] = async (...args) => run(...args);
    exports[short] = (...args) => {
      const callback = args.pop();
      if (typeof callback !== "function") throw Object.assign(new TypeError('The "cb" argument must be of type function.'), { code: "ERR_INVALID_ARG_TYPE" });
      let answer;
      try {
        const value = run(...args);
        answer = short === "exists" ? [value] : [null, value];
      } catch (error) {
        answer = [error];
      }
      globalThis.setImmediate(callback, ...answer);
    };
  }
  delete promises.exists;
  exports.exists[Symbol.for("nodejs.util.promisify.custom")] = async (path) => sync.existsSync(path);
  exports.realpath.native = exports.realpath;
  exports.realpathSync.native = exports.realpathSync;

  const REFUSED = ["open", "openSync", "read", "readSync", "write", "writeSync", "close", "closeSync", "fstat", "fstatSync", "watch", "watchFile", "unwatchFile", "symlink", "symlinkSync", "link", "linkSync", "readlink", "readlinkSync", "chown", "chownSync", "opendir", "opendirSync", "statfs", "statfsSync"];
  for (const name of REFUSED) {
    const refuse = () => {
      throw Object.assign(new Error(`fs.${name} is not available to plugins; whole files can be read and written`), { code: "ENOSYS", syscall: name });
    };
    exports[name] = refuse;
    if (!name.endsWith("Sync") && name !== "watchFile" && name !== "unwatchFile") promises[name] = async () => refuse();
  }

  const constants = { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1, COPYFILE_EXCL: 1, O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024, S_IFMT: 61440, S_IFREG: 32768, S_IFDIR: 16384, S_IFLNK: 40960 };
  promises.constants = constants;
  Object.assign(exports, { constants, promises, Stats, Dirent, ...{ F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 } });

  exports.createReadStream = (path, options) => {
    const { Readable } = core.use("node/stream");
    const stream = new Readable({ encoding: encodingOf(options), read() {} });
    Object.assign(stream, { path, bytesRead: 0 });
    globalThis.setImmediate(() => {
      try {
        const full = toPath(path);
        const start = options?.start ?? 0;
        // The end is part of it. Only the part is read: a log may be large, and its end new.
        const length = options?.end === undefined ? undefined : Math.max(0, options.end + 1 - start);
        const wanted = Buffer.from(host("open", full, () => fs.readBytes(full, start, length)));
        stream.emit("open", 0);
        stream.emit("ready");
        stream.bytesRead = wanted.length;
        stream.push(wanted);
        stream.push(null);
      } catch (error) {
        stream.destroy(error);
      }
    });
    return stream;
  };
  exports.createWriteStream = (path, options) => {
    const { Writable } = core.use("node/stream");
    let flag = flagOf(options);
    const stream = new Writable({
      write(chunk, _encoding, done) {
        try {
          sync.writeFileSync(path, chunk, { flag });
          flag = "a";
          stream.bytesWritten += chunk.length;
          done();
        } catch (error) {
          done(error);
        }
      },
      final(done) {
        try {
          if (flag !== "a") sync.writeFileSync(path, "", { flag });
          done();
        } catch (error) {
          done(error);
        }
      },
    });
    return Object.assign(stream, { path, bytesWritten: 0 });
  };
  function ReadStream(path, options) { return exports.createReadStream(path, options); }
  function WriteStream(path, options) { return exports.createWriteStream(path, options); }
  for (const one of [ReadStream, WriteStream]) Object.setPrototypeOf(one.prototype, EventEmitter.prototype);
  Object.assign(exports, { ReadStream, WriteStream, FileReadStream: ReadStream, FileWriteStream: WriteStream });
  part.exports = exports;
});
