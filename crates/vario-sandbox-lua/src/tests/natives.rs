use vario_sandbox::{ErrorKind, LogLevel, StopReason};
use vario_value::Value;

use super::support::{error, open, value};

#[test]
fn natives_are_plain_writable_tables() {
    let cases = [
        ("return host.test.echo('x')", Value::from("x")),
        ("return host.test.count(nil, nil)", Value::Int(2)),
        ("return host.test.count()", Value::Int(0)),
        ("return host.other.nothing() == nil", Value::Bool(true)),
        ("return host.missing == nil", Value::Bool(true)),
        ("return host[nil] == nil", Value::Bool(true)),
        ("return host.test == host.test", Value::Bool(true)),
        ("host.test.echo = function() return 7 end return host.test.echo(1)", Value::Int(7)),
        ("host.test = nil return host.test == nil", Value::Bool(true)),
        ("local n = 0 for name in pairs(host) do n += 1 end return n", Value::Int(2)),
        ("host.own = 1 return host.own", Value::Int(1)),
        (
            "local names = {} for name, group in host do names[#names + 1] = name end
             table.sort(names) return names",
            Value::List(vec!["other".into(), "test".into()]),
        ),
        ("local n = 0 for name, f in pairs(host.test) do n += 1 end return n", Value::Int(6)),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn host_failures_are_error_objects() {
    let cases = [
        ("host.test.fail()", "table Error Error: the disk is gone"),
        ("host.test.failType()", "table TypeError TypeError: not that"),
        ("host.test.panic()", "table Error Error: host function failed"),
        (
            "host.test.echo(print)",
            "table TypeError TypeError: Error converting from lua 'function' into type 'value'",
        ),
        (
            "host.test.echo(coroutine.create(print))",
            "table TypeError TypeError: Error converting from lua 'thread' into type 'value'",
        ),
        (
            "local t = {} t[1] = t host.test.echo(t)",
            "table TypeError TypeError: Error converting from lua 'table' into type 'value': \
             it contains itself",
        ),
    ];
    for (call, expected) in cases {
        let text = format!(
            "local ok, e = pcall(function() {call} end)
             return type(e) .. ' ' .. e.name .. ' ' .. tostring(e)"
        );
        assert_eq!(value(&text), Value::from(expected), "{call}");
        let error = error(call);
        assert_eq!(error.kind, ErrorKind::Thrown, "{call}");
        assert!(expected.ends_with(&error.message), "{}", error.message);
        assert_eq!(error.location.expect("it has a place").line, 1, "{call}");
    }
    assert_eq!(
        value("local _, e = pcall(host.test.fail) return 'so: ' .. e"),
        Value::from("so: Error: the disk is gone")
    );
}

#[test]
fn a_rethrown_host_failure_is_no_thrown_string() {
    for text in [
        "local _, e = pcall(host.test.fail) error(e)",
        "local _, e = pcall(host.test.fail) error(e, 0)",
        "assert(pcall(host.test.fail))",
        "coroutine.wrap(host.test.fail)()",
    ] {
        let error = error(text);
        assert_eq!(error.kind, ErrorKind::Thrown, "{text}");
        assert_eq!(error.message, "the disk is gone", "{text}");
    }
}

#[test]
fn a_stop_cannot_be_caught() {
    let cases = [
        "host.test.stop()",
        "pcall(host.test.stop) return 1",
        "while true do pcall(host.test.stop) end",
        "xpcall(host.test.stop, function() while true do end end) return 1",
        "local co = coroutine.create(host.test.stop) coroutine.resume(co) return 1",
        "local wrapped = coroutine.wrap(host.test.stop) pcall(wrapped) return 1",
        "pcall(host.test.stop) pcall(host.test.echo) return 1",
    ];
    for text in cases {
        let error = error(text);
        assert_eq!(error.kind, ErrorKind::Stopped(StopReason::HostCalls), "{text}");
        assert_eq!(error.message, "too many host calls");
    }
}

#[test]
fn print_goes_to_the_log() {
    let mut world = open();
    world
        .eval(
            "print('a', 1, nil, true, setmetatable({}, {__tostring = function() return 'obj' end}))
             warn('careful') print() print('\\255') print(string.rep('x', 200000))",
        )
        .expect("it runs");
    let logged = world.natives.logged.lock();
    assert_eq!(logged[0], (LogLevel::Info, "a\t1\tnil\ttrue\tobj".to_owned()));
    assert_eq!(logged[1], (LogLevel::Warn, "careful".to_owned()));
    assert_eq!(logged[2].1, "");
    assert_eq!(logged[3].1, "\u{fffd}");
    assert!(logged[4].1.len() < 70_000);
}
