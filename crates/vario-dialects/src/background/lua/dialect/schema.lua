-- The part of JSON Schema that settings need.
local core = ...
local null = core.null
local check

local function isList(value)
  return type(value) == "table" and (value[1] ~= nil or getmetatable(value) == core.listMark)
end

local KINDS = {
  object = function(value)
    return type(value) == "table" and not isList(value)
  end,
  array = function(value)
    return type(value) == "table" and (isList(value) or next(value) == nil)
  end,
  string = function(value)
    return type(value) == "string"
  end,
  number = function(value)
    return type(value) == "number"
  end,
  integer = function(value)
    return type(value) == "number" and value % 1 == 0
  end,
  boolean = function(value)
    return type(value) == "boolean"
  end,
  null = function(value)
    return value == null
  end,
}

local function isOneOf(kinds, value)
  for _, kind in kinds do
    if KINDS[kind] ~= nil and KINDS[kind](value) then
      return true
    end
  end
  return #kinds == 0
end

local function checkBounds(schema, value, at, found)
  if type(value) == "number" then
    if schema.minimum ~= nil and value < schema.minimum then
      table.insert(found, `{at} must be at least {schema.minimum}`)
    end
    if schema.maximum ~= nil and value > schema.maximum then
      table.insert(found, `{at} must be at most {schema.maximum}`)
    end
  elseif type(value) == "string" then
    local length = utf8.len(value) or #value
    if schema.minLength ~= nil and length < schema.minLength then
      table.insert(found, `{at} is too short`)
    end
    if schema.maxLength ~= nil and length > schema.maxLength then
      table.insert(found, `{at} is too long`)
    end
  end
end

local function checkMembers(schema, value, path, found)
  local known = schema.properties or {}
  for _, name in schema.required or {} do
    if value[name] == nil then
      table.insert(found, `{path}/{name} is required`)
    end
  end
  for name, inner in known do
    if value[name] ~= nil then
      check(inner, value[name], `{path}/{name}`, found)
    end
  end
  if schema.additionalProperties == false then
    for name in value do
      if known[name] == nil then
        table.insert(found, `{path}/{name} is not known`)
      end
    end
  end
end

-- Adds to `found` what is wrong with a value. Patterns are those of JavaScript and not looked at.
function check(schema, value, path, found)
  if type(schema) ~= "table" then
    return
  end
  local at = if path == "" then "/" else path
  local kinds = if type(schema.type) == "table" then schema.type elseif schema.type ~= nil then { schema.type } else {}
  if not isOneOf(kinds, value) then
    table.insert(found, `{at} must be {table.concat(kinds, " or ")}`)
    return
  end
  if schema.enum ~= nil and table.find(schema.enum, value) == nil then
    table.insert(found, `{at} must be one of {core.helpers.stringifyJson(schema.enum)}`)
  end
  checkBounds(schema, value, at, found)
  if isList(value) then
    for place, item in value do
      check(schema.items, item, `{path}/{place - 1}`, found)
    end
  elseif type(value) == "table" then
    checkMembers(schema, value, path, found)
  end
end

return check
