//! A user's own prices.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Above, Price};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    models: BTreeMap<String, Own>,
}

/// What a user says of one model, in USD per million tokens.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
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
        if numbers.into_iter().flatten().any(|number| !number.is_finite() || number < 0.0) {
            return Err(format!("`models.{model}`: a price is a number that is not below 0"));
        }
    }
    Ok(file.models)
}

impl Own {
    /// These prices, and those of `base` where nothing is said.
    pub(super) fn over(self, base: Option<Price>) -> Price {
        let base = base.unwrap_or(Price { fast: 1.0, ..Price::default() });
        let per_token = |own: Option<f64>| own.map(|million| million / 1e6);
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
}
