(function (core, part) {
  "use strict";
  part.exports = core.use("web/axios").axios;
});
