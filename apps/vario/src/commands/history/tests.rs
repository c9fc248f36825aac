use super::export::field;

#[test]
fn fields_are_quoted_where_they_must_be() {
    let cases = [
        ("Session", "Session"),
        ("", ""),
        ("a b", "a b"),
        ("a,b", "\"a,b\""),
        ("5\" disk", "\"5\"\" disk\""),
        ("two\nlines", "\"two\nlines\""),
        ("\x1b[31mred", "\u{fffd}[31mred"),
    ];
    for (text, expected) in cases {
        assert_eq!(field(text), expected, "{text:?}");
    }
}
