//! A small strict JSON reader that remembers where every value stands.
//!
//! It goes on after mistakes whose meaning is plain (a trailing comma, a comment), so that one
//! run shows them all; each of them is still an error.

mod parser;
mod scalar;

#[cfg(test)]
mod tests;

use serde_json::{Number, Value};

pub(crate) use crate::json::parser::parse;

/// A half-open range of byte offsets in the source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
    /// Something that is not JSON and was reported already, so nobody complains a second time.
    Bad,
}

/// One `"key": value` of an object. Of a repeated key only the first is kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Node,
}

/// Something wrong with the text itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
}

impl Node {
    /// The property `key`, if this is an object that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().find(|member| member.key == key).map(|member| &member.value)
    }

    /// The properties, none if this is no object.
    pub(crate) fn members(&self) -> &[Member] {
        if let Kind::Object(members) = &self.kind { members } else { &[] }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Kind::String(text) = &self.kind { Some(text) } else { None }
    }

    /// What kind of value it is, with its article, for messages.
    pub(crate) fn type_name(&self) -> String {
        match &self.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(flag) => flag.to_string(),
            Kind::Number(number) => format!("the number {number}"),
            Kind::String(_) => "a string".to_owned(),
            Kind::Array(_) => "an array".to_owned(),
            Kind::Object(_) => "an object".to_owned(),
            Kind::Bad => "something that is not JSON".to_owned(),
        }
    }

    /// The value without its place. What was not JSON becomes null.
    pub(crate) fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Null | Kind::Bad => Value::Null,
            Kind::Bool(flag) => Value::Bool(*flag),
            Kind::Number(number) => Value::Number(number.clone()),
            Kind::String(text) => Value::String(text.clone()),
            Kind::Array(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            Kind::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|member| (member.key.clone(), member.value.to_value()))
                    .collect(),
            ),
        }
    }

    /// The path of the value or key that stands at `target`, such as `lines[2].label`.
    pub(crate) fn path_to(&self, target: Span) -> String {
        let mut path = String::new();
        self.extend_path(target, &mut path);
        path
    }

    fn extend_path(&self, target: Span, path: &mut String) {
        match &self.kind {
            Kind::Array(items) => {
                let found = items.iter().enumerate().find(|(_, item)| item.span.contains(target));
                if let Some((index, item)) = found {
                    *path += format!("[{index}]").as_str();
                    item.extend_path(target, path);
                }
            }
            Kind::Object(members) => {
                let found = members
                    .iter()
                    .find(|member| member.key_span == target || member.value.span.contains(target));
                if let Some(member) = found {
                    push_key(path, &member.key);
                    if member.key_span != target {
                        member.value.extend_path(target, path);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Appends `.key`, or `["odd key"]` when the key is no plain name.
pub(crate) fn push_key(path: &mut String, key: &str) {
    let plain = !key.is_empty()
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$'));
    if plain {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        *path += format!("[{key:?}]").as_str();
    }
}
