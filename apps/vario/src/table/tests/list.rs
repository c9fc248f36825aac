use super::super::{ListRow, render_list};
use super::*;

const ROWS: &[ListRow<'_>] = &[
    ListRow {
        id: "claude",
        name: "Claude",
        version: "0.0.1",
        dialect: "openusage",
        language: "js",
        enabled: true,
        place: "/home/user/.local/share/vario/plugins/claude",
    },
    ListRow {
        id: "jetbrains-ai-assistant",
        name: "JetBrains AI Assistant",
        version: "12.4.1",
        dialect: "openusage",
        language: "js",
        enabled: false,
        place: "/home/user/.local/share/vario/plugins/jetbrains-ai-assistant",
    },
    ListRow {
        id: "system",
        name: "System \x1b[31m系统",
        version: "1.0.0",
        dialect: "vario",
        language: "lua",
        enabled: true,
        place: "built in",
    },
];

#[test]
fn widths() {
    for width in [20, 40, 60, 80, 120] {
        let text = render_list(width, *PLAIN, true, ROWS);
        insta::assert_snapshot!(format!("list_{width}"), text);
    }
}

#[test]
fn colours_do_not_move_text() {
    let coloured = render_list(80, *ANSI, true, ROWS);
    assert!(coloured.contains("\x1b[32menabled\x1b[0m"));
    assert!(coloured.contains("\x1b[33mdisabled\x1b[0m"));
    assert_eq!(stripped(&coloured), render_list(80, *PLAIN, true, ROWS));
}

#[test]
fn nothing_to_list() {
    assert_eq!(render_list(80, *PLAIN, true, &[]), "");
}

#[test]
fn no_row_is_too_wide() {
    for width in 0..200 {
        let text = render_list(width, *PLAIN, true, ROWS);
        for line in text.lines() {
            let found = unicode_width::UnicodeWidthStr::width(line);
            assert!(found <= width.max(super::super::MIN_WIDTH), "{width}: {line}");
            assert_eq!(line, line.trim_end());
        }
    }
}
