(function (core, part) {
  "use strict";
  const { Readable, Writable } = core.use("node/stream");
  class ReadStream extends Readable {}
  class WriteStream extends Writable {}
  part.exports = { isatty: () => false, ReadStream, WriteStream };
});
