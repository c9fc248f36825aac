use std::path::PathBuf;

use super::{Environment, PROJECTS, list};
use crate::stop::Stop;
use crate::testing::folder;
use crate::{Error, RuleSet, Source};

#[test]
fn claude_is_found_in_both_of_its_default_folders() {
    let home =
        folder(&[(".claude/projects/p/a.jsonl", ""), (".config/claude/projects/q/b.jsonl", "")]);
    let environment = Environment { home: Some(home.path().into()), ..Environment::default() };
    let found = environment.folders(Source::Claude, RuleSet::Ccusage20).unwrap();
    assert_eq!(found, [home.path().join(".config/claude"), home.path().join(".claude")]);
}

#[test]
fn a_list_of_folders_may_name_projects_itself_and_repeat() {
    let home = folder(&[("one/projects/p/a.jsonl", ""), ("two/projects/p/a.jsonl", "")]);
    let at = |name: &str| home.path().join(name).display().to_string();
    let value = format!(" {}, {},,{},/nowhere", at("one"), at("two/projects"), at("one"));
    let environment = Environment { claude_config_dir: Some(value), ..Environment::default() };
    let found = environment.folders(Source::Claude, RuleSet::Ccusage20).unwrap();
    assert_eq!(found, [home.path().join("one"), home.path().join("two")]);
    let found = environment.folders(Source::Claude, RuleSet::Ccusage18).unwrap();
    assert_eq!(found, [home.path().join("one")]);
}

#[test]
fn a_variable_that_leads_nowhere_is_an_error() {
    let value = Some("/nowhere".to_owned());
    let environment = Environment { claude_config_dir: value, ..Environment::default() };
    let error = environment.folders(Source::Claude, RuleSet::Ccusage20).unwrap_err();
    assert!(matches!(error, Error::NoFolder { variable: "CLAUDE_CONFIG_DIR", .. }), "{error}");
}

#[test]
fn a_tilde_is_the_home_folder() {
    let environment = Environment {
        home: Some(PathBuf::from("/home/me")),
        codex_home: Some("~/.codex-2, ~".to_owned()),
        ..Environment::default()
    };
    let found = environment.folders(Source::Codex, RuleSet::Ccusage20).unwrap();
    assert_eq!(found, [PathBuf::from("/home/me/.codex-2"), PathBuf::from("/home/me")]);
}

#[test]
fn an_archived_session_that_is_still_there_is_listed_once() {
    let home = folder(&[
        ("sessions/2026/a.jsonl", ""),
        ("archived_sessions/2026/a.jsonl", ""),
        ("archived_sessions/b.jsonl", ""),
        ("sessions/notes.txt", ""),
    ]);
    let names = |rules| -> Vec<_> {
        let homes = [home.path().into()];
        let files = list(Source::Codex, rules, &homes, Stop::default()).files.into_iter();
        files.map(|file| file.path.strip_prefix(home.path()).unwrap().to_owned()).collect()
    };
    let newer = ["sessions/2026/a.jsonl", "archived_sessions/b.jsonl"].map(PathBuf::from);
    assert_eq!(names(RuleSet::Ccusage20), newer);
    assert_eq!(names(RuleSet::Ccusage18), newer[..1]);
}

/// The older release follows links; those that lead in circles end.
#[cfg(unix)]
#[test]
fn links_into_their_own_folder_are_followed_once() {
    let home = tempfile::tempdir().unwrap();
    let sessions = home.path().join("sessions");
    std::fs::create_dir(&sessions).unwrap();
    std::fs::write(sessions.join("x.jsonl"), "").unwrap();
    for name in ["a", "b", "c"] {
        std::os::unix::fs::symlink(".", sessions.join(name)).unwrap();
    }
    let found = list(Source::Codex, RuleSet::Ccusage18, &[home.path().into()], Stop::default());
    assert!(found.files.len() <= 2, "{}", found.files.len());
}

#[test]
fn a_file_in_the_place_of_a_folder_is_a_problem() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(PROJECTS), "").unwrap();
    let found = list(Source::Claude, RuleSet::Ccusage20, &[home.path().into()], Stop::default());
    assert_eq!((found.files.len(), found.unreadable.len()), (0, 1));
}
