//! A user's own prices.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::hours::{Hours, Rates, Timed};
use super::{Above, Price};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    models: BTreeMap<String, Own>,
}

/// What a user says of one model, in USD per million tokens.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Own {
    input: Option<f64>,
    output: Option<f64>,
    cache_write: Option<f64>,
    cache_write_1h: Option<f64>,
    cache_read: Option<f64>,
    input_above: Option<f64>,
    output_above: Option<f64>,
    cache_write_above: Option<f64>,
    cache_read_above: Option<f64>,
    threshold: Option<u64>,
    fast: Option<f64>,
    peak: Option<Peak>,
}

/// What it costs at its dearer hours.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Peak {
    hours: String,
    input: Option<f64>,
    output: Option<f64>,
    cache_write: Option<f64>,
    cache_read: Option<f64>,
}

impl Peak {
    fn numbers(&self) -> [Option<f64>; 4] {
        [self.input, self.output, self.cache_write, self.cache_read]
    }
}

/// The models of a file, by name.
pub(super) fn read(text: &str) -> Result<BTreeMap<String, Own>, String> {
    let file: File = toml_edit::de::from_str(text).map_err(|error| error.to_string())?;
    for (model, own) in &file.models {
        let numbers = [
            own.input,
            own.output,
            own.cache_write,
            own.cache_write_1h,
            own.cache_read,
            own.input_above,
            own.output_above,
            own.cache_write_above,
            own.cache_read_above,
            own.fast,
        ];
        let at_peak = own.peak.as_ref().map(Peak::numbers).into_iter().flatten();
        if numbers
            .into_iter()
            .chain(at_peak)
            .flatten()
            .any(|number| !number.is_finite() || number < 0.0)
        {
            return Err(format!("`models.{model}`: a price is a number that is not below 0"));
        }
        if own.peak.as_ref().is_some_and(|peak| Hours::parse(&peak.hours).is_none()) {
            let form = "hours in UTC are written as `mon-fri 01-04 06-10`";
            return Err(format!("`models.{model}.peak.hours`: {form}"));
        }
    }
    Ok(file.models)
}

impl Own {
    /// These prices, and those of `base` where nothing is said.
    pub(super) fn over(&self, base: Option<Price>) -> Price {
        let base = base.unwrap_or(Price { fast: 1.0, ..Price::default() });
        Price {
            input: per_token(self.input).unwrap_or(base.input),
            output: per_token(self.output).unwrap_or(base.output),
            cache_write: per_token(self.cache_write).or(base.cache_write),
            cache_write_1h: per_token(self.cache_write_1h).or(base.cache_write_1h),
            cache_read: per_token(self.cache_read).or(base.cache_read),
            above: Above {
                input: per_token(self.input_above).or(base.above.input),
                output: per_token(self.output_above).or(base.above.output),
                cache_write: per_token(self.cache_write_above).or(base.above.cache_write),
                cache_read: per_token(self.cache_read_above).or(base.above.cache_read),
            },
            threshold: self.threshold.or(base.threshold),
            fast: self.fast.unwrap_or(base.fast),
        }
    }

    /// The same for what counts at certain times; `usual` is what counts at any other.
    pub(super) fn over_timed(&self, usual: Price, timed: &mut Vec<Timed>) {
        if let Some(peak) = &self.peak {
            let rates = Rates {
                input: per_token(peak.input).unwrap_or(usual.input),
                output: per_token(peak.output).unwrap_or(usual.output),
                cache_write: per_token(peak.cache_write).or(usual.cache_write),
                cache_read: per_token(peak.cache_read).or(usual.cache_read),
            };
            *timed = vec![Timed { since: i64::MIN, hours: Hours::parse(&peak.hours), rates }];
            return;
        }
        for Timed { rates, .. } in timed {
            rates.input = per_token(self.input).unwrap_or(rates.input);
            rates.output = per_token(self.output).unwrap_or(rates.output);
            rates.cache_write = per_token(self.cache_write).or(rates.cache_write);
            rates.cache_read = per_token(self.cache_read).or(rates.cache_read);
        }
    }
}

/// USD per token, of what is written for a million.
fn per_token(own: Option<f64>) -> Option<f64> {
    own.map(|million| million / 1e6)
}
