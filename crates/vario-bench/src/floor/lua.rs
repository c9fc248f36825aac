//! The floor on mlua.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use mlua::chunk::{ChunkMode, Compiler};
use mlua::{Function, Lua, Result, Table, Value, VmState};

use super::{Chart, HEAP, Line, Progress, Read, Small, WALL};

/// The bytecode of a program.
///
/// # Errors
/// When it does not parse.
pub fn compile(text: &str) -> Result<Vec<u8>> {
    Compiler::new().compile(text)
}

/// One run.
///
/// Luau bounds its own stack; there is no limit to set.
///
/// # Errors
/// Whatever the program throws, or a result of the wrong form.
pub fn run(bytecode: &[u8]) -> Result<Read> {
    let deadline = Instant::now() + WALL;
    let lua = Lua::new();
    lua.set_memory_limit(HEAP)?;
    let interrupts = AtomicU32::new(0);
    lua.set_interrupt(move |_| {
        // Interrupts come with every call: most of them are too soon to look at the clock.
        let count = interrupts.load(Ordering::Relaxed);
        interrupts.store(count.wrapping_add(1), Ordering::Relaxed);
        if count % 64 == 63 && Instant::now() >= deadline {
            return Err(mlua::Error::runtime("timed out"));
        }
        Ok(VmState::Continue)
    });
    let plugin: Table = lua.load(bytecode).set_mode(ChunkMode::Binary).call(())?;
    let probe: Function = plugin.get("probe")?;
    let result: Table = probe.call(())?;
    read(&result)
}

fn read(result: &Table) -> Result<Read> {
    let items: Table = result.get("lines")?;
    let mut lines = Vec::with_capacity(items.raw_len());
    for item in items.sequence_values::<Table>() {
        lines.push(line(&item?)?);
    }
    Ok(Read { plan: text(result, "plan")?, lines })
}

fn line(item: &Table) -> Result<Line> {
    let kind = text(item, "type")?.unwrap_or_default();
    Ok(match kind.as_str() {
        "text" => Line::Text(small(item, "value")?),
        "badge" => Line::Badge(small(item, "text")?),
        "progress" => Line::Progress(Progress {
            label: text(item, "label")?,
            used: number(item, "used")?,
            limit: number(item, "limit")?,
            format: match item.get("format")? {
                Value::Table(format) => Some((text(&format, "kind")?, text(&format, "suffix")?)),
                _ => None,
            },
            resets_at: text(item, "resetsAt")?,
            period_ms: number(item, "periodDurationMs")?,
            color: text(item, "color")?,
        }),
        "barChart" => Line::Chart(Chart {
            label: text(item, "label")?,
            points: match item.get("points")? {
                Value::Table(points) => points
                    .sequence_values::<Table>()
                    .map(|point| {
                        let point = point?;
                        Ok((
                            text(&point, "label")?,
                            number(&point, "value")?,
                            text(&point, "valueLabel")?,
                        ))
                    })
                    .collect::<Result<_>>()?,
                _ => Vec::new(),
            },
            note: text(item, "note")?,
            color: text(item, "color")?,
        }),
        _ => Line::Other(kind),
    })
}

fn small(item: &Table, value: &str) -> Result<Small> {
    Ok(Small {
        label: text(item, "label")?,
        value: text(item, value)?,
        color: text(item, "color")?,
        subtitle: text(item, "subtitle")?,
    })
}

fn text(item: &Table, key: &str) -> Result<Option<String>> {
    item.get(key)
}

fn number(item: &Table, key: &str) -> Result<Option<f64>> {
    item.get(key)
}
