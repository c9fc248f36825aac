use std::fs;
use std::time::Duration;

use vario_model::RunTrigger;
use vario_sqlite::{Database, ErrorKind, OpenOptions};

use super::{Fixture, quota, snapshot, text};
use crate::{Error, Store, StoreMode};

fn save(store: &Store, plugin: &str, at_ms: i64) -> Result<(), Error> {
    let one = snapshot(plugin, vec![text("x"), quota("Q", 1.0, 2.0)], at_ms);
    store.save(&one, RunTrigger::Auto, at_ms)
}

fn kind(error: &Error) -> Option<ErrorKind> {
    if let Error::Database(error) = error { Some(error.kind()) } else { None }
}

/// The store works, but in memory, and says why; nothing of what it has reaches the disk.
#[track_caller]
fn check_memory(fixture: &Fixture, expected: &str) {
    let store = Store::open(&fixture.paths).unwrap();
    assert_eq!(store.mode(), StoreMode::Memory);
    let warnings = store.take_warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains(expected), "{}", warnings[0]);
    assert!(warnings[0].ends_with("results are kept until this program ends only"));
    assert!(store.take_warnings().is_empty(), "told once");
    save(&store, "a", 1).unwrap();
    assert!(store.latest("a").unwrap().is_some());
}

#[test]
fn a_damaged_database_is_set_aside_and_begun_anew() {
    let rows: [(&str, Vec<u8>); 3] = [
        ("text", b"this is not a database, and long enough to be looked at".repeat(40)),
        ("zeros after the magic", [b"SQLite format 3\0".to_vec(), vec![0; 8_000]].concat()),
        ("a short beginning", b"SQLite format 3\0\x10\0\x02\x02".to_vec()),
    ];
    for (name, bytes) in rows {
        let fixture = Fixture::new();
        fixture.home.write("config/config.toml", "# mine");
        for number in 1..=2 {
            fixture.home.write("state/state.db", &bytes);
            let store = Store::open(&fixture.paths).unwrap();
            assert_eq!(store.mode(), StoreMode::Lasting, "{name}");
            let warnings = store.take_warnings().join("\n");
            let aside = format!("state.db.corrupt-{number} and a new one is begun");
            assert!(warnings.contains(&aside), "{name}: {warnings}");
            save(&store, "a", 1).unwrap();
            drop(store);
            let kept = fixture.home.path().join(format!("state/state.db.corrupt-{number}"));
            assert_eq!(fs::read(kept).unwrap(), bytes, "{name}");
            assert!(fixture.store().latest("a").unwrap().is_some(), "{name}");
        }
        assert_eq!(fixture.home.names("config"), ["config.toml"]);
    }
}

#[test]
fn an_empty_file_is_an_empty_database() {
    let fixture = Fixture::new();
    fixture.home.write("state/state.db", "");
    save(&fixture.store(), "a", 1).unwrap();
}

#[test]
fn damage_that_shows_later_is_mended_too() {
    let fixture = Fixture::new();
    let store = fixture.store();
    for at_ms in 0..200 {
        save(&store, &format!("plugin-{at_ms}"), at_ms).unwrap();
    }
    drop(store);
    // The header and the schema stay, so that opening finds nothing.
    let path = fixture.paths.database();
    let mut bytes = fs::read(&path).unwrap();
    let page = 4096;
    assert!(bytes.len() > 8 * page, "{}", bytes.len());
    bytes[page..].fill(0xAA);
    fs::write(&path, &bytes).unwrap();

    let store = fixture.store();
    assert_eq!(store.latest("plugin-1").unwrap(), None);
    let warnings = store.take_warnings();
    assert!(warnings[0].contains("state.db.corrupt-1"), "{warnings:?}");
    assert_eq!(store.mode(), StoreMode::Lasting);
    save(&store, "a", 1).unwrap();
    drop(store);
    assert_eq!(fixture.store().records().unwrap().len(), 1);
}

#[test]
fn a_snapshot_of_another_time_is_as_good_as_none() {
    let fixture = Fixture::new();
    let store = fixture.store();
    save(&store, "a", 1).unwrap();
    let raw = Database::open(&fixture.paths.database(), &OpenOptions::default()).unwrap();
    raw.execute("UPDATE run SET good = '{\"other\": 1}'", &[]).unwrap();
    let record = store.record("a").unwrap().unwrap();
    assert_eq!((record.last_run_ms, record.good, record.latest), (1, None, None));
    save(&store, "a", 2).unwrap();
    assert!(store.latest("a").unwrap().is_some());
}

#[test]
fn a_database_of_a_later_version_is_left_alone() {
    let fixture = Fixture::new();
    save(&fixture.store(), "a", 1).unwrap();
    let raw = Database::open(&fixture.paths.database(), &OpenOptions::default()).unwrap();
    raw.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(raw);
    let before = fs::read(fixture.paths.database()).unwrap();
    check_memory(&fixture, "has format 99, this version knows up to 3; update vario");
    assert_eq!(fs::read(fixture.paths.database()).unwrap(), before);
    assert_eq!(fixture.home.names("state"), ["state.db"]);
}

