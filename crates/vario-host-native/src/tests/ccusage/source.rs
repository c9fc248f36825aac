//! A source that answers without a program, and one query at a time.

use std::sync::{Arc, Mutex};

use crossbeam_channel::{Receiver, Sender, unbounded};
use vario_host::UsageProvider;
use vario_value::Value;

use super::{World, answer, texts, usage};
use crate::{UsageConfig, UsageQuery, UsageSource, UsageTurns};

/// Says the same to everybody, and keeps what it was asked.
struct Fixed {
    answer: Option<Value>,
    asked: Mutex<Vec<UsageQuery>>,
}

impl Fixed {
    fn new(answer: Option<&str>) -> Arc<Self> {
        let answer = answer.map(|json| Value::parse_json(json).unwrap());
        Arc::new(Self { answer, asked: Mutex::default() })
    }
}

impl UsageSource for Fixed {
    fn query(&self, query: &UsageQuery) -> Option<Value> {
        self.asked.lock().unwrap().push(query.clone());
        self.answer.clone()
    }
}

struct Broken;

impl UsageSource for Broken {
    fn query(&self, _query: &UsageQuery) -> Option<Value> {
        panic!("it stumbles, which is what this test is for")
    }
}

fn ask(world: &World, options: &[(&str, &str)]) -> Value {
    world.call("ccusage.query", &[texts(options)]).unwrap()
}

#[test]
fn a_source_that_can_answer_is_believed() {
    let mut world = World::new();
    let source = Fixed::new(Some(r#"{"totals":{},"daily":[{"date":"2026-01-01"}]}"#));
    world.config.usage.source = Some(Arc::clone(&source) as _);
    let options =
        [("provider", "codex"), ("since", " a "), ("until", " "), ("homePath", " ~/logs ")];
    let expected = usage(r#"{"totals":{},"daily":[{"date":"2026-01-01"}]}"#);
    assert_eq!(ask(&world, &options), expected);
    let asked = source.asked.lock().unwrap().remove(0);
    assert_eq!(asked.provider, UsageProvider::Codex);
    assert_eq!((asked.since.as_deref(), asked.until), (Some("a"), None));
    assert_eq!(asked.home_override, Some(world.path("logs")));
    assert_eq!(asked.deadline, world.scope.deadline);
    // A day that no program may see is no danger here.
    assert_eq!(ask(&world, &[("since", "$(id)")]), expected);
    world.set_rights(&["run:npx"], &[]);
    assert_eq!(ask(&world, &[]), answer("no_runner"));
    assert_eq!(source.asked.lock().unwrap().len(), 1, "it is not asked without the right");
}

#[test]
fn a_list_is_the_list_of_days() {
    let mut world = World::new();
    world.config.usage.source = Some(Fixed::new(Some("[1]")));
    assert_eq!(ask(&world, &[]), usage(r#"{"daily":[1]}"#));
}

#[test]
fn a_source_that_cannot_answer_leaves_it_to_the_runners() {
    for text in [None, Some("{}"), Some("5"), Some(r#"{"daily":{}}"#)] {
        let mut world = World::new();
        world.config.usage.source = Some(Fixed::new(text));
        assert_eq!(ask(&world, &[]), answer("no_runner"), "of {text:?}");
    }
    let mut world = World::new();
    world.config.usage.source = Some(Arc::new(Broken));
    assert_eq!(ask(&world, &[]), answer("no_runner"));
    #[cfg(unix)]
    {
        let mut world = World::with_runners(&[("npx", super::GOOD)]);
        world.config.usage.source = Some(Fixed::new(None));
        assert_eq!(ask(&world, &[]), usage(r#"{"daily":[1]}"#));
        assert_eq!(world.attempts().len(), 1);
    }
}

/// Says when it is asked about Claude, and answers when it is told to.
struct Slow {
    asked: Sender<()>,
    go: Receiver<()>,
}

impl UsageSource for Slow {
    fn query(&self, query: &UsageQuery) -> Option<Value> {
        if query.provider == UsageProvider::Claude {
            self.asked.send(()).unwrap();
            self.go.recv().unwrap();
        }
        Some(Value::List(Vec::new()))
    }
}

#[test]
fn a_second_query_for_a_provider_fails_at_once() {
    let mut world = World::new();
    let ((asked, is_asked), (goes, go)) = (unbounded(), unbounded());
    world.config.usage.source = Some(Arc::new(Slow { asked, go }));
    let good = usage(r#"{"daily":[]}"#);
    std::thread::scope(|threads| {
        let first = threads.spawn(|| ask(&world, &[]));
        is_asked.recv().unwrap();
        // Each call is of a host of its own.
        assert_eq!(ask(&world, &[("provider", "claude")]), answer("runner_failed"));
        assert_eq!(ask(&world, &[("provider", "codex")]), good, "the other provider is free");
        assert_eq!(ask(&world, &[]), answer("runner_failed"), "and this one still is not");
        goes.send(()).unwrap();
        assert_eq!(first.join().unwrap(), good);
    });
    goes.send(()).unwrap();
    assert_eq!(ask(&world, &[]), good, "it is free again");
}

#[test]
fn a_source_that_is_given_up_keeps_its_turn_until_it_returns() {
    let mut world = World::new();
    let ((asked, is_asked), (goes, go)) = (unbounded(), unbounded());
    world.config.usage.source = Some(Arc::new(Slow { asked, go }));
    std::thread::scope(|threads| {
        let first = threads.spawn(|| world.call("ccusage.query", &[texts(&[])]));
        is_asked.recv().unwrap();
        world.scope.cancel.cancel();
        assert!(first.join().unwrap().is_err());
    });
    let mut later = World::new();
    later.config.usage = world.config.usage.clone();
    assert_eq!(ask(&later, &[]), answer("runner_failed"));
    goes.send(()).unwrap();
    goes.send(()).unwrap();
    while ask(&later, &[]) != usage(r#"{"daily":[]}"#) {
        std::thread::yield_now();
    }
}

#[test]
fn the_turns_are_the_processs() {
    let (one, other) = (UsageConfig::default(), UsageConfig::default());
    assert!(Arc::ptr_eq(&one.turns, &other.turns));
    assert!(Arc::ptr_eq(&one.turns, &UsageTurns::of_process()));
}
