//! The vectors of contract section 11 and the rows of 4.11 and 4.12, in both languages.

use vario_sandbox::Language;

use super::rig::value_of;

/// JavaScript expression, Lua expression, JSON of the result. Lua's nil shows as `null`.
type Row = (&'static str, &'static str, &'static str);

#[track_caller]
fn check(rows: &[Row]) {
    for (js, lua, expected) in rows {
        assert_eq!(value_of(Language::JavaScript, js), *expected, "JavaScript {js}");
        assert_eq!(value_of(Language::Lua, lua), *expected, "Lua {lua}");
    }
}

/// The same expression in both languages.
#[track_caller]
fn check_same(rows: &[(&'static str, &'static str)]) {
    check(&rows.iter().map(|(text, expected)| (*text, *text, *expected)).collect::<Vec<_>>());
}

#[test]
fn to_iso() {
    check_same(&[
        (r#"ctx.util.toIso("2026-01-01")"#, r#""2026-01-01T00:00:00.000Z""#),
        (r#"ctx.util.toIso("2026-01-01T00:00:00")"#, r#""2026-01-01T00:00:00.000Z""#),
        (r#"ctx.util.toIso("2026-01-01 10:00:00 UTC")"#, r#""2026-01-01T10:00:00.000Z""#),
        (r#"ctx.util.toIso("2026-01-01 10:00:00")"#, r#""2026-01-01T10:00:00.000Z""#),
        (r#"ctx.util.toIso("1700000000")"#, r#""2023-11-14T22:13:20.000Z""#),
        ("ctx.util.toIso(1700000000)", r#""2023-11-14T22:13:20.000Z""#),
        (r#"ctx.util.toIso("1700000000000")"#, r#""2023-11-14T22:13:20.000Z""#),
        (
            r#"ctx.util.toIso("2026-01-01T00:00:00.123456789+0530")"#,
            r#""2025-12-31T18:30:00.123Z""#,
        ),
        (r#"ctx.util.toIso("2026-01-01T00:00:00.1")"#, r#""2026-01-01T00:00:00.100Z""#),
        (r#"ctx.util.toIso("  2026-01-01T00:00:00Z ")"#, r#""2026-01-01T00:00:00.000Z""#),
        ("ctx.util.toIso(-5)", r#""1969-12-31T23:59:55.000Z""#),
        (r#"ctx.util.toIso("12.5")"#, r#""1970-01-01T00:00:12.500Z""#),
        ("ctx.util.toIso(0)", r#""1970-01-01T00:00:00.000Z""#),
        ("ctx.util.toIso(true)", "null"),
        ("ctx.util.toIso({})", "null"),
        (r#"ctx.util.toIso("")"#, "null"),
        (r#"ctx.util.toIso("   ")"#, "null"),
        (r#"ctx.util.toIso("abc")"#, "null"),
        ("ctx.util.toIso(1e17)", "null"),
        ("ctx.util.toIso(0/0)", "null"),
        ("ctx.util.toIso(null)", "null"),
        (r#"ctx.util.toIso("Thu, 01 Jan 2026 00:00:00 GMT")"#, r#""2026-01-01T00:00:00.000Z""#),
        (r#"ctx.util.toIso("2026-01-01T00:00Z")"#, r#""2026-01-01T00:00:00.000Z""#),
        (r#"ctx.util.toIso("2026-02-30T00:00:00Z")"#, r#""2026-03-02T00:00:00.000Z""#),
    ]);
}

#[test]
fn parse_date_ms() {
    check_same(&[
        (r#"ctx.util.parseDateMs("1700000000")"#, "1700000000"),
        (r#"ctx.util.parseDateMs("")"#, "0"),
        (r#"ctx.util.parseDateMs("abc")"#, "null"),
        ("ctx.util.parseDateMs(5)", "5"),
        ("ctx.util.parseDateMs(1/0)", "null"),
        ("ctx.util.parseDateMs(true)", "null"),
        (r#"ctx.util.parseDateMs("2026-01-01")"#, "1767225600000"),
        (r#"ctx.util.parseDateMs("2026-01-01T00:00:00Z")"#, "1767225600000"),
        (r#"ctx.util.parseDateMs("2026-01-01T00:00:00.123456Z")"#, "1767225600123"),
        (r#"ctx.util.parseDateMs("2026-01-01T05:30:00+05:30")"#, "1767225600000"),
        (r#"ctx.util.parseDateMs("Thu, 01 Jan 2026 00:00:00 GMT")"#, "1767225600000"),
    ]);
    check(&[("ctx.util.parseDateMs(new Date(7))", "ctx.util.parseDateMs(7)", "7")]);
}

#[test]
fn dates_are_as_lenient_in_lua_as_in_javascript() {
    let texts = [
        "5",
        "13",
        "2026",
        "1/2/2026",
        "1/2/26",
        "2026/3/4",
        "Jan 5, 2026",
        "5 January 2026 10:00 UTC",
        "Mon Feb 02 2026 10:00:00 GMT+0100 (CET)",
        "Mon, 02 Feb 2026 10:00:00 +0130",
        "02 Feb 2026 10:00 PST",
        "Feb 2 2026 1:30 PM UTC",
        "2026-01",
        "2026-01-01T24:00:00Z",
        "2026-01-01T25:00:00Z",
        "2026-13-01",
        "2026-01-01T00:00:60Z",
        "+012026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.5+01:00",
        "2026-01-01T00:00:00,5Z",
        "2026-01-01 00:00Z",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00.000-0800",
        "hello",
        "12:00",
        "-1",
        "1e3",
    ];
    let mut different = Vec::new();
    for text in texts {
        for call in ["ctx.util.parseDateMs", "ctx.util.toIso"] {
            let call = format!("{call}({text:?})");
            let (js, lua) = (value_of(Language::JavaScript, &call), value_of(Language::Lua, &call));
            if js != lua {
                different.push(format!("{call}: JavaScript {js}, Lua {lua}"));
            }
        }
    }
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn needs_refresh_by_expiry() {
    let rows = [
        ("nowMs: 1, expiresAtMs: 5, bufferMs: 4", "true"),
        ("nowMs: 1, expiresAtMs: 6, bufferMs: 4", "false"),
        ("nowMs: 1, expiresAtMs: null", "true"),
        ("nowMs: 1", "true"),
        ("nowMs: 1, expiresAtMs: 2", "false"),
        (r#"nowMs: "1", expiresAtMs: "2""#, "false"),
        (r#"nowMs: "x", expiresAtMs: 2"#, "true"),
    ];
    for (opts, expected) in rows {
        let call = format!("ctx.util.needsRefreshByExpiry({{ {opts} }})");
        assert_eq!(value_of(Language::JavaScript, &call), expected, "{call}");
        let call = call.replace(": ", " = ");
        assert_eq!(value_of(Language::Lua, &call), expected, "{call}");
    }
    check(&[("ctx.util.needsRefreshByExpiry()", "ctx.util.needsRefreshByExpiry()", "true")]);
}

#[test]
fn formatters() {
    check_same(&[
        ("ctx.fmt.dollars(1234.5)", "12.35"),
        (r#"ctx.fmt.dollars("500")"#, "5"),
        ("ctx.fmt.dollars(null)", "0"),
        ("ctx.fmt.dollars()", "NaN"),
        (r#"ctx.fmt.planLabel("pro plus")"#, r#""Pro Plus""#),
        (r#"ctx.fmt.planLabel(" PRO ")"#, r#""PRO""#),
        (r#"ctx.fmt.planLabel("team_plan")"#, r#""Team_plan""#),
        ("ctx.fmt.planLabel(null)", r#""""#),
        ("ctx.fmt.planLabel(5)", r#""5""#),
        ("ctx.fmt.resetIn(180000)", r#""2d 2h""#),
        ("ctx.fmt.resetIn(7200)", r#""2h 0m""#),
        ("ctx.fmt.resetIn(300)", r#""5m""#),
        ("ctx.fmt.resetIn(59.9)", r#""<1m""#),
        ("ctx.fmt.resetIn(-1)", "null"),
        (r#"ctx.fmt.resetIn("5")"#, "null"),
        ("ctx.fmt.date(1767268800000)", r#""Jan 1""#),
        (r#"ctx.fmt.date("x")"#, r#""undefined NaN""#),
        ("ctx.fmt.date()", r#""undefined NaN""#),
    ]);
}

#[test]
fn base64_and_jwt() {
    check_same(&[
        (r#"ctx.base64.decode("aGk_")"#, r#""hi?""#),
        (r#"ctx.base64.decode("aGk=")"#, r#""hi""#),
        (r#"ctx.base64.decode("")"#, r#""""#),
        (r#"ctx.base64.encode("hi")"#, r#""aGk=""#),
        (r#"ctx.base64.encode("hi?")"#, r#""aGk/""#),
        (r#"ctx.base64.encode("h")"#, r#""aA==""#),
        (r#"ctx.jwt.decodePayload("a.eyJleHAiOjF9.c")"#, r#"{"exp":1}"#),
        (r#"ctx.jwt.decodePayload("a.b")"#, "null"),
        (r#"ctx.jwt.decodePayload("a.!.c")"#, "null"),
        ("ctx.jwt.decodePayload(null)", "null"),
    ]);
    // A byte string: one character, or one byte, per byte.
    check(&[
        (
            r#"ctx.base64.decode("/w==").charCodeAt(0)"#,
            r#"string.byte(ctx.base64.decode("/w=="))"#,
            "255",
        ),
        (r#"ctx.base64.decode("w6k=").length"#, r#"#ctx.base64.decode("w6k=")"#, "2"),
        (r#"ctx.base64.decode("!!!!").length"#, r#"#ctx.base64.decode("!!!!")"#, "3"),
        (r#"ctx.base64.encode("\xff")"#, r#"ctx.base64.encode("\255")"#, r#""/w==""#),
    ]);
}

#[test]
fn json_helpers() {
    check_same(&[
        (r#"ctx.util.tryParseJson(' {"a":[1,null]} ')"#, r#"{"a":[1,null]}"#),
        ("ctx.util.tryParseJson(' ')", "null"),
        ("ctx.util.tryParseJson('null')", "null"),
        ("ctx.util.tryParseJson('{')", "null"),
        ("ctx.util.tryParseJson(null)", "null"),
        ("ctx.util.tryParseJson()", "null"),
        ("ctx.util.tryParseJson(12)", "12"),
        ("ctx.util.tryParseJson('[]')", "[]"),
        ("ctx.util.tryParseJson('{}')", "{}"),
        ("ctx.util.safeJsonParse('{').ok", "false"),
        ("ctx.util.safeJsonParse('5').value", "5"),
        ("ctx.util.isAuthStatus(401)", "true"),
        ("ctx.util.isAuthStatus(403)", "true"),
        ("ctx.util.isAuthStatus('401')", "false"),
        ("ctx.util.isAuthStatus(200)", "false"),
    ]);
}

#[test]
fn requests_are_looked_up_at_call_time() {
    check(&[
        (
            "ctx.util.requestJson({ url: 'http://a' }).json",
            "ctx.util.requestJson({ url = 'http://a' }).json",
            r#"{"n":[1,null]}"#,
        ),
        (
            "(ctx.host.http.request = () => ({ bodyText: '7' }), ctx.util.requestJson({}).json)",
            "(function() ctx.host.http.request = function() return { bodyText = '7' } end return ctx.util.requestJson({}).json end)()",
            "7",
        ),
        (
            "ctx.util.requestJson({ url: 'http://a' }).resp.headers['x-b'] === undefined",
            "ctx.util.requestJson({ url = 'http://a' }).resp.headers['x-b'] == nil",
            "true",
        ),
    ]);
}

#[test]
fn retry_once_on_auth() {
    let js = |status: &str, token: &str| {
        format!(
            "(() => {{ const seen = []; ctx.util.retryOnceOnAuth({{ \
               request: (t) => {{ seen.push(t === undefined ? 'none' : t); return {{ status: {status} }}; }}, \
               refresh: () => {token} }}); return seen; }})()"
        )
    };
    let lua = |status: &str, token: &str| {
        format!(
            "(function() local seen = {{}}; ctx.util.retryOnceOnAuth({{ \
               request = function(t) table.insert(seen, t == nil and 'none' or t) return {{ status = {status} }} end, \
               refresh = function() return {token} end }}) return seen end)()"
        )
    };
    let rows = [
        ("200", "'t'", r#"["none"]"#),
        ("401", "'t'", r#"["none","t"]"#),
        ("403", "''", r#"["none"]"#),
        ("401", "null", r#"["none"]"#),
    ];
    for (status, token, expected) in rows {
        assert_eq!(value_of(Language::JavaScript, &js(status, token)), expected);
        assert_eq!(value_of(Language::Lua, &lua(status, token)), expected);
    }
}

#[test]
fn line_builders_drop_falsy_options() {
    let rows = [
        (
            "text({ label: 'a', value: 'b', color: '', subtitle: 'c' })",
            r#"{"type":"text","label":"a","value":"b","subtitle":"c"}"#,
        ),
        (
            "badge({ label: 'a', text: 'b', color: '#fff', x: 1 })",
            r##"{"type":"badge","label":"a","text":"b","color":"#fff"}"##,
        ),
        (
            "progress({ label: 'a', used: 1, limit: 2, resetsAt: '', periodDurationMs: 0 })",
            r#"{"type":"progress","label":"a","used":1,"limit":2}"#,
        ),
        ("barChart({ label: 'a', note: null })", r#"{"type":"barChart","label":"a","points":[]}"#),
    ];
    for (call, expected) in rows {
        let expected: serde_json::Value = serde_json::from_str(expected).expect("JSON");
        let parse = |text: String| serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
        let js = value_of(Language::JavaScript, &format!("ctx.line.{call}"));
        assert_eq!(parse(js), expected, "JavaScript {call}");
        let lua = value_of(Language::Lua, &format!("ctx.line.{}", call.replace(": ", " = ")));
        // An empty list that the script made itself is an empty object too.
        assert_eq!(parse(lua.replace("{}", "[]")), expected, "Lua {call}");
    }
}
