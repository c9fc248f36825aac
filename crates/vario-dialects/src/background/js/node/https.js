(function (core, part) {
  "use strict";
  const http = core.use("node/http");
  class Agent extends http.Agent {
    constructor(options) { super(options); this.defaultPort = 443; this.protocol = "https:"; }
  }
  part.exports = http.make("https:", Agent);
});
