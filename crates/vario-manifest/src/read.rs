//! Typed reading of a JSON tree that reports instead of failing.

use std::cell::RefCell;

use crate::json::{Kind, Node};
use crate::nearest::{nearest, very_near};
use crate::report::{Problem, Report};

/// Only so many unknown keys of one object are looked at: comparing names is slow.
const MAX_UNKNOWN: usize = 500;

/// What is said about keys that nobody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// A warning each, with the nearest valid name.
    Warn,
    /// Nothing, unless the key looks like a slip of a valid one.
    OnlySlips,
}

/// The properties of one object. Remembers which keys were asked for.
pub(crate) struct Fields<'a> {
    pub(crate) report: &'a Report<'a>,
    pub(crate) node: &'a Node,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Report<'a> {
    fn wrong_type(&self, node: &Node, expected: &str) {
        // What is not JSON was reported when the text was read.
        if node.kind != Kind::Bad {
            let name = self.name(node.span);
            let problem = Problem::error(format!(
                "{name} must be {expected}, found {found}",
                found = node.type_name()
            ));
            self.add(node.span, problem.label(format!("expected {expected}")));
        }
    }

    pub(crate) fn string(&self, node: &'a Node) -> Option<&'a str> {
        let text = node.as_str();
        if text.is_none() {
            self.wrong_type(node, "a string");
        }
        text
    }

    pub(crate) fn boolean(&self, node: &Node) -> Option<bool> {
        if let Kind::Bool(flag) = node.kind {
            return Some(flag);
        }
        self.wrong_type(node, "true or false");
        None
    }

    pub(crate) fn number(&self, node: &Node) -> Option<f64> {
        if let Kind::Number(number) = &node.kind {
            return number.as_f64();
        }
        self.wrong_type(node, "a number");
        None
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn whole(&self, node: &Node, least: u64, most: u64) -> Option<u64> {
        let number = if let Kind::Number(number) = &node.kind { number.as_u64() } else { None };
        let fitting = number.filter(|number| (least..=most).contains(number));
        if fitting.is_none() {
            let expected = if most == u64::MAX {
                format!("a whole number from {least}")
            } else {
                format!("a whole number from {least} to {most}")
            };
            self.wrong_type(node, &expected);
        }
        fitting
    }

    pub(crate) fn list(&self, node: &'a Node) -> Option<&'a [Node]> {
        if let Kind::Array(items) = &node.kind {
            return Some(items);
        }
        self.wrong_type(node, "an array");
        None
    }

    pub(crate) fn fields(&'a self, node: &'a Node) -> Option<Fields<'a>> {
        if matches!(node.kind, Kind::Object(_)) {
            return Some(Fields { report: self, node, asked: RefCell::default() });
        }
        self.wrong_type(node, "an object");
        None
    }

    /// One of the given words.
    pub(crate) fn choice(&self, node: &'a Node, words: &[&str]) -> Option<&'a str> {
        let word = self.string(node)?;
        if words.contains(&word) {
            return Some(word);
        }
        self.add(node.span, not_a_choice(&self.name(node.span), word, words));
        None
    }
}

/// The error for a word that is none of the allowed ones.
pub(crate) fn not_a_choice(name: &str, word: &str, words: &[&str]) -> Problem {
    let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    Problem::error(format!("{name} must be one of {listed}, found {word:?}"))
        .label("not one of these")
        .did_you_mean(nearest(word, words.iter().copied()))
}

impl<'a> Fields<'a> {
    /// The value of an optional key. Null counts as a value.
    pub(crate) fn get(&self, key: &'static str) -> Option<&'a Node> {
        self.asked.borrow_mut().push(key);
        self.node.get(key)
    }

    /// The value of a key that has to be there.
    pub(crate) fn need(&self, key: &'static str) -> Option<&'a Node> {
        let node = self.get(key);
        if node.is_none() {
            self.report.add_missing(self.node, key);
        }
        node
    }

    pub(crate) fn string(&self, key: &'static str) -> Option<&'a str> {
        self.get(key).and_then(|node| self.report.string(node))
    }

    pub(crate) fn need_string(&self, key: &'static str) -> Option<&'a str> {
        self.need(key).and_then(|node| self.report.string(node))
    }

    /// The value of a key for which null means the same as absence.
    pub(crate) fn nullable(&self, key: &'static str) -> Option<&'a Node> {
        self.get(key).filter(|node| node.kind != Kind::Null)
    }

    pub(crate) fn boolean(&self, key: &'static str) -> Option<bool> {
        self.get(key).and_then(|node| self.report.boolean(node))
    }

    pub(crate) fn number(&self, key: &'static str) -> Option<f64> {
        self.get(key).and_then(|node| self.report.number(node))
    }

    /// The items of an optional array; none when it is not there.
    pub(crate) fn items(&self, key: &'static str) -> &'a [Node] {
        self.get(key).and_then(|node| self.report.list(node)).unwrap_or_default()
    }

    /// Complains about the keys nobody asked for.
    pub(crate) fn finish(self, unknown: Unknown) {
        let asked = self.asked.into_inner();
        let free: Vec<&str> =
            asked.iter().copied().filter(|name| self.node.get(name).is_none()).collect();
        let unknowns =
            self.node.members().iter().filter(|member| !asked.contains(&member.key.as_str()));
        for member in unknowns.take(MAX_UNKNOWN) {
            let key = member.key.as_str();
            let names = free.iter().copied();
            let near = match unknown {
                Unknown::Warn => nearest(key, names),
                Unknown::OnlySlips => very_near(key, names),
            };
            if unknown == Unknown::Warn || near.is_some() {
                let problem = Problem::warning(format!("the key {key:?} has no meaning here"))
                    .label("ignored")
                    .did_you_mean(near);
                self.report.add(member.key_span, problem);
            }
        }
    }
}
