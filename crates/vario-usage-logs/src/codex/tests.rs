use std::path::Path;

use crate::testing::{codex, folder, report, scan, write};
use crate::{Cache, CodexSpeed, Environment, Grouping, Reason, RuleSet, Source};

const FILE: &str = "sessions/2026/05/01/a.jsonl";

/// The output tokens that count for days by the newer and the older rules.
#[track_caller]
fn check(files: &[(&str, &str)], newer: u64, older: u64) {
    let folder = folder(files);
    let output = |rules| {
        let report = scan(Source::Codex, folder.path(), rules).run(&Cache::none());
        report.tokens.output
    };
    assert_eq!((output(RuleSet::Ccusage20), output(RuleSet::Ccusage18)), (newer, older));
}

#[track_caller]
fn lines(lines: &[String], newer: u64, older: u64) {
    check(&[(FILE, &lines.concat())], newer, older);
}

fn at(second: f64, last: u64, total: u64) -> String {
    codex(&format!("2026-05-01T10:00:{second:06.3}Z"), Some(last), Some(total))
}

fn meta(id: &str, parent: &str, second: f64) -> String {
    format!(
        "{{\"timestamp\":\"2026-05-01T10:00:{second:06.3}Z\",\"type\":\"session_meta\",\"payload\":\
         {{\"id\":\"{id}\",\"forked_from_id\":\"{parent}\"}}}}\n"
    )
}

fn context(model: &str) -> String {
    format!(
        "{{\"timestamp\":\"2026-05-01T10:00:00Z\",\"type\":\"turn_context\",\"payload\":\
         {{\"model\":\"{model}\"}}}}\n"
    )
}

#[test]
fn a_total_that_does_not_grow_says_that_nothing_was_used() {
    lines(&[at(1.0, 5, 5), at(2.0, 5, 5)], 5, 10);
    lines(&[at(1.0, 5, 5), at(2.0, 5, 10)], 10, 10);
}

#[test]
fn without_a_last_turn_totals_are_subtracted() {
    let total =
        |second: u64, total| codex(&format!("2026-05-01T10:00:0{second}.000Z"), None, Some(total));
    lines(&[total(1, 5), total(2, 12), total(3, 12)], 12, 12);
    // A total that falls begins anew, from what is less than nothing.
    lines(&[total(1, 5), total(2, 3), total(3, 4)], 6, 6);
}

#[test]
fn the_same_event_in_two_files_counts_once_a_day_and_once_a_session() {
    let files = [(FILE, at(1.0, 5, 5)), ("sessions/b.jsonl", at(1.0, 5, 5))];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    check(&files, 5, 10);
    assert_eq!(report(Source::Codex, &files, Grouping::Session).tokens.output, 10);
}

#[test]
fn a_fork_repeats_its_parent_and_that_does_not_count() {
    let parent = [meta("p", "", 0.0), at(1.0, 5, 5), at(20.0, 6, 11)].concat();
    let child = [meta("c", "p", 30.0), at(30.0, 5, 5), at(30.0, 6, 11), at(50.0, 7, 18)].concat();
    check(&[(FILE, &parent), ("sessions/b.jsonl", &child)], 18, 29);
}

#[test]
fn what_the_parent_did_after_the_fork_is_no_history() {
    let parent = [meta("p", "", 0.0), at(1.0, 5, 5), at(40.0, 6, 11)].concat();
    let child = [meta("c", "p", 30.0), at(31.0, 5, 5), at(50.0, 6, 11)].concat();
    check(&[(FILE, &parent), ("sessions/b.jsonl", &child)], 17, 22);
}

#[test]
fn without_the_parent_a_burst_is_its_history() {
    let fork = |rest: &[String]| [&[meta("c", "gone", 29.0)], rest].concat();
    lines(&fork(&[at(30.0, 5, 5), at(30.9, 6, 11), at(31.5, 1, 12), at(50.0, 7, 19)]), 7, 19);
    lines(&fork(&[at(30.0, 5, 5), at(31.1, 6, 11)]), 11, 11);
    lines(&[meta("c", "c", 29.0), at(30.0, 5, 5), at(50.0, 6, 11)], 11, 11);
}

/// The models of a day with their costs.
fn models(folder: &Path, speed: CodexSpeed) -> Vec<(String, f64, bool)> {
    let scan = scan(Source::Codex, folder, RuleSet::Ccusage20).codex_speed(speed);
    let rows = scan.run(&Cache::none()).rows;
    let models = rows.into_iter().flat_map(|row| row.models);
    models.map(|model| (model.model, model.cost, model.assumed)).collect()
}

#[test]
fn models_come_from_the_context_or_are_assumed() {
    let folder = folder(&[
        ("sessions/a.jsonl", &at(1.0, 1, 1)),
        ("sessions/b.jsonl", &[context(" gpt-5.2 "), at(2.0, 1, 1)].concat()),
        ("sessions/c.jsonl", &[context("codex-auto-review"), at(3.0, 1, 1)].concat()),
    ]);
    let found: Vec<_> = models(folder.path(), CodexSpeed::Auto)
        .into_iter()
        .map(|(name, _, by)| (name, by))
        .collect();
    let expected = [("gpt-5", true), ("gpt-5.2", false), ("gpt-5.4", true)];
    assert_eq!(found, expected.map(|(name, assumed)| (name.to_owned(), assumed)));
}

