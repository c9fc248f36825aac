-- Files. Paths are absolute, or begin with a word for a folder that the host knows.
local core = ...
local natives = core.natives.fs
local files = table.clone(natives)

function files.makeDir(path, recursive)
  return natives.makeDir(path, recursive ~= false)
end

return core.use("base/members").lenient(files)
