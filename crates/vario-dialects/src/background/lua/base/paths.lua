-- Paths of files, with `/` or, on Windows, `\`.
local core = ...
local isWindows = core.info.app ~= nil and core.info.app.platform == "windows"
local paths = { separator = if isWindows then "\\" else "/" }

local function slashes(path)
  return if isWindows then (string.gsub(path, "\\", "/")) else path
end

function paths.isAbsolute(path)
  local text = slashes(path)
  return string.sub(text, 1, 1) == "/" or (isWindows and string.match(text, "^%a:/") ~= nil)
end

-- Without `.`, `..` and doubled separators.
function paths.normalize(path)
  local text = slashes(path)
  local drive = if isWindows then string.match(text, "^%a:") or "" else ""
  local rest = string.sub(text, #drive + 1)
  local isRooted = string.sub(rest, 1, 1) == "/"
  local kept = {}
  for _, part in string.split(rest, "/") do
    if part == ".." and #kept > 0 and kept[#kept] ~= ".." then
      table.remove(kept)
    elseif part ~= "" and part ~= "." and not (part == ".." and isRooted) then
      table.insert(kept, part)
    end
  end
  local joined = drive .. (if isRooted then "/" else "") .. table.concat(kept, "/")
  joined = if joined == "" then "." else joined
  return if isWindows then (string.gsub(joined, "/", "\\")) else joined
end

function paths.join(...)
  local parts = {}
  for _, part in { ... } do
    if part ~= "" then
      table.insert(parts, part)
    end
  end
  return paths.normalize(table.concat(parts, "/"))
end

function paths.basename(path)
  return string.match(slashes(path), "([^/]*)/*$") or ""
end

function paths.dirname(path)
  local text = slashes(path)
  local folder = string.match(text, "^(.*)/[^/]+/*$")
  if folder == nil then
    return "."
  end
  return if folder == "" then "/" else paths.normalize(folder)
end

-- The extension with its dot, or "".
function paths.extension(path)
  return string.match(paths.basename(path), "^.+(%.[^.]*)$") or ""
end

-- Whether a path is a folder or something in it.
function paths.isInside(path, folder)
  local full, root = slashes(paths.normalize(path)), slashes(paths.normalize(folder))
  return full == root or string.sub(full, 1, #root + 1) == root .. "/"
end

return paths
