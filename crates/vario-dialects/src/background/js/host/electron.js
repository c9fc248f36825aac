// There is no Electron: what is used of it fails, loading it does not.
(function (_core, part) {
  "use strict";
  const absent = (path) =>
    new Proxy(function () {}, {
      get(_target, name) {
        if (typeof name === "symbol" || name === "then" || name === "prototype") return undefined;
        return absent(`${path}.${name}`);
      },
      set() { return true; },
      apply() { throw new Error(`${path} is not available: plugins do not run in Electron here`); },
      construct() { throw new Error(`${path} is not available: plugins do not run in Electron here`); },
    });
  const NAMES = ["app", "BrowserWindow", "ipcMain", "dialog", "shell", "Notification", "net", "session", "screen", "clipboard", "globalShortcut", "Menu", "Tray", "nativeImage", "nativeTheme", "powerMonitor", "safeStorage", "systemPreferences", "webContents", "protocol", "utilityProcess", "contextBridge", "ipcRenderer"];
  part.exports = Object.fromEntries(NAMES.map((name) => [name, absent(`electron.${name}`)]));
});
