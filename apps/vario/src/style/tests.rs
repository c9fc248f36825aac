use super::{ColourSupport, Inputs, Look, Style};
use ColourSupport::{Ansi16, None as Off, TrueColour};

#[expect(clippy::unnecessary_wraps, reason = "shortens the table below")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn decisions() {
    let tty = || Inputs { is_terminal: true, term: some("xterm-256color"), ..Inputs::default() };
    let pipe = || Inputs { is_terminal: false, ..tty() };
    let cases = [
        ("a terminal", tty(), Ansi16),
        ("a pipe", pipe(), Off),
        ("a terminal without TERM", Inputs { term: None, ..tty() }, Ansi16),
        ("a dumb terminal", Inputs { term: some("dumb"), ..tty() }, Off),
        ("COLORTERM truecolor", Inputs { colorterm: some("truecolor"), ..tty() }, TrueColour),
        ("COLORTERM 24bit", Inputs { colorterm: some("24bit"), ..tty() }, TrueColour),
        ("COLORTERM else", Inputs { colorterm: some("yes"), ..tty() }, Ansi16),
        ("COLORTERM in a pipe", Inputs { colorterm: some("truecolor"), ..pipe() }, Off),
        ("a direct-colour terminal", Inputs { term: some("xterm-direct"), ..tty() }, TrueColour),
        ("NO_COLOR", Inputs { no_color: some("1"), ..tty() }, Off),
        ("NO_COLOR=0 counts", Inputs { no_color: some("0"), ..tty() }, Off),
        ("an empty NO_COLOR", Inputs { no_color: some(""), ..tty() }, Ansi16),
        ("CLICOLOR_FORCE in a pipe", Inputs { clicolor_force: some("1"), ..pipe() }, Ansi16),
        ("an empty CLICOLOR_FORCE", Inputs { clicolor_force: some(""), ..pipe() }, Off),
        ("CLICOLOR_FORCE=0", Inputs { clicolor_force: some("0"), ..pipe() }, Off),
        ("CLICOLOR_FORCE=0 on a terminal", Inputs { clicolor_force: some("0"), ..tty() }, Ansi16),
        (
            "CLICOLOR_FORCE on a dumb terminal",
            Inputs { clicolor_force: some("1"), term: some("dumb"), ..tty() },
            Ansi16,
        ),
        (
            "NO_COLOR beats CLICOLOR_FORCE",
            Inputs { no_color: some("1"), clicolor_force: some("1"), ..tty() },
            Off,
        ),
        ("always, in a pipe", Inputs { choice: Some(true), ..pipe() }, Ansi16),
        (
            "always beats NO_COLOR and a dumb terminal",
            Inputs {
                choice: Some(true),
                no_color: some("1"),
                term: some("dumb"),
                ..Inputs::default()
            },
            Ansi16,
        ),
        (
            "never beats CLICOLOR_FORCE",
            Inputs { choice: Some(false), clicolor_force: some("1"), ..tty() },
            Off,
        ),
        ("nothing known", Inputs::default(), Off),
    ];
    for (name, inputs, expected) in cases {
        assert_eq!(Style::decide(&inputs), Style::of(expected), "{name}");
    }
}

#[test]
fn painting() {
    let ansi = Style::of(Ansi16);
    assert_eq!(ansi.red("no"), "\x1b[31mno\x1b[0m");
    assert_eq!(ansi.bold(""), "", "nothing to paint");
    assert_eq!(ansi.hex("#ef4444", "x"), "x", "no such colours");
    let off = Style::of(Off);
    for look in [Look::Bold, Look::Dim, Look::Red, Look::Cyan, Look::Hex("#ef4444")] {
        assert_eq!(off.paint(look, "x"), "x", "{look:?}");
    }
}

#[test]
fn hex_colours() {
    let style = Style::of(TrueColour);
    let red = "\x1b[38;2;239;68;68mx\x1b[0m";
    let cases = [
        ("six digits", "#ef4444", red),
        ("no number sign", "EF4444", red),
        ("with alpha", "#ef444480", red),
        ("three digits", "#4a8", "\x1b[38;2;68;170;136mx\x1b[0m"),
        ("four digits", "#4a8f", "\x1b[38;2;68;170;136mx\x1b[0m"),
        ("too dark to read", "#000000", "x"),
        ("too light to read", "#ffffff", "x"),
        ("a name", "red", "x"),
        ("empty", "", "x"),
        ("five digits", "#ef444", "x"),
        ("a sign is no digit", "+f4444", "x"),
        ("not ASCII", "ééé", "x"),
        ("an escape", "\x1b[31m", "x"),
    ];
    for (name, color, expected) in cases {
        assert_eq!(style.hex(color, "x"), expected, "{name}");
        assert_eq!(style.shows_hex(color), expected != "x", "{name}");
    }
}
