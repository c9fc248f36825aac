(function (core, part) {
  "use strict";
  const platform = core.info.app?.platform ?? "linux";
  const TYPES = { linux: "Linux", macos: "Darwin", windows: "Windows_NT" };
  const directory = core.info.environment?.TMPDIR ?? core.info.dataDir;
  const errno = { E2BIG: 7, EACCES: 13, EADDRINUSE: 98, EAGAIN: 11, EBADF: 9, EBUSY: 16, ECONNREFUSED: 111, ECONNRESET: 104, EEXIST: 17, EINVAL: 22, EIO: 5, EISDIR: 21, EMFILE: 24, ENOENT: 2, ENOSPC: 28, ENOTDIR: 20, ENOTEMPTY: 39, EPERM: 1, EPIPE: 32, ETIMEDOUT: 110, EXDEV: 18 };
  const exports = {
    EOL: platform === "windows" ? "\r\n" : "\n",
    devNull: platform === "windows" ? "\\\\.\\nul" : "/dev/null",
    arch: () => "x64",
    machine: () => "x86_64",
    platform: () => globalThis.process.platform,
    type: () => TYPES[platform] ?? "Linux",
    release: () => "0.0.0",
    version: () => "",
    hostname: () => "localhost",
    homedir: () => core.info.environment?.HOME ?? core.info.dataDir,
    tmpdir: () => directory,
    endianness: () => "LE",
    uptime: () => Math.floor(core.natives.clock.now() / 1000),
    loadavg: () => [0, 0, 0],
    totalmem: () => 0,
    freemem: () => 0,
    cpus: () => [],
    availableParallelism: () => 1,
    networkInterfaces: () => ({}),
    userInfo: () => ({ uid: -1, gid: -1, username: "plugin", homedir: core.info.dataDir, shell: null }),
    getPriority: () => 0,
    setPriority: () => {},
    constants: { signals: { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }, errno, priority: {} },
  };
  part.exports = exports;
});