#[test]
fn fast_turns_cost_more() {
    let settings = |tier: &str| {
        format!(
            "{{\"timestamp\":\"2026-05-01T10:00:00Z\",\"type\":\"event_msg\",\"payload\":{{\"type\":\
             \"thread_settings_applied\",\"thread_settings\":{{\"service_tier\":\"{tier}\"}}}}}}\n"
        )
    };
    let cost = |tier: &str, speed, config: &str| {
        let settings = if tier.is_empty() { String::new() } else { settings(tier) };
        let text = [context("gpt-5.4"), settings, at(1.0, 1_000_000, 1_000_000)].concat();
        let folder = folder(&[("sessions/a.jsonl", &text), ("config.toml", config)]);
        format!("{:.2}", models(folder.path(), speed)[0].1)
    };
    let fast = "service_tier = \"fast\"";
    assert_eq!(cost("", CodexSpeed::Auto, ""), "15.00");
    assert_eq!(cost("priority", CodexSpeed::Auto, ""), "30.00");
    assert_eq!(cost("flex", CodexSpeed::Auto, ""), "15.00");
    assert_eq!(cost("", CodexSpeed::Auto, fast), "30.00");
    assert_eq!(cost("default", CodexSpeed::Auto, fast), "15.00");
    assert_eq!(cost("default", CodexSpeed::Fast, ""), "30.00");
    assert_eq!(cost("fast", CodexSpeed::Standard, fast), "15.00");
}

#[test]
fn results_of_runs_without_a_session_count_by_the_newer_rules() {
    let text = concat!(
        r#"{"timestamp":"2026-05-01T10:00:01Z","model":"gpt-5.2","usage":{"completion_tokens":3}}"#,
        "\n",
        r#"{"created_at":1777629600,"data":{"usage":{"output":"4"},"model_name":"gpt-5.2"}}"#,
        "\n"
    );
    check(&[(FILE, text)], 7, 0);
}

#[test]
fn a_result_without_a_time_has_that_of_its_file() {
    let folder = folder(&[(FILE, "{\"usage\":{\"output_tokens\":3}}\n")]);
    let cache = Cache::new(folder.path().join("cache"));
    let scan = scan(Source::Codex, folder.path(), RuleSet::Ccusage20);
    assert_eq!(scan.run(&cache).tokens.output, 3);
    let more = "{\"usage\":{\"output_tokens\":3}}\n{\"usage\":{\"output_tokens\":4}}\n";
    write(folder.path(), FILE, more.as_bytes());
    assert_eq!(scan.run(&cache), scan.run(&Cache::none()));
}

#[track_caller]
fn dropped(line: &str, newer: Option<Reason>, older: Option<Reason>) {
    let folder = folder(&[(FILE, &format!("{}\n", line.trim_end()))]);
    let reason = |rules| {
        let (_, lines) = scan(Source::Codex, folder.path(), rules).explain();
        assert_eq!(lines.len(), 1);
        lines[0].dropped
    };
    assert_eq!((reason(RuleSet::Ccusage20), reason(RuleSet::Ccusage18)), (newer, older), "{line}");
}

#[test]
fn what_lines_count_for() {
    use Reason::{Malformed, NoTime, NoTokens, NoUsage, WrongShape};
    let good = at(1.0, 5, 5);
    dropped(&good, None, None);
    dropped(&good[..50], Some(Malformed), Some(Malformed));
    dropped(&good.replace("2026-", "year "), Some(NoTime), Some(NoTime));
    dropped(&good.replace("\"2026-05-01T10:00:01.000Z\"", "7"), None, Some(WrongShape));
    dropped(&good.replace(":5}", ":0}"), Some(NoTokens), Some(NoTokens));
    dropped(&good.replace(":5}", ":[]}"), Some(WrongShape), Some(NoTokens));
    dropped(&good.replace(":5}", ":\"5\"}"), None, Some(NoTokens));
    dropped(&good.replace("token_count", "other"), Some(NoUsage), Some(NoUsage));
    dropped(&context("gpt-5"), Some(NoUsage), Some(NoUsage));
    dropped(&meta("a", "b", 0.0), Some(NoUsage), Some(NoUsage));
}

/// The models of all days with their costs, as ccusage 20.0.24 says them, too.
#[track_caller]
fn named(aliases: &str, files: &[(&str, &str)], expected: &[(&str, f64)]) {
    let folder = folder(files);
    let aliases = Environment { model_aliases: Some(aliases.to_owned()), ..Default::default() }
        .model_aliases(RuleSet::Ccusage20);
    let scan = scan(Source::Codex, folder.path(), RuleSet::Ccusage20).aliases(aliases);
    let rows = scan.run(&Cache::none()).rows;
    let models = rows.iter().flat_map(|row| &row.models);
    let found: Vec<_> =
        models.map(|row| (row.model.as_str(), (row.cost * 1e9).round() / 1e9)).collect();
    assert_eq!(found, expected);
}

#[test]
fn an_event_costs_what_its_hour_does() {
    let event = |time: &str, total| codex(time, Some(1_000_000), Some(total));
    let [peak, off_peak] = ["2026-08-17T02:00:00Z", "2026-08-17T12:00:00Z"];
    let text = [context("deepseek-v4-pro"), event(peak, 1_000_000), event(off_peak, 2_000_000)];
    named("", &[(FILE, &text.concat())], &[("deepseek-v4-pro", 5.94)]);
}

#[test]
fn models_are_what_their_aliases_say_before_copies_are_told() {
    let text = |model: &str| [context(model), at(1.0, 1_000_000, 1_000_000)].concat();
    let files = [(FILE, text("foo")), ("sessions/b.jsonl", text("gpt-5.4"))];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    named("foo=gpt-5.4", &files, &[("gpt-5.4", 15.0)]);
    named("foo=bar,bar=gpt-5.4", &files[..1], &[("bar", 15.0)]);
    named("gpt-5=claude-opus-4-5", &[(FILE, &at(1.0, 1, 1))], &[("claude-opus-4-5", 0.000_025)]);
}
