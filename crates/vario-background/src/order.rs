//! In which order plugins that need each other start.

use std::collections::{BTreeMap, BTreeSet};

use vario_manifest::{Plugin, Requirement};

/// The plugins a plugin needs, with whether it can do without.
pub(crate) fn needed(plugin: &Plugin) -> impl Iterator<Item = (&str, bool)> {
    plugin.dependencies.iter().filter_map(|dependency| match &dependency.requirement {
        Requirement::Plugin { id, .. } => Some((id.as_str(), dependency.optional)),
        _ => None,
    })
}

/// Every cycle of required dependencies: its members in the order they need each other, beginning
/// with the smallest id. A plugin that only leads into a cycle is no member.
pub(crate) fn cycles(needs: &BTreeMap<String, Vec<String>>) -> Vec<Vec<String>> {
    let mut search = Search { needs, state: BTreeMap::new(), path: Vec::new(), found: Vec::new() };
    for id in needs.keys() {
        search.visit(id);
    }
    let mut seen = BTreeSet::new();
    search.found.retain(|cycle| seen.insert(cycle.clone()));
    search.found
}

struct Search<'a> {
    needs: &'a BTreeMap<String, Vec<String>>,
    /// Whether a plugin is on the path (true) or done (false).
    state: BTreeMap<&'a str, bool>,
    path: Vec<&'a str>,
    found: Vec<Vec<String>>,
}

impl<'a> Search<'a> {
    fn visit(&mut self, id: &'a str) {
        match self.state.get(id) {
            Some(false) => return,
            Some(true) => {
                let start = self.path.iter().position(|known| *known == id).unwrap_or_default();
                self.found.push(from_smallest(&self.path[start..]));
                return;
            }
            None => {}
        }
        self.state.insert(id, true);
        self.path.push(id);
        let needs = self.needs;
        for next in needs.get(id).into_iter().flatten() {
            if needs.contains_key(next) {
                self.visit(next);
            }
        }
        self.path.pop();
        self.state.insert(id, false);
    }
}

fn from_smallest(cycle: &[&str]) -> Vec<String> {
    let start = (0..cycle.len()).min_by_key(|place| cycle[*place]).unwrap_or_default();
    let (before, from) = cycle.split_at(start);
    from.iter().chain(before).map(|id| (*id).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        edges.iter().map(|(id, needs)| ((*id).to_owned(), owned(needs))).collect()
    }

    #[test]
    fn ms_19_a_cycle_is_named_with_its_members() {
        let found = cycles(&graph(&[
            ("a", &["b"]),
            ("b", &["c", "gone"]),
            ("c", &["a"]),
            ("d", &["a"]),
            ("e", &["e"]),
            ("f", &[]),
        ]));
        assert_eq!(found, [vec!["a", "b", "c"], vec!["e"]]);
    }

    #[test]
    fn without_a_cycle_there_is_none() {
        assert!(cycles(&graph(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])).is_empty());
    }
}
