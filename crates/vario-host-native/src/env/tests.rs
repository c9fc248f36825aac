use super::clean;
use super::shell::{LoginShells, read_answer};

#[test]
fn values_are_cleaned() {
    let cases = [
        ("", None),
        (" \n\t\r\n", None),
        ("value", Some("value")),
        ("  value \n", Some("value")),
        ("first\nlast\n\n", Some("last")),
        ("\u{1b}[1;32mgreen\u{1b}[0m", Some("green")),
        ("\u{1b}[?25l\u{1b}[2K", None),
        ("a\u{7}b\u{0}c", Some("abc")),
        ("a\tb", Some("a\tb")),
        ("one\r\ntwo\r\n", Some("two")),
        ("\u{1b}]0;title\u{7}x", Some("]0;titlex")),
    ];
    for (text, expected) in cases {
        assert_eq!(clean(text).as_deref(), expected, "of {text:?}");
    }
}

#[test]
fn answers_stand_between_the_marks() {
    let cases = [
        ("hi\n__VARIO_ENV_START__\nvalue\n__VARIO_ENV_END__\nbye\n", Some("value")),
        ("hi\n__VARIO_ENV_START__\n__VARIO_ENV_END__\nbye\n", None),
        ("no marks\nat all\n", Some("at all")),
        ("__VARIO_ENV_START__\ncut off\n", Some("cut off")),
        ("", None),
    ];
    for (output, expected) in cases {
        assert_eq!(read_answer(output).as_deref(), expected, "of {output:?}");
    }
}

#[test]
fn the_users_own_shell_comes_first_if_it_is_known() {
    let cases = [
        (None, "/bin/zsh", 5),
        (Some("/bin/tcsh"), "/bin/zsh", 5),
        (Some("/bin/bash"), "/bin/bash", 5),
        (Some("/somewhere/fish"), "/somewhere/fish", 6),
    ];
    for (own, first, count) in cases {
        let shells = LoginShells::new(own.map(str::to_owned));
        let programs = shells.programs();
        assert_eq!((programs[0].to_str(), programs.len()), (Some(first), count), "of {own:?}");
    }
}
