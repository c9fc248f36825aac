(function (core, part) {
  "use strict";
  part.exports = core.use("base/console");
});
