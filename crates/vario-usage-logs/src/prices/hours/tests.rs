use super::super::PriceTable;
use super::{Hours, Tariff};
use crate::{RuleSet, Source};

fn moment(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

#[track_caller]
fn holds(hours: &str, time: &str, expected: bool) {
    let hours = Hours::parse(hours).unwrap();
    assert_eq!(hours.contain(moment(time)), expected, "{time}");
}

#[test]
fn hours_are_those_of_a_week() {
    // A Monday.
    holds("mon-fri 01-04 06-10", "2026-08-17T00:59:59.999Z", false);
    holds("mon-fri 01-04 06-10", "2026-08-17T01:00:00Z", true);
    holds("mon-fri 01-04 06-10", "2026-08-17T04:00:00Z", false);
    holds("mon-fri 01-04 06-10", "2026-08-17T09:59:59.999Z", true);
    holds("mon-fri 01-04 06-10", "2026-08-16T02:00:00Z", false);
    holds("01-04", "2026-08-16T02:00:00Z", true);
    holds("22-02", "2026-08-16T01:00:00Z", true);
    holds("22-02", "2026-08-16T02:00:00Z", false);
    holds("sat-mon 00-24", "2026-08-17T23:00:00Z", true);
    holds("sat-mon 00-24", "2026-08-18T00:00:00Z", false);
    holds("mon-fri 01-04", "1960-01-01T02:00:00Z", true);
}

#[test]
fn hours_that_are_none() {
    for text in ["", "mon-fri", "1", "01-25", "24-02", "mon-xyz 01-02", "01:00-02:00", "001-02"] {
        assert_eq!(Hours::parse(text), None, "{text}");
    }
}

/// What a million tokens read cost at that time, in thousandths of a cent.
#[track_caller]
fn costs(table: &PriceTable, model: &str, time: &str, expected: f64, tariff: Option<Tariff>) {
    let prices = table.prices(Source::Claude, model, model).unwrap();
    let price = (prices.at(moment(time)).input * 1e11).round() / 1e5;
    assert_eq!((price, prices.tariff(moment(time))), (expected, tariff), "{model} {time}");
}

#[test]
fn some_models_cost_more_at_some_hours() {
    // Each was asked of ccusage 20.0.24.
    let table = PriceTable::bundled(Source::Claude, RuleSet::Ccusage20);
    let (peak, off_peak) = (Some(Tariff::Peak), Some(Tariff::OffPeak));
    for (model, prices) in
        [("deepseek-v4-flash", [0.14, 0.22, 0.44]), ("deepseek-v4.pro", [0.435, 0.66, 1.32])]
    {
        costs(&table, model, "2026-08-16T15:59:59.999Z", prices[0], None);
        costs(&table, model, "2026-08-16T16:00:00Z", prices[1], off_peak);
        costs(&table, model, "2026-08-17T01:00:00Z", prices[2], peak);
        costs(&table, model, "2026-08-17T05:00:00Z", prices[1], off_peak);
        costs(&table, model, "2026-08-22T02:00:00Z", prices[1], off_peak);
    }
    costs(&table, "xxx/deepseek-v4-pro", "2026-08-17T01:00:00Z", 0.435, None);
    costs(&table, "claude-opus-4-5", "2026-08-17T01:00:00Z", 5.0, None);
}

#[test]
fn a_users_own_prices_hold_at_every_hour_unless_he_says_hours() {
    let own =
        |text| PriceTable::bundled(Source::Claude, RuleSet::Ccusage20).with_toml(text).unwrap();
    let model = "deepseek-v4-pro";
    let table = own("[models.deepseek-v4-pro]\ninput = 3");
    costs(&table, model, "2026-08-17T01:00:00Z", 3.0, Some(Tariff::Peak));
    costs(&table, model, "2026-08-17T12:00:00Z", 3.0, Some(Tariff::OffPeak));
    let table = own("[models.deepseek-v4-pro]\npeak = { hours = '12-13', input = 7 }");
    costs(&table, model, "2026-08-17T01:00:00Z", 0.435, Some(Tariff::OffPeak));
    costs(&table, model, "2020-01-01T12:00:00Z", 7.0, Some(Tariff::Peak));
    let wrong = "[models.a]\npeak = { hours = 'noon' }";
    let error = PriceTable::bundled(Source::Claude, RuleSet::Ccusage20).with_toml(wrong);
    assert!(error.unwrap_err().contains("models.a.peak.hours"));
}
