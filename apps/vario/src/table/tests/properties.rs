use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;
use vario_model::{Cause, Snapshot};
use vario_output::{BadgeLine, BarChartLine, Format, Line, Output, Point, ProgressLine, TextLine};

use super::super::{ListRow, MIN_WIDTH, render_list};
use super::*;

/// Any text, often of parts that terminals and layouts stumble over.
fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a",
        "word ",
        " ",
        "  ",
        "\n",
        "\t",
        "\x1b[31m",
        "\x1b]8;;x\x07",
        "\u{9b}",
        "\u{85}",
        "\u{202e}",
        "\u{200d}",
        "\u{fe0f}",
        "\u{301}",
        "日本",
        "한국어",
        "👨‍👩‍👧",
        "🇩🇪",
        "🇩",
        "1️⃣",
        "❤️",
        "❤",
        "שלום",
        "لا",
        "क्षि",
        "`",
        "…",
        "\0",
        "\x7f",
        "\u{e0041}",
        "\u{1160}",
        "ｶﾞ",
        "\u{0e33}",
    ]);
    prop_oneof![
        4 => prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat()),
        1 => any::<String>(),
        1 => "[a-z ]{0,120}",
    ]
}

fn color() -> impl Strategy<Value = Option<String>> {
    prop_oneof![Just(None), "#[0-9a-f]{3,8}".prop_map(Some), text().prop_map(Some)]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..150.0,
        1 => prop::sample::select(vec![0.0, 100.0, 1e300, -1.0, f64::NAN, f64::INFINITY]),
        1 => any::<f64>(),
    ]
}

fn line() -> impl Strategy<Value = Line> {
    let format = prop_oneof![
        Just(Format::Percent),
        Just(Format::Dollars),
        text().prop_map(|suffix| Format::Count { suffix }),
    ];
    let reset = prop_oneof![
        3 => (-200..200_i64).prop_map(|hours| vario_output::rfc3339_utc(NOW_MS + hours * 3_600_000)),
        1 => text(),
    ];
    let period = prop::option::of(prop_oneof![1..900_000_000_u64, any::<u64>()]);
    let progress =
        ((text(), number(), number(), format), (prop::option::of(reset), period, color()))
            .prop_map(|((label, used, limit, format), (resets_at, period_duration_ms, color))| {
                Line::Progress(ProgressLine {
                    label,
                    used,
                    limit,
                    format,
                    resets_at,
                    period_duration_ms,
                    color,
                })
            });
    let point =
        || {
            (text(), number(), prop::option::of(text()))
                .prop_map(|(label, value, value_label)| Point { label, value, value_label })
        };
    let points = prop_oneof![
        3 => prop::collection::vec(point(), 0..20),
        1 => prop::collection::vec(point(), 100..400),
    ];
    let chart = (text(), points, prop::option::of(text()), color()).prop_map(
        |(label, points, note, color)| Line::BarChart(BarChartLine { label, points, note, color }),
    );
    let label = prop_oneof![text(), Just("Error".to_owned())];
    prop_oneof![
        3 => progress,
        1 => chart,
        1 => (text(), text(), color(), prop::option::of(text())).prop_map(
            |(label, value, color, subtitle)| Line::Text(TextLine { label, value, color, subtitle })
        ),
        1 => (label, text(), color(), prop::option::of(text())).prop_map(
            |(label, text, color, subtitle)| Line::Badge(BadgeLine { label, text, color, subtitle })
        ),
    ]
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let cause = (text(), prop::option::of(text()), any::<u32>(), prop::option::of(text()))
        .prop_map(|(message, file, line, stack)| Cause {
            message,
            file,
            line: Some(line),
            column: None,
            stack,
            ..Cause::default()
        });
    let lines = prop::collection::vec(line(), 0..6);
    (text(), text(), prop::option::of(text()), lines, prop::option::of(cause)).prop_map(
        |(id, name, plan, lines, cause)| {
            Snapshot::new(id, name, Output { plan, lines }, NOW_MS, 1).with_cause(cause)
        },
    )
}

/// What holds for everything that is printed.
fn check(drawn: &str, width: usize, unicode: bool, is_coloured: bool) -> Result<(), TestCaseError> {
    let plain = if is_coloured { stripped(drawn) } else { drawn.to_owned() };
    prop_assert!(unicode || plain.is_ascii(), "{plain:?}");
    for line in plain.split('\n') {
        prop_assert!(line.width() <= width.max(MIN_WIDTH), "wider than {width}: {line:?}");
        prop_assert!(!line.chars().any(char::is_control), "{line:?}");
        prop_assert!(!line.contains(['\u{202e}', '\u{2066}', '\u{2028}']), "{line:?}");
        prop_assert!(!line.ends_with(char::is_whitespace), "{line:?}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn cards_are_safe_and_fit(
        snapshots in prop::collection::vec(snapshot(), 1..3),
        (brand, note) in (color(), prop::option::of(text())),
        width in 0..200_usize,
        (unicode, verbose, is_used, is_absolute) in any::<(bool, bool, bool, bool)>(),
        style in prop::sample::select(vec![PLAIN, ANSI, TRUE_COLOUR]),
    ) {
        let view = View {
            style,
            unicode,
            verbose,
            mode: if is_used { DisplayMode::Used } else { DisplayMode::Left },
            reset: if is_absolute { ResetDisplay::Absolute } else { ResetDisplay::Relative },
            ..view(width)
        };
        let cards: Vec<Card<'_>> = snapshots
            .iter()
            .map(|snapshot| Card { snapshot, brand_color: brand.as_deref(), note: note.clone() })
            .collect();
        check(&render(&view, &cards), width, unicode, style.is_coloured())?;
    }

    #[test]
    fn lists_are_safe_and_fit(
        texts in prop::collection::vec(prop::array::uniform6(text()), 0..4),
        width in 0..200_usize,
        (unicode, enabled) in any::<(bool, bool)>(),
        style in prop::sample::select(vec![PLAIN, ANSI]),
    ) {
        let rows: Vec<ListRow<'_>> = texts
            .iter()
            .map(|[id, name, version, dialect, language, place]| {
                ListRow { id, name, version, dialect, language, enabled, place }
            })
            .collect();
        check(&render_list(width, *style, unicode, &rows), width, unicode, style.is_coloured())?;
    }
}
