// Builds the context object of the probe contract (sections 4.1, 4.11 and 4.12).
(function (host, data) {
  "use strict";
  const helpers = host._helpers;
  const settings = host.settings;
  delete host._helpers;
  delete host.settings;

  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  // Copies an optional key only when it is truthy.
  const option = (line, opts, key) => {
    if (opts[key]) line[key] = opts[key];
  };

  // The value of a JSON text in a one-element array, or null.
  const parse = (text) => {
    if (text === null || text === undefined) return null;
    const trimmed = String(text).trim();
    if (!trimmed) return null;
    try {
      return [JSON.parse(trimmed)];
    } catch {
      return null;
    }
  };

  const isoOrNull = (ms) => {
    const date = new Date(ms);
    return Number.isFinite(date.getTime()) ? date.toISOString() : null;
  };

  const numberToIso = (number) => {
    if (!Number.isFinite(number)) return null;
    return isoOrNull(Math.abs(number) < 1e10 ? number * 1000 : number);
  };

  const textToIso = (value) => {
    let text = value.trim();
    if (!text) return null;
    if (/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/.test(text)) text = text.replace(" ", "T");
    if (text.endsWith(" UTC")) text = text.slice(0, -4) + "Z";
    if (/^-?\d+(\.\d+)?$/.test(text)) return numberToIso(Number(text));
    text = text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2");
    const full = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
    if (full) {
      const fraction = full[2] ? full[2].slice(0, 4).padEnd(4, "0") : "";
      text = full[1] + fraction + (full[3] || "Z");
    }
    return isoOrNull(Date.parse(text));
  };

  const ctx = {
    nowIso: data.nowIso,
    nowMs: data.nowMs,
    app: data.app,
    host,
    settings,
    line: {
      text(opts) {
        const line = { type: "text", label: opts.label, value: opts.value };
        option(line, opts, "color");
        option(line, opts, "subtitle");
        return line;
      },
      progress(opts) {
        const line = {
          type: "progress",
          label: opts.label,
          used: opts.used,
          limit: opts.limit,
          format: opts.format,
        };
        option(line, opts, "resetsAt");
        option(line, opts, "periodDurationMs");
        option(line, opts, "color");
        return line;
      },
      badge(opts) {
        const line = { type: "badge", label: opts.label, text: opts.text };
        option(line, opts, "color");
        option(line, opts, "subtitle");
        return line;
      },
      barChart(opts) {
        const line = { type: "barChart", label: opts.label, points: opts.points || [] };
        option(line, opts, "note");
        option(line, opts, "color");
        return line;
      },
    },
    fmt: {
      planLabel(value) {
        const text = String(value || "").trim();
        return text.replace(/(^|\s)([a-z])/g, (_, space, letter) => space + letter.toUpperCase());
      },
      resetIn(seconds) {
        if (!Number.isFinite(seconds) || seconds < 0) return null;
        const minutes = Math.floor(seconds / 60);
        const hours = Math.floor(minutes / 60);
        const days = Math.floor(hours / 24);
        if (days > 0) return `${days}d ${hours % 24}h`;
        if (hours > 0) return `${hours}h ${minutes % 60}m`;
        return minutes > 0 ? `${minutes}m` : "<1m";
      },
      dollars(cents) {
        return Math.round((cents / 100) * 100) / 100;
      },
      date(ms) {
        const date = new Date(Number(ms));
        return `${MONTHS[date.getMonth()]} ${date.getDate()}`;
      },
    },
    util: {
      tryParseJson(text) {
        const parsed = parse(text);
        return parsed ? parsed[0] : null;
      },
      safeJsonParse(text) {
        const parsed = parse(text);
        return parsed ? { ok: true, value: parsed[0] } : { ok: false };
      },
      // Looked up at call time, so that a plugin may replace them.
      request(opts) {
        return ctx.host.http.request(opts);
      },
      requestJson(opts) {
        const resp = ctx.util.request(opts);
        const parsed = ctx.util.safeJsonParse(resp.bodyText);
        return { resp, json: parsed.ok ? parsed.value : null };
      },
      isAuthStatus(status) {
        return status === 401 || status === 403;
      },
      retryOnceOnAuth(opts) {
        const resp = opts.request();
        if (!ctx.util.isAuthStatus(resp.status)) return resp;
        const token = opts.refresh();
        return token ? opts.request(token) : resp;
      },
      parseDateMs(value) {
        let ms = NaN;
        if (value instanceof Date) ms = value.getTime();
        else if (typeof value === "number") ms = value;
        else if (typeof value === "string") {
          ms = Date.parse(value);
          if (!Number.isFinite(ms)) ms = Number(value);
        }
        return Number.isFinite(ms) ? ms : null;
      },
      toIso(value) {
        if (typeof value === "string") return textToIso(value);
        if (typeof value === "number") return numberToIso(value);
        return value instanceof Date ? isoOrNull(value.getTime()) : null;
      },
      needsRefreshByExpiry(opts) {
        if (!opts || opts.expiresAtMs === null || opts.expiresAtMs === undefined) return true;
        const now = Number(opts.nowMs);
        const expiry = Number(opts.expiresAtMs);
        const buffer = Number(opts.bufferMs);
        if (!Number.isFinite(now) || !Number.isFinite(expiry)) return true;
        return now + (Number.isFinite(buffer) ? buffer : 0) >= expiry;
      },
    },
    base64: {
      decode: helpers.base64Decode,
      encode: helpers.base64Encode,
    },
    jwt: {
      decodePayload(token) {
        try {
          const parts = token.split(".");
          return parts.length === 3 ? JSON.parse(ctx.base64.decode(parts[1])) : null;
        } catch {
          return null;
        }
      },
    },
  };

  globalThis.__openusage_ctx = ctx;
  globalThis.__pacebar_ctx = ctx;
  return ctx;
})
