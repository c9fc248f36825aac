// A plain object without the tag of Node's own: libraries then take what works everywhere (axios
// its fetch adapter, for one).
(function (core, part) {
  "use strict";
  const EventEmitter = core.use("node/events");
  const { info } = core;
  const now = core.natives.clock.now;
  const start = now();
  const PLATFORMS = { macos: "darwin", windows: "win32" };

  const stream = (level, fd) => ({
    fd,
    isTTY: false,
    columns: 80,
    writable: true,
    write(text) {
      core.use("base/log").write(level, String(text).replace(/\n$/, ""));
      return true;
    },
    end() {},
    on() { return this; },
    once() { return this; },
    removeListener() { return this; },
  });

  const hrtime = (before) => {
    const ms = now();
    let seconds = Math.floor(ms / 1000);
    let nanos = Math.floor((ms % 1000) * 1e6);
    if (before) {
      seconds -= before[0];
      nanos -= before[1];
      if (nanos < 0) { seconds -= 1; nanos += 1e9; }
    }
    return [seconds, nanos];
  };
  hrtime.bigint = () => BigInt(Math.floor(now() * 1e6));

  const refuse = (what) => () => {
    throw new Error(`process.${what} is not available to plugins`);
  };

  const process = Object.assign(Object.create(EventEmitter.prototype), {
    title: "vario",
    version: "v22.12.0",
    versions: { node: "22.12.0", vario: info.app?.version ?? "0", modules: "127" },
    release: { name: "node" },
    arch: "x64",
    platform: PLATFORMS[info.app?.platform] ?? info.app?.platform ?? "linux",
    pid: 1,
    ppid: 0,
    argv: ["vario", info.pluginId],
    argv0: "vario",
    execArgv: [],
    execPath: "vario",
    env: { ...info.environment },
    exitCode: undefined,
    config: { variables: {} },
    features: {},
    noDeprecation: true,
    stdout: stream("info", 1),
    stderr: stream("error", 2),
    stdin: { fd: 0, isTTY: false, on() { return this; }, once() { return this; }, resume() {}, pause() {}, setEncoding() {} },
    cwd: () => info.dataDir,
    chdir: refuse("chdir"),
    exit: (code) => {
      const error = new Error(`the plugin called process.exit(${code ?? ""})`);
      error.code = "ERR_PROCESS_EXIT";
      throw error;
    },
    abort: refuse("abort"),
    kill: refuse("kill"),
    binding: refuse("binding"),
    dlopen: refuse("dlopen"),
    nextTick: (callback, ...args) => queueMicrotask(() => callback(...args)),
    hrtime,
    uptime: () => (now() - start) / 1000,
    memoryUsage: Object.assign(() => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }), { rss: () => 0 }),
    cpuUsage: () => ({ user: Math.floor((now() - start) * 1000), system: 0 }),
    resourceUsage: () => ({}),
    umask: () => 0o22,
    getuid: () => 1000,
    geteuid: () => 1000,
    getgid: () => 1000,
    getegid: () => 1000,
    emitWarning: (warning, kind) => {
      if (kind === "DeprecationWarning" || kind?.type === "DeprecationWarning") return;
      core.use("base/log").write("warn", warning instanceof Error ? `${warning.name}: ${warning.message}` : String(warning));
    },
    getBuiltinModule: (name) => {
      const builtins = core.use("base/builtins");
      return builtins.isNode(name) ? builtins.get(builtins.canonical(name)) : undefined;
    },
  });
  EventEmitter.call(process);
  part.exports = process;
});
