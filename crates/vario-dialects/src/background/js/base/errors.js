// Errors as text and as plain values.
(function (_core, part) {
  "use strict";

  const text = (value) => {
    try {
      return String(value);
    } catch {
      return "[unknown]";
    }
  };

  const isOurs = (line) => line.includes("(vario:") || line.includes("at vario:") || line.includes("(<null>");

  // The frames of the plugin's own files.
  const frames = (error) => {
    if (typeof error.stack !== "string") return "";
    const lines = error.stack.split("\n").filter((line) => line.trim().startsWith("at "));
    return lines.filter((line) => !isOurs(line)).map((line) => line.trimEnd()).join("\n");
  };

  const headline = (error) => {
    const name = error.name ? text(error.name) : "Error";
    const message = error.message === undefined ? "" : text(error.message);
    return message ? `${name}: ${message}` : name;
  };

  // The error and its cause; or without that, for who shows it himself.
  part.exports.withStack = (error, showCause = true) => {
    if (!(error instanceof Error)) return typeof error === "object" && error !== null ? inspect(error) : text(error);
    const stack = frames(error);
    const cause = !showCause || error.cause === undefined ? "" : `\n  cause: ${part.exports.withStack(error.cause)}`;
    return (stack ? `${headline(error)}\n${stack}` : headline(error)) + cause;
  };

  const inspect = (value) => _core.use("node/util").inspect(value);

  // What the host is told of an error.
  part.exports.plain = (error) => {
    if (error === null || (typeof error !== "object" && typeof error !== "function")) {
      return { message: text(error) };
    }
    const plain = { message: error.message === undefined ? text(error) : text(error.message) };
    if (error.name !== undefined) plain.name = text(error.name);
    const stack = frames(error);
    if (stack) plain.stack = stack;
    if (error.code !== undefined && typeof error.code !== "object") plain.code = text(error.code);
    const status = Number(error.status ?? error.statusCode);
    if (status >= 100 && status <= 599) plain.status = Math.trunc(status);
    return plain;
  };

  // The error that a plain one of the host stands for.
  part.exports.revive = (plain) => {
    const Kind = plain?.name === "TypeError" ? TypeError : plain?.name === "RangeError" ? RangeError : Error;
    const error = new Kind(plain?.message ?? "the host gave no reason");
    if (plain?.name && plain.name !== error.name) error.name = plain.name;
    if (plain?.code !== undefined) error.code = plain.code;
    if (plain?.status !== undefined) error.status = plain.status;
    return error;
  };
});
