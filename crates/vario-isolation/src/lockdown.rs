use vario_value::Value;

/// One thing that keeps a worker from doing harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// What it is, in a few words.
    pub name: String,
    /// Whether it is in force.
    pub applied: bool,
    /// The extent when it is, the cause when it is not; may be empty.
    pub detail: String,
}

/// What a worker said about itself when it was ready: every measure this system could know, in
/// force or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lockdown {
    /// All measures, in the order they were taken.
    pub measures: Vec<Measure>,
}

impl Lockdown {
    /// Whether every measure is in force.
    pub fn is_complete(&self) -> bool {
        self.measures.iter().all(|measure| measure.applied)
    }

    /// Notes a measure with its extent, or why it is missing.
    pub(crate) fn note(&mut self, name: &str, outcome: Result<String, String>) {
        let applied = outcome.is_ok();
        let detail = outcome.unwrap_or_else(|cause| cause);
        self.measures.push(Measure { name: name.to_owned(), applied, detail });
    }

    /// As a list of `{name, applied, detail}`.
    pub(crate) fn to_value(&self) -> Value {
        let measures = self.measures.iter().map(|measure| {
            Value::from([
                ("name", Value::from(measure.name.as_str())),
                ("applied", Value::from(measure.applied)),
                ("detail", Value::from(measure.detail.as_str())),
            ])
        });
        Value::List(measures.collect())
    }

    /// Reads what [`Lockdown::to_value`] wrote; nothing if it is anything else.
    pub(crate) fn from_value(value: &Value) -> Option<Self> {
        let measures = value.as_list()?.iter().map(|measure| {
            let text = |key| Some(measure.get(key)?.as_str()?.to_owned());
            let applied = *measure.get("applied")? == Value::Bool(true);
            Some(Measure { name: text("name")?, applied, detail: text("detail")? })
        });
        Some(Self { measures: measures.collect::<Option<_>>()? })
    }
}
