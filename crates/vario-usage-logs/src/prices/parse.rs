//! The bundled tables: lines of fields separated by tabs, which their first lines explain.

use jiff::Timestamp;

use super::hours::{Hours, Rates, Timed};
use super::{Above, Price, Rows};

/// Where names that only match themselves are marked.
const EXACT: &str = "exact";

/// Reads a bundled table. Lines that are none are left out; a test sees to it that there is none.
pub(super) fn rows(text: &str) -> Rows {
    let mut table = Rows::default();
    let mut section = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match (section, line) {
            (_, "[models]" | "[others]" | "[hours]") => section = line,
            ("[hours]", line) => {
                let Some((model, timed)) = timed(line) else { continue };
                table.time(model, |all| all.push(timed));
            }
            (_, line) => {
                let Some((model, price, exact)) = row(line) else { continue };
                if section == "[others]" {
                    add_other(&mut table, model, price, exact);
                } else {
                    table.insert(model.to_owned(), price);
                }
            }
        }
    }
    table
}

/// A line of prices that count at certain times: the model's name and those prices.
pub(super) fn timed(line: &str) -> Option<(&str, Timed)> {
    let mut fields = line.split('\t');
    let model = fields.next()?;
    let mut next = || Some(fields.next()?).map(|field| (field != "-").then_some(field));
    let since = next()?.map(|since| since.parse().map(Timestamp::as_millisecond));
    let hours = next()?.map(|hours| Hours::parse(hours).ok_or(()));
    let mut rate = || next()?.map(|field| per_token(field).ok_or(())).transpose().ok();
    let rates =
        Rates { input: rate()??, output: rate()??, cache_write: rate()?, cache_read: rate()? };
    let since = since.transpose().ok()?.unwrap_or(i64::MIN);
    let timed = Timed { since, hours: hours.transpose().ok()?, rates };
    (fields.next().is_none() && !model.is_empty()).then_some((model, timed))
}

fn add_other(table: &mut Rows, model: &str, price: Price, exact: bool) {
    table.others_by_name.insert(model.to_owned(), table.others.len());
    table.others.push((model.to_owned(), price));
    if exact {
        table.exact.insert(model.to_owned());
        table
            .exact_spelled
            .entry(super::find::spelled(model).into_owned())
            .and_modify(|name| *name = None)
            .or_insert_with(|| Some(model.to_owned()));
    }
}

/// A line: the name, the price and whether only this very name matches.
pub(super) fn row(line: &str) -> Option<(&str, Price, bool)> {
    let mut fields = line.split('\t');
    let model = fields.next()?;
    let mut next = || fields.next().filter(|field| *field != "-");
    let input = per_token(next()?)?;
    let output = per_token(next()?)?;
    let mut rates = [None; 6];
    for rate in &mut rates {
        *rate = next().map(|field| per_token(field).ok_or(())).transpose().ok()?;
    }
    let [cache_write, cache_read, above_input, above_output, above_write, above_read] = rates;
    let threshold = next().map(|field| field.parse().map_err(drop)).transpose().ok()?;
    let fast = next().map(|field| field.parse().map_err(drop)).transpose().ok()?.unwrap_or(1.0);
    let exact = next().map(|mark| (mark == EXACT).then_some(()).ok_or(())).transpose().ok()?;
    let price = Price {
        input,
        output,
        cache_write,
        cache_write_1h: None,
        cache_read,
        above: Above {
            input: above_input,
            output: above_output,
            cache_write: above_write,
            cache_read: above_read,
        },
        threshold,
        fast,
    };
    (fields.next().is_none() && !model.is_empty()).then_some((model, price, exact.is_some()))
}

/// USD per token from USD per million: the shift is made in the text, so that nothing is rounded
/// twice.
fn per_token(field: &str) -> Option<f64> {
    format!("{field}e-6").parse().ok().filter(|price: &f64| price.is_finite() && *price >= 0.0)
}
