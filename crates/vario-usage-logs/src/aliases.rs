//! Other names for models, as a user gives them to ccusage 20.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::hash::Hasher;

/// Which model a name in the logs stands for: what `CCUSAGE_MODEL_ALIASES` says.
///
/// [`Environment::model_aliases`](crate::Environment::model_aliases) reads them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelAliases(BTreeMap<String, String>);

/// What follows a model's name in fast mode.
pub(crate) const FAST: &str = "-fast";

impl ModelAliases {
    /// `a=b,c=d`, where `;` and line ends separate as well, or a JSON object of texts. What is neither
    /// is left out, as the release does without a word.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.starts_with('{')
            && let Ok(named) = serde_json::from_str(text)
        {
            return Self(named);
        }
        let inner = text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
        let pairs = inner.unwrap_or(text).split([',', ';', '\n']);
        let pairs = pairs.filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, model)| (name.trim(), model.trim()));
        let named = pairs.filter(|(name, model)| !name.is_empty() && !model.is_empty());
        Self(named.map(|(name, model)| (name.to_owned(), model.to_owned())).collect())
    }

    /// The model that a name stands for. It is not looked up again.
    pub(crate) fn resolve<'a>(&'a self, name: &'a str) -> Cow<'a, str> {
        if let Some(model) = self.known(name) {
            return Cow::Borrowed(model);
        }
        let slow = name.strip_suffix(FAST).and_then(|slow| self.known(slow));
        slow.map_or(Cow::Borrowed(name), |model| Cow::Owned(format!("{model}{FAST}")))
    }

    fn known(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|model| !model.is_empty())
    }

    /// Stands for all of them, to tell whether a report was made with them.
    pub(crate) fn digest(&self) -> u128 {
        let mut hasher = Hasher::new();
        for (name, model) in &self.0 {
            hasher = hasher.bytes(name.as_bytes()).bytes(model.as_bytes());
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests;
