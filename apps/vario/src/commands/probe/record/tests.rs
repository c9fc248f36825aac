use vario_test_support::TempHome;

use super::{can_be_written, write};

#[test]
fn what_cannot_hold_a_cassette_is_refused_before_the_run() {
    let home = TempHome::new();
    home.write("folder/file", "");
    let rows = [
        ("folder", Some("folder: it is a folder")),
        ("none/run.json", Some("none")),
        ("folder/file", None),
        ("folder/new.json", None),
    ];
    for (name, expected) in rows {
        let found = can_be_written(&home.path().join(name)).err().map(|error| error.to_string());
        let fits = match (&found, expected) {
            (Some(found), Some(expected)) => found.ends_with(expected),
            (None, None) => true,
            _ => false,
        };
        assert!(fits, "{name}: {found:?}");
    }
    assert!(can_be_written(std::path::Path::new("run.json")).is_ok(), "in the working directory");
}

#[test]
fn a_new_cassette_takes_the_place_of_the_old_one() {
    let home = TempHome::new();
    let file = home.write("run.json", "old");
    write(&file, "new").expect("it is written");
    assert_eq!(std::fs::read_to_string(&file).expect("it is there"), "new");
    let entries = std::fs::read_dir(home.path()).expect("a folder").count();
    assert_eq!(entries, 1, "nothing is left over");
}
