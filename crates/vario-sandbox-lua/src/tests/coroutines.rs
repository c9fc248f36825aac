use vario_sandbox::{ErrorKind, Settled};
use vario_value::{Shape, Value};

use super::support::open;

#[derive(Debug, PartialEq)]
enum Outcome {
    Plain(Value),
    Fulfilled(Value),
    Pending,
    Unusable,
    Failed(ErrorKind),
}

fn outcome(body: &str) -> Outcome {
    let mut world = open();
    let result = world.call(&format!("return function() {body} end"));
    let settled = match result.and_then(|handle| world.instance.settle(handle)) {
        Ok(settled) => settled,
        Err(error) => return Outcome::Failed(error.kind),
    };
    let mut read = |handle| world.instance.read(handle, &Shape::Any).expect("it is plain");
    match settled {
        Settled::Plain(handle) => Outcome::Plain(read(handle)),
        Settled::Fulfilled(handle) => Outcome::Fulfilled(read(handle)),
        Settled::Pending => Outcome::Pending,
        Settled::Unusable => Outcome::Unusable,
    }
}

#[test]
fn coroutines_are_what_promises_are() {
    let cases = [
        ("return 1", Outcome::Plain(Value::Int(1))),
        ("return {type = 'thread'}", Outcome::Plain(Value::from([("type", "thread".into())]))),
        ("coroutine.yield(1) return 2", Outcome::Pending),
        ("return coroutine.create(function() return 3 end)", Outcome::Fulfilled(Value::Int(3))),
        ("return coroutine.create(function() end)", Outcome::Fulfilled(Value::Absent)),
        ("return coroutine.create(function() coroutine.yield() return 3 end)", Outcome::Pending),
        (
            "local co = coroutine.create(function() coroutine.yield() return 3 end)
             coroutine.resume(co) return co",
            Outcome::Fulfilled(Value::Int(3)),
        ),
        (
            "return coroutine.create(function()
               return coroutine.create(function() return 4 end)
             end)",
            Outcome::Fulfilled(Value::Int(4)),
        ),
        ("local co = coroutine.create(print) coroutine.resume(co) return co", Outcome::Unusable),
        (
            "local co = coroutine.create(error) coroutine.resume(co) return co",
            Outcome::Unusable,
        ),
        ("return coroutine.running()", Outcome::Unusable),
        (
            "return coroutine.create(function() error('boom') end)",
            Outcome::Failed(ErrorKind::ThrownText("boom".into())),
        ),
        (
            "return coroutine.create(function() return nil .. '' end)",
            Outcome::Failed(ErrorKind::Thrown),
        ),
        (
            "local total = 0
             for n in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) do
               total = total + n
             end
             return total",
            Outcome::Plain(Value::Int(6)),
        ),
        (
            "local ok, a = pcall(function()
               local co = coroutine.wrap(function(x) local y = coroutine.yield(x + 1) return y * 2 end)
               return co(1) + co(10)
             end)
             return a",
            Outcome::Plain(Value::Int(22)),
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(outcome(body), expected, "{body}");
    }
}

#[test]
fn a_script_cannot_yield_at_its_top() {
    let error = open().eval("coroutine.yield()").expect_err("nobody resumes it");
    assert_eq!(error.kind, ErrorKind::Thrown);
}
