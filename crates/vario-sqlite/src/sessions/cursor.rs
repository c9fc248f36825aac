//! A statement in the middle of its rows.

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Row, Rows};
use self_cell::{MutBorrow, self_cell};

use super::codes;
use super::params::Params;
use crate::SqlValue;

/// How many rows are fetched at once at the most.
const CHUNK_ROWS: usize = 256;

/// How many bytes of rows are enough for one fetch.
const CHUNK_BYTES: usize = 256 * 1024;

/// What a cell counts beside its text.
const CELL_BYTES: usize = 16;

self_cell!(
    /// The rows borrow the statement, which borrows the connection.
    struct Running<'c> {
        owner: MutBorrow<CachedStatement<'c>>,
        #[not_covariant]
        dependent: Rows,
    }
);

/// Rows that are fetched piece by piece.
pub(super) struct Cursor<'c>(Running<'c>);

impl<'c> Cursor<'c> {
    pub(super) fn new(statement: CachedStatement<'c>, params: &Params) -> Result<Self, String> {
        let mut statement = statement;
        params.bind(&mut statement)?;
        Ok(Self(Running::new(MutBorrow::new(statement), |own| own.borrow_mut().raw_query())))
    }

    /// Some more rows; none at the end.
    pub(super) fn next(&mut self) -> Result<Vec<Vec<SqlValue>>, String> {
        self.0.with_dependent_mut(|_, rows| {
            let (mut found, mut bytes) = (Vec::new(), 0);
            while found.len() < CHUNK_ROWS && bytes < CHUNK_BYTES {
                let Some(row) = rows.next().map_err(|error| codes::words(&error))? else { break };
                let (cells, size) = cells(row)?;
                bytes += size;
                found.push(cells);
            }
            Ok(found)
        })
    }
}

/// All rows, or the first only, if they are not more than `limit` bytes.
pub(super) fn fetch(
    statement: &mut CachedStatement<'_>,
    params: &Params,
    only_first: bool,
    limit: usize,
) -> Result<Vec<Vec<SqlValue>>, String> {
    params.bind(statement)?;
    let mut rows = statement.raw_query();
    let (mut found, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(|error| codes::words(&error))? {
        let (cells, size) = cells(row)?;
        bytes += size;
        if bytes > limit {
            return Err(format!("SQLITE_TOOBIG: the result exceeds the limit of {limit} bytes"));
        }
        found.push(cells);
        if only_first {
            break;
        }
    }
    Ok(found)
}

/// The values of a row, and how many bytes they count.
fn cells(row: &Row<'_>) -> Result<(Vec<SqlValue>, usize), String> {
    let (mut cells, mut bytes) = (Vec::new(), 0);
    for at in 0..row.as_ref().column_count() {
        let value = match row.get_ref(at).map_err(|error| codes::words(&error))? {
            ValueRef::Null => SqlValue::Null,
            ValueRef::Integer(number) => SqlValue::Integer(number),
            ValueRef::Real(number) => SqlValue::Real(number),
            // Another program may have written what is no text.
            ValueRef::Text(text) => SqlValue::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(blob) => SqlValue::Blob(blob.to_vec()),
        };
        bytes += CELL_BYTES
            + match &value {
                SqlValue::Text(text) => text.len(),
                SqlValue::Blob(blob) => blob.len(),
                _ => 0,
            };
        cells.push(value);
    }
    Ok((cells, bytes))
}
