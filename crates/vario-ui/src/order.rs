//! Putting plugins into another order.

/// The ids with one of them put before place `to` of the old order; nothing if that changes nothing.
pub(crate) fn moved(ids: &[&str], id: &str, to: usize) -> Option<Vec<String>> {
    let from = ids.iter().position(|own| *own == id)?;
    let to = to.min(ids.len());
    if to == from || to == from + 1 {
        return None;
    }
    let mut order: Vec<String> = ids.iter().map(|own| (*own).to_owned()).collect();
    let taken = order.remove(from);
    order.insert(if to > from { to - 1 } else { to }, taken);
    Some(order)
}

/// All ids in the order of some of them. Those that are not among them stay behind the one that
/// they followed (contract section 7.10).
pub(crate) fn reordered(all: &[&str], shown: &[String]) -> Vec<String> {
    let mut order: Vec<String> = shown.to_vec();
    for (index, id) in all.iter().enumerate() {
        if order.iter().any(|own| own == id) {
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| all.get(index));
        let place = before.and_then(|before| order.iter().position(|own| own == before));
        order.insert(place.map_or(0, |place| place + 1), (*id).to_owned());
    }
    order
}

#[cfg(test)]
mod tests {
    use super::{moved, reordered};

    #[test]
    fn moving() {
        let ids = ["a", "b", "c"];
        let cases: [(&str, usize, Option<&[&str]>); 7] = [
            ("a", 0, None),
            ("a", 1, None),
            ("a", 2, Some(&["b", "a", "c"])),
            ("a", 3, Some(&["b", "c", "a"])),
            ("c", 0, Some(&["c", "a", "b"])),
            ("a", 99, Some(&["b", "c", "a"])),
            ("z", 0, None),
        ];
        for (id, to, expected) in cases {
            let found = moved(&ids, id, to);
            let expected = expected.map(|ids| ids.iter().map(ToString::to_string).collect());
            assert_eq!(found, expected, "{id} before {to}");
        }
    }

    #[test]
    fn hidden_ones_stay_behind_whom_they_followed() {
        let shown: Vec<String> = ["c", "a"].map(str::to_owned).to_vec();
        assert_eq!(reordered(&["a", "b", "c", "d"], &shown), ["c", "d", "a", "b"]);
        assert_eq!(reordered(&["x", "a", "c"], &shown), ["x", "c", "a"]);
        assert_eq!(reordered(&["c", "x", "y", "a"], &shown), ["c", "x", "y", "a"]);
    }
}
