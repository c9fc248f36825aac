use std::fs;

use vario_test_support::TempHome;
use vario_value::LogLevel;

use super::{LOG_BYTES, LOG_MESSAGE_BYTES, MAX_OPEN, PluginLogs};
use crate::Paths;

struct Fixture {
    home: TempHome,
    logs: PluginLogs,
}

impl Fixture {
    fn new() -> Self {
        let home = TempHome::new();
        let logs = PluginLogs::new(&Paths::below(home.path()));
        Self { home, logs }
    }

    fn says(&self, id: &str, message: &str) {
        self.logs.append(id, 1_000, LogLevel::Info, message).unwrap();
    }

    fn messages(&self, id: &str, count: usize) -> Vec<String> {
        let lines = self.logs.tail(id, count).unwrap();
        lines.into_iter().map(|line| line.message).collect()
    }
}

#[test]
fn a_message_comes_back_with_time_and_level() {
    let fixture = Fixture::new();
    let levels = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    let messages = ["one", "", "a\nb\n\tc\n", " spaced\r\n\u{1f600} "];
    for (at_ms, (level, message)) in (1_735_689_600_123..).zip(levels.into_iter().zip(messages)) {
        fixture.logs.append("p", at_ms, level, message).unwrap();
    }
    let lines = PluginLogs::new(&Paths::below(fixture.home.path())).tail("p", 10).unwrap();
    assert_eq!(lines.iter().map(|line| line.level).collect::<Vec<_>>(), levels);
    assert_eq!(fixture.messages("p", 10), messages);
    assert_eq!(lines[2].at_ms, 1_735_689_600_125);
    let text = fs::read_to_string(fixture.home.path().join("state/logs/p.log")).unwrap();
    assert!(text.starts_with("2025-01-01T00:00:00.123Z debug one\n"), "{text}");
    assert_eq!(fixture.messages("p", 1), messages[3..]);
    assert_eq!(fixture.messages("p", 0), [""; 0]);
    assert_eq!(fixture.messages("nobody", 5), [""; 0]);
}

#[test]
fn a_message_cannot_pass_for_two() {
    let fixture = Fixture::new();
    let forged = "x\n2026-01-02T03:04:05.678Z error forged";
    fixture.says("p", forged);
    assert_eq!(fixture.messages("p", 5), [forged]);
}

#[test]
fn a_log_stays_within_its_bounds_with_one_older_file() {
    let fixture = Fixture::new();
    let long = "é".repeat(5_000);
    for number in 0..400 {
        fixture.says("p", &format!("{number} {long}"));
    }
    assert_eq!(fixture.home.names("state/logs"), ["p.log", "p.log.1"]);
    for name in ["p.log", "p.log.1"] {
        let size = fixture.home.path().join("state/logs").join(name).metadata().unwrap().len();
        assert!(size <= LOG_BYTES, "{name}: {size}");
    }
    let numbers: Vec<usize> = fixture
        .messages("p", 150)
        .iter()
        .map(|message| message.split(' ').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(numbers, (250..400).collect::<Vec<_>>(), "over the border of both files");
    fixture.says("p", &"y".repeat(10 * LOG_MESSAGE_BYTES));
    let last = fixture.messages("p", 1).remove(0);
    assert!(last.ends_with("y…") && last.len() < LOG_MESSAGE_BYTES + 10);
}

#[test]
fn whoever_was_killed_within_a_line_spoils_no_other() {
    let fixture = Fixture::new();
    fixture.home.write("state/logs/p.log", "1970-01-01T00:00:01.000Z info whole\n1970-01-01T0");
    fixture.says("p", "next");
    assert_eq!(fixture.messages("p", 5), ["whole\n1970-01-01T0", "next"]);
    let odd = b"\xff\xfe\n\n1970-01-01T00:00:01.000Z info \xff\n1970-01-01T00:00:01.000Z loud x\n";
    fixture.home.write("state/logs/q.log", odd);
    assert_eq!(fixture.messages("q", 5), ["\u{fffd}\n1970-01-01T00:00:01.000Z loud x"]);
}

#[test]
fn ids_stay_in_the_folder_and_apart() {
    let fixture = Fixture::new();
    let long = "a".repeat(4_000);
    let ids = ["..", "../../x", "a/b", "a\\b", "", "ä", "com.example.plugin", &long];
    let other = format!("{long}b");
    for id in ids.into_iter().chain([other.as_str()]) {
        fixture.says(id, id);
    }
    for id in ids.into_iter().chain([other.as_str()]) {
        assert_eq!(fixture.messages(id, 5), [id]);
    }
    let names = fixture.home.names("state/logs");
    assert_eq!(names.len(), ids.len() + 1, "{names:?}");
    assert!(names.contains(&"com.example.plugin.log".to_owned()), "{names:?}");
    assert_eq!(fixture.home.names("state"), ["logs"]);
}

#[test]
fn more_plugins_than_open_files_can_log() {
    let fixture = Fixture::new();
    let ids: Vec<String> = (0..MAX_OPEN * 2).map(|number| number.to_string()).collect();
    for round in ["first", "second"] {
        for id in &ids {
            fixture.says(id, round);
        }
    }
    for id in &ids {
        assert_eq!(fixture.messages(id, 5), ["first", "second"]);
    }
}

#[test]
fn a_log_is_forgotten_and_can_begin_again() {
    let fixture = Fixture::new();
    fixture.says("p", "one");
    fixture.logs.forget("p").unwrap();
    fixture.logs.forget("p").unwrap();
    assert!(fixture.home.names("state/logs").is_empty());
    fixture.says("p", "two");
    assert_eq!(fixture.messages("p", 5), ["two"]);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_an_error_and_later_works_again() {
    let fixture = Fixture::new();
    let append = || fixture.logs.append("p", 1_000, LogLevel::Info, "x");
    // `/dev/full` would be a full disk, but is no ordinary file, which is refused already.
    let file = fixture.home.path().join("state/logs/p.log");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    for target in ["/dev/full", "/dev/zero", "/"] {
        std::os::unix::fs::symlink(target, &file).unwrap();
        let error = append().unwrap_err().to_string();
        assert!(error.contains("p.log: it is no ordinary file"), "{error}");
        assert!(fixture.logs.tail("p", 5).is_err());
        fs::remove_file(&file).unwrap();
    }
    append().unwrap();
    assert_eq!(fixture.messages("p", 5), ["x"]);
}

#[cfg(unix)]
#[test]
fn a_log_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let fixture = Fixture::new();
    fixture.says("p", "x");
    let mode = |name: &str| fixture.home.path().join(name).metadata().unwrap().permissions().mode();
    assert_eq!(mode("state/logs") & 0o777, 0o700);
    assert_eq!(mode("state/logs/p.log") & 0o777, 0o600);
}
