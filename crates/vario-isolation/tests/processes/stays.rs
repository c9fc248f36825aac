//! Jobs without an end: both sides speak at any time.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use vario_isolation::{Ended, Feed, FromPlugin, Link, LinkError};
use vario_sandbox::LogLevel;
use vario_value::Value;

use crate::host::{ECHO, POSTED, trial, worker};
use crate::runs::exists;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("a_stay_hears_and_is_heard", a_stay_hears_and_is_heard),
        trial("a_stay_gets_messages_while_it_waits", a_stay_gets_messages_while_it_waits),
        trial("a_stay_wakes_by_itself", a_stay_wakes_by_itself),
        trial("a_stay_that_ends_has_words", a_stay_that_ends_has_words),
        trial("a_stay_that_does_not_listen_holds_nobody_up", a_stay_that_does_not_listen),
    ]
}

fn begin(name: &str) -> (Link, Feed) {
    worker().stay(&Value::from(name), Instant::now() + Duration::from_mins(1)).unwrap()
}

fn one_round(link: &Link, feed: &mut Feed, round: u64) {
    assert_eq!(
        feed.hear(),
        Ok(FromPlugin::Call { seq: round, function: ECHO, args: vec![Value::from("a")] })
    );
    link.reply(round, Ok(Value::from("b"))).unwrap();
    assert_eq!(
        feed.hear(),
        Ok(FromPlugin::Post { seq: round, function: POSTED, args: vec![Value::from("b")] })
    );
    let text = format!("Int({round})");
    assert_eq!(feed.hear(), Ok(FromPlugin::Log { level: LogLevel::Info, text }));
}

fn a_stay_hears_and_is_heard() {
    let (link, mut feed) = begin("patient");
    for round in 1..=3 {
        link.send(&Value::from("a")).unwrap();
        one_round(&link, &mut feed, round);
    }
}

fn a_stay_gets_messages_while_it_waits() {
    let (link, mut feed) = begin("patient");
    // All of them are there before the first call is answered.
    for _ in 0..3 {
        link.send(&Value::from("a")).unwrap();
    }
    for round in 1..=3 {
        one_round(&link, &mut feed, round);
    }
}

fn a_stay_wakes_by_itself() {
    let (_link, mut feed) = begin("impatient");
    let args = vec![Value::from("idle")];
    assert_eq!(feed.hear(), Ok(FromPlugin::Post { seq: 1, function: POSTED, args }));
}

fn a_stay_that_ends_has_words() {
    let (link, mut feed) = begin("patient");
    let pid = feed.pid();
    link.send(&Value::from("end")).unwrap();
    assert!(matches!(feed.hear(), Err(Ended::Died(_))));
    drop(feed);
    assert!(!exists(pid));
}

fn a_stay_that_does_not_listen() {
    let (link, mut feed) = begin("spin");
    let large = Value::from("x".repeat(8 << 20));
    let refused = (0..10).find_map(|_| link.send(&large).err());
    assert_eq!(refused, Some(LinkError::Full));
    feed.killer().kill();
    assert!(matches!(feed.hear(), Err(Ended::Died(_))));
}