#[test]
fn a_state_folder_that_cannot_be_used_means_memory() {
    // A file in its place stops everyone, root too.
    let fixture = Fixture::new();
    fixture.home.write("state", "");
    check_memory(&fixture, "cannot write ");
    // So does a folder in the place of the file.
    let fixture = Fixture::new();
    fixture.home.write("state/state.db/x", "");
    check_memory(&fixture, "state.db");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let set_mode = |path: &std::path::Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let fixture = Fixture::new();
    save(&fixture.store(), "a", 1).unwrap();
    let file = fixture.paths.database();
    set_mode(&file, 0o400);
    // Root may write all the same; then there is nothing to see here.
    let may_write = fs::File::options().append(true).open(&file).is_ok();
    let store = Store::open(&fixture.paths).unwrap();
    if may_write {
        assert_eq!(store.mode(), StoreMode::Lasting);
        return;
    }
    assert_eq!(store.mode(), StoreMode::ReadOnly);
    assert!(store.take_warnings()[0].ends_with("cannot be written: new results are not kept"));
    assert!(store.latest("a").unwrap().is_some());
    assert_eq!(kind(&save(&store, "a", 2).unwrap_err()), Some(ErrorKind::ReadOnly));

    let fixture = Fixture::new();
    save(&fixture.store(), "a", 1).unwrap();
    let folder = fixture.paths.state_dir();
    set_mode(folder, 0o555);
    // There is no room for a log, as on a full disk or a disk that is mounted for reading.
    let store = Store::open(&fixture.paths).unwrap();
    assert_eq!(store.mode(), StoreMode::ReadOnly);
    let warnings = store.take_warnings();
    assert!(warnings[0].ends_with("results from before are shown as they were"), "{warnings:?}");
    assert!(store.latest("a").unwrap().is_some());
    assert!(save(&store, "a", 2).is_err());
    set_mode(folder, 0o755);
    assert!(fixture.store().latest("a").unwrap().is_some());
}

#[test]
fn a_full_disk_fails_the_save_and_keeps_what_was_saved() {
    let fixture = Fixture::new();
    let store = fixture.store();
    save(&store, "a", 1).unwrap();
    let limit = |pages: u32| {
        let opened = store.opened.lock();
        let sql = format!("PRAGMA max_page_count = {pages}");
        opened.database.query(&sql, &[], |_| Ok(())).unwrap();
    };
    // SQLite takes the present size if that is more.
    limit(1);
    let large = snapshot("a", vec![text(&"x".repeat(100_000)), quota("Q", 1.0, 2.0)], 2);
    let error = store.save(&large, RunTrigger::Manual, 2).unwrap_err();
    assert_eq!(kind(&error), Some(ErrorKind::Full), "{error}");
    assert!(error.to_string().contains("state.db: database or disk is full"), "{error}");
    let record = fixture.store().record("a").unwrap().unwrap();
    assert_eq!((record.last_run_ms, record.last_manual_ok_ms), (1, None));
    assert_eq!(store.history("a", 0, 9).unwrap().len(), 1);
    limit(1_000_000);
    store.save(&large, RunTrigger::Manual, 2).unwrap();
    assert_eq!(fixture.store().latest("a").unwrap(), Some(large));
}

/// The same test, run again where the system lets no file grow.
#[cfg(unix)]
#[test]
fn a_disk_that_was_full_before_means_memory() {
    const FOLDER: &str = "VARIO_TEST_FULL_DISK";
    const NAME: &str = "store::tests::broken::a_disk_that_was_full_before_means_memory";
    if let Some(folder) = std::env::var_os(FOLDER) {
        let store = Store::open(&crate::Paths::below(folder.as_ref())).unwrap();
        assert_eq!(store.mode(), StoreMode::Memory);
        assert_eq!(store.take_warnings().len(), 1);
        save(&store, "a", 1).unwrap();
        return;
    }
    let fixture = Fixture::new();
    let limited = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"";
    let mut command = std::process::Command::new("sh");
    command.args(["-c", limited]).arg(std::env::current_exe().unwrap());
    command.args(["--exact", NAME]).env(FOLDER, fixture.home.path());
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{output:?}");
    // With room again, the file that was left over is as good as none.
    save(&fixture.store(), "a", 1).unwrap();
}

#[test]
fn a_locked_database_is_an_error_after_the_wait() {
    let fixture = Fixture::new();
    let path = fixture.paths.database();
    let store = Store::open_within(&path, Duration::ZERO).unwrap();
    save(&store, "a", 1).unwrap();
    let other = Database::open(&path, &OpenOptions::default()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = save(&store, "a", 2).unwrap_err();
    assert_eq!(kind(&error), Some(ErrorKind::Busy), "{error}");
    assert_eq!(store.last_run("a").unwrap(), Some(1), "reading goes on");
    other.execute_batch("COMMIT").unwrap();
    save(&store, "a", 2).unwrap();
    assert_eq!(store.last_run("a").unwrap(), Some(2));
}

/// SQLite does not wait when two connections make the same new database.
#[test]
fn first_openers_at_the_same_time_all_get_the_file() {
    for _ in 0..20 {
        let fixture = Fixture::new();
        let start = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for name in ["a", "b", "c", "d"] {
                let (fixture, start) = (&fixture, &start);
                scope.spawn(move || {
                    start.wait();
                    save(&fixture.store(), name, 1).unwrap();
                });
            }
        });
        assert_eq!(fixture.store().records().unwrap().len(), 4);
    }
}
