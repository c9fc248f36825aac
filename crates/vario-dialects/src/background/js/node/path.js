(function (core, part) {
  "use strict";
  const text = (path) => {
    if (typeof path === "string") return path;
    throw Object.assign(new TypeError(`The "path" argument must be of type string. Received ${typeof path}`), { code: "ERR_INVALID_ARG_TYPE" });
  };

  const make = (sep, isWindows) => {
    const isSlash = (letter) => letter === "/" || (isWindows && letter === "\\");
    const pieces = (path) => path.split(isWindows ? /[\\/]+/ : /\/+/);
    const drive = (path) => (isWindows ? (/^[A-Za-z]:/.exec(path)?.[0] ?? "") : "");

    const squeeze = (path, absolute) => {
      const kept = [];
      for (const piece of pieces(path)) {
        if (piece === "" || piece === ".") continue;
        if (piece !== "..") kept.push(piece);
        else if (kept.length && kept.at(-1) !== "..") kept.pop();
        else if (!absolute) kept.push("..");
      }
      return kept.join(sep);
    };

    const isAbsolute = (path) => isSlash(text(path)[0]) || (isWindows && /^[A-Za-z]:[\\/]/.test(path));

    const normalize = (path) => {
      if (text(path) === "") return ".";
      const device = drive(path);
      const rest = path.slice(device.length);
      const absolute = isSlash(rest[0]);
      const body = squeeze(rest, absolute);
      const tail = body !== "" && isSlash(rest.at(-1)) ? sep : "";
      const whole = device + (absolute ? sep : "") + body + tail;
      return whole === "" ? "." : whole === device ? `${device}.` : whole;
    };

    const join = (...paths) => {
      const given = paths.map(text).filter((path) => path !== "");
      return given.length ? normalize(given.join(sep)) : ".";
    };

    const resolve = (...paths) => {
      let found = "";
      for (const path of [core.info.dataDir, ...paths]) {
        if (text(path) === "") continue;
        found = isAbsolute(path) ? path : found === "" ? path : found + sep + path;
      }
      const whole = normalize(found);
      return whole.length > 1 && isSlash(whole.at(-1)) && !/^[A-Za-z]:\\$/.test(whole) ? whole.slice(0, -1) : whole;
    };

    const dirname = (path) => {
      let end = text(path).length;
      while (end > 1 && isSlash(path[end - 1])) end -= 1;
      while (end > 0 && !isSlash(path[end - 1])) end -= 1;
      while (end > 1 && isSlash(path[end - 1]) && !(isWindows && path[end - 2] === ":")) end -= 1;
      return end === 0 ? "." : path.slice(0, end);
    };

    const basename = (path, ending) => {
      let end = text(path).length;
      while (end > 0 && isSlash(path[end - 1])) end -= 1;
      let start = end;
      while (start > 0 && !isSlash(path[start - 1])) start -= 1;
      const name = path.slice(start, end);
      return ending && name !== ending && name.endsWith(ending) ? name.slice(0, -ending.length) : name;
    };

    const extname = (path) => {
      const name = basename(path);
      const dot = name.lastIndexOf(".");
      return dot > 0 ? name.slice(dot) : "";
    };

    const relative = (from, to) => {
      const [a, b] = [resolve(from), resolve(to)].map((path) => pieces(path).filter((piece) => piece !== ""));
      const same = (x, y) => (isWindows ? x.toLowerCase() === y.toLowerCase() : x === y);
      let common = 0;
      while (common < a.length && common < b.length && same(a[common], b[common])) common += 1;
      return [...a.slice(common).map(() => ".."), ...b.slice(common)].join(sep);
    };

    const parse = (path) => {
      const device = drive(text(path));
      const root = isSlash(path[device.length]) ? device + path[device.length] : device;
      const base = basename(path.slice(root.length));
      const ext = extname(base);
      const dir = path.length > root.length ? dirname(path) : root;
      return { root, dir: dir === "." && !path.startsWith(".") ? "" : dir, base, ext, name: ext ? base.slice(0, -ext.length) : base };
    };

    const format = (parts) => {
      const ext = parts.ext ? (parts.ext.startsWith(".") ? parts.ext : `.${parts.ext}`) : "";
      const base = parts.base ?? (parts.name ?? "") + ext;
      const dir = parts.dir ?? parts.root;
      return !dir ? base : dir === parts.root ? dir + base : dir + sep + base;
    };

    return {
      sep, delimiter: isWindows ? ";" : ":", isAbsolute, normalize, join, resolve, dirname, basename, extname, relative, parse, format,
      toNamespacedPath: (path) => path,
      matchesGlob: () => { throw new Error("path.matchesGlob is not available to plugins"); },
    };
  };

  const posix = make("/", false);
  const win32 = make("\\", true);
  for (const one of [posix, win32]) Object.assign(one, { posix, win32 });
  part.exports = core.info.app?.platform === "windows" ? win32 : posix;
});
