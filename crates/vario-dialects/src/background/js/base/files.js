// The plugin's own files, as modules are read. They do not change while the plugin runs.
(function (core, part) {
  "use strict";
  const { read } = core.natives.modules;
  const texts = new Map();
  const packages = new Map();

  part.exports.text = (path) => {
    if (path === undefined || path === "") return undefined;
    if (!texts.has(path)) texts.set(path, read(path));
    return texts.get(path);
  };

  part.exports.isFile = (path) => part.exports.text(path) !== undefined;

  // The package.json of a folder, or undefined.
  part.exports.package = (directory) => {
    if (packages.has(directory)) return packages.get(directory);
    const path = directory === "" ? "package.json" : `${directory}/package.json`;
    const text = part.exports.text(path);
    let parsed;
    if (text !== undefined) {
      try {
        parsed = JSON.parse(text);
      } catch (error) {
        throw new Error(`${path} is not JSON: ${error.message}`);
      }
    }
    packages.set(directory, parsed);
    return parsed;
  };
});
