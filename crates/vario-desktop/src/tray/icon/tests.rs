use std::path::PathBuf;

use super::{Icon, icon};
use crate::tray::{TrayItem, TrayMask, TrayProvider, TrayStyle, TrayView};

fn bars(fractions: &[Option<f64>]) -> TrayView {
    let item = |fraction: &Option<f64>| TrayItem {
        id: "a".to_owned(),
        name: "A".to_owned(),
        fraction: *fraction,
    };
    let items = fractions.iter().map(item).collect();
    TrayView { style: TrayStyle::Bars, items, ..TrayView::default() }
}

fn provider(style: TrayStyle, mask: Option<TrayMask>, fraction: Option<f64>) -> TrayView {
    TrayView { style, provider: Some(TrayProvider { mask, fraction }), ..TrayView::default() }
}

/// A hard shape with a hole and a corner, to see what scaling makes of it.
fn key() -> TrayMask {
    let side = 64_usize;
    let alpha = (0..side * side).map(|place| {
        let (x, y) = (place % side, place / side);
        let from_middle = x.abs_diff(22).pow(2) + y.abs_diff(32).pow(2);
        let is_head = (100..=22 * 22).contains(&from_middle);
        let is_stem = (40..62).contains(&x) && (28..36).contains(&y);
        let is_tooth = (54..62).contains(&x) && (28..48).contains(&y);
        if is_head || is_stem || is_tooth { 255 } else { 0 }
    });
    TrayMask { width: side, height: side, alpha: alpha.collect() }
}

fn alpha(icon: &Icon, x: usize, y: usize) -> u8 {
    icon.argb[(y * icon.size + x) * 4]
}

/// How opaque the middle of the first bar is, from left to right, in runs of equal pixels.
fn runs(view: &TrayView, size: usize, row: usize) -> Vec<(u8, usize)> {
    let icon = icon(view, size);
    let mut runs: Vec<(u8, usize)> = Vec::new();
    for x in 0..size {
        let now = alpha(&icon, x, row);
        match runs.last_mut() {
            Some((last, length)) if *last == now => *length += 1,
            _ => runs.push((now, 1)),
        }
    }
    runs
}

/// The track is 18 pixels; 16 % is 41, and 24 % over it 92.
#[test]
fn a_bar_is_drawn_by_the_contract() {
    let edge = |count| (0_u8, count);
    for (name, fraction, inside) in [
        ("no data", None, vec![(41, 18)]),
        ("nothing used", Some(0.0), vec![(41, 18)]),
        ("hardly anything", Some(0.001), vec![(255, 1), (92, 17)]),
        ("half", Some(0.5), vec![(255, 9), (92, 9)]),
        ("at 70 %", Some(0.7), vec![(255, 13), (92, 5)]),
        ("above, lowered to 70 %", Some(0.8), vec![(255, 13), (92, 5)]),
        (
            "above, 15 % would remain but are less than four pixels",
            Some(0.99),
            vec![(255, 14), (92, 4)],
        ),
        ("full", Some(1.0), vec![(255, 18)]),
        ("more than full", Some(7.0), vec![(255, 18)]),
        ("not a number", Some(f64::NAN), vec![(41, 18)]),
    ] {
        let mut expected = vec![edge(2)];
        expected.extend(inside);
        expected.push(edge(2));
        // The middle row of one bar of five, from 8 to 13.
        assert_eq!(runs(&bars(&[fraction]), 22, 10), expected, "{name}");
    }
}

#[test]
fn bars_stand_on_whole_pixels_in_the_middle() {
    let middle_column = |count: usize, size: usize| -> Vec<usize> {
        let icon = icon(&bars(&vec![Some(1.0); count]), size);
        (0..size).filter(|y| alpha(&icon, size / 2, *y) == 255).collect()
    };
    assert_eq!(middle_column(1, 22), [8, 9, 10, 11, 12]);
    assert_eq!(middle_column(2, 22), [5, 6, 7, 8, 9, 12, 13, 14, 15, 16]);
    assert_eq!(middle_column(3, 22), [3, 4, 5, 6, 9, 10, 11, 12, 15, 16, 17, 18]);
    assert_eq!(middle_column(4, 22), [2, 3, 4, 7, 8, 9, 12, 13, 14, 17, 18, 19]);
    assert_eq!(middle_column(4, 22), middle_column(9, 22), "there are at most four");
    assert_eq!(middle_column(4, 44).len(), 24);
}

