use std::sync::atomic::Ordering;

use vario_host::Cancel;
use vario_model::RunEvent;
use vario_store::RunLock;
use vario_value::LogLevel;

use super::rig::{FAR, Rig, ask, finished, until_done};
use crate::owner::{
    Ask, Changed, Client, Follower, Interest, News, NoOwner, NotRun, PROTOCOL, Told, Watch,
};

/// Asks, and gives what finished by name.
fn run(client: &mut Client, ask: &Ask) -> Vec<String> {
    let mut finished = Vec::new();
    let asked = client.run(ask, &Cancel::new(), &mut |told| {
        if let Told::Event(RunEvent::Finished { snapshot }) = told {
            assert!(snapshot.ok, "{:?}", snapshot.error);
            finished.push(snapshot.provider_id);
        }
    });
    assert!(asked.is_whole);
    assert_eq!(asked.warnings, Vec::<String>::new());
    finished.sort_unstable();
    finished
}

#[test]
fn the_owner_runs_what_it_is_asked_for() {
    let rig = Rig::new(&["a", "b", "c"]);
    let _owner = rig.owner();
    let mut client = rig.client();
    assert_eq!(client.version(), "1.2.3");
    assert_eq!(run(&mut client, &ask(&["b", "a", "b"])), ["a", "b"]);
    assert_eq!(rig.calls(), 2);
    let all = Ask { ids: None, ..ask(&[]) };
    assert_eq!(run(&mut client, &all), ["a", "b", "c"]);
    let fresh = Ask { max_age_ms: Some(60_000), ..all };
    assert_eq!(run(&mut client, &fresh), ["a", "b", "c"]);
    assert_eq!(rig.calls(), 5, "what is fresh is not run");
    assert_eq!(run(&mut client, &ask(&[])), Vec::<String>::new());
}

#[test]
fn what_cannot_be_run_is_said() {
    let rig = Rig::new(&["a", "b"]);
    let _owner = rig.owner();
    let mut client = rig.client();
    let asked = client.run(&ask(&["a", "no"]), &Cancel::new(), &mut |_| {});
    assert_eq!(asked.finished.iter().collect::<Vec<_>>(), ["a"]);
    assert_eq!(asked.not_run, [("no".to_owned(), NotRun::Unknown)]);
    let heeds = Ask { heed_cooldown: true, ..ask(&["a", "b"]) };
    let asked = client.run(&heeds, &Cancel::new(), &mut |_| {});
    assert_eq!(asked.finished.iter().collect::<Vec<_>>(), ["b"]);
    let cools = NotRun::CoolingDown { left_ms: 300_000 };
    assert_eq!(asked.not_run, [("a".to_owned(), cools)]);
}

#[test]
fn whoever_asks_for_what_runs_shares_its_result() {
    let rig = Rig::new(&["a"]);
    let owner = rig.owner();
    rig.hold();
    let first = owner.run(&ask(&["a"]));
    rig.until_one_runs();
    let more: Vec<_> = (0..3).map(|_| owner.run(&ask(&["a"]))).collect();
    assert_eq!(owner.status().running, ["a"]);
    rig.go_on.send(()).expect("it waits");
    let of_first = until_done(&first);
    assert_eq!(of_first.len(), 3, "started, finished, done: {of_first:?}");
    for told in more {
        assert_eq!(until_done(&told), of_first);
    }
    assert_eq!(rig.calls(), 1);
}

/// A process that runs by itself holds the run's lock, and the owner waits for it.
#[test]
fn the_owner_heeds_the_lock_of_others() {
    let rig = Rig::new(&["a"]);
    let owner = rig.owner();
    let paths = &rig.plugins.context.app.paths;
    let lock = RunLock::try_acquire(paths, "a").expect("a lock").expect("free");
    let told = owner.run(&ask(&["a"]));
    let started = told.recv_timeout(FAR).expect("it has its turn");
    assert!(matches!(started, Told::Event(RunEvent::Started { .. })), "{started:?}");
    assert_eq!(rig.calls(), 0);
    drop(lock);
    until_done(&told);
    assert_eq!(rig.calls(), 1);
}

#[test]
fn followers_hear_of_everything() {
    let rig = Rig::new(&["a", "b"]);
    let _owner = rig.owner();
    let mut one = rig.follower(&Watch::Nothing);
    let mut other = rig.follower(&Watch::Nothing);
    run(&mut rig.client(), &ask(&["b"]));
    let snapshot = finished(&mut one, "b");
    assert_eq!(finished(&mut other, "b"), snapshot);
    rig.client().changed(Changed::Grants).expect("noted");
    assert_eq!(one.next_news(), Some(News::Changed(Changed::Grants)));
    assert_eq!(*rig.front.changed.lock(), [Changed::Grants]);
    assert_eq!(rig.client().status().expect("a status").followers, 2);
}

#[test]
fn what_is_watched_is_kept_up_to_date() {
    let rig = Rig::new(&["a", "b", "c"]);
    let owner = rig.owner();
    let news = owner.follow();
    let mut follower = rig.follower(&Watch::These(vec!["a".to_owned()]));
    assert!(finished(&mut follower, "a").ok);
    owner.watch(Watch::These(vec!["c".to_owned()]));
    assert!(finished(&mut follower, "c").ok);
    assert_eq!(rig.calls(), 2, "nobody watches b");
    assert_eq!(news.try_iter().count(), 4, "two starts, two ends");
}

#[test]
fn the_window_is_shown_on_demand() {
    let rig = Rig::new(&[]);
    let _owner = rig.owner();
    assert_eq!(rig.client().show(), Ok(true));
    assert_eq!(rig.front.shown.load(Ordering::SeqCst), 1);
}

