(function (core, part) {
  "use strict";
  const { createPlugin } = core.use("host/stratos-helpers");
  const EventCategory = Object.freeze({ SYSTEM: "SYSTEM", FLIGHT: "FLIGHT", LANDING: "LANDING", WARNING: "WARNING", PLUGIN: "PLUGIN", USER: "USER" });
  const STRATOS_APP_BASE = core.info.environment?.STRATOS_APP_BASE ?? "http://127.0.0.1:2066";
  part.exports = { createPlugin, EventCategory, STRATOS_APP_BASE };
});
