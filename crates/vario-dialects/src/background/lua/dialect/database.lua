-- Databases in the shape of better-sqlite3: every call waits for its answer.
local core = ...
local natives = core.natives.database
local errors = core.use("base/errors")
local tasks = core.use("base/tasks")
local array = core.use("base/json").array
local null = core.null
local database = {}
local opened = {}

-- The host puts SQLite's code before its words.
local function ask(run, ...)
  local ok, result = pcall(run, ...)
  if ok then
    return result
  end
  local message = if type(result) == "table" then rawget(result, "message") else nil
  local code, words = string.match(if type(message) == "string" then message else "", "^(SQLITE_[%u_]*%u): ?(.*)$")
  if code ~= nil then
    errors.throw("SqliteError", words, { code = code })
  end
  core.engine.raise(result)
end

local function bindable(value)
  local kind = type(value)
  if value == nil or value == null then
    return null
  elseif kind ~= "number" and kind ~= "string" and kind ~= "buffer" then
    errors.typeError("SQLite3 can only bind numbers, strings, buffers, and null")
  end
  return value
end

local function isNamed(value)
  return type(value) == "table" and value[1] == nil and next(value) ~= nil
end

-- Positional values and lists of them, or one table of names.
local function parameters(...)
  local given = table.pack(...)
  local list, named = {}, nil
  for index = 1, given.n do
    local value = given[index]
    if isNamed(value) then
      if named ~= nil then
        errors.typeError("You cannot specify named parameters in two different objects")
      end
      named = {}
      for name, item in value do
        named[name] = bindable(item)
      end
    elseif type(value) == "table" then
      for place = 1, value.n or #value do
        table.insert(list, bindable(value[place]))
      end
    else
      table.insert(list, bindable(value))
    end
  end
  if named ~= nil then
    if #list > 0 then
      errors.typeError("named and positional parameters cannot be mixed here")
    end
    return named
  end
  return array(list)
end

local Statement = {}
Statement.__index = Statement

local function bound(self, ...)
  self.database:check()
  if self.params == nil then
    return parameters(...)
  elseif select("#", ...) > 0 then
    errors.typeError("This statement already has bound parameters")
  end
  return self.params
end

local function reads(self)
  if not self.reader then
    errors.typeError("This statement does not return data. Use run() instead")
  end
end

-- A column that is NULL is nil in a row with names, and `json.null` in a list.
local function shown(value)
  return if value == null then nil else value
end

local function row(self, values)
  if self.mode == "pluck" then
    return shown(values[1])
  elseif self.mode == "raw" then
    return values
  end
  local made = {}
  for place, column in self.list do
    if self.mode == "expand" then
      local owner = column.table or "$"
      made[owner] = made[owner] or {}
      made[owner][column.name] = shown(values[place])
    else
      made[column.name] = shown(values[place])
    end
  end
  return made
end

function Statement:run(...)
  if self.reader then
    errors.typeError("This statement returns data. Use get(), all(), or iterate() instead")
  end
  return ask(natives.run, self.number, bound(self, ...))
end

function Statement:get(...)
  reads(self)
  local values = ask(natives.get, self.number, bound(self, ...))
  if values == nil or values == null then
    return nil
  end
  return row(self, values)
end

-- No rows are a list, too: JSON is told of it.
function Statement:all(...)
  reads(self)
  local rows = array()
  for place, values in ask(natives.all, self.number, bound(self, ...)) do
    local made = row(self, values)
    rows[place] = if made == nil then null else made
  end
  return rows
end

-- `for row in statement:iterate(...) do`. Ended early, it is closed when the database is.
function Statement:iterate(...)
  reads(self)
  local cursor = ask(natives.iterate, self.number, bound(self, ...))
  local chunk, place = {}, 0
  return function()
    if chunk == nil then
      return nil
    end
    place += 1
    if chunk[place] == nil then
      chunk, place = ask(natives.next, cursor), 1
      if #chunk == 0 then
        chunk = nil
        ask(natives["end"], cursor)
        return nil
      end
    end
    local made = row(self, chunk[place])
    return if made == nil then null else made
  end
