use crate::present::{IconFill, Theme, icon_fill, luminance};

#[test]
fn luminances() {
    let cases = [
        ("#000000", 0.0),
        ("#ffffff", 1.0),
        ("#FFF", 1.0),
        ("fff", 1.0),
        ("#ffff", 1.0),
        ("#ffffff00", 1.0),
        ("#ff0000", 0.2126),
        ("0f0", 0.7152),
        ("#0000ff", 0.0722),
        ("#808080", 0.2159),
        ("#0a0a0a", 0.003),
        ("", 0.0),
        ("#", 0.0),
        ("#ff", 0.0),
        ("#fffff", 0.0),
        ("##ffffff", 0.0),
        ("white", 0.0),
        ("#+f+f+f", 0.0),
        ("rgb(255,255,255)", 0.0),
    ];
    for (color, expected) in cases {
        let found = luminance(color);
        assert!((found - expected).abs() < 0.0001, "{color}: {found}");
    }
}

#[test]
fn fills() {
    let cases = [
        ("no colour, light", None, Theme::Light, IconFill::Text),
        ("no colour, dark", None, Theme::Dark, IconFill::Text),
        ("dark on dark", Some("#111111"), Theme::Dark, IconFill::White),
        ("dark on light", Some("#111111"), Theme::Light, IconFill::Brand("#111111")),
        ("light on light", Some("#fafafa"), Theme::Light, IconFill::Text),
        ("light on dark", Some("#fafafa"), Theme::Dark, IconFill::Brand("#fafafa")),
        ("middle on light", Some("#d97757"), Theme::Light, IconFill::Brand("#d97757")),
        ("middle on dark", Some("#d97757"), Theme::Dark, IconFill::Brand("#d97757")),
        ("invalid counts as black, dark", Some("orange"), Theme::Dark, IconFill::White),
        ("invalid counts as black, light", Some("orange"), Theme::Light, IconFill::Brand("orange")),
    ];
    for (name, brand, theme, expected) in cases {
        assert_eq!(icon_fill(brand, theme), expected, "{name}");
    }
}
