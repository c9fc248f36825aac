use vario_test_support::TempHome;

use super::named_folder;
use super::replay::read;

#[test]
fn a_named_folder_that_is_none_is_said_in_plain_words() {
    let home = TempHome::new();
    let file = home.write("file", "");
    let message = |path: &std::path::Path| named_folder(path).unwrap_err().to_string();
    assert!(message(&home.path().join("none")).ends_with("none: there is no such folder"));
    assert!(message(&file).ends_with("file is not a folder"));
    assert!(named_folder(home.path()).is_ok());
}

#[test]
fn a_time_zone_that_does_not_exist_is_an_unreadable_cassette() {
    let home = TempHome::new();
    let tape =
        r#"{"cassette": 1, "plugin": "a", "unixMs": 0, "calls": [], "timezone": "No/Where"}"#;
    let message = read(&home.write("a.json", tape)).unwrap_err().to_string();
    assert!(message.ends_with("a.json: no such time zone: `No/Where`"), "{message}");
}