#[test]
fn every_size_and_view_can_be_drawn() {
    let odd = TrayMask { width: 3, height: 1, alpha: vec![255; 3] };
    let wrong = TrayMask { width: 1000, height: 1000, alpha: vec![255; 3] };
    let huge = TrayMask { width: usize::MAX, height: 2, alpha: vec![] };
    let mut views = vec![TrayView::default(), bars(&[]), bars(&[None; 4])];
    for style in [TrayStyle::Provider, TrayStyle::Donut] {
        for mask in [None, Some(odd.clone()), Some(wrong.clone()), Some(huge.clone())] {
            for fraction in [None, Some(0.0), Some(-1.0), Some(0.5), Some(2.0), Some(f64::NAN)] {
                views.push(provider(style, mask.clone(), fraction));
            }
        }
    }
    for view in &views {
        for (asked, drawn) in [(0, 8), (1, 8), (9, 9), (16, 16), (23, 23), (64, 64), (9999, 512)] {
            if drawn == 512 && view.style != TrayStyle::Bars {
                continue;
            }
            let icon = icon(view, asked);
            assert_eq!((icon.size, icon.argb.len()), (drawn, drawn * drawn * 4));
            assert!(icon.argb.chunks(4).any(|pixel| pixel[0] > 0), "something is to be seen");
        }
    }
}

#[test]
fn everything_has_the_colour_of_the_ink() {
    let view = TrayView { ink: [1, 2, 3], ..bars(&[Some(0.5)]) };
    assert!(icon(&view, 22).argb.chunks(4).all(|pixel| pixel[1..] == [1, 2, 3]));
}

/// Compares with the pictures in `tests/icons`; `UPDATE_SNAPSHOTS=1` paints them anew.
#[test]
fn icons_look_as_they_did() {
    let four = [Some(0.3), Some(0.75), None, Some(1.0)];
    let key = || Some(key());
    for (name, view) in [
        ("gauge", TrayView::default()),
        ("bars_1", bars(&four[..1])),
        ("bars_2", bars(&four[..2])),
        ("bars_3", bars(&four[..3])),
        ("bars_4", bars(&four)),
        ("bars_4_without_data", bars(&[None; 4])),
        ("provider", provider(TrayStyle::Provider, key(), Some(0.42))),
        ("provider_without_data", provider(TrayStyle::Provider, key(), None)),
        ("provider_full", provider(TrayStyle::Provider, key(), Some(1.0))),
        ("provider_without_icon", provider(TrayStyle::Provider, None, Some(0.87))),
        ("donut", provider(TrayStyle::Donut, key(), Some(0.42))),
        ("donut_without_data", provider(TrayStyle::Donut, key(), None)),
        ("donut_nearly_full", provider(TrayStyle::Donut, key(), Some(0.99))),
        ("donut_full", provider(TrayStyle::Donut, None, Some(1.0))),
    ] {
        for size in [22, 44] {
            compare(&format!("{name}_{size}"), &icon(&view, size));
        }
    }
}

fn compare(name: &str, icon: &Icon) {
    let side = u32::try_from(icon.size).expect("is small");
    let rgba = icon.argb.chunks(4).flat_map(|argb| [argb[1], argb[2], argb[3], argb[0]]);
    let drawn = image::RgbaImage::from_raw(side, side, rgba.collect()).expect("is complete");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join("icons");
    let path = folder.join(format!("{name}.png"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(&folder).expect("can be made");
        drawn.save(&path).expect("can be written");
        return;
    }
    let known = image::open(&path).unwrap_or_else(|error| panic!("{name}: {error}")).into_rgba8();
    assert_eq!(known.dimensions(), drawn.dimensions(), "{name}");
    let differs = |(one, other): (&u8, &u8)| one.abs_diff(*other) > 2;
    let different = known.as_raw().iter().zip(drawn.as_raw()).filter(|pair| differs(*pair)).count();
    assert_eq!(different, 0, "{name}: bytes that differ from tests/icons; look at the picture");
}
