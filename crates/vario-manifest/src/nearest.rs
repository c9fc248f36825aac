/// Longer names are never compared: nobody mistyped a key of that size.
const MAX_COMPARED: usize = 64;

/// The candidate that `name` was most likely meant to be, if one is near enough.
///
/// Case does not count. Up to a third of the letters (at most three) may differ, or the name may
/// be the beginning of one candidate only, as `bool` is of `boolean`.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let near = within(name, candidates.iter().copied(), (name.len() / 3).clamp(1, 3));
    near.or_else(|| beginning(name, &candidates))
}

fn beginning<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let begins = |candidate: &&&str| {
        let start = candidate.get(..name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let mut found = candidates.iter().filter(begins);
    let first = found.next().filter(|_| name.len() >= 3)?;
    found.next().is_none().then_some(*first)
}

/// As [`nearest`], but only a slip of one or two letters counts.
pub(crate) fn very_near<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    within(name, candidates, (name.len() / 4).clamp(1, 2))
}

fn within<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Option<&'a str> {
    if name.len() > MAX_COMPARED {
        return None;
    }
    let name = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
