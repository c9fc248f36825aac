use std::path::{Path, PathBuf};

use super::Place;
use crate::folders::LogFile;
use crate::testing::{claude, claude_at, folder, report, scan};
use crate::{Cache, CostMode, Environment, Grouping, Reason, RuleSet, Source, Tariff};

/// The output tokens of everything that counts by the newer rules: days, then sessions.
#[track_caller]
fn check(files: &[(&str, &str)], daily: u64, session: u64) {
    let output = |by| report(Source::Claude, files, by).tokens.output;
    assert_eq!((output(Grouping::Daily), output(Grouping::Session)), (daily, session));
}

/// As `check`, for lines in one file.
#[track_caller]
fn lines(lines: &[String], daily: u64, session: u64) {
    check(&[("projects/p/s1.jsonl", &lines.concat())], daily, session);
}

fn side(request: &str, time: &str, session: &str, output: u64) -> String {
    claude_at(time, session, "m", request, output, r#","isSidechain":true"#)
}

const TEN: &str = "2026-05-01T10:00:00.000Z";
const LATER: &str = "2026-05-01T10:00:05.000Z";

#[test]
fn the_fullest_copy_of_a_message_counts() {
    lines(&[claude("m", "r", 1), claude("m", "r", 9), claude("m", "r", 5)], 9, 9);
}

#[test]
fn copies_in_other_sessions_are_copies() {
    let other = claude_at(TEN, "s2", "m", "r", 7, "");
    check(&[("projects/p/a.jsonl", &claude("m", "r", 5)), ("projects/p/b.jsonl", &other)], 7, 7);
}

#[test]
fn without_a_request_the_session_decides_and_for_days_the_moment() {
    let at = |time, session, output| claude_at(time, session, "m", "", output, "");
    lines(&[at(TEN, "s1", 1), at(TEN, "s1", 2)], 2, 2);
    lines(&[at(TEN, "s1", 1), at(LATER, "s1", 2)], 3, 2);
    lines(&[at(TEN, "s1", 1), at(TEN, "s2", 2)], 3, 3);
}

#[test]
fn another_request_is_another_message_unless_a_side_chain_repeats_it() {
    lines(&[claude("m", "r1", 1), claude("m", "r2", 2)], 3, 3);
    lines(&[claude("m", "r1", 1), side("r2", TEN, "s1", 99)], 1, 1);
    lines(&[side("r2", TEN, "s1", 99), claude("m", "r1", 1)], 1, 1);
    // Sessions are stricter: the moment has to be the same.
    lines(&[claude("m", "r1", 1), side("r2", LATER, "s1", 99)], 1, 100);
    lines(&[claude("m", "r1", 1), side("r2", TEN, "s2", 99)], 100, 100);
}

#[test]
fn a_side_chain_finds_its_parent_under_each_session_that_had_a_copy() {
    let copy = claude_at(TEN, "s2", "m", "r", 7, "");
    for session in ["s1", "s2"] {
        lines(&[claude("m", "r", 5), copy.clone(), side("r3", TEN, session, 99)], 7, 7);
    }
}

#[test]
fn of_two_copies_with_the_same_tokens_the_dearer_counts_for_days() {
    let at = |cost: &str| claude_at(TEN, "s1", "m", "r", 1, &format!(r#","costUSD":{cost}"#));
    let text = [at("1.5"), at("2.5")].concat();
    let files = [("projects/p/s1.jsonl", text.as_str())];
    let cost = |by| report(Source::Claude, &files, by).cost;
    assert_eq!((cost(Grouping::Daily), cost(Grouping::Session)), (2.5, 1.5));
}

#[test]
fn a_message_without_an_id_always_counts() {
    lines(&[claude("", "r", 1), claude("", "r", 1)], 2, 2);
}

/// What becomes of a single line by the newer and the older rules.
#[track_caller]
fn line(line: &str, newer: Option<Reason>, older: Option<Reason>) {
    let folder = folder(&[("projects/p/s1.jsonl", &format!("{}\n", line.trim_end()))]);
    let reason = |rules| {
        let (_, lines) = scan(Source::Claude, folder.path(), rules).explain();
        assert_eq!((lines.len(), lines[0].line), (1, 1));
        lines[0].dropped
    };
    assert_eq!((reason(RuleSet::Ccusage20), reason(RuleSet::Ccusage18)), (newer, older), "{line}");
}

#[test]
fn what_lines_count_for() {
    use Reason::{InvalidField, Malformed, NoTime, NoUsage, NullField, WrongShape};
    let good = claude("m", "r", 1);
    let with = |from: &str, to: &str| good.replace(from, to);
    let usage = r#""usage":{"input_tokens":0,"output_tokens":1}"#;
    line(&good, None, None);
    line(&with("\"usage\":{", "\"usage\": {"), Some(NoUsage), None);
    line("{}", Some(NoUsage), Some(NoUsage));
    line("7", Some(NoUsage), Some(NoUsage));
    line(&good[..60], Some(Malformed), Some(Malformed));
    line(&with("\"s1\"", "null"), Some(NullField), Some(WrongShape));
    line(&with("\"s1\"", " null"), None, Some(WrongShape));
    line(&with("\"s1\"", "\"\""), Some(InvalidField), Some(InvalidField));
    line(&with("\"s1\"", "7"), Some(WrongShape), Some(WrongShape));
    line(&with("00.000Z", "00Z"), None, None);
    line(&with("00.000Z", "00.000+01:00"), None, Some(NoTime));
    line(&with("00.000Z", "00.000000Z"), Some(NoTime), Some(NoTime));
    line(&with(":1}", ":-1}"), Some(WrongShape), Some(WrongShape));
    line(&with(":1}", ":1.0}"), Some(WrongShape), None);
    line(&with(":1}", ":\"1\"}"), Some(WrongShape), Some(WrongShape));
    line(&with(usage, r#""usage":{"output_tokens":1}"#), Some(WrongShape), Some(WrongShape));
    line(&with(":1}", r#":1,"speed":"warp"}"#), Some(WrongShape), Some(WrongShape));
    line(&with("\"id\"", r#""id":"m","id""#), Some(WrongShape), None);
    line(&with("\"id\"", r#""content":"text","id""#), None, Some(WrongShape));
    line(&with("{\"t", "{\"version\":\"one\",\"t"), Some(InvalidField), Some(InvalidField));
    line(&with("{\"t", "{\"version\":\"2.1.0-beta\",\"t"), None, None);
    line(&with("{\"t", "{\"x\":{\"id\":null},\"t"), Some(NullField), None);
    line(&with("{\"t", "{\"x\":\"\\ud83d\",\"t"), Some(WrongShape), None);
}

#[test]
fn null_is_no_fault_of_an_iteration_without_a_model() {
    let more = r#":1,"iterations":[{"type":"message","model":null}]}"#;
    line(&claude("m", "r", 1).replace(":1}", more), None, None);
    let more = more.replace("model\":null", "id\":null");
    line(&claude("m", "r", 1).replace(":1}", &more), Some(Reason::NullField), None);
}

#[test]
fn lines_that_are_not_text_count_for_sessions_only() {
    let folder = folder(&[]);
    let mut bytes = claude("m", "r", 1).into_bytes();
    bytes.splice(1..1, *b"\"x\":\"\xff\",");
    crate::testing::write(folder.path(), "projects/p/s1.jsonl", &bytes);
    let output = |by| {
        let scan = scan(Source::Claude, folder.path(), RuleSet::Ccusage20).by(by);
        scan.run(&Cache::none()).tokens.output
    };
    assert_eq!((output(Grouping::Daily), output(Grouping::Session)), (0, 1));
}

#[test]
fn a_subagents_progress_counts_for_days_only() {
    let inner = claude_at(TEN, "", "m", "r", 4, "");
    let outer = format!(r#"{{"sessionId":"s1","data":{{"message":{}}}}}"#, inner.trim_end());
    lines(&[outer + "\n"], 4, 0);
}

#[test]
fn an_advisor_is_counted_beside_the_model_it_advises() {
    let more = concat!(
        r#":1,"iterations":[{"type":"advisor_message","model":"claude-haiku-4-5","#,
        r#""input_tokens":0,"output_tokens":30},{"type":"message","input_tokens":0,"output_tokens":5}]}"#
    );
    let text = claude("m", "r", 1).replace(":1}", more);
    lines(std::slice::from_ref(&text), 31, 31);
    let report = report(Source::Claude, &[("projects/p/s1.jsonl", &text)], Grouping::Daily);
    let models: Vec<_> =
        report.rows[0].models.iter().map(|row| (row.model.as_str(), row.tokens.output)).collect();
    assert_eq!(models, [("claude-haiku-4-5", 30), ("claude-opus-4-5", 1)]);
}

#[test]
fn the_older_rules_count_the_first_copy_in_the_oldest_file() {
    let newer = format!("{{\"timestamp\":\"{LATER}\"}}\n{}", claude("m", "r", 1));
    let older = format!("{{\"timestamp\":\"2026-04-01T00:00:00Z\"}}\n{}", claude("m", "r", 5));
    let folder = folder(&[("projects/p/a.jsonl", &newer), ("projects/p/b.jsonl", &older)]);
    let report = scan(Source::Claude, folder.path(), RuleSet::Ccusage18).run(&Cache::none());
    assert_eq!(report.tokens.output, 5);
}

#[test]
fn synthetic_messages_count_without_a_model() {
    let text = claude("m", "r", 1).replace("claude-opus-4-5", "<synthetic>");
    let report = report(Source::Claude, &[("projects/p/s1.jsonl", &text)], Grouping::Daily);
    assert_eq!((report.tokens.output, report.rows[0].models.len()), (1, 0));
}

#[test]
fn the_cost_mode_decides_whose_word_is_taken() {
    let text = [
        claude_at(TEN, "s1", "a", "r", 1_000_000, r#","costUSD":1.5"#),
        claude_at(TEN, "s1", "b", "r", 1_000_000, ""),
    ];
    let folder = folder(&[("projects/p/s1.jsonl", &text.concat())]);
    let cost = |mode| {
        let scan = scan(Source::Claude, folder.path(), RuleSet::Ccusage20).cost_mode(mode);
        format!("{:.2}", scan.run(&Cache::none()).cost)
    };
    assert_eq!(cost(CostMode::Auto), "26.50");
    assert_eq!(cost(CostMode::Calculate), "50.00");
    assert_eq!(cost(CostMode::Display), "1.50");
}

#[track_caller]
fn place(path: &str, newer: (&str, &str), older: (&str, &str)) {
    let file = LogFile {
        path: PathBuf::from("/home/me/.claude/projects").join(path),
        base: PathBuf::from("/home/me/.claude/projects"),
        stamp: crate::folders::Stamp::default(),
    };
    let pair = |place: Place| (place.project, place.session);
    let own = |(project, session): (&str, &str)| (project.to_owned(), session.to_owned());
    assert_eq!(pair(Place::of(&file.path)), own(newer), "{path}");
    assert_eq!(pair(Place::older(&file)), own(older), "{path}");
}

#[test]
fn sessions_are_named_by_their_path() {
    place("p/s.jsonl", ("p", "s"), ("Unknown Project", "p"));
    place("p/s/chat.jsonl", ("p", "s"), ("p", "s"));
    place("p/s/subagents/agent.jsonl", ("p", "s"), ("p/s", "subagents"));
    place("s.jsonl", ("Unknown Project", "s.jsonl"), ("Unknown Project", "unknown"));
    place("p/q/s/chat.jsonl", ("p/q", "s"), ("p/q", "s"));
    assert_eq!(Place::of(Path::new("")).session, "unknown");
}

/// A message of a model at a time, with a million tokens read.
fn of_model(model: &str, time: &str, more: &str) -> String {
    format!(
        "{{\"timestamp\":\"{time}\",\"message\":{{\"model\":\"{model}\",\"usage\":{{\
         \"input_tokens\":1000000,\"output_tokens\":0{more}}}}}}}\n"
    )
}

/// The models of a session with their costs, as ccusage 20.0.24 says them, too.
#[track_caller]
fn named(aliases: &str, lines: &[String], rules: RuleSet, expected: &[(&str, f64)]) {
    let folder = folder(&[("projects/p/s1.jsonl", &lines.concat())]);
    let environment = Environment { model_aliases: Some(aliases.to_owned()), ..Default::default() };
    let scan = scan(Source::Claude, folder.path(), rules).by(Grouping::Session);
    let report = scan.aliases(environment.model_aliases(rules)).run(&Cache::none());
    let models = report.rows.iter().flat_map(|row| &row.models);
    let found: Vec<_> = models.map(|row| (row.model.as_str(), round(row.cost))).collect();
    assert_eq!(found, expected);
}

fn round(cost: f64) -> f64 {
    (cost * 1e9).round() / 1e9
}

const AT_PEAK: &str = "2026-08-17T02:00:00Z";
const OFF_PEAK: &str = "2026-08-17T12:00:00Z";

#[test]
fn a_message_costs_what_its_hour_does() {
    let newer = |lines: &[String], expected: &[(&str, f64)]| {
        named("", lines, RuleSet::Ccusage20, expected);
    };
    let pro = |time| of_model("deepseek-v4-pro", time, "");
    newer(&[pro(TEN)], &[("deepseek-v4-pro", 0.435)]);
    newer(&[pro(AT_PEAK)], &[("deepseek-v4-pro", 1.32)]);
    newer(&[pro(AT_PEAK), pro(OFF_PEAK)], &[("deepseek-v4-pro", 1.98)]);
}

#[test]
fn explaining_says_at_which_hours_a_price_counts() {
    let text = [AT_PEAK, OFF_PEAK, TEN].map(|time| of_model("deepseek-v4-flash", time, ""));
    let folder = folder(&[("projects/p/s1.jsonl", &text.concat())]);
    let (_, lines) = scan(Source::Claude, folder.path(), RuleSet::Ccusage20).explain();
    let messages = lines.into_iter().filter_map(|line| line.message);
    let found: Vec<_> = messages.map(|message| (message.tariff, message.cost)).collect();
    let expected = [(Some(Tariff::Peak), 0.44), (Some(Tariff::OffPeak), 0.22), (None, 0.14)];
    assert_eq!(found.iter().map(|found| found.0).collect::<Vec<_>>(), expected.map(|one| one.0));
    assert!(found.iter().zip(expected).all(|(found, one)| (found.1 - one.1).abs() < 1e-9));
}

#[test]
fn models_are_called_and_priced_by_their_aliases() {
    let newer = |aliases: &str, model: &str, more: &str, expected: (&str, f64)| {
        named(aliases, &[of_model(model, AT_PEAK, more)], RuleSet::Ccusage20, &[expected]);
    };
    let fast = r#","speed":"fast""#;
    newer("foo=claude-opus-4-6", "foo", "", ("claude-opus-4-6", 5.0));
    newer("foo=claude-opus-4-6", "foo", fast, ("claude-opus-4-6-fast", 30.0));
    newer("foo=deepseek-v4-pro", "foo", "", ("deepseek-v4-pro", 1.32));
    // A price that the release knows by the very name stays.
    newer("claude-opus-4-5=gpt-5", "claude-opus-4-5", "", ("gpt-5", 5.0));
    newer("us.claude-opus-4-5=gpt-5", "us.claude-opus-4-5", "", ("gpt-5", 1.25));
    newer("us.claude-opus-4-5=nothing", "us.claude-opus-4-5", "", ("nothing", 5.0));
    newer("kimi-k2=nothing", "kimi-k2", "", ("nothing", 0.0));
    newer("us.claude-opus-4-5=kimi-k2", "us.claude-opus-4-5", "", ("kimi-k2", 5.0));
    newer("us.claude-opus-4-5=gpt-5.3-spark", "us.claude-opus-4-5", "", ("gpt-5.3-spark", 1.75));
    newer("bar-fast=gpt-5", "bar", fast, ("gpt-5", 0.0));
}

#[test]
fn models_of_one_name_are_one_row() {
    let lines = ["foo", "claude-opus-4-6"].map(|model| of_model(model, TEN, ""));
    let [aliases, model] = ["foo=claude-opus-4-6", "claude-opus-4-6"];
    named(aliases, &lines, RuleSet::Ccusage20, &[(model, 10.0)]);
}

#[test]
fn the_older_release_knows_no_aliases() {
    named("foo=gpt-5", &[of_model("foo", TEN, "")], RuleSet::Ccusage18, &[("foo", 0.0)]);
}
