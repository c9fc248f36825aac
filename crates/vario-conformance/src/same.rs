use vario_value::Value;

/// Equality as a script would notice it: `NaN` equals itself, `-0` is not `0`, an integer is not
/// a float. The order of a map's keys does not count; cases that care compare the keys.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => {
            (left.is_nan() && right.is_nan()) || left.to_bits() == right.to_bits()
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, l)| right.get(key).is_some_and(|r| same(l, r)))
        }
        (left, right) => left == right,
    }
}

/// A list, for expectations.
pub(crate) fn list<const N: usize>(items: [Value; N]) -> Value {
    Value::List(items.into())
}

/// A map, for expectations.
pub(crate) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::from(entries)
}

/// Text, for expectations.
pub(crate) fn text(words: &str) -> Value {
    Value::from(words)
}

/// A value in few words: long ones are cut, so that a failure stays readable.
pub(crate) fn brief(value: &impl std::fmt::Debug) -> String {
    const LONGEST: usize = 600;
    let full = format!("{value:?}");
    match full.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} bytes)", &full[..end], full.len()),
        None => full,
    }
}