end

for _, mode in { "pluck", "raw", "expand" } do
  Statement[mode] = function(self, isOn)
    reads(self)
    self.mode = if isOn == false then "rows" else mode
    return self
  end
end

function Statement:columns()
  reads(self)
  local columns = {}
  for place, column in self.list do
    columns[place] = { name = column.name, column = column.column, table = column.table, type = column.type }
  end
  return columns
end

function Statement:bind(...)
  if self.params ~= nil then
    errors.typeError("The bind() method can only be invoked once per statement object")
  end
  self.params = parameters(...)
  return self
end

function Statement:finalize()
  if not self.isFinal then
    self.isFinal = true
    ask(natives.finalize, self.number)
  end
end

local Database = {}

function Database:check()
  if not self.open then
    errors.typeError("The database connection is not open")
  end
end

function Database:exec(sql)
  self:check()
  ask(natives.exec, self.number, sql)
  return self
end

function Database:prepare(sql)
  self:check()
  if type(sql) ~= "string" then
    errors.typeError("Expected first argument to be a string")
  end
  local prepared = ask(natives.prepare, self.number, sql)
  return setmetatable({
    database = self,
    source = sql,
    number = prepared.statement,
    reader = prepared.reader == true,
    list = prepared.columns or {},
    mode = "rows",
  }, Statement)
end

function Database:pragma(source, options)
  local isSimple = type(options) == "table" and options.simple == true
  local statement = self:prepare("PRAGMA " .. source)
  local result = nil
  if not statement.reader then
    statement:run()
    result = if isSimple then nil else array()
  elseif isSimple then
    result = statement:pluck():get()
  else
    result = statement:all()
  end
  statement:finalize()
  return result
end

local function wrap(self, run, begin)
  return function(...)
    self:check()
    local isInner = self.inTransaction
    self:exec(if isInner then "SAVEPOINT `\t_bs3.\t`" else begin)
    local results = table.pack(tasks.without("a transaction cannot wait", run, ...))
    if results[1] then
      local ok, failure = pcall(self.exec, self, if isInner then "RELEASE `\t_bs3.\t`" else "COMMIT")
      if ok then
        return table.unpack(results, 2, results.n)
      end
      results[2] = failure
    end
    if self.inTransaction then
      self:exec(if isInner then "ROLLBACK TO `\t_bs3.\t`" else "ROLLBACK")
      if isInner then
        self:exec("RELEASE `\t_bs3.\t`")
      end
    end
    core.engine.raise(results[2])
  end
end

-- Gives what runs a function in a transaction: call it, or its deferred, immediate or exclusive.
function Database:transaction(run)
  if type(run) ~= "function" then
    errors.typeError("Expected first argument to be a function")
  end
  local made = { default = wrap(self, run, "BEGIN"), database = self }
  for _, kind in { "deferred", "immediate", "exclusive" } do
    made[kind] = wrap(self, run, "BEGIN " .. string.upper(kind))
  end
  return setmetatable(made, {
    __call = function(_, ...)
      return made.default(...)
    end,
  })
end

function Database:close()
  if self.open then
    self.open = false
    opened[self] = nil
    ask(natives.close, self.number)
  end
  return self
end

local class = {
  __index = function(self, key)
    if key == "inTransaction" then
      return rawget(self, "open") and ask(natives.state, rawget(self, "number")).inTransaction == true
    end
    return Database[key]
  end,
}

function database.open(name)
  if type(name) ~= "string" or name == "" or string.find(name, "[\\/%z]") or string.find(name, "..", 1, true) then
    errors.typeError(`"{tostring(name)}" is no name of a database: it is a file name without folders`)
  end
  local made = setmetatable({ name = name, open = true, memory = false, readonly = false, number = ask(natives.open, name) }, class)
  opened[made] = true
  return made
end

function database.clear()
  for db in table.clone(opened) do
    db:close()
  end
end

return database
