use vario_value::Value;

use super::support::{Setup, value};

#[test]
fn a_frozen_clock_stands_still() {
    let mut world = Setup { frozen_unix_ms: Some(1_700_000_000_900), ..Setup::default() }.open();
    let cases = [
        ("return os.time()", Value::Int(1_700_000_000)),
        ("return os.date('!%Y-%m-%dT%H:%M:%S')", "2023-11-14T22:13:20".into()),
        ("return os.date('!*t').year", Value::Int(2023)),
        ("return os.date() == os.date('%c')", true.into()),
        ("return os.date('!%Y', 0)", "1970".into()),
        ("return os.clock() == os.clock()", true.into()),
        ("local a = os.clock() for i = 1, 1e5 do end return os.clock() - a", Value::Int(0)),
        ("return os.difftime(os.time(), 1699999990)", Value::Int(10)),
        ("return os.time(os.date('*t')) == os.time()", true.into()),
    ];
    for (text, expected) in cases {
        assert_eq!(world.value(text).expect(text), expected, "{text}");
    }
}

#[test]
fn the_real_clock_runs() {
    let cases = [
        ("return os.time() > 1700000000", true),
        ("return os.time(os.date('*t', 1700000000)) == 1700000000", true),
        ("return os.time({year = 2024, month = 1, day = 1, hour = 12}) > 1700000000", true),
        ("return os.clock() >= 0", true),
        ("return os.date('!%H', 3600) == '01'", true),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text), expected.into(), "{text}");
    }
}
