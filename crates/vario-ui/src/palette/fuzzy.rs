//! How well a few letters fit a name.

/// Its letters in order, wherever they stand.
const LETTER: i32 = 1;
/// Right behind the one before.
const NEXT: i32 = 10;
/// At the beginning of a word.
const WORD: i32 = 8;
/// At the beginning of all.
const START: i32 = 4;

/// The higher the better; nothing if letters are missing. Of several words each must fit.
pub(super) fn score(sought: &str, name: &str) -> Option<i32> {
    let name: Vec<char> = name.chars().flat_map(char::to_lowercase).take(120).collect();
    let mut sum = 0;
    for word in sought.split_whitespace().take(8) {
        let word: Vec<char> = word.chars().flat_map(char::to_lowercase).take(40).collect();
        sum += best(&word, &name)?;
    }
    // Of two that fit alike the shorter one is meant.
    let length = i32::try_from(name.len()).unwrap_or(120);
    Some(if sum == 0 { 0 } else { sum * 4 - length / 4 })
}

/// The best of all ways to find the letters in the name.
fn best(word: &[char], name: &[char]) -> Option<i32> {
    // For each letter of the name: the best score of the letters so far if the last is that one.
    let mut ends: Vec<Option<i32>> = vec![None; name.len()];
    for (nth, letter) in word.iter().enumerate() {
        let mut next = vec![None; name.len()];
        let mut before: Option<i32> = None;
        for (at, own) in name.iter().enumerate() {
            let run = at.checked_sub(1).and_then(|at| ends.get(at).copied().flatten());
            if own == letter {
                let bonus = LETTER + beginning(name, at);
                let reached =
                    if nth == 0 { Some(0) } else { before.max(run.map(|run| run + NEXT)) };
                if let (Some(reached), Some(place)) = (reached, next.get_mut(at)) {
                    *place = Some(reached + bonus);
                }
            }
            before = before.max(ends.get(at).copied().flatten());
        }
        ends = next;
    }
    ends.into_iter().flatten().max()
}

fn beginning(name: &[char], at: usize) -> i32 {
    match at.checked_sub(1).and_then(|at| name.get(at)) {
        None => WORD + START,
        Some(before) if !before.is_alphanumeric() => WORD,
        Some(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn letters_must_be_there_in_order() {
        let cases = [
            ("", "Home", true),
            ("hm", "Home", true),
            ("HOME", "home", true),
            ("eh", "Home", false),
            ("ref atl", "Refresh Atlas", true),
            ("atl ref", "Refresh Atlas", true),
            ("atl xyz", "Refresh Atlas", false),
            ("é", "Café", true),
        ];
        for (sought, name, fits) in cases {
            assert_eq!(score(sought, name).is_some(), fits, "{sought:?} in {name:?}");
        }
    }

    #[test]
    fn the_better_fit_is_higher() {
        let cases = [
            ("set", "Settings", "Reset display"),
            ("ra", "Refresh all", "Cleared"),
            ("atlas", "Atlas", "Atlas settings"),
            ("theme d", "Theme: dark", "Theme: light"),
            ("re", "Refresh", "Theme: dark preset"),
            ("ref", "Refresh all", "Refresh Forms"),
            ("ref", "Refresh Forms", "Rescan plugin folders"),
        ];
        for (sought, better, worse) in cases {
            assert!(score(sought, better) > score(sought, worse), "{sought:?}: {better} {worse}");
        }
    }
}
