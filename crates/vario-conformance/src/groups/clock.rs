//! The clock, which a host may make stand still.

use vario_sandbox::Language;
use vario_value::Value;

use crate::case::{Case, both, case};
use crate::same::{list, text};

/// 2023-11-14T22:13:20.123Z.
const MOMENT: i64 = 1_700_000_000_123;

pub(crate) fn cases() -> Vec<Case> {
    [standing(), running()].into_iter().flatten().collect()
}

fn standing() -> Vec<Case> {
    vec![
        both("now", "return os.time()", "Math.floor(Date.now() / 1000)").frozen(MOMENT).gives(1_700_000_000),
        both(
            "now, in words",
            "return os.date('!%Y-%m-%dT%H:%M:%S')",
            "new Date().toISOString().slice(0, 19)",
        )
        .frozen(MOMENT)
        .gives("2023-11-14T22:13:20"),
        both("now, in parts", "return os.date('!*t').hour", "new Date().getUTCHours()").frozen(MOMENT).gives(22),
        both("the beginning of time", "return os.time()", "Date.now()").frozen(0).gives(0),
        both("before the beginning of time", "return os.time()", "Date.now() / 1000").frozen(-5000).gives(-5),
        both(
            "it stays the same",
            "local a, b, c = os.time(), os.clock(), os.date()
             local n = 0 for i = 1, 300000 do n = n + i end
             return os.time() == a and os.clock() == b and os.date() == c",
            "const a = Date.now(), b = performance.now(), c = Date();
             let n = 0; for (let i = 0; i < 300000; i++) n += i;
             Date.now() === a && performance.now() === b && Date() === c && +new Date() === a",
        )
        .frozen(MOMENT)
        .holds(),
        both(
            "in the called function",
            "return function() return os.time() end",
            "() => Math.floor(Date.now() / 1000)",
        )
        .frozen(MOMENT)
        .gives(1_700_000_000),
        both(
            "another moment is another moment",
            "return {os.date('!%Y-%m-%d', 0), os.date('!%H', 3600), os.difftime(10, 4)}",
            "[new Date(0).toISOString().slice(0, 10), new Date(3600000).toISOString().slice(11, 13),
              Date.UTC(1970, 0, 1, 0, 0, 6) / 1000]",
        )
        .frozen(MOMENT)
        .gives(list([text("1970-01-01"), text("01"), Value::Int(6)])),
        both(
            "a date that is put together",
            "local t = os.time({year = 2020, month = 1, day = 2, hour = 12})
             return os.date('%Y-%m-%d %H', t)",
            "const d = new Date(2020, 0, 2, 12);
             `${d.getFullYear()}-0${d.getMonth() + 1}-0${d.getDate()} ${d.getHours()}`",
        )
        .frozen(MOMENT)
        .gives("2020-01-02 12"),
        case("milliseconds")
            .js("[Date.now(), new Date().getTime(), Number(new Date())]")
            .not_in(Language::Lua, "Lua's clock counts seconds")
            .frozen(MOMENT)
            .gives(Value::List(vec![Value::Int(MOMENT); 3])),
        case("a date is still a date")
            .js("class Own extends Date {}
                 [new Date() instanceof Date, new Own().getTime() === Date.now(), typeof Date(),
                  Date.parse('2020-01-01T00:00:00Z'), new Date(2020, 0).getFullYear(), Date.length,
                  new Date(NaN).getTime() !== 0, Object.prototype.toString.call(new Date()),
                  new Date().constructor === Date, isNaN(new Date(undefined))]")
            .not_in(Language::Lua, "Lua has no date objects")
            .frozen(MOMENT)
            .gives(list([
                true.into(),
                true.into(),
                text("string"),
                Value::Int(1_577_836_800_000),
                Value::Int(2020),
                Value::Int(7),
                true.into(),
                text("[object Date]"),
                true.into(),
                true.into(),
            ])),
        case("the moving clock cannot be had back")
            .js("const found = [new Date().constructor, Object.getPrototypeOf(new Date()).constructor,
                   (class extends Date {}).__proto__, Date.prototype.constructor];
                 found.every((D) => D.now() === 1700000000123 && new D().getTime() === 1700000000123)")
            .not_in(Language::Lua, "Lua has no date objects")
            .frozen(MOMENT)
            .holds(),
    ]
}

fn running() -> Vec<Case> {
    vec![
        both("without freezing it is today's", "return os.time() > 1700000000", "Date.now() > 1700000000000").holds(),
        both("and in words", "return os.date('!%Y') >= '2023'", "new Date().getUTCFullYear() >= 2023").holds(),
        both(
            "it never goes back",
            "local a = os.clock() for i = 1, 1000 do local b = os.clock() if b < a then return false end a = b end return true",
            "let a = performance.now(), ok = true;
             for (let i = 0; i < 1000; i++) { const b = performance.now(); ok &&= b >= a; a = b } ok",
        )
        .holds(),
    ]
}