/// An owner without a window opens one only where no follower has one.
#[test]
fn a_followers_window_is_shown_first() {
    let rig = Rig::new(&[]);
    let _owner = rig.owner();
    let with_window = Interest { window: true, ..Watch::Nothing.into() };
    let mut follower = rig.client().follow(with_window, &Cancel::new()).expect("it follows");
    assert_eq!(rig.client().show(), Ok(true));
    assert_eq!(follower.next_news(), Some(News::Show));
    assert_eq!(rig.front.shown.load(Ordering::SeqCst), 0);
}

#[test]
fn another_scope_is_not_asked_for_runs() {
    let rig = Rig::new(&["a"]);
    let _owner = rig.owner();
    *rig.front.scope.lock() = "elsewhere".to_owned();
    let mut client = rig.client();
    assert!(!client.has_same_scope());
    let asked = client.run(&ask(&["a"]), &Cancel::new(), &mut |_| {});
    assert!(!asked.is_whole && asked.finished.is_empty());
    assert_eq!(rig.calls(), 0);
    let watch = Watch::Enabled;
    let refused = rig.client().follow(watch, &Cancel::new()).map(|_| ());
    assert!(matches!(refused, Err(NoOwner::Refused(_))), "{refused:?}");
    assert!(rig.client().follow(Watch::Nothing, &Cancel::new()).is_ok());
}

/// One who follows hears the lines of every run, those before it came included.
#[test]
fn log_lines_reach_followers() {
    let rig = Rig::new(&[]);
    rig.plugins.js("a", "ctx.host.log.info('quiet'); ctx.host.log.error('loud'); throw 'x'");
    rig.front.reload(&rig);
    let _owner = rig.owner();
    let follow = |log| {
        let interest = Interest { log, ..Watch::Nothing.into() };
        rig.client().follow(interest, &Cancel::new()).expect("it follows")
    };
    let mut all = follow(Some(LogLevel::Info));
    rig.client().run(&ask(&["a"]), &Cancel::new(), &mut |_| {});
    let mut loud = follow(Some(LogLevel::Error));
    let mut none = follow(None);
    let lines = |follower: &mut Follower, count: usize| -> Vec<String> {
        let news = std::iter::from_fn(|| follower.next_news());
        let lines = news.filter_map(|news| match news {
            News::Log { entry, .. } => Some(entry.message),
            _ => None,
        });
        lines.take(count).collect()
    };
    assert_eq!(lines(&mut all, 2), ["quiet", "loud"]);
    assert_eq!(lines(&mut loud, 1), ["loud"], "it came before");
    rig.client().changed(Changed::Grants).expect("noted");
    assert_eq!(none.next_news(), Some(News::Changed(Changed::Grants)), "no line");
}

/// Log lines reach those who want them, and no one else.
#[test]
fn log_lines_reach_whoever_asked() {
    let rig = Rig::new(&[]);
    rig.plugins.js("a", "ctx.host.log.info('quiet'); ctx.host.log.error('loud'); throw 'x'");
    rig.front.reload(&rig);
    let _owner = rig.owner();
    let lines = |level| {
        let mut lines = Vec::new();
        let ask = Ask { log: level, ..ask(&["a"]) };
        rig.client().run(&ask, &Cancel::new(), &mut |told| {
            if let Told::Log(entry) = told {
                lines.push(entry.message);
            }
        });
        lines
    };
    assert_eq!(lines(None), Vec::<String>::new());
    assert_eq!(lines(Some(vario_value::LogLevel::Error)), ["loud"]);
    assert_eq!(lines(Some(vario_value::LogLevel::Info)), ["quiet", "loud"]);
}

#[test]
fn a_cancelled_asker_returns_at_once_and_the_run_goes_on() {
    let rig = Rig::new(&["a"]);
    let _owner = rig.owner();
    rig.hold();
    let mut follower = rig.follower(&Watch::Nothing);
    let cancel = Cancel::new();
    std::thread::scope(|scope| {
        let mut client = rig.client();
        let fires = cancel.clone();
        let thread = scope.spawn(move || client.run(&ask(&["a"]), &fires, &mut |_| {}));
        rig.until_one_runs();
        cancel.cancel();
        let asked = thread.join().expect("no panic");
        assert!(!asked.is_whole && asked.finished.is_empty());
    });
    rig.go_on.send(()).expect("it waits");
    assert!(finished(&mut follower, "a").ok);
}

#[test]
fn who_waits_is_told_that_the_owner_lives() {
    let rig = Rig::new(&["a"]);
    let _owner = rig.owner();
    rig.hold();
    let mut asks = super::hostile::raw(&rig, PROTOCOL);
    asks.say(r#"{"request":"run","number":7,"ids":["a"],"trigger":"manual","maxAgeMs":null,"heedCooldown":false}"#);
    assert_eq!(asks.line().as_deref(), Some("{\"reply\":\"accepted\",\"number\":7}\n"));
    asks.until("alive");
    rig.go_on.send(()).expect("it waits");
    asks.until("done");
    let mut follows = super::hostile::raw(&rig, PROTOCOL);
    follows.say(r#"{"request":"follow","watch":"nothing"}"#);
    follows.until("following");
    follows.until("alive");
    // Also one to whom nothing else was said.
    let mut manages = super::hostile::raw(&rig, PROTOCOL);
    manages.say(r#"{"request":"manage","number":1,"command":{}}"#);
    manages.until("alive");
    manages.until("alive");
    for teller in rig.front.managed.lock().drain(..) {
        teller.done(Ok(serde_json::Value::Null));
    }
    manages.until("manage");
}
