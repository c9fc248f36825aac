//! Edits of the document that leave everything else as the person wrote it.

use toml_edit::{Array, DocumentMut, Item, Key, Table, TableLike, Value};

use crate::Error;

/// Sets `key` in the table at `path`, which is made if missing. Gives whether anything changed.
pub(crate) fn set(
    document: &mut DocumentMut,
    path: &[&str],
    key: &str,
    mut value: Value,
) -> Result<bool, Error> {
    let table = table(document, path)?;
    if let Some(Item::Value(old)) = table.get(key) {
        if old.to_string().trim() == value.to_string().trim() {
            return Ok(false);
        }
        // What stands around the old value, such as a comment after it, stays.
        *value.decor_mut() = old.decor().clone();
    }
    match table.get_mut(key) {
        // The key's own decor, such as a comment above it, stays too.
        Some(old) => *old = Item::Value(value),
        None => drop(table.insert(key, Item::Value(value))),
    }
    Ok(true)
}

/// Removes `key` from the table at `path`. Gives whether it was there.
pub(crate) fn unset(document: &mut DocumentMut, path: &[&str], key: &str) -> Result<bool, Error> {
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for (depth, step) in path.iter().enumerate() {
        let Some(item) = table.get_mut(step) else { return Ok(false) };
        table = item.as_table_like_mut().ok_or_else(|| not_a_table(&path[..=depth]))?;
    }
    Ok(table.remove(key).is_some())
}

/// Adds a text to the list `key` in the table at `path`, unless it is there.
pub(crate) fn add_item(
    document: &mut DocumentMut,
    path: &[&str],
    key: &str,
    text: &str,
) -> Result<bool, Error> {
    let list = list(document, path, key)?;
    if list.iter().any(|item| item.as_str() == Some(text)) {
        return Ok(false);
    }
    let final_item = list.iter().last();
    let before_last = final_item.and_then(|item| item.decor().prefix()?.as_str());
    let indent =
        before_last.and_then(|prefix| prefix.rfind('\n').map(|at| prefix[at..].to_owned()));
    let Some(indent) = indent else {
        list.push(text);
        return Ok(true);
    };
    // In a list with an item a line, the new one gets its own line, below the comments that follow
    // the last one. They stand before its comma, or after, or there is none.
    let after_last =
        final_item.and_then(|item| item.decor().suffix()?.as_str()).unwrap_or_default();
    let comments = format!("{after_last}{}", list.trailing().as_str().unwrap_or_default());
    let comments = comments.trim_end();
    let prefix = if comments.contains('#') { format!("{comments}{indent}") } else { indent };
    if let Some(item) = list.iter_mut().last() {
        item.decor_mut().set_suffix("");
    }
    list.set_trailing("\n");
    list.push_formatted(Value::from(text).decorated(prefix, ""));
    Ok(true)
}

/// Writes a list of several items with an item a line, unless a person has laid it out already.
pub(crate) fn one_a_line(
    document: &mut DocumentMut,
    path: &[&str],
    key: &str,
) -> Result<(), Error> {
    let list = list(document, path, key)?;
    if list.len() < 2 || list.to_string().contains('\n') {
        return Ok(());
    }
    for item in list.iter_mut() {
        item.decor_mut().set_prefix("\n    ");
        item.decor_mut().set_suffix("");
    }
    list.set_trailing("\n");
    list.set_trailing_comma(true);
    Ok(())
}

/// Removes every matching text from the list `key` in the table at `path`.
pub(crate) fn remove_items(
    document: &mut DocumentMut,
    path: &[&str],
    key: &str,
    matches: impl Fn(&str) -> bool,
) -> Result<bool, Error> {
    let table = path.iter().try_fold(document.as_item(), |item, step| item.get(step));
    if table.and_then(|table| table.get(key)).is_none() {
        return Ok(false);
    }
    let list = list(document, path, key)?;
    let mut removed = false;
    loop {
        let found = list.iter().position(|item| item.as_str().is_some_and(&matches));
        let Some(index) = found else { break };
        let gone = list.remove(index);
        removed = true;
        // A comment before an item often belongs to the one above it, so it is kept.
        let comment = gone.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        if !comment.contains('#') {
            continue;
        }
        if let Some(next) = list.get_mut(index) {
            let old = next.decor().prefix().and_then(|prefix| prefix.as_str());
            let prefix = joined(comment, old.unwrap_or_default());
            next.decor_mut().set_prefix(prefix);
        } else {
            let trailing = joined(comment, list.trailing().as_str().unwrap_or_default());
            list.set_trailing(trailing);
        }
    }
    Ok(removed)
}

