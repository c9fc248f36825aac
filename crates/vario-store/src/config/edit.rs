//! Edits of the document that leave everything else as the person wrote it.

use toml_edit::{Array, DocumentMut, Item, Key, Table, TableLike, Value};

use crate::Error;

/// Sets `key` in the table at `path`, which is made if missing. Gives whether anything changed.
pub(super) fn set(
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
pub(super) fn unset(document: &mut DocumentMut, path: &[&str], key: &str) -> Result<bool, Error> {
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for (depth, step) in path.iter().enumerate() {
        let Some(item) = table.get_mut(step) else { return Ok(false) };
        table = item.as_table_like_mut().ok_or_else(|| not_a_table(&path[..=depth]))?;
    }
    Ok(table.remove(key).is_some())
}

/// Adds a text to the list `section.key`, unless it is there.
pub(super) fn add_item(
    document: &mut DocumentMut,
    section: &str,
    key: &str,
    text: &str,
) -> Result<bool, Error> {
    let list = list(document, section, key)?;
    if list.iter().any(|item| item.as_str() == Some(text)) {
        return Ok(false);
    }
    // In a list with an item a line, the new one gets its own line.
    let before_last = list.iter().last().and_then(|item| item.decor().prefix()?.as_str());
    let indent =
        before_last.and_then(|prefix| prefix.rfind('\n').map(|at| prefix[at..].to_owned()));
    match indent {
        Some(indent) => list.push_formatted(Value::from(text).decorated(indent, "")),
        None => list.push(text),
    }
    Ok(true)
}

/// Removes every occurrence of a text from the list `section.key`.
pub(super) fn remove_item(
    document: &mut DocumentMut,
    section: &str,
    key: &str,
    text: &str,
) -> Result<bool, Error> {
    if document.get(section).and_then(|table| table.get(key)).is_none() {
        return Ok(false);
    }
    let list = list(document, section, key)?;
    let mut removed = false;
    loop {
        let found = list.iter().position(|item| item.as_str() == Some(text));
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

/// The white space and comments of two neighbours as one, without an empty line in between.
fn joined(before: &str, after: &str) -> String {
    let before = before.trim_end_matches([' ', '\t', '\r', '\n']);
    let after = after.strip_prefix('\n').unwrap_or(after);
    // A comment ends with its line.
    format!("{before}\n{after}")
}

/// The table at `path`. Tables on the way that are made have no header of their own.
fn table<'a>(document: &'a mut DocumentMut, path: &[&str]) -> Result<&'a mut dyn TableLike, Error> {
    // A new section goes to the end, below comments that stand there.
    let mut comment = String::new();
    let is_new = path.first().is_some_and(|first| !document.contains_key(first));
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
    section: &str,
    key: &str,
) -> Result<&'a mut Array, Error> {
    let item = table(document, &[section])?;
    let item = item.entry_format(&Key::new(key)).or_insert_with(|| toml_edit::value(Array::new()));
    item.as_array_mut().ok_or_else(|| {
        Error::value(format!("{section}.{key}"), "expected a list; correct it in the file first")
    })
}

fn not_a_table(path: &[&str]) -> Error {
    Error::value(path.join("."), "expected a table; correct it in the file first")
}
