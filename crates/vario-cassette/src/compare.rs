use serde_json::Value as Json;

/// One place where two JSON values differ.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Difference {
    /// Where, for instance `args[0].headers.Accept`.
    pub path: String,
    /// What the cassette has; nothing when it has no such place.
    pub expected: Option<Json>,
    /// What came.
    pub actual: Option<Json>,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = |side: &Option<Json>| {
            side.as_ref().map_or_else(|| "nothing".to_owned(), |json| short(&json.to_string()))
        };
        write!(
            formatter,
            "{}: expected {}, got {}",
            self.path,
            side(&self.expected),
            side(&self.actual)
        )
    }
}

fn short(text: &str) -> String {
    const LONGEST: usize = 200;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST).collect();
    format!("{kept}…")
}

/// What null means in a comparison.
#[derive(Clone, Copy, PartialEq)]
enum Null {
    IsAValue,
    IsAbsence,
}

/// All places where `actual` differs from `expected`. Numbers compare by value, objects without
/// regard to order.
pub fn differences(path: &str, expected: &Json, actual: &Json) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(path, Some(expected), Some(actual), Null::IsAValue, &mut found);
    found
}

/// The same for outputs, in which absent keys and null are equal.
pub fn same_output(expected: &Json, actual: &Json) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("output", Some(expected), Some(actual), Null::IsAbsence, &mut found);
    found
}

fn compare(
    path: &str,
    expected: Option<&Json>,
    actual: Option<&Json>,
    null: Null,
    found: &mut Vec<Difference>,
) {
    let value = |side: Option<&Json>| match side {
        Some(Json::Null) if null == Null::IsAbsence => None,
        side => side.cloned(),
    };
    match (expected, actual) {
        (Some(Json::Object(expected)), Some(Json::Object(actual))) => {
            for (key, value) in expected {
                compare(&format!("{path}.{key}"), Some(value), actual.get(key), null, found);
            }
            for (key, value) in actual.iter().filter(|(key, _)| !expected.contains_key(*key)) {
                compare(&format!("{path}.{key}"), None, Some(value), null, found);
            }
        }
        (Some(Json::Array(expected)), Some(Json::Array(actual))) => {
            for index in 0..expected.len().max(actual.len()) {
                let path = format!("{path}[{index}]");
                compare(&path, expected.get(index), actual.get(index), null, found);
            }
        }
        (Some(Json::Number(expected)), Some(Json::Number(actual)))
            if expected == actual || expected.as_f64() == actual.as_f64() => {}
        (expected, actual) => {
            let (expected, actual) = (value(expected), value(actual));
            if expected != actual {
                found.push(Difference { path: path.to_owned(), expected, actual });
            }
        }
    }
}
