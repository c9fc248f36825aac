-- Handlers run in a coroutine of their own each, so that they can wait for answers of the host.
local core = ...
local create, resume, status = coroutine.create, coroutine.resume, coroutine.status
local close, yield = coroutine.close, coroutine.yield
local pack, unpack = table.pack, table.unpack
local errors = core.use("base/errors")
local tasks = {}

-- What a coroutine yields when its whole task is to wait.
local WAIT = table.freeze({})
local current = nil
local forbidden = nil

local function nothing() end

local function settle(task, before, alive, ...)
  current = before
  if not alive then
    return task.failed((...), task.co)
  elseif status(task.co) == "dead" then
    return task.done(...)
  elseif (...) ~= WAIT then
    close(task.co)
    return task.failed(errors.make("Error", "attempt to yield outside a coroutine"))
  end
end

-- Goes on with a task that was started or that waited.
function tasks.step(task, ...)
  local before = current
  current = task
  settle(task, before, resume(task.co, ...))
end

-- Runs a function as a task, until its end or until it waits. `done(...)` gets what it returns,
-- `failed(failure, co)` what it throws.
function tasks.spawn(run, done, failed, ...)
  local task = { co = create(run), done = done or nothing, failed = failed }
  tasks.step(task, ...)
end

-- Makes the function that logs what a handler threw.
function tasks.logged(what)
  return function(failure, co)
    core.use("base/log").write("error", what .. " failed: " .. errors.withStack(failure, co))
  end
end

function tasks.current()
  return current
end

-- The task that is to wait; an error where nothing can.
function tasks.mayWait()
  if forbidden ~= nil then
    errors.typeError(forbidden)
  elseif current == nil then
    errors.throw("Error", "nothing can wait here")
  end
  return current
end

-- Runs something that must not wait; gives what pcall does.
function tasks.without(words, run, ...)
  local before = forbidden
  forbidden = words
  local results = pack(pcall(run, ...))
  forbidden = before
  return unpack(results, 1, results.n)
end

-- Waits until someone goes on with the task.
function tasks.pause()
  yield(WAIT)
end

-- A coroutine of the plugin's own that waits makes its whole task wait.
local function through(co, ...)
  local results = pack(resume(co, ...))
  while results[1] and results[2] == WAIT do
    yield(WAIT)
    results = pack(resume(co))
  end
  return unpack(results, 1, results.n)
end

coroutine.resume = through

function coroutine.wrap(body)
  local co = create(body)
  local function finish(ok, ...)
    if ok then
      return ...
    end
    core.engine.raise((...))
  end
  return function(...)
    return finish(through(co, ...))
  end
end

return tasks
