//! Text in which scripts are read from right to left.
//!
//! egui joins letters of such scripts and draws each of their words backwards, but puts the words
//! themselves one after the other to the right. What it is given here is in the order of places.

use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation as _;

/// No row of a window has room for more.
const MOST_CLUSTERS: usize = 400;

/// Whether a character is of a block that is read from right to left, digits of it included. None
/// of our own fonts has them, so egui draws neighbours among them as one, backwards.
fn is_backward(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF
    )
}

/// Whether the order of a text is not that of its characters.
pub(crate) fn is_needed(text: &str) -> bool {
    text.chars().any(is_backward)
}

/// Breaks a text into at most `most` rows no wider than `width`, each in the order of places. The
/// second is whether something was left out, which a `…` tells. `measure` is how wide a row is.
///
/// egui cannot do this: it breaks where a row is too long, which is where the first words are.
pub(crate) fn rows(
    text: &str,
    width: f32,
    most: usize,
    measure: impl Fn(&str) -> f32,
) -> (String, bool) {
    let fits = |row: &str| measure(&visual(row)) <= width;
    let mut rows: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut rest = line;
        let mut first = true;
        while first || !rest.is_empty() {
            first = false;
            if rows.len() + 1 >= most {
                let more_lines = text.lines().nth(index + 1).is_some();
                let (row, elided) = last_row(rest, more_lines, &fits);
                rows.push(visual(&row));
                return (rows.join("\n"), elided);
            }
            let (row, after) = rest.split_at(fitting(rest, &fits));
            rows.push(visual(row.trim_end()));
            rest = after;
        }
    }
    (rows.join("\n"), false)
}

/// How many bytes of a line are a row: whole words, or what fits of one that is too long.
fn fitting(line: &str, fits: &impl Fn(&str) -> bool) -> usize {
    let mut end = 0;
    for word in line.split_inclusive(' ') {
        if !fits(line[..end + word.len()].trim_end()) {
            break;
        }
        end += word.len();
    }
    if end > 0 { end } else { longest(line, "", fits).max(first_cluster(line)) }
}

fn first_cluster(line: &str) -> usize {
    line.graphemes(true).next().map_or(0, str::len)
}

fn last_row(rest: &str, more_lines: bool, fits: &impl Fn(&str) -> bool) -> (String, bool) {
    if !more_lines && fits(rest) {
        return (rest.to_owned(), false);
    }
    (format!("{}…", rest[..longest(rest, "…", fits)].trim_end()), true)
}

/// How many bytes of a text fit together with an end.
fn longest(text: &str, end: &str, fits: &impl Fn(&str) -> bool) -> usize {
    let clusters = text.grapheme_indices(true).take(MOST_CLUSTERS);
    let ends: Vec<usize> = clusters.map(|(at, cluster)| at + cluster.len()).collect();
    let count = ends.partition_point(|at| fits(&format!("{}{end}", &text[..*at])));
    count.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(0)
}

/// One row in the order of places, from left to right.
fn visual(row: &str) -> String {
    let info = BidiInfo::new(row, None);
    let Some(paragraph) = info.paragraphs.first() else { return String::new() };
    let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
    let mut places: Vec<&str> = Vec::new();
    for run in runs {
        let backward = levels.get(run.start).is_some_and(Level::is_rtl);
        let clusters = row.get(run).unwrap_or_default().graphemes(true);
        if backward {
            places.extend(clusters.rev().map(mirrored));
        } else {
            places.extend(clusters);
        }
    }
    let is_word = |place: &&str| place.chars().next().is_some_and(is_backward);
    let mut visual = String::with_capacity(row.len());
    for stretch in places.chunk_by(|one, other| is_word(one) == is_word(other)) {
        if stretch.first().is_some_and(is_word) {
            visual.extend(stretch.iter().rev().copied());
        } else {
            visual.extend(stretch.iter().copied());
        }
    }
    visual
}

/// What opens on one side opens on the other.
fn mirrored(cluster: &str) -> &str {
    match cluster {
        "(" => ")",
        ")" => "(",
        "[" => "]",
        "]" => "[",
        "{" => "}",
        "}" => "{",
        "<" => ">",
        ">" => "<",
        "«" => "»",
        "»" => "«",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_needed, rows, visual};

    #[test]
    fn what_is_read_from_left_to_right_stays() {
        assert!(!is_needed("plain, straße, 使用量, привет"));
        assert_eq!(visual("plain (text) 42%"), "plain (text) 42%");
    }

    #[test]
    fn words_change_their_places_and_keep_their_letters() {
        let cases = [
            ("שלום עולם", "עולם שלום"),
            ("mixed שלום עולם text", "mixed עולם שלום text"),
            ("שלום 42", "42 שלום"),
            ("(שלום) abc", "abc (שלום)"),
            ("שלום, עולם!", "!עולם ,שלום"),
            // egui turns digits of these scripts around, too.
            ("طلبات ١٢٣", "٣٢١ طلبات"),
        ];
        for (text, expected) in cases {
            assert!(is_needed(text));
            assert_eq!(visual(text), expected, "{text}");
        }
    }

    /// Each character one wide.
    fn broken(text: &str, width: f32, most: usize) -> (String, bool) {
        #[expect(clippy::cast_precision_loss, reason = "short texts")]
        rows(text, width, most, |row| row.chars().count() as f32)
    }

    #[test]
    fn rows_are_broken_before_words_change_their_places() {
        let cases = [
            ("שלום עולם טוב", 99.0, 1, "טוב עולם שלום", false),
            ("שלום עולם טוב", 9.0, 9, "עולם שלום\nטוב", false),
            ("שלום עולם טוב", 9.0, 1, "…עול שלום", true),
            ("שלום עולם טוב", 5.0, 2, "שלום\n…עולם", true),
            ("שלום\nעולם", 99.0, 9, "שלום\nעולם", false),
            ("שלום\nעולם", 99.0, 1, "…שלום", true),
            ("שלום", 2.0, 9, "של\nום", false),
            ("שלום", 0.0, 1, "…", true),
            ("שלום", 0.0, 2, "ש\n…", true),
            ("", 9.0, 1, "", false),
        ];
        for (text, width, most, expected, elided) in cases {
            let found = broken(text, width, most);
            assert_eq!(found, (expected.to_owned(), elided), "{text} in {most} of {width}");
        }
    }
}
