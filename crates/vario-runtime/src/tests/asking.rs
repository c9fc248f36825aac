use std::path::PathBuf;

use vario_model::{Need, NeedReason};
use vario_permissions::{Permission, PermissionSet};
use vario_store::Grants;

use super::rig::{Rig, write_plugin};
use crate::{Answer, Found, History, Origin, Question, answer, known_profile, question};

struct Asked {
    rig: Rig,
    folder: PathBuf,
}

impl Asked {
    fn new(id: &str, keys: &str) -> Self {
        let rig = Rig::new();
        let folder = rig.plugins_dir().join(id);
        let script = "return { probe = function(ctx) ctx.host.fs.readText('~/.hinted/key') end }";
        write_plugin(&folder, id, "plugin.lua", script, &format!(r#", "dialect": "vario"{keys}"#));
        Self { rig, folder }
    }

    fn found(&self) -> Found {
        Found::load(&self.folder).expect("the plugin can be used")
    }

    fn grants(&self) -> Grants {
        Grants::load(&self.rig.context.app.paths)
    }

    fn ask(&self, needs: &[Need]) -> Option<Question> {
        question(&self.found(), &self.grants(), needs)
    }

    fn answer(&self, question: &Question, given: Answer) {
        answer(&mut self.grants(), &self.found(), &question.wanted, given).expect("it is kept");
    }
}

fn lacks(permission: &str) -> Need {
    Need { permission: permission.to_owned(), reason: NeedReason::NotGranted }
}

fn texts(set: &PermissionSet) -> Vec<String> {
    set.iter().map(Permission::to_string).collect()
}

#[test]
fn everything_is_asked_at_once_and_answers_are_kept() {
    let asked = Asked::new("demo", "");
    assert_eq!(asked.ask(&[]), None, "a run that lacked nothing asks nothing");
    let denied = Need { reason: NeedReason::Denied, ..lacks("read:~/.a") };
    assert_eq!(asked.ask(&[denied]), None, "what was denied is not asked");

    let first = asked.ask(&[lacks("read:~/.a")]).expect("a question");
    assert_eq!((first.origin, &first.history), (Origin::Observed, &History::None));
    assert_eq!(texts(&first.wanted), ["read:~/.a", "read:~/.hinted/key"], "and what it names");
    asked.answer(&first, Answer::Allow);
    assert_eq!(asked.ask(&[lacks("read:~/.a")]), None, "it has it");

    let more = asked.ask(&[lacks("net:a.example:443")]).expect("a question");
    assert_eq!(
        (more.history.clone(), texts(&more.wanted)),
        (History::Same, vec!["net:a.example:443".to_owned()])
    );
    asked.answer(&more, Answer::Refuse);
    assert_eq!(asked.ask(&[lacks("net:a.example:443")]), None, "no is an answer");
    assert_eq!(texts(&asked.grants().get("demo").expect("an entry").allow).len(), 2);
}

#[test]
fn an_update_asks_for_what_is_new_and_other_code_for_everything() {
    let asked = Asked::new("demo", "");
    let first = asked.ask(&[lacks("read:~/.a")]).expect("a question");
    asked.answer(&first, Answer::Allow);
    std::fs::write(asked.folder.join("more.lua"), "return 1").expect("a file");
    let updated = asked.ask(&[lacks("net:a.example:443")]).expect("a question");
    assert_eq!(updated.history, History::Updated { from: Some("1".to_owned()) });
    assert_eq!(texts(&updated.wanted), ["net:a.example:443"]);
    assert_eq!(texts(&updated.has), ["read:~/.a", "read:~/.hinted/key"]);

    let moved = Asked { folder: asked.rig.dir.path().join("moved"), ..asked };
    std::fs::rename(moved.rig.plugins_dir().join("demo"), &moved.folder).expect("it moves");
    let other = moved.ask(&[lacks("net:a.example:443")]).expect("a question");
    assert_eq!((&other.history, other.has.is_empty()), (&History::OtherCode, true));
    moved.answer(&other, Answer::Allow);
    let grants = moved.grants();
    let allow = texts(&grants.get("demo").expect("an entry").allow);
    assert!(!allow.contains(&"read:~/.a".to_owned()), "old rights are not taken over: {allow:?}");
}

#[test]
fn a_manifest_is_asked_for_as_a_whole() {
    let keys = r#", "permissions": { "net": ["a.example"], "env": ["TOKEN"] }"#;
    let asked = Asked::new("demo", keys);
    let question = asked.ask(&[lacks("env:TOKEN")]).expect("a question");
    assert_eq!(question.origin, Origin::Declared);
    assert_eq!(texts(&question.wanted), ["net:a.example", "env:TOKEN"]);
}

#[test]
fn unknown_code_with_a_known_id_is_told_apart() {
    let asked = Asked::new("claude", "");
    let question = asked.ask(&[lacks("env:CLAUDE_CONFIG_DIR")]).expect("a question");
    assert_eq!(question.origin, Origin::LooksLike);
    assert!(texts(&question.wanted).contains(&"net:api.anthropic.com".to_owned()));
    let profile = known_profile("claude", "sha256:0").expect("a profile");
    assert_eq!(profile.release, None);
}
