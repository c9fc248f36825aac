//! The functions whose sizes are looked at first give what the built-in ones give.

use proptest::prelude::*;
use rusqlite::Connection;

use super::Fixture;

/// Literals of all types, among them texts that are no UTF-8 and texts with NUL.
fn literal() -> impl Strategy<Value = String> {
    let fixed = [
        "NULL",
        "0",
        "1",
        "-7",
        "1.5",
        "1e300",
        "9e999",
        "''",
        "'a'",
        "'aba'",
        "' x '",
        "x''",
        "x'61'",
        "x'c3a9'",
        "x'80'",
        "CAST(x'80' AS TEXT)",
        "CAST(x'61c3' AS TEXT)",
        "CAST(x'8080c3a980' AS TEXT)",
        "char(0)",
        "'a' || char(0) || 'b'",
        "'\u{e9}a\u{e9}'",
        "'\u{1f600}'",
        "'{\"a\":1}'",
        "'{\"a\":null}'",
        "'{\"b\":{\"c\":[1]}}'",
        "'[1,2]'",
        "'{'",
    ];
    prop_oneof![
        proptest::sample::select(fixed.to_vec()).prop_map(str::to_owned),
        "[ab\u{e9} -]{0,8}".prop_map(|text| format!("'{text}'")),
    ]
}

/// The answer of a connection without any of our limits.
fn builtin(expression: &str) -> Result<String, String> {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .query_row(
            &format!("SELECT quote(CAST(({expression}) AS BLOB)) || typeof({expression})"),
            [],
            |row| row.get(0),
        )
        .map_err(|error| {
            error.sqlite_error_code().map(|code| format!("{code:?}")).unwrap_or_default()
        })
}

proptest! {
    #[test]
    fn bounded_functions_are_the_built_in_ones(a in literal(), b in literal(), c in literal()) {
        let fixture = Fixture::new("");
        let expressions = [
            format!("instr({a}, {b})"),
            format!("replace({a}, {b}, {c})"),
            format!("trim({a}, {b})"),
            format!("ltrim({a}, {b})"),
            format!("rtrim({a}, {b})"),
            format!("trim({a})"),
            format!("unhex({a}, {b})"),
            format!("json_patch({a}, {b})"),
            format!("jsonb_patch({a}, {b})"),
            // That a result is JSON is seen by what takes it.
            format!("json_array(json_patch({a}, {b}), replace({a}, {b}, {c}))"),
        ];
        for expression in expressions {
            let ours = fixture.query(&format!(
                "SELECT quote(CAST(({expression}) AS BLOB)) || typeof({expression}) AS v"
            ));
            match builtin(&expression) {
                Ok(expected) => {
                    let expected = format!("[{{\"v\":\"{expected}\"}}]\n");
                    prop_assert_eq!(ours.as_ref(), Ok(&expected), "{}", expression);
                }
                Err(_) => prop_assert!(ours.is_err(), "{}: {:?}", expression, ours),
            }
        }
    }
}

#[test]
fn errors_of_bounded_functions_are_the_built_in_ones() {
    let fixture = Fixture::new("");
    let cases = [
        ("json_patch('{', '{}')", "Error: stepping, malformed JSON"),
        ("instr('a')", "Error: in prepare, wrong number of arguments to function instr()"),
        ("replace(1, 2)", "Error: in prepare, wrong number of arguments to function replace()"),
        (
            "replace(hex(zeroblob(1000000)), '0', '0123456789')",
            "Error: stepping, string or blob too big (18)",
        ),
    ];
    for (expression, expected) in cases {
        let error = fixture.query(&format!("SELECT {expression}")).unwrap_err();
        assert!(error.starts_with(&format!("sqlite3 error: {expected}")), "{expression}: {error}");
    }
}
