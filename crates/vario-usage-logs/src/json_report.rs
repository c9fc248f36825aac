//! A report as ccusage prints it with `--json`.

use serde_json::{Map, Value, json};

use crate::{Grouping, ModelRow, Report, Row, RuleSet, Source, Tokens};

impl Report {
    /// The report in the words of ccusage: `daily` or `sessions`, and `totals`.
    ///
    /// Names are those of the release whose rules were followed; days are `2026-01-31` always.
    pub fn to_json(&self) -> Value {
        let rows: Vec<_> = self.rows.iter().map(|row| self.row(row)).collect();
        let key = match self.grouping {
            Grouping::Daily => "daily",
            Grouping::Session => "sessions",
        };
        let mut totals = self.tokens(&self.tokens);
        totals.insert(self.cost_key().to_owned(), json!(self.cost));
        json!({ key: rows, "totals": totals })
    }

    fn cost_key(&self) -> &'static str {
        match self.source {
            Source::Claude => "totalCost",
            Source::Codex => "costUSD",
        }
    }

    fn row(&self, row: &Row) -> Value {
        let mut object = Map::new();
        let key = match self.grouping {
            Grouping::Daily => "date",
            Grouping::Session => "sessionId",
        };
        object.insert(key.to_owned(), json!(row.name));
        object.append(&mut self.tokens(&row.tokens));
        object.insert(self.cost_key().to_owned(), json!(row.cost));
        match self.source {
            Source::Claude => {
                let names: Vec<_> = row.models.iter().map(|model| &model.model).collect();
                let models: Vec<_> = row.models.iter().map(|model| self.breakdown(model)).collect();
                object.insert("modelsUsed".to_owned(), json!(names));
                object.insert("modelBreakdowns".to_owned(), json!(models));
            }
            Source::Codex => {
                let models = row.models.iter();
                let models: Map<_, _> =
                    models.map(|model| (model.model.clone(), self.usage(model))).collect();
                object.insert("models".to_owned(), Value::Object(models));
            }
        }
        if self.grouping == Grouping::Session {
            self.session(row, &mut object);
        }
        Value::Object(object)
    }

    fn session(&self, row: &Row, object: &mut Map<String, Value>) {
        let moment = |moment: Option<i64>| {
            let time = jiff::Timestamp::from_millisecond(moment?).ok()?;
            Some(format!("{time:.3}"))
        };
        object.insert("lastActivity".to_owned(), json!(moment(row.last)));
        if let Some(project) = &row.project {
            object.insert("projectPath".to_owned(), json!(project));
        }
        match (self.source, row.name.rsplit_once('/')) {
            (Source::Claude, _) => {
                object.insert("firstActivity".to_owned(), json!(moment(row.first)));
            }
            (Source::Codex, split) => {
                let (folder, file) = split.unwrap_or(("", &row.name));
                object.insert("sessionFile".to_owned(), json!(file));
                object.insert("directory".to_owned(), json!(folder));
            }
        }
    }

    fn breakdown(&self, model: &ModelRow) -> Value {
        let mut object = Map::new();
        object.insert("modelName".to_owned(), json!(model.model));
        object.append(&mut self.tokens(&model.tokens));
        object.remove("totalTokens");
        object.insert("cost".to_owned(), json!(model.cost));
        Value::Object(object)
    }

    fn usage(&self, model: &ModelRow) -> Value {
        let mut object = self.tokens(&model.tokens);
        object.insert("isFallback".to_owned(), json!(model.assumed));
        Value::Object(object)
    }

    fn tokens(&self, tokens: &Tokens) -> Map<String, Value> {
        let older_codex = (self.source, self.rules) == (Source::Codex, RuleSet::Ccusage18);
        let mut fields = vec![("inputTokens", tokens.input)];
        if older_codex {
            fields.push(("cachedInputTokens", tokens.cache_read));
        }
        fields.push(("outputTokens", tokens.output));
        if !older_codex {
            fields.push(("cacheCreationTokens", tokens.cache_write));
            fields.push(("cacheReadTokens", tokens.cache_read));
        }
        if self.source == Source::Codex {
            fields.push(("reasoningOutputTokens", tokens.reasoning));
        }
        fields.push(("totalTokens", tokens.total));
        fields.into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect()
    }
}

#[cfg(test)]
mod tests;
