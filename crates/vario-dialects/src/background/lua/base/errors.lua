-- Errors as objects, as text and as plain values.
local core = ...
local engine = core.engine
local errors = {}

local function text(value)
  local ok, shown = pcall(tostring, value)
  return if ok then shown else "[unknown]"
end

-- An error object as host functions throw them, too: `name`, `message`, and what else is known.
function errors.make(name, message, more)
  local made = { name = name, message = message }
  for key, value in more or {} do
    made[key] = value
  end
  return setmetatable(made, engine.errors)
end

function errors.throw(name, message, more)
  error(errors.make(name, message, more), 0)
end

function errors.typeError(message)
  errors.throw("TypeError", message)
end

-- What the host is told of something that a coroutine threw. An end of the world goes on up.
function errors.plain(failure, co)
  local message, stack = failure, ""
  if type(failure) == "userdata" and failure ~= core.null then
    engine.raise(failure)
  else
    message, stack = engine.explain(co, failure)
  end
  local plain = {}
  if type(message) ~= "table" then
    plain.message = text(message)
  else
    local words = rawget(message, "message")
    local hasOwnText = type(getmetatable(message)) == "table"
    plain.message = if words ~= nil then text(words) elseif hasOwnText then text(message) else "a table"
    local name, code = rawget(message, "name"), rawget(message, "code")
    if name ~= nil then
      plain.name = text(name)
    end
    if type(code) == "string" or type(code) == "number" then
      plain.code = text(code)
    end
    local status = tonumber(rawget(message, "status") or rawget(message, "statusCode"))
    if status ~= nil and status >= 100 and status <= 599 then
      plain.status = math.floor(status)
    end
  end
  if stack ~= "" then
    plain.stack = stack
  end
  return plain
end

-- The same for people: a headline, and where it was.
function errors.withStack(failure, co)
  local plain = errors.plain(failure, co)
  local headline = if plain.name then plain.name .. ": " .. plain.message else plain.message
  return if plain.stack then headline .. "\n" .. plain.stack else headline
end

-- The error that a plain one of the host stands for.
function errors.revive(plain)
  local more = { code = plain.code, status = plain.status }
  return errors.make(plain.name or "Error", plain.message or "the host gave no reason", more)
end

return errors
