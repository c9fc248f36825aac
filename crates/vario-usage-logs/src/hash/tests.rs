use std::collections::HashSet;

use super::{Hasher, halves};

fn of(parts: &[&str]) -> u128 {
    parts.iter().fold(Hasher::new(), |hasher, part| hasher.bytes(part.as_bytes())).finish()
}

#[test]
fn borders_between_texts_count() {
    assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    assert_ne!(of(&["", "a"]), of(&["a", ""]));
    assert_ne!(of(&["a"]), of(&["a\0"]));
    assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
}

#[test]
fn many_like_names_stay_apart_in_each_half() {
    let all: Vec<_> = (0..100_000).map(|n| of(&[&format!("msg_{n:010}"), "req"])).collect();
    let low: HashSet<_> = all.iter().map(|hash| halves(*hash)[1]).collect();
    let high: HashSet<_> = all.iter().map(|hash| halves(*hash)[0]).collect();
    assert_eq!((low.len(), high.len()), (100_000, 100_000));
}

#[test]
fn what_is_kept_in_a_cache_stays_the_same() {
    // A change here needs a new version of the cache.
    assert_eq!(of(&["msg_1", "req_1"]), 152_818_819_130_523_264_673_967_846_252_838_163_530);
}
