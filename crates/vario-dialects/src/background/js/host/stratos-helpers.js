(function (_core, part) {
  "use strict";
  const createPlugin = (definition) => {
    for (const hook of ["onStart", "onStop"]) {
      if (typeof definition?.[hook] !== "function") throw new TypeError(`createPlugin: ${hook} must be a function`);
    }
    return definition;
  };
  part.exports = { createPlugin };
});
