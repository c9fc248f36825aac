use std::io::{BufRead as _, BufReader, Write as _};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use vario_host::Cancel;
use vario_store::StateLock;

use super::rig::{FAR, Rig, ask};
use crate::owner::transport::Kind;
use crate::owner::{Alone, Claim, Client, NoOwner, Owner, Watch, claim};

fn paths(rig: &Rig) -> &vario_store::Paths {
    &rig.plugins.context.app.paths
}

#[test]
fn there_is_one_owner_and_it_can_be_replaced() {
    let rig = Rig::new(&["a"]);
    assert_eq!(Client::connect(paths(&rig), &rig.identity()).map(|_| ()), Err(NoOwner::None));
    let owner = rig.owner();
    let mut follower = rig.follower(&Watch::Nothing);
    drop(owner);
    assert_eq!(follower.next_news(), None);
    let _next = rig.owner();
    assert!(rig.client().status().is_ok());
}

/// Many who lose the owner claim at once: one of them gets it, the others follow that one.
#[test]
fn of_many_who_claim_one_owns() {
    let rig = Rig::new(&["a"]);
    let first = rig.owner();
    let (owners, at_the_end) = (AtomicUsize::new(0), Barrier::new(8));
    thread::scope(|scope| {
        let followers: Vec<_> = (0..8).map(|_| rig.follower(&Watch::Nothing)).collect();
        let (rig, owners, at_the_end) = (&rig, &owners, &at_the_end);
        for mut follower in followers {
            scope.spawn(move || {
                assert_eq!(follower.next_news(), None);
                let claimed = claim(&rig.options(), &Watch::Nothing);
                if let Claim::Owner(_) = &claimed {
                    owners.fetch_add(1, Ordering::SeqCst);
                }
                // Nobody gives up what he has before all have claimed.
                at_the_end.wait();
                assert!(!matches!(claimed, Claim::Alone(_)));
            });
        }
        drop(first);
    });
    assert_eq!(owners.load(Ordering::SeqCst), 1);
}

/// The socket of one who was killed is there and nobody listens.
#[test]
fn a_stale_socket_is_no_owner() {
    let rig = Rig::new(&["a"]);
    let mut lock = StateLock::try_acquire(paths(&rig)).expect("a lock").expect("free");
    let path = lock.socket_path(100).expect("a path");
    drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket"));
    lock.publish(&serde_json::json!({ "socket": path }).to_string()).expect("published");
    assert_eq!(Client::connect(paths(&rig), &rig.identity()).map(|_| ()), Err(NoOwner::None));
    // Killed: the system takes the lock, and nothing is cleared away.
    let copy = std::fs::read(paths(&rig).state_dir().join("owner/address")).expect("published");
    drop(lock);
    drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket"));
    std::fs::write(paths(&rig).state_dir().join("owner/address"), copy).expect("own file");
    let _owner = rig.owner();
    assert!(rig.client().status().is_ok());
}

#[test]
fn whoever_asked_learns_that_the_owner_has_ended() {
    let rig = Rig::new(&["a"]);
    let options = rig.options();
    let owner = Rig::owner_with(&options);
    rig.hold();
    thread::scope(|scope| {
        let mut client = rig.client();
        let thread = scope.spawn(move || client.run(&ask(&["a"]), &Cancel::new(), &mut |_| {}));
        rig.until_one_runs();
        let told = owner.run(&ask(&["a"]));
        rig.go_on.send(()).expect("it waits");
        options.cancel.cancel();
        drop(owner);
        let asked = thread.join().expect("no panic");
        assert!(asked.finished.is_empty() || asked.is_whole, "{asked:?}");
        // The same within the process: the channel has an end.
        while told.recv_timeout(FAR).is_ok() {}
    });
}

#[test]
fn a_state_directory_that_cannot_be_locked_has_no_owner() {
    let rig = Rig::new(&["a"]);
    let options = rig.options();
    std::fs::write(paths(&rig).state_dir().join("owner"), "a file").expect("own file");
    let claimed = claim(&options, &Watch::Nothing);
    assert!(matches!(claimed, Claim::Alone(Alone::NoLock(_))));
}

#[test]
fn one_that_is_to_end_claims_nothing() {
    let rig = Rig::new(&["a"]);
    let options = rig.options();
    options.cancel.cancel();
    assert!(matches!(claim(&options, &Watch::Nothing), Claim::Alone(Alone::Cancelled)));
}

