//! What tokens cost: a bundled table of a release, a user's own prices on top, and how a model's
//! name finds its row.

mod cost;
mod find;
mod hours;
mod overrides;
mod parse;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::OnceLock;

use self::hours::Timed;
use self::overrides::Own;

pub(crate) use self::cost::{Bucket, CodexUsage, claude_cost, codex_cost};
pub(crate) use self::hours::Prices;
pub use self::hours::Tariff;
use crate::hash::Hasher;
use crate::small;
use crate::{Error, RuleSet, Source};

/// What one model costs, in USD per token.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Price {
    /// Tokens the model reads.
    pub input: f64,
    /// Tokens the model writes.
    pub output: f64,
    /// Tokens put into the cache for five minutes; `None` when nobody says.
    pub cache_write: Option<f64>,
    /// Tokens put into the cache for an hour; `None` is twice `input`.
    pub cache_write_1h: Option<f64>,
    /// Tokens read from the cache; `None` when nobody says.
    pub cache_read: Option<f64>,
    /// What counts above the threshold, where a field of it is known.
    pub above: Above,
    /// The number of tokens above which a whole request costs `above`. Without one, `above` is for
    /// the tokens beyond 200,000 of each kind.
    pub threshold: Option<u64>,
    /// By how much more fast mode costs.
    pub fast: f64,
}

/// The prices of long requests, in USD per token.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Above {
    /// Tokens the model reads.
    pub input: Option<f64>,
    /// Tokens the model writes.
    pub output: Option<f64>,
    /// Tokens put into the cache.
    pub cache_write: Option<f64>,
    /// Tokens read from the cache.
    pub cache_read: Option<f64>,
}

/// The prices a scan uses.
///
/// The bundled ones are read when the first price is asked for: most scans find that nothing has
/// changed, and ask for none.
#[derive(Clone, Debug)]
pub struct PriceTable {
    rules: RuleSet,
    text: &'static str,
    own: BTreeMap<String, Own>,
    digest: u128,
    rows: OnceLock<Rows>,
}

/// The prices of a table, ready to be found.
#[derive(Clone, Debug, Default)]
struct Rows {
    /// In the order of the release.
    models: Vec<(String, Price)>,
    /// What is asked when `models` has nothing that fits.
    others: Vec<(String, Price)>,
    by_name: HashMap<String, usize>,
    others_by_name: HashMap<String, usize>,
    /// Names of `others` that only they themselves match, as they are written.
    exact: HashSet<String>,
    /// The same with every separator a dash; nothing where two names are then the same.
    exact_spelled: HashMap<String, Option<String>>,
    /// What counts instead at certain times, by the model's name with every separator a dash.
    timed: HashMap<String, Vec<Timed>>,
}

impl PriceTable {
    /// The prices that the release behind `rules` has on board for this source.
    pub fn bundled(source: Source, rules: RuleSet) -> Self {
        let text = match (rules, source) {
            (RuleSet::Ccusage20, _) => include_str!("../data/prices-20.0.24.tsv"),
            (RuleSet::Ccusage18, Source::Claude) => {
                include_str!("../data/prices-18.0.11-claude.tsv")
            }
            (RuleSet::Ccusage18, Source::Codex) => include_str!("../data/prices-18.0.11-codex.tsv"),
        };
        let digest = Hasher::new().bytes(text.as_bytes()).finish();
        Self { rules, text, own: BTreeMap::new(), digest, rows: OnceLock::new() }
    }

    /// Adds a user's own prices from a TOML file, which win over those of the table.
    ///
    /// Numbers are USD per million tokens; what is left out stays as it is in the table.
    ///
    /// ```toml
    /// [models."claude-next"]
    /// input = 3.0
    /// output = 15.0
    /// cache_write = 3.75
    /// cache_read = 0.3
    /// ```
    ///
    /// What is dearer at some hours says so in UTC, for the very name of the model. Without this, the
    /// prices of a file hold at every hour.
    ///
    /// ```toml
    /// [models."claude-next".peak]
    /// hours = "mon-fri 01-04 06-10"
    /// input = 6.0
    /// output = 30.0
    /// ```
    ///
    /// # Errors
    /// [`Error::ReadPrices`] and [`Error::Prices`], which name the file.
    pub fn with_file(self, path: &Path) -> Result<Self, Error> {
        let text = small::read(path).map_err(|error| Error::read_prices(path, error))?;
        self.with_toml(&text).map_err(|message| Error::prices(path, message))
    }

    /// As [`PriceTable::with_file`], with the text of such a file.
    ///
    /// # Errors
    /// What is wrong, with line and column.
    pub fn with_toml(mut self, text: &str) -> Result<Self, String> {
        self.own.extend(overrides::read(text)?);
        self.rows = OnceLock::new();
        self.digest =
            Hasher::new().bytes(&self.digest.to_le_bytes()).bytes(text.as_bytes()).finish();
        Ok(self)
    }

    /// The day the bundled prices are of, as `2026-01-31`.
    pub fn date(&self) -> &str {
        self.text.split(['(', ')']).nth(1).unwrap_or_default()
    }

    /// How many models have a price.
    pub fn len(&self) -> usize {
        self.rows().models.len() + self.rows().others.len()
    }

    /// Whether no model has a price.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every model's name and price.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Price)> {
        let rows = self.rows();
        rows.models.iter().chain(&rows.others).map(|(model, price)| (model.as_str(), price))
    }

    /// Stands for all the prices, to tell whether a report was made with them.
    pub(crate) fn digest(&self) -> u128 {
        self.digest
    }

    fn rows(&self) -> &Rows {
        self.rows.get_or_init(|| {
            let mut rows = parse::rows(self.text);
            for (model, own) in &self.own {
                let known = rows.exactly(model).or_else(|| rows.other(model));
                let price = own.over(known.copied());
                rows.time(model, |timed| own.over_timed(price, timed));
                rows.insert(model.clone(), price);
            }
            rows
        })
    }
}

impl Rows {
    fn exactly(&self, model: &str) -> Option<&Price> {
        self.by_name.get(model).map(|place| &self.models[*place].1)
    }

    fn other(&self, model: &str) -> Option<&Price> {
        self.others_by_name.get(model).map(|place| &self.others[*place].1)
    }

    /// Changes what a model costs at certain times.
    fn time(&mut self, model: &str, change: impl FnOnce(&mut Vec<Timed>)) {
        let model = find::spelled(model).into_owned();
        let timed = self.timed.entry(model).or_default();
        change(timed);
    }

    fn insert(&mut self, model: String, price: Price) {
        if let Some(place) = self.by_name.get(&model) {
            self.models[*place].1 = price;
            return;
        }
        self.by_name.insert(model.clone(), self.models.len());
        self.models.push((model, price));
    }
}
