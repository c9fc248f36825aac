//! The object that a script calls the host through.

use vario_sandbox::Kind;
use vario_value::Value;

use crate::bench::{Bench, Setup};
use crate::case::{Case, both, steps};

pub(crate) fn cases() -> Vec<Case> {
    [seen(), changed(), by_hand()].into_iter().flatten().collect()
}

fn seen() -> Vec<Case> {
    vec![
        both(
            "what it is",
            "return type(host) .. ' ' .. type(host.echo) .. ' ' .. type(host.echo.value)",
            "[host, host.echo, host.echo.value].map((v) => typeof v).join(' ')
               .replaceAll('object', 'table')",
        )
        .gives("table table function"),
        both(
            "the groups can be listed",
            "local names = {} for name in pairs(host) do names[#names + 1] = name end
             table.sort(names) return table.concat(names, ',')",
            "Object.keys(host).join()",
        )
        .gives("echo,misc"),
        both(
            "the groups can be walked",
            "local names = {}
             for name, group in pairs(host) do names[#names + 1] = name .. ':' .. type(group) end
             table.sort(names) return table.concat(names, ',')",
            "let names = []; for (const name in host) names.push(`${name}:${typeof host[name]}`);
             names.join().replaceAll('object', 'table')",
        )
        .gives("echo:table,misc:table"),
        both(
            "the groups can be walked after one was used",
            "host.misc.nothing()
             local names = {} for name in pairs(host) do names[#names + 1] = name end
             table.sort(names) return table.concat(names, ',')",
            "host.misc.nothing(); Object.keys(host).join()",
        )
        .gives("echo,misc"),
        both("it is not empty", "return next(host) ~= nil", "Object.entries(host).length === 2")
            .holds(),
        both(
            "the functions can be listed",
            "local names = {} for name in pairs(host.echo) do names[#names + 1] = name end
             table.sort(names) return table.concat(names, ',')",
            "Object.keys(host.echo).sort().join()",
        )
        .gives("big,deep,fail,panic,stop,type_fail,value"),
        both(
            "what is not there is absent",
            "return host.none == nil and host.echo.none == nil",
            "host.none === undefined && host.echo.none === undefined",
        )
        .holds(),
        both(
            "it is always the same",
            "return host.echo == host.echo and host.echo.value == host.echo.value",
            "host.echo === host.echo && host.echo.value === host.echo.value",
        )
        .holds(),
        both(
            "it is an object like any other",
            "return rawlen == nil or rawlen(host) == 0",
            "Object.getPrototypeOf(host) === Object.prototype && !Object.isFrozen(host)
             && Object.getPrototypeOf(host.echo) === Object.prototype && 'echo' in host
             && Object.getPrototypeOf(host.echo.value) === Function.prototype",
        )
        .holds(),
    ]
}

fn changed() -> Vec<Case> {
    vec![
        both(
            "a function can be replaced",
            "local old = host.echo.value
             host.echo.value = function(v) return old(v) + 1 end return host.echo.value(1)",
            "const old = host.echo.value; host.echo.value = (v) => old(v) + 1; host.echo.value(1)",
        )
        .gives(2),
        both(
            "a group can be replaced before its first use",
            "host.echo = {value = function() return 'mine' end} return host.echo.value()",
            "host.echo = { value: () => 'mine' }; host.echo.value()",
        )
        .gives("mine"),
        both(
            "a group can be added",
            "host.more = {f = function() return 1 end} return host.more.f()",
            "host.more = { f: () => 1 }; host.more.f()",
        )
        .gives(1),
        both(
            "a group can be taken away before its first use",
            "host.misc = nil return host.misc == nil",
            "delete host.misc; host.misc === undefined && !('misc' in host)",
        )
        .holds(),
        both(
            "a group can be taken away after its first use",
            "host.misc.nothing() host.misc = nil return host.misc == nil",
            "host.misc.nothing(); delete host.misc; host.misc === undefined",
        )
        .holds(),
        both(
            "a function can be added and taken away",
            "host.echo.more = host.echo.value host.echo.value = nil
             return host.echo.value == nil and host.echo.more(1) == 1",
            "host.echo.more = host.echo.value; delete host.echo.value;
             host.echo.value === undefined && host.echo.more(1) === 1",
        )
        .holds(),
    ]
}

fn by_hand() -> Vec<Case> {
    vec![
        steps("it is made once", made_once),
        steps("the host can use it too", by_the_host),
        steps("each instance has its own", own),
    ]
}

fn made_once(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let again = world.instance.natives().expect("the natives can be made");
    world.instance.set_global("again", again).expect("a global can be set");
    let same = world.eval(&bench.script("return again == host", "again === host"));
    assert_eq!(world.read(same), Value::Bool(true));
}

fn by_the_host(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let natives = world.instance.natives().expect("the natives can be made");
    assert_eq!(world.instance.kind(natives), Kind::Object);
    let group = world.instance.get(natives, "echo").expect("nothing throws");
    assert_eq!(world.instance.kind(group), Kind::Object);
    let function = world.instance.get(group, "value").expect("nothing throws");
    assert_eq!(world.instance.kind(function), Kind::Function);
    let five = world.instance.make(&Value::Int(5)).expect("there is memory");
    let got = world.instance.call(function, &[five]).expect("it runs");
    assert_eq!(world.read(got), Value::Int(5));
    assert_eq!(world.natives.calls(), [("echo.value".to_owned(), vec![Value::Int(5)])]);
    let none = world.instance.get(natives, "none").expect("nothing throws");
    assert_eq!(world.instance.kind(none), Kind::Absent);
}

fn own(bench: &Bench) {
    let mut worlds = [bench.open(&Setup::default()), bench.open(&Setup::default())];
    for (number, world) in (1_i64..).zip(&mut worlds) {
        world.eval(
            &bench.script(
                &format!("host.echo.value({number})"),
                &format!("host.echo.value({number})"),
            ),
        );
    }
    for (number, world) in (1_i64..).zip(&worlds) {
        assert_eq!(world.natives.calls(), [("echo.value".to_owned(), vec![Value::Int(number)])]);
    }
}
