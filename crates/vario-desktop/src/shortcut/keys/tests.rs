use super::Keys;
use crate::Error;

#[test]
fn texts_are_read_and_written() {
    for (text, written, trigger, keysyms) in [
        ("Ctrl+Shift+U", "Ctrl+Shift+U", "CTRL+SHIFT+u", &[0x75][..]),
        ("ctrl + shift + u", "Ctrl+Shift+U", "CTRL+SHIFT+u", &[0x75]),
        ("Shift+Ctrl+U", "Ctrl+Shift+U", "CTRL+SHIFT+u", &[0x75]),
        ("Control+Option+a", "Ctrl+Alt+A", "CTRL+ALT+a", &[0x61]),
        ("Cmd+Space", "Super+Space", "LOGO+space", &[0x20]),
        ("Win+5", "Super+5", "LOGO+5", &[0x35, 0xffb5]),
        ("F9", "F9", "F9", &[0xffc6]),
        ("Shift+f35", "Shift+F35", "SHIFT+F35", &[0xffe0]),
        ("Alt+Enter", "Alt+Enter", "ALT+Return", &[0xff0d, 0xff8d]),
        ("Ctrl+Shift+Colon", "Ctrl+Shift+Colon", "CTRL+SHIFT+colon", &[0x3a]),
        ("Ctrl+F", "Ctrl+F", "CTRL+f", &[0x66]),
    ] {
        let keys = Keys::parse(text).expect(text);
        assert_eq!(keys.to_string(), written, "{text}");
        assert_eq!(keys.trigger(), trigger, "{text}");
        assert_eq!(keys.key.keysyms, keysyms, "{text}");
    }
}

#[test]
fn what_is_no_shortcut() {
    for (text, because) in [
        ("", "write it as in"),
        ("Ctrl+", "write it as in"),
        ("Ctrl++", "write it as in"),
        ("Ctrl+Shift", "it has no key"),
        ("Ctrl+U+Shift", "one key comes last"),
        ("Ctrl+U+K", "one key comes last"),
        ("Ctrl+Nonsense", "no key is called so"),
        ("Ctrl+F0", "no key is called so"),
        ("Ctrl+F36", "no key is called so"),
        ("Ctrl+ä", "no key is called so"),
        ("U", "without Ctrl or Alt"),
        ("Shift+U", "without Ctrl or Alt"),
        ("Enter", "without Ctrl or Alt"),
    ] {
        let error = Keys::parse(text).expect_err(text);
        assert!(matches!(error, Error::BadShortcut { .. }), "{text}: {error}");
        assert!(error.to_string().contains(because), "{text}: {error}");
    }
}

/// The window records every key it is told of with Ctrl or Alt, but for Escape and for keys that
/// are held rather than pressed.
#[test]
fn every_key_that_can_be_recorded_is_known() {
    let held = ["Shift", "Control", "Alt", "Super", "Fn"];
    for key in egui::Key::ALL {
        let name = key.name();
        let is_held = held.iter().any(|prefix| name.starts_with(prefix));
        for text in [format!("Ctrl+{name}"), format!("Ctrl+Alt+Shift+{name}")] {
            match Keys::parse(&text) {
                Ok(keys) => {
                    assert!(!is_held, "{text} cannot be pressed");
                    assert_eq!(keys.to_string(), text);
                    assert!(!keys.key.keysyms.is_empty() && !keys.key.xkb.is_empty(), "{text}");
                }
                Err(error) => assert!(is_held, "{error}"),
            }
        }
    }
}

/// Two names for one key would make two shortcuts of one.
#[test]
fn every_key_has_one_name() {
    let mut seen = std::collections::HashMap::new();
    for key in egui::Key::ALL {
        let Ok(keys) = Keys::parse(&format!("Ctrl+{}", key.name())) else { continue };
        for keysym in keys.key.keysyms {
            assert_eq!(seen.insert(keysym, key.name()), None, "{keysym:#x} of {}", key.name());
        }
    }
}
