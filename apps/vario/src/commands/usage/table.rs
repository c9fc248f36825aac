//! Days or sessions one below the other, and their sum.

use vario_output::present::{count_text, dollar_text};
use vario_usage_logs::{Grouping, Report, Row, Tokens};

use crate::cli::Global;
use crate::table::render_columns;
use crate::terminal;

/// The day that the bundled prices are of goes to standard error.
pub(super) fn print(global: &Global, report: &Report, date: &str) -> anyhow::Result<()> {
    let first = if report.grouping == Grouping::Daily { "DAY" } else { "SESSION" };
    let heads = [first, "COST", "TOTAL", "INPUT", "OUTPUT", "CACHED", "READ AGAIN", "MODELS"];
    let mut rows: Vec<Vec<String>> = report.rows.iter().map(row).collect();
    if rows.len() > 1 {
        rows.push(cells("all", report.cost, report.tokens, String::new()));
    }
    let style = terminal::stdout_style(global);
    let text = render_columns(terminal::width(), style, terminal::is_utf8(), &heads, &rows);
    terminal::print(&text)?;
    if !global.quiet {
        terminal::say(&format!("counted like {}, at prices of {date}", report.rules));
    }
    Ok(())
}

fn row(row: &Row) -> Vec<String> {
    let model = |model: &vario_usage_logs::ModelRow| {
        let remark = if model.unpriced { " (no price)" } else { "" };
        format!("{}{remark}", model.model)
    };
    let models: Vec<String> = row.models.iter().map(model).collect();
    cells(&row.name, row.cost, row.tokens, models.join(", "))
}

fn cells(name: &str, cost: f64, tokens: Tokens, models: String) -> Vec<String> {
    let cents = (cost * 100.0).round() / 100.0;
    let mut cells = vec![name.to_owned(), format!("${}", dollar_text(cents))];
    let counts = [tokens.total, tokens.input, tokens.output, tokens.cache_write, tokens.cache_read];
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    cells.extend(counts.map(|count| count_text(count as f64)));
    cells.push(models);
    cells
}
