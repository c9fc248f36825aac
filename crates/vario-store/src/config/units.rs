use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

/// A length of time in milliseconds, above 0. Text: `500ms`, `30s`, `5m`, `2h`, `1d`; a number
/// alone counts milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(u64);

/// A number of bytes, above 0. Text: `67108864`, `512K`, `64M`, `1G`, with or without `B` or `iB`;
/// the units are binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(u64);

/// The largest first.
const TIMES: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// The largest first.
const SIZES: [(&str, u64); 3] = [("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)];

impl Millis {
    /// The number of milliseconds, at least 1.
    pub const fn new(ms: u64) -> Self {
        Self(if ms == 0 { 1 } else { ms })
    }

    /// The number of milliseconds.
    pub fn ms(self) -> u64 {
        self.0
    }

    /// The same as the standard library has it.
    pub fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }
}

impl ByteSize {
    /// The number of bytes, at least 1.
    pub const fn new(bytes: u64) -> Self {
        Self(if bytes == 0 { 1 } else { bytes })
    }

    /// The number of bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }

    /// The number of bytes in this machine's address space.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl FromStr for Millis {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = split(text);
        let factor = TIMES.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
        let factor = if unit.is_empty() { Some(1) } else { factor };
        above_zero(number, factor).map(Self).ok_or_else(|| {
            format!("expected a time above 0 such as `500ms`, `30s`, `5m` or `2h`, found {text:?}")
        })
    }
}

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = split(text);
        let unit = unit.to_ascii_uppercase();
        let short = unit.strip_suffix("IB").or_else(|| unit.strip_suffix('B')).unwrap_or(&unit);
        let factor = SIZES.iter().find(|(name, _)| *name == short).map(|(_, factor)| *factor);
        let factor = if short.is_empty() { Some(1) } else { factor };
        above_zero(number, factor).map(Self).ok_or_else(|| {
            format!("expected a size above 0 such as `512K`, `64M` or `1G`, found {text:?}")
        })
    }
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim_start())
}

fn above_zero(number: &str, factor: Option<u64>) -> Option<u64> {
    let product = number.parse::<u64>().ok()?.checked_mul(factor?)?;
    // TOML's numbers end here, and nobody needs more.
    (product > 0 && i64::try_from(product).is_ok()).then_some(product)
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = TIMES.iter().find(|(_, factor)| self.0.is_multiple_of(*factor));
        let (unit, factor) = fits.unwrap_or(&("ms", 1));
        write!(f, "{}{unit}", self.0 / factor)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = SIZES.iter().find(|(_, factor)| self.0.is_multiple_of(*factor));
        let (unit, factor) = fits.unwrap_or(&("", 1));
        write!(f, "{}{unit}", self.0 / factor)
    }
}

/// What TOML may hold in the place of either.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text such as `30s` or `64M`, or a whole number")]
enum Written {
    Number(u64),
    Text(String),
}

macro_rules! as_text {
    ($($type:ident, $description:literal, $pattern:literal;)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = match Written::deserialize(deserializer)? {
                    Written::Number(number) => number.to_string(),
                    Written::Text(text) => text,
                };
                text.parse().map_err(D::Error::custom)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "description": $description,
                    "anyOf": [
                        {"type": "string", "pattern": $pattern},
                        {"type": "integer", "minimum": 1},
                    ],
                })
            }
        }
    )*};
}

as_text! {
    Millis, "A time such as `30s`; a number counts milliseconds.", r"^\s*[0-9]+\s*(ms|s|m|h|d)?\s*$";
    ByteSize, "A size such as `64M`, in binary units; a number counts bytes.",
        r"^\s*[0-9]+\s*([KMGkmg]?([iI]?[bB])?)\s*$";
}
