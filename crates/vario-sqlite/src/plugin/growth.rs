use rusqlite::{Connection, Result};

/// Keeps the main database from growing by more than so many bytes.
pub(crate) fn limit(connection: &Connection, bytes: u64) -> Result<()> {
    let read = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let pages = u64::try_from(read("PRAGMA main.page_count")?).unwrap_or_default();
    let page_bytes = u64::try_from(read("PRAGMA main.page_size")?).unwrap_or_default().max(512);
    // Zero would mean no limit, and SQLite counts pages in 32 bits.
    let most = pages.saturating_add(bytes / page_bytes).clamp(1, u64::from(u32::MAX) - 1);
    read(&format!("PRAGMA main.max_page_count = {most}"))?;
    Ok(())
}
