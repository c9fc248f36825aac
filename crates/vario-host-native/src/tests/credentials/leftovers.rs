//! Rescue files outlive the run, and the host.

use std::fs;

use vario_host::{HostError, RunId};

use super::super::support::texts;
use super::{Login, STORE};
use crate::credentials::{Credentials, leftovers};

#[test]
fn a_host_that_was_killed_is_found_out_by_the_next() {
    let mut login = Login::new();
    let old = login.read();
    login.renewed(&old);
    // Nothing of it gets to say goodbye.
    let new_host = login.world.host();
    std::mem::forget(std::mem::replace(&mut login.host, new_host));
    login.world.scope.run_id = RunId::next();
    login.assert_rescued();
    assert_eq!(leftovers(&login.world.scope.plugin_data_dir), login.rescue_files());

    login.read();
    login.read();
    let name = login.rescue_files()[0].file_name().unwrap().to_str().unwrap().to_owned();
    let expected = format!(
        "an earlier run of demo kept a renewed credential that was never written back: \
        ~/data/rescue/{name}; if the tool asks you to log in, do that or take the new credential \
        from there, then delete the file"
    );
    assert_eq!(login.end(), [expected]);
    login.assert_rescued();
}

#[test]
fn a_file_that_is_of_no_use_any_more_is_taken_away() {
    let mut login = Login::new();
    let new = login.renewed(&login.read());
    let file = login.rescue_files().remove(0);
    let kept = fs::read(&file).unwrap();
    login.write(&new).unwrap();
    // The host died before it took the file away.
    fs::write(&file, kept).unwrap();
    login.world.scope.run_id = RunId::next();
    login.call("fs.readText", &texts(&[STORE])).unwrap();
    login.assert_logged_in();
    assert!(login.end().is_empty());

    // Another one is, and one that is read from elsewhere only.
    for (told, store) in [(1, STORE), (2, "~/.tool/other.json")] {
        login.world.scope.run_id = RunId::next();
        let other = if store == STORE { "refresh-token-of-another-login" } else { &new };
        let kept = serde_json::json!({ "store": store, "response": { "refreshToken": other } });
        fs::write(&file, kept.to_string()).unwrap();
        login.read();
        login.call("fs.readText", &texts(&[file.to_str().unwrap()])).unwrap();
        assert_eq!(login.end().len(), told);
        assert!(file.exists(), "{store}");
    }
}

#[test]
fn what_cannot_be_kept_is_told_of() {
    let login = Login::new();
    fs::write(login.world.scope.plugin_data_dir.join("rescue"), "in the way").unwrap();
    let new = login.renewed(&login.read());
    let notices = login.world.witness.notices();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].contains("no copy of the new one could be kept"), "{notices:?}");
    // It is not lost yet.
    login.write(&new).unwrap();
    assert_eq!(Some(login.in_store()), login.provider.newest());
    assert_eq!(login.end().len(), 1);
}

#[test]
fn what_was_neither_kept_nor_written_back_is_told_of() {
    let login = Login::new();
    fs::write(login.world.scope.plugin_data_dir.join("rescue"), "in the way").unwrap();
    login.renewed(&login.read());
    let notices = login.end();
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(notices[1].contains("could not be kept"), "{notices:?}");
}

#[test]
fn many_files_are_a_reason_to_stop() {
    let login = Login::new();
    let folder = login.world.scope.plugin_data_dir.join("rescue");
    fs::create_dir(&folder).unwrap();
    for number in 0..50 {
        fs::write(folder.join(format!("{number:02}.json")), "{}").unwrap();
    }
    let old = login.read();
    let message = "nothing was sent: ~/data/rescue is full of credentials that were never written \
        back; look at them";
    assert_eq!(login.exchange(&old), Err(HostError::Failed(message.to_owned())));
    assert_eq!(login.provider.requests(), 0);
    assert!(login.provider.takes(&old));
    let notices = login.end();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].contains("00.json, ~/data/rescue/01.json, ~/data/rescue/02.json, 47 more"));
}

#[test]
fn names_are_shown_without_what_a_terminal_obeys() {
    let login = Login::new();
    let folder = login.world.scope.plugin_data_dir.join("rescue");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("\u{1b}[2J.json"), "{}").unwrap();
    Credentials::new(&login.world.scope, None).end();
    let notices = login.end();
    assert!(notices[0].contains("rescue/?[2J.json"), "{notices:?}");
}

#[test]
fn other_files_are_no_leftovers() {
    let login = Login::new();
    let folder = login.world.scope.plugin_data_dir.join("rescue");
    assert!(leftovers(&login.world.scope.plugin_data_dir).is_empty());
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join(".vario-0.tmp"), "{}").unwrap();
    login.read();
    assert!(login.end().is_empty());
}
