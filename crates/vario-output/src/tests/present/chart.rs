use crate::present::{BarSize, accessible_text, bar_heights, peak_text, point_text};
use crate::{BarChartLine, Point};

fn chart(values: &[f64]) -> BarChartLine {
    let points = values
        .iter()
        .enumerate()
        .map(|(index, value)| Point {
            label: format!("d{index}"),
            value: *value,
            value_label: None,
        })
        .collect();
    BarChartLine { label: "Tokens".to_owned(), points, note: None, color: None }
}

#[test]
fn heights() {
    type Case = (&'static str, &'static [f64], &'static [f64], &'static [f64]);
    let cases: &[Case] = &[
        ("largest is full", &[50.0, 100.0], &[50.0, 100.0], &[50.0, 100.0]),
        ("small ones stay visible", &[1.0, 1000.0], &[10.0, 100.0], &[6.0, 100.0]),
        ("zero is half of that", &[0.0, 10.0], &[5.0, 100.0], &[3.0, 100.0]),
        ("the scale is at least 1", &[0.5], &[50.0], &[50.0]),
        ("all zero", &[0.0, 0.0], &[5.0, 5.0], &[3.0, 3.0]),
        ("what cannot be drawn", &[f64::NAN, -1.0, 2.0], &[100.0], &[100.0]),
        ("no points", &[], &[], &[]),
    ];
    for (name, values, inline, pop_up) in cases {
        assert_eq!(bar_heights(&chart(values), BarSize::Inline), *inline, "{name}, inline");
        assert_eq!(bar_heights(&chart(values), BarSize::PopUp), *pop_up, "{name}, pop-up");
    }
}

#[test]
fn texts() {
    let mut line = chart(&[1.0, 1234.5, 3.0]);
    assert_eq!(peak_text(&line).as_deref(), Some("peak 1,234.5"));
    assert_eq!(point_text(&line.points[1]), "d1 · 1,234.5");
    assert_eq!(
        accessible_text(&line).as_deref(),
        Some("Tokens: 3 days, latest 3 on d2, peak 1,234.5.")
    );
    line.points[1].value_label = Some("1.2k".to_owned());
    line.note = Some("From the log".to_owned());
    assert_eq!(peak_text(&line).as_deref(), Some("peak 1.2k"));
    assert_eq!(point_text(&line.points[1]), "d1 · 1.2k");
    assert_eq!(
        accessible_text(&line).as_deref(),
        Some("Tokens: 3 days, latest 3 on d2, peak 1.2k. From the log")
    );
    assert_eq!((peak_text(&chart(&[])), accessible_text(&chart(&[]))), (None, None), "no points");
}
