//! Texts that are meant to break a window.

use egui_kittest::kittest::Queryable as _;
use serde_json::json;
use vario_ui::{Page, PluginView};

use crate::fixtures::{self, Make as _, Said, model, plugin};
use crate::support::Open;

fn hostile() -> Vec<String> {
    let texts = [
        "",
        " ",
        "\n\n\n",
        "\0\u{1}\u{7f}\t",
        "`",
        "``````",
        "a`b`c`",
        "\u{202e}reversed\u{202c} and \u{2066}isolated\u{2069}",
        "\u{200f}\u{200e}\u{200b}\u{feff}",
        "e\u{301}\u{302}\u{303}\u{304}\u{305}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{1f1e9}\u{1f1ea}",
        "\u{e000}\u{10ffff}\u{fffd}",
        "مرحبا (بالعالم) 12 «abc» שלום",
        "ال الله ﷺ",
        "\u{5d0}\u{5b0}\u{5b1}\u{5b2}",
        "</svg><script>",
    ];
    let mut all: Vec<String> = texts.map(str::to_owned).to_vec();
    all.push("مرحبا שלום ".repeat(1000));
    all.push("م".repeat(10_000));
    all.push("\u{301}".repeat(10_000));
    all.push("\n".repeat(10_000));
    all
}

/// A name that no manifest may have, as a dialect with fewer checks might let it through.
fn named(mut view: PluginView, name: &str) -> PluginView {
    std::sync::Arc::make_mut(&mut view.plugin).name = name.into();
    view
}

#[test]
fn no_text_breaks_a_window() {
    for text in hostile() {
        let said = Said {
            lines: fixtures::on_overview(&[("text", &text)]),
            links: json!([{ "label": &text, "url": "https://example.com" }]),
            ..Said::default()
        };
        let view = named(plugin("p", "P", said), &text).error(&text).result(json!({
            "plan": &text,
            "lines": [
                fixtures::text(&text, &text),
                fixtures::badge(&text, &text, Some(&text)),
                { "type": "progress", "label": &text, "used": 1, "limit": 2, "color": &text,
                  "format": { "kind": "count", "suffix": &text }, "resetsAt": &text },
                { "type": "barChart", "label": &text, "note": &text,
                  "points": [{ "label": &text, "value": 1, "valueLabel": &text }] },
            ],
        }));
        let mut empty = named(plugin("q", "Q", Said::default()), &text).error(&text);
        empty.state.last_updated_at = None;
        for page in [Page::Home, Page::Plugin("p".to_owned()), Page::Plugin("q".to_owned())] {
            let mut open = Open::new(model(vec![view.clone(), empty.clone()]));
            open = open.page(page).size(420.0, 500.0).fonts(fixtures::fonts());
            open.boxes = true;
            let mut harness = open.harness();
            harness.render().expect("a picture");
        }
    }
}

#[test]
fn a_screen_reader_gets_the_text_as_it_was_written() {
    let said =
        Said { lines: fixtures::on_overview(&[("text", "שלום עולם")]), ..Said::default() };
    let view = plugin("p", "P", said).result(json!({
        "plan": null, "lines": [fixtures::text("שלום עולם", "1 (ב)")],
    }));
    let harness = Open::new(model(vec![view])).fonts(fixtures::fonts()).harness();
    harness.get_by_label("שלום עולם");
    harness.get_by_label("1 (ב)");
}

#[test]
fn numbers_and_times_without_sense_are_shown_somehow() {
    let quota = |used: f64, limit: f64, resets: &str, period: u64| {
        json!({ "type": "progress", "label": "Q", "used": used, "limit": limit,
            "format": { "kind": "dollars" }, "resetsAt": resets, "periodDurationMs": period })
    };
    let view = plugin("p", "P", Said::default()).result(json!({
        "plan": null,
        "lines": [
            quota(0.0, 5e-324, "2026-03-05T10:00:00Z", 1),
            quota(f64::MAX, f64::MIN_POSITIVE, "9999-12-31T23:59:59Z", u64::MAX),
            quota(1.0, f64::MAX, "0000-01-01T00:00:00Z", 0),
            quota(-1.0, -1.0, "soon", 1),
            { "type": "barChart", "label": "C", "points": [] },
            { "type": "barChart", "label": "C", "points": (0..2000)
                .map(|value| json!({ "label": "p", "value": f64::from(value) * 8e304 }))
                .collect::<Vec<_>>() },
            { "type": "barChart", "label": "C", "points": [{ "label": "p", "value": -1 }] },
        ],
    }));
    let page = Page::Plugin("p".to_owned());
    let mut harness = Open::new(model(vec![view])).page(page).harness();
    harness.render().expect("a picture");
}