/// Removes the list `key` from the table at `path` if nothing is in it, no comment either.
pub(crate) fn unset_if_empty(
    document: &mut DocumentMut,
    path: &[&str],
    key: &str,
) -> Result<(), Error> {
    let list = list(document, path, key)?;
    let is_bare = list.is_empty() && !list.to_string().contains('#');
    let above = table(document, path)?.key(key).and_then(|key| key.leaf_decor().prefix()?.as_str());
    if is_bare && !above.is_some_and(|above| above.contains('#')) {
        unset(document, path, key)?;
    }
    Ok(())
}

/// Removes the table `key` from the table at `path`. What a person wrote above it goes with it, but
/// for what an empty line sets apart, which is about more than this table.
pub(crate) fn unset_table(
    document: &mut DocumentMut,
    path: &[&str],
    key: &str,
) -> Result<bool, Error> {
    let parent = path.iter().try_fold(document.as_item(), |item, step| item.get(step));
    let gone = parent.and_then(|parent| parent.get(key)).and_then(Item::as_table);
    let above = gone.and_then(|table| table.decor().prefix()?.as_str()).unwrap_or_default();
    let kept = above[..end_of_last_empty_line(above)].trim_start().to_owned();
    let position = gone.and_then(Table::position);
    let removed = unset(document, path, key)?;
    if !kept.contains('#') {
        return Ok(removed);
    }
    let siblings = table(document, path)?.iter_mut();
    let tables = siblings.filter_map(|(_, item)| item.as_table_mut());
    let after = tables.filter(|table| table.position() > position);
    if let Some(next) = after.min_by_key(|table| table.position()) {
        let own = next.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        let prefix = format!("{kept}{}", own.trim_start());
        next.decor_mut().set_prefix(prefix);
    } else {
        let own = document.trailing().as_str().unwrap_or_default();
        let trailing = format!("{}\n{own}", kept.trim_end());
        document.set_trailing(trailing);
    }
    Ok(removed)
}

/// The white space and comments of two neighbours as one, without an empty line in between.
fn joined(before: &str, after: &str) -> String {
    let before = before.trim_end_matches([' ', '\t', '\r', '\n']);
    let after = after.strip_prefix('\n').unwrap_or(after);
    // A comment ends with its line.
    format!("{before}\n{after}")
}

/// Where the last empty line ends; the beginning if there is none.
fn end_of_last_empty_line(text: &str) -> usize {
    let (mut end, mut position) = (0, 0);
    for line in text.split_inclusive('\n') {
        position += line.len();
        if line.trim().is_empty() {
            end = position;
        }
    }
    end
}

/// The table at `path`. Tables on the way that are made have no header of their own.
fn table<'a>(document: &'a mut DocumentMut, path: &[&str]) -> Result<&'a mut dyn TableLike, Error> {
    // A new section goes to the end, below comments that stand there.
    let mut comment = String::new();
    let is_new = path.iter().try_fold(document.as_item(), |item, step| item.get(step)).is_none();
    if is_new && let Some(trailing) = document.trailing().as_str().filter(|it| it.contains('#')) {
        trailing.clone_into(&mut comment);
        document.set_trailing("");
    }
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for (depth, step) in path.iter().enumerate() {
        let item = table.entry_format(&Key::new(*step)).or_insert_with(|| {
            let is_last = depth + 1 == path.len();
            let mut made = Table::new();
            made.set_implicit(!is_last);
            if is_last {
                made.set_position(Some(isize::MAX));
            }
            if is_last && !comment.is_empty() {
                let end = if comment.ends_with('\n') { "\n" } else { "\n\n" };
                made.decor_mut().set_prefix(format!("{comment}{end}"));
            }
            Item::Table(made)
        });
        table = item.as_table_like_mut().ok_or_else(|| not_a_table(&path[..=depth]))?;
    }
    Ok(table)
}

fn list<'a>(
    document: &'a mut DocumentMut,
    path: &[&str],
    key: &str,
) -> Result<&'a mut Array, Error> {
    let item = table(document, path)?;
    let item = item.entry_format(&Key::new(key)).or_insert_with(|| toml_edit::value(Array::new()));
    item.as_array_mut().ok_or_else(|| {
        let name = format!("{}.{key}", path.join("."));
        Error::value(name, "expected a list; correct it in the file first")
    })
}

fn not_a_table(path: &[&str]) -> Error {
    Error::value(path.join("."), "expected a table; correct it in the file first")
}
