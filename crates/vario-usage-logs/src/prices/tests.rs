use std::fs;

use super::{PriceTable, claude_cost, parse};
use crate::claude::Usage;
use crate::{Error, RuleSet, Source};

const TABLES: [(&str, &str); 3] = [
    ("2026-09-22", include_str!("../../data/prices-20.0.24.tsv")),
    ("2026-05-17", include_str!("../../data/prices-18.0.11-claude.tsv")),
    ("2026-05-17", include_str!("../../data/prices-18.0.11-codex.tsv")),
];

#[test]
fn every_line_of_the_bundled_tables_is_a_price() {
    for (_, text) in TABLES {
        let (prices, hours) = text.split_once("[hours]\n").unwrap_or((text, ""));
        for line in hours.lines() {
            assert!(parse::timed(line).is_some(), "{line}");
        }
        for line in prices.lines().filter(|line| !line.starts_with(['#', '['])) {
            let (model, price, _) = parse::row(line).unwrap_or_else(|| panic!("{line}"));
            assert!(!model.is_empty() && price.fast >= 1.0, "{line}");
        }
    }
}

#[test]
fn the_bundled_tables_are_dated() {
    let tables = [
        PriceTable::bundled(Source::Claude, RuleSet::Ccusage20),
        PriceTable::bundled(Source::Claude, RuleSet::Ccusage18),
        PriceTable::bundled(Source::Codex, RuleSet::Ccusage18),
    ];
    for (table, (date, _)) in tables.iter().zip(TABLES) {
        assert_eq!((table.date(), table.is_empty()), (date, false));
    }
    assert_eq!(tables.map(|table| table.len()), [3444, 42, 77]);
}

/// The input price of a model in USD per million, or nothing.
#[track_caller]
fn finds(source: Source, rules: RuleSet, model: &str, expected: Option<f64>) {
    let table = PriceTable::bundled(source, rules);
    let found = table.find(source, model).map(|price| (price.input * 1e9).round() / 1e3);
    assert_eq!(found, expected, "{model}");
}

#[test]
fn names_find_prices_by_the_newer_rules() {
    // Each was asked of ccusage 20.0.24.
    let newer = |model, expected| finds(Source::Claude, RuleSet::Ccusage20, model, expected);
    newer("claude-opus-4-5-20251101", Some(5.0));
    newer("claude-opus-4-5-20990101", Some(5.0));
    newer("claude-opus-4-5[1m]", Some(5.0));
    newer("us.claude-opus-4-5", Some(5.0));
    newer("claude.opus.4.5", Some(5.0));
    newer("claude-opus-4", Some(15.0));
    newer("gpt-5.6", Some(4.0));
    newer("no-such-model", None);
}

#[test]
fn names_find_prices_by_the_older_rules() {
    let older = |model, expected| finds(Source::Claude, RuleSet::Ccusage18, model, expected);
    older("claude-opus-4-5-20251101", Some(5.0));
    older("opus-4-5", Some(5.0));
    older("claude-3-5-haiku-latest", None);
    let codex = |model, expected| finds(Source::Codex, RuleSet::Ccusage18, model, expected);
    codex("gpt-5", Some(1.25));
    codex("gpt-5.2-codex", Some(1.75));
    codex("openrouter/some:free", None);
}

#[test]
fn prices_that_grow_with_the_request() {
    let table = PriceTable::bundled(Source::Claude, RuleSet::Ccusage20);
    let usage = Usage { input: 300_000, output: 1_000, ..Usage::default() };
    let cost = |model, usage| {
        let price = table.find(Source::Claude, model).unwrap();
        format!("{:.6}", claude_cost(price, usage, false, RuleSet::Ccusage20))
    };
    // Only what is above 200,000 costs more here, …
    assert_eq!(cost("claude-sonnet-4-20250514", usage), "1.215000");
    // … and the whole request here.
    assert_eq!(cost("gpt-5.4", usage), "1.522500");
    let hour = Usage { cache_write_1h: 1_000_000, ..Usage::default() };
    assert_eq!(cost("claude-opus-4-5", hour), "10.000000");
}

#[test]
fn a_file_replaces_and_adds_prices() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.toml");
    let text = "[models.claude-opus-4-5]\noutput = 1\n[models.new]\ninput = 2.5\nfast = 3\n";
    fs::write(&path, text).unwrap();
    let bundled = PriceTable::bundled(Source::Claude, RuleSet::Ccusage20);
    let digest = bundled.digest();
    let table = bundled.with_file(&path).unwrap();
    let opus = table.find(Source::Claude, "claude-opus-4-5").unwrap();
    assert_eq!((opus.input, opus.output), (5e-6, 1e-6));
    let table = table.with_toml("[models.kimi-k2]\noutput = 7").unwrap();
    let other = table.find(Source::Claude, "kimi-k2").unwrap();
    assert_eq!((other.input, other.output), (0.57e-6, 7e-6));
    let new = table.find(Source::Claude, "new").unwrap();
    assert_eq!((new.input, new.output, new.fast, new.cache_read), (2.5e-6, 0.0, 3.0, None));
    assert_ne!(table.digest(), digest);
}

#[test]
fn a_wrong_file_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.toml");
    let table = || PriceTable::bundled(Source::Claude, RuleSet::Ccusage20);
    assert!(matches!(table().with_file(&path), Err(Error::ReadPrices { .. })));
    for text in ["[models.a]\ninpt = 1", "[models.a]\ninput = -1", "models"] {
        fs::write(&path, text).unwrap();
        let error = table().with_file(&path).unwrap_err();
        assert!(matches!(error, Error::Prices { .. }), "{text}");
        assert!(error.to_string().contains("prices.toml"), "{error}");
    }
}
