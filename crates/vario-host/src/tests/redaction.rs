use crate::redact;

#[track_caller]
fn check(rule: fn(&str) -> String, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(rule(text), *expected, "of {text:?}");
    }
}

#[test]
fn masks_keep_four_characters_at_both_ends_of_long_texts() {
    check(
        redact::mask,
        &[
            ("", "[REDACTED]"),
            ("twelve chars", "[REDACTED]"),
            ("thirteen char", "thir...char"),
            ("äöüßäöüßäöüßä", "äöüß...öüßä"),
        ],
    );
}

#[test]
fn log_lines_lose_their_secrets() {
    check(
        |text| redact::log_text(text).into_owned(),
        &[
            ("nothing to see", "nothing to see"),
            ("jwt eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl!", "jwt eyJh...dXJl!"),
            ("sk-1234567890abcdef", "sk-1...cdef"),
            ("sk-1234567890a", "sk-1234567890a"),
            ("task-1234567890abcdef", "task-1...cdef"),
            ("api_ABCDEFGHIJKL", "api_...IJKL"),
            ("devin-session-token$abcdef\" x", "devi...cdef\" x"),
            ("account=bob, ok", "account=[REDACTED], ok"),
            ("account=someone@example.com", "account=some....com"),
            ("read /home/me/.x/y failed", "read [PATH] failed"),
            ("/Users/a/b) /etc/passwd /root/x ~/y", "[PATH]) /etc/passwd /root/x ~/y"),
        ],
    );
}

#[test]
fn messages_lose_what_addresses_carry() {
    check(
        |text| redact::message(text).into_owned(),
        &[
            ("no address: a=b?c=d", "no address: a=b?c=d"),
            ("see /home/me/.x/y", "see /home/me/.x/y"),
            (
                "error sending request for url (https://a.example/u?sid=1&code=x&flag#frag)",
                "error sending request for url \
                 (https://a.example/u?sid=[REDACTED]&code=[REDACTED]&[REDACTED])",
            ),
            ("at http://me:secret@a.example/x, twice", "at http://a.example/x, twice"),
            ("key sk-1234567890abcdef", "key sk-1...cdef"),
        ],
    );
}

#[test]
fn bodies_lose_their_secrets() {
    check(
        |text| redact::body_text(text).into_owned(),
        &[
            (r#"{"key": "sk-1234567890abcdefghij"}"#, r#"{"key": sk-1...ghij}"#),
            (r#"{"email":"someone@example.com"}"#, r#"{"email": "some....com"}"#),
            (r#"{"token":"short"}"#, r#"{"token": "[REDACTED]"}"#),
            (r#"{"token":"","n":{"user_id":5}}"#, r#"{"token":"","n":{"user_id":5}}"#),
            (r#"{"token" : "a long enough secret"}"#, r#"{"token" : "a long enough secret"}"#),
            (r#"{"Token":"a long enough secret"}"#, r#"{"Token":"a long enough secret"}"#),
            (r#"{"orgId":"a long enough secret"}"#, r#"{"orgId": "a lo...cret"}"#),
            (r#"{"p":"/var/lib/x"}"#, r#"{"p":"[PATH]"}"#),
            (r#"{"p":"/etc/passwd"}"#, r#"{"p":"/etc/passwd"}"#),
        ],
    );
}

#[test]
fn previews_are_cut_on_a_character() {
    let body = "é".repeat(300);
    let preview = redact::body_preview(&body);
    assert_eq!(preview, format!("{}... (600 bytes total)", "é".repeat(250)));
    assert_eq!(redact::body_preview("short"), "short");
    let odd = format!("a{}", "é".repeat(300));
    assert_eq!(redact::body_preview(&odd), format!("a{}... (601 bytes total)", "é".repeat(250)));
}

#[test]
fn addresses_lose_telling_parameters() {
    check(
        |text| redact::url(text).into_owned(),
        &[
            ("https://a.example/x", "https://a.example/x"),
            (
                "https://a.example/?xuser=abcdefghijklmnopq&flag",
                "https://a.example/?xuser=abcd...nopq&flag",
            ),
            ("https://a.example/?q=1&API_KEY=k", "https://a.example/?q=1&API_KEY=[REDACTED]"),
            ("https://a.example/?token=", "https://a.example/?token="),
            ("https://u:p@a.example/?a=b#token=x", "https://u:p@a.example/?a=b#token=x"),
            (
                "https://a.example/?profileArn=1234567890123",
                "https://a.example/?profileArn=1234...0123",
            ),
        ],
    );
}
