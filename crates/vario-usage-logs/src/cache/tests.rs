use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::{Cache, Reader, Writer};
use crate::testing::{claude, folder, scan, write};
use crate::{Environment, Report, RuleSet, Scan, Source};

fn logs() -> (tempfile::TempDir, Scan<'static>, Cache) {
    let folder = folder(&[
        ("projects/p/a.jsonl", &claude("m1", "r", 1)),
        ("projects/p/b.jsonl", &claude("m2", "r", 2)),
    ]);
    let scan = scan(Source::Claude, folder.path(), RuleSet::Ccusage20);
    let cache = Cache::new(folder.path().join("cache/deep"));
    (folder, scan, cache)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("cache/deep")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Reports without what may differ.
fn same(one: &Report, other: &Report) -> bool {
    (&one.rows, one.tokens, &one.problems) == (&other.rows, other.tokens, &other.problems)
}

#[test]
fn nothing_is_read_when_nothing_has_changed() {
    let (folder, scan, cache) = logs();
    let first = scan.run(&cache);
    let second = scan.run(&cache);
    assert!(same(&first, &second));
    assert_eq!((first.unchanged, second.unchanged), (false, true));
    let other = scan.clone().since(Some(jiff::civil::date(2027, 1, 1))).run(&cache);
    assert_eq!((other.tokens.output, other.unchanged), (0, false));
    write(folder.path(), "projects/p/b.jsonl", claude("m2", "r", 20).as_bytes());
    assert_eq!(scan.run(&cache).tokens.output, 21);
    fs::remove_file(folder.path().join("projects/p/a.jsonl")).unwrap();
    assert_eq!(scan.run(&cache).tokens.output, 20);
}

#[test]
fn what_was_counted_in_other_folders_stays_known() {
    let (one, scan_one, cache) = logs();
    let (_other, scan_other, _) = logs();
    let long = [claude("m3", "r", 3), "{}\n".repeat(600)].concat();
    write(one.path(), "projects/p/a.jsonl", long.as_bytes());
    assert_eq!(scan_one.run(&cache).tokens.output, 5);
    assert_eq!(scan_other.run(&cache).tokens.output, 3);
    // Whoever counts the first line anew finds another message.
    let grown = long.replace(":3}", ":9}") + &claude("m5", "r", 5);
    write(one.path(), "projects/p/a.jsonl", grown.as_bytes());
    assert_eq!(scan_one.run(&cache).tokens.output, 10);
}

#[test]
fn few_sets_of_folders_are_kept() {
    let (folder, _, cache) = logs();
    let names = ["a", "b", "c", "d", "e", "f"];
    for name in names {
        let path = folder.path().join(name);
        write(&path, "projects/p/s.jsonl", claude("m", "r", 1).as_bytes());
        let scan = scan(Source::Claude, &path, RuleSet::Ccusage20);
        assert_eq!(scan.run(&cache).tokens.output, 1);
        // The last one is always among those that are kept.
        write(&path, "projects/p/s.jsonl", "\n".as_bytes());
        write(&path, "projects/p/t.jsonl", claude("m", "r", 2).as_bytes());
        assert_eq!(scan.run(&cache).tokens.output, 2);
    }
    assert_eq!(files(folder.path()).len(), super::KEPT_SETS + 1);
    cache.clear().unwrap();
    assert!(files(folder.path()).is_empty());
}

#[test]
fn other_aliases_are_another_question() {
    let (_folder, scan, cache) = logs();
    scan.run(&cache);
    let aliases = Environment { model_aliases: Some("a=b".to_owned()), ..Default::default() };
    let other = scan.clone().aliases(aliases.model_aliases(RuleSet::Ccusage20));
    assert_eq!([other.run(&cache).unchanged, scan.run(&cache).unchanged], [false, true]);
}

#[test]
fn a_file_that_grew_is_read_from_where_it_ended() {
    let (folder, scan, cache) = logs();
    scan.run(&cache);
    // A message before the old end that is not there any more, but of the same length: nobody looks.
    let grown = [claude("m3", "r", 3), "{}\n".repeat(600), claude("m4", "r", 4)].concat();
    write(folder.path(), "projects/p/a.jsonl", grown.as_bytes());
    scan.run(&cache);
    let changed = grown.replace("m3", "mm") + &claude("m5", "r", 5);
    write(folder.path(), "projects/p/a.jsonl", changed.as_bytes());
    assert_eq!(scan.run(&cache).tokens.output, 2 + 3 + 4 + 5);
}

#[test]
fn a_damaged_cache_is_as_none() {
    let (folder, scan, cache) = logs();
    let expected = scan.run(&cache);
    for path in files(folder.path()) {
        let sound = fs::read(&path).unwrap();
        // One in nine, to be quick; which ones differs with every change of the form.
        for at in (0..sound.len()).step_by(9) {
            let mut damaged = sound.clone();
            damaged[at] ^= 0x41;
            fs::write(&path, &damaged).unwrap();
            assert!(same(&scan.run(&cache), &expected), "{} {at}", path.display());
            fs::write(&path, &sound[..at]).unwrap();
            assert!(same(&scan.run(&cache), &expected), "{} {at}", path.display());
        }
        fs::write(&path, b"").unwrap();
        assert!(same(&scan.run(&cache), &expected));
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let (folder, scan, _) = logs();
    write(folder.path(), "file", b"");
    let cache = Cache::new(folder.path().join("file"));
    assert_eq!(scan.run(&cache).tokens.output, 3);
}

#[test]
fn it_can_be_cleared() {
    let (folder, scan, cache) = logs();
    scan.run(&cache);
    assert_eq!(files(folder.path()).len(), 2);
    cache.clear().unwrap();
    cache.clear().unwrap();
    Cache::none().clear().unwrap();
    assert!(files(folder.path()).is_empty());
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        number in any::<u64>(), signed in any::<i64>(), wide in any::<u128>(),
        option in any::<Option<i64>>(), texts in prop::collection::vec(".{0,9}", 0..4),
        text in prop::option::of(".{0,9}"), float in -1e9..1e9_f64,
    ) {
        let mut writer = Writer::default();
        writer.number(number);
        writer.signed(signed);
        writer.wide(wide);
        writer.option(option);
        writer.texts(&texts);
        writer.optional_text(text.as_deref());
        writer.float(float);
        let mut reader = Reader::new(writer.written());
        prop_assert_eq!(reader.number(), Some(number));
        prop_assert_eq!(reader.signed(), Some(signed));
        prop_assert_eq!(reader.wide(), Some(wide));
        prop_assert_eq!(reader.option(), Some(option));
        prop_assert_eq!(reader.texts(), Some(texts));
        prop_assert_eq!(reader.optional_text(), Some(text));
        prop_assert_eq!(reader.float(), Some(float));
        prop_assert!(reader.is_empty());
    }

    #[test]
    fn anything_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut reader = Reader::new(&bytes);
        let _ = (reader.texts(), reader.optional_text(), reader.number(), reader.bytes());
    }
}