/// Elsewhere than in the state directory, whose path fits into no socket's address.
#[test]
fn a_very_deep_state_directory_has_a_socket_too() {
    let mut rig = Rig::new(&["a"]);
    let deep = rig.plugins.dir.path().join("x".repeat(120));
    rig.plugins.context.app.paths = vario_store::Paths::below(&deep);
    let owner = rig.owner();
    let address = StateLock::address(paths(&rig)).expect("an address");
    assert!(!address.contains("xxx"), "{address}");
    assert!(rig.client().status().is_ok());
    let folder = address.split('"').find(|part| part.starts_with("/tmp/")).expect("a path");
    let folder = std::path::Path::new(folder).parent().expect("its folder").to_owned();
    assert!(folder.is_dir());
    drop(owner);
    assert!(!folder.exists(), "it is cleared away");
}

#[cfg(unix)]
#[test]
fn the_socket_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let rig = Rig::new(&[]);
    let folder = paths(&rig).state_dir().join("owner");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).expect("own");
    let _owner = rig.owner();
    let mode = |path: &std::path::Path| path.metadata().expect("there").permissions().mode();
    assert_eq!(mode(&folder) & 0o777, 0o700);
    assert_eq!(mode(&folder.join("socket")) & 0o777, 0o600);
}

/// Someone else has the lock and never answers: nobody waits for him without end.
#[test]
fn an_owner_that_accepts_and_says_nothing_is_none() {
    let rig = Rig::new(&["a"]);
    let mut lock = StateLock::try_acquire(paths(&rig)).expect("a lock").expect("free");
    let path = lock.socket_path(100).expect("a path");
    let _listens = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    lock.publish(&serde_json::json!({ "socket": path }).to_string()).expect("published");
    let silent = Client::connect(paths(&rig), &rig.identity()).map(|_| ());
    assert_eq!(silent, Err(NoOwner::Silent));
}

/// It was stopped, or it hangs: whoever follows it looks for another.
#[test]
fn a_follower_does_not_wait_for_one_that_is_silent() {
    let rig = Rig::new(&[]);
    let mut lock = StateLock::try_acquire(paths(&rig)).expect("a lock").expect("free");
    let path = lock.socket_path(100).expect("a path");
    let listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    lock.publish(&serde_json::json!({ "socket": path }).to_string()).expect("published");
    thread::scope(|scope| {
        let forged = scope.spawn(move || {
            let (stream, _) = listener.accept().expect("a client");
            let mut lines = BufReader::new(&stream).lines();
            for answer in [
                r#"{"reply":"hello","protocol":3,"version":"1","sameScope":true}"#,
                r#"{"reply":"following","running":["a"]}"#,
            ] {
                lines.next().expect("a line").expect("UTF-8");
                (&stream).write_all(format!("{answer}\n").as_bytes()).expect("it listens");
            }
            // The end comes from the other side.
            lines.next().is_none()
        });
        let client = Client::connect(paths(&rig), &rig.identity()).expect("an owner");
        let mut follower = client.follow(Watch::Nothing, &Cancel::new()).expect("it follows");
        assert_eq!(follower.running(), ["a"]);
        assert_eq!(follower.next_news(), None);
        drop(follower);
        assert!(forged.join().expect("no panic"));
    });
}

/// As on systems without such sockets: whoever does not know the secret gets no answer.
#[test]
fn loopback_is_for_those_who_know_the_secret() {
    let rig = Rig::new(&["a"]);
    let lock = StateLock::try_acquire(paths(&rig)).expect("a lock").expect("free");
    let owner = Owner::start_on(Kind::Loopback, lock, &rig.options()).expect("an owner");
    assert_eq!(owner.deaf(), None);
    let asked = rig.client().run(&ask(&["a"]), &Cancel::new(), &mut |_| {});
    assert!(asked.is_whole && asked.finished.contains("a"));
    let mut follower = rig.follower(&Watch::Nothing);
    let file = paths(&rig).state_dir().join("owner/address");
    let address = std::fs::read_to_string(&file).expect("published");
    let mut parsed: serde_json::Value = serde_json::from_str(&address).expect("JSON");
    assert_eq!(parsed["secret"].as_str().map(str::len), Some(64));
    for secret in ["", "0", &"0".repeat(64), &"0".repeat(65)] {
        parsed["secret"] = secret.into();
        std::fs::write(&file, parsed.to_string()).expect("own file");
        let silent = Client::connect(paths(&rig), &rig.identity()).map(|_| ());
        assert_eq!(silent, Err(NoOwner::Silent), "{secret}");
    }
    drop(owner);
    assert_eq!(follower.next_news(), None);
}
