// What every family has in some shape: settings that last, and databases.
(function (core, part) {
  "use strict";
  const { config } = core.natives;
  const { clone } = core.use("web/clone");

  const settings = () => core.natives.settings.all() ?? {};
  part.exports.get = (key, fallback) => {
    const stored = config.get(String(key));
    if (stored !== undefined) return stored;
    if (fallback !== undefined) return fallback;
    const values = settings();
    return Object.hasOwn(values, key) ? values[key] : undefined;
  };
  part.exports.set = (key, value) => config.set(String(key), clone.toPlain(value));
  part.exports.remove = (key) => config.remove(String(key));
  part.exports.all = () => ({ ...settings(), ...config.all() });
  part.exports.settings = settings;
});
