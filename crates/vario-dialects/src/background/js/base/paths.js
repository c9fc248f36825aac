// Paths of the plugin's folder: relative to it, with "/".
(function (core, part) {
  "use strict";
  const { pluginDir } = core.info;
  const isWindows = core.info.app?.platform === "windows";
  const separator = isWindows ? "\\" : "/";
  const slashes = (path) => (isWindows ? path.replaceAll("\\", "/") : path);
  const root = slashes(pluginDir).replace(/\/+$/, "");

  part.exports.absolute = (path) => {
    const base = pluginDir.replace(/[\\/]+$/, "");
    return path === "" ? base : base + separator + path.replaceAll("/", separator);
  };

  // The path inside the folder, or undefined where it is outside.
  part.exports.inside = (absolute) => {
    const path = slashes(absolute);
    if (path === root) return "";
    return path.startsWith(`${root}/`) ? part.exports.normalize(path.slice(root.length + 1)) : undefined;
  };

  part.exports.normalize = (path) => {
    const parts = [];
    for (const piece of path.split("/")) {
      if (piece === "" || piece === ".") continue;
      if (piece !== "..") parts.push(piece);
      else if (parts.pop() === undefined) return undefined;
    }
    return parts.join("/");
  };

  part.exports.dirname = (path) => {
    const end = path.lastIndexOf("/");
    return end < 0 ? "" : path.slice(0, end);
  };
  part.exports.join = (directory, name) => part.exports.normalize(directory === "" ? name : `${directory}/${name}`);
  part.exports.isAbsolute = (path) => path.startsWith("/") || (isWindows && /^[A-Za-z]:[\\/]|^\\/.test(path));
  part.exports.url = (path) => {
    const absolute = slashes(part.exports.absolute(path));
    const encoded = absolute.split("/").map((piece) => encodeURIComponent(piece).replaceAll("%3A", ":")).join("/");
    return `file://${encoded.startsWith("/") ? "" : "/"}${encoded}`;
  };
  part.exports.slashes = slashes;
});
