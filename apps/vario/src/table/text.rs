//! Other people's text, made safe and measured.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Longer clusters are no letters any more but a pile of marks.
const MAX_CLUSTER_BYTES: usize = 64;

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// Text that does to a terminal nothing but write: white space in a row is one space, as in HTML,
/// and none at the ends; what hides or reorders text is gone; any other control character is
/// replaced by a visible mark.
///
/// Without `unicode` what is not ASCII is replaced, too: to a terminal of another encoding, bytes
/// of UTF-8 can be control characters.
pub(super) fn clean(text: &str, unicode: bool) -> String {
    let mut clean = String::new();
    let mut space = false;
    for cluster in text.graphemes(true) {
        for c in
            if cluster.len() > MAX_CLUSTER_BYTES { first_char(cluster) } else { cluster }.chars()
        {
            // The group separators are white space to Unicode, and control characters to us.
            if c.is_whitespace() && !matches!(c, '\x1c'..='\x1f') {
                space = !clean.is_empty();
                continue;
            }
            if is_invisible(c) {
                continue;
            }
            if std::mem::take(&mut space) {
                clean.push(' ');
            }
            match c {
                _ if c.is_control() => clean.push(if unicode { '\u{fffd}' } else { '?' }),
                _ if unicode || c.is_ascii() => clean.push(c),
                _ => clean.push_str(ascii(c)),
            }
        }
    }
    clean
}

/// As much of a clean text as fits, with the ellipsis if that is not all of it.
pub(super) fn fit(text: &str, room: usize, ellipsis: &str) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let Some(rest) = room.checked_sub(width(ellipsis)) else {
        return String::new();
    };
    let start = take(text.graphemes(true), rest);
    format!("{}{ellipsis}", text[..start].trim_end())
}

/// As much of the end of a clean text as fits, with the ellipsis before it: for paths, whose end
/// says most.
pub(super) fn fit_end(text: &str, room: usize, ellipsis: &str) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let Some(rest) = room.checked_sub(width(ellipsis)) else {
        return String::new();
    };
    let end = &text[text.len() - take(text.graphemes(true).rev(), rest)..];
    // Whole names of folders read best.
    let end = end.find('/').map_or(end, |at| &end[at..]);
    format!("{ellipsis}{}", end.trim_start())
}

/// A clean text in rows, broken at spaces; a longer word is broken where the row ends. What does
/// not go into `max_rows` is cut with the ellipsis.
pub(super) fn wrap(text: &str, room: usize, max_rows: usize, ellipsis: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if rows.len() + 1 == max_rows || width(rest) <= room {
            rows.push(fit(rest, room, ellipsis));
            break;
        }
        let full = take(rest.graphemes(true), room);
        let at_space = rest[..full].rfind(' ').filter(|at| *at > 0);
        // A word may end exactly where the row does.
        let end = if rest[full..].starts_with(' ') { full } else { at_space.unwrap_or(full) };
        if end == 0 {
            // Not even one letter fits.
            break;
        }
        rows.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    rows
}

/// How many bytes of these clusters fit.
fn take<'a>(clusters: impl Iterator<Item = &'a str>, room: usize) -> usize {
    let mut columns = 0;
    clusters
        .take_while(|cluster| {
            columns += cluster.width();
            columns <= room
        })
        .map(str::len)
        .sum()
}

fn first_char(cluster: &str) -> &str {
    let end = cluster.char_indices().nth(1).map_or(cluster.len(), |(at, _)| at);
    &cluster[..end]
}

/// Characters that take no room and change how others read: direction, joining of lines, tags and
/// notes. The two joiners stay: words and emoji need them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The nearest ASCII of the typographic characters that texts are full of.
fn ascii(c: char) -> &'static str {
    match c {
        '‘' | '’' => "'",
        '“' | '”' => "\"",
        '‐'..='―' | '−' => "-",
        '…' => "...",
        '·' | '•' => "*",
        '×' => "x",
        '→' => "->",
        _ => "?",
    }
}
