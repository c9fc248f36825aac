//! Rights in plain words.

use vario_permissions::PermissionSet;

use super::paper::Paper;
use super::text::wrap;
use crate::style::{Look, Style};

/// Where the things stand that a right is about.
const OBJECTS_AT: usize = 24;

/// More of one kind are not listed.
const MAX_ROWS: usize = 40;

/// The rights of a set, a row for each kind with what it is about; nothing for an empty set.
///
/// `sign` stands before each row: `+` for what is new.
pub(crate) fn render_rights(
    columns: usize,
    style: Style,
    unicode: bool,
    rights: &PermissionSet,
    sign: &str,
) -> String {
    let paper = Paper::new(columns, style, unicode);
    let mut text = String::new();
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for right in rights.iter() {
        let object = paper.clean(&right.object());
        match groups.iter_mut().find(|(verb, _)| *verb == right.verb()) {
            Some((_, objects)) => objects.push(object),
            None => groups.push((right.verb(), vec![object])),
        }
    }
    for (verb, objects) in groups {
        let room = paper.width.saturating_sub(OBJECTS_AT);
        let listed = objects.iter().filter(|object| !object.is_empty());
        let rows: Vec<String> =
            listed.flat_map(|object| wrap(object, room, MAX_ROWS, paper.glyphs.ellipsis)).collect();
        for index in 0..rows.len().max(1) {
            let mut row = paper.row();
            if index == 0 {
                row.at(2).put(Look::Green, sign);
                row.at(4).put(Look::Plain, verb);
            }
            if let Some(object) = rows.get(index) {
                row.at(OBJECTS_AT).put(Look::Bold, object);
            }
            text.push_str(&row.finish());
            text.push('\n');
        }
    }
    text
}
