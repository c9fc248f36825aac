use rusqlite::Statement;

use super::codes;
use crate::SqlValue;

/// What is bound to the parameters of a statement.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params {
    /// For `?` and `?1`, in order.
    pub positional: Vec<SqlValue>,
    /// For `@name`, `:name` and `$name`, without that sign. Those that the statement does not have
    /// are left out.
    pub named: Vec<(String, SqlValue)>,
}

impl Params {
    /// For `?`, in order.
    pub fn positional(values: impl Into<Vec<SqlValue>>) -> Self {
        Self { positional: values.into(), named: Vec::new() }
    }

    /// Binds each parameter of the statement. The texts are those of better-sqlite3.
    pub(super) fn bind(&self, statement: &mut Statement<'_>) -> Result<(), String> {
        let mut positional = self.positional.iter();
        for index in 1..=statement.parameter_count() {
            let name = statement.parameter_name(index).map(str::to_owned);
            let value = match name.as_deref().and_then(plain_name) {
                Some(name) => {
                    let value = self.named.iter().rev().find(|(own, _)| own == name);
                    let value = value.map(|(_, value)| value);
                    value.ok_or_else(|| format!("Missing named parameter \"{name}\""))?
                }
                None => positional.next().ok_or("Too few parameter values were provided")?,
            };
            statement.raw_bind_parameter(index, value).map_err(|error| codes::words(&error))?;
        }
        if positional.next().is_some() {
            return Err("Too many parameter values were provided".to_owned());
        }
        Ok(())
    }
}

/// The name without its sign; none for a numbered parameter.
fn plain_name(name: &str) -> Option<&str> {
    name.strip_prefix(['@', ':', '$'])
}
