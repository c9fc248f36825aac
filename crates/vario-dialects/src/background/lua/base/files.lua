-- Files. Paths are absolute, or begin with a word for a folder that the host knows.
local core = ...
local natives = core.natives.fs
local files = table.clone(natives)

-- A file's bytes, or some of them: from `offset`, which counts from 0, at most `length`.
function files.readBytes(path, offset, length)
  local bytes = natives.readBytes(path)
  if offset == nil and length == nil then
    return bytes
  end
  local first = (offset or 0) + 1
  return string.sub(bytes, first, if length ~= nil then first + length - 1 else -1)
end

function files.makeDir(path, recursive)
  return natives.makeDir(path, recursive ~= false)
end

return core.use("base/members").lenient(files)
