-- Texts in addresses.
local core = ...
local urls = {}

-- Undoes percent-encoding; what is none stays as it is.
function urls.decode(text)
  return (string.gsub(text, "%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

-- As encodeURIComponent does.
function urls.encode(text)
  return (string.gsub(tostring(text), "[^%w%-_%.!~%*'%(%)]", function(byte)
    return string.format("%%%02X", string.byte(byte))
  end))
end

local function add(all, key, value)
  local known = all[key]
  if known == nil then
    all[key] = value
  elseif type(known) == "table" then
    table.insert(known, value)
  else
    all[key] = { known, value }
  end
end

-- What a query says: text, or a list of texts where a name comes more than once.
function urls.parseQuery(text)
  local all = {}
  text = string.gsub(string.gsub(text or "", "^%?", ""), "#.*$", "")
  for piece in string.gmatch(text, "[^&]+") do
    local key, value = string.match(piece, "^([^=]*)=?(.*)$")
    add(all, urls.decode((string.gsub(key, "%+", " "))), urls.decode((string.gsub(value, "%+", " "))))
  end
  return all
end

local function rows(found, key, value)
  if type(value) ~= "table" then
    table.insert(found, urls.encode(key) .. "=" .. urls.encode(value))
  elseif value[1] ~= nil then
    for _, item in value do
      rows(found, key .. "[]", item)
    end
  else
    local names = {}
    for name in value do
      table.insert(names, tostring(name))
    end
    table.sort(names)
    for _, name in names do
      rows(found, key .. "[" .. name .. "]", value[name])
    end
  end
end

-- A query of a table of values, names in order.
function urls.query(values)
  local found, names = {}, {}
  for name, value in values do
    if value ~= core.null then
      table.insert(names, tostring(name))
    end
  end
  table.sort(names)
  for _, name in names do
    rows(found, name, values[name])
  end
  -- As axios does: these signs stay, and a space is a plus.
  local text = string.gsub(table.concat(found, "&"), "%%(%x%x)", { ["3A"] = ":", ["24"] = "$", ["2C"] = ",", ["20"] = "+" })
  return text
end

-- An address with more of a query.
function urls.with(url, values)
  local query = if values ~= nil then urls.query(values) else ""
  if query == "" then
    return url
  end
  url = string.gsub(url, "#.*$", "")
  return url .. (if string.find(url, "?", 1, true) then "&" else "?") .. query
end

-- An address that may be relative to a base.
function urls.combine(base, url)
  if base == nil or base == "" or string.match(url, "^%a[%w+.-]*://") or string.sub(url, 1, 2) == "//" then
    return url
  elseif url == "" then
    return base
  end
  local head, tail = string.gsub(base, "/+$", ""), string.gsub(url, "^/+", "")
  return head .. "/" .. tail
end

return urls
