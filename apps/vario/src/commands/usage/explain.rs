//! What became of each line.

use serde_json::json;
use vario_usage_logs::{ExplainedLine, Price, Reason, Tariff, Tokens};

use crate::terminal;

pub(super) fn print(lines: &[ExplainedLine], as_json: bool) -> anyhow::Result<()> {
    for line in lines {
        let goes_on = if as_json {
            terminal::print_json_line(&object(line))?
        } else {
            terminal::print_on(&(terminal::in_line(&words(line)) + "\n"))?
        };
        if !goes_on {
            break;
        }
    }
    Ok(())
}

/// `FILE:12  counted  claude-opus-4  1,234 tokens  $0.12 at $15 in, $75 out`.
fn words(line: &ExplainedLine) -> String {
    let mut parts = vec![format!("{}:{}", line.path.display(), line.line)];
    parts.push(match (&line.dropped, &line.copy_of) {
        (None, _) => "counted".to_owned(),
        (Some(reason), None) => reason.text().to_owned(),
        (Some(reason), Some((path, number))) => {
            format!("{} of {}:{number}", reason.text(), path.display())
        }
    });
    if let Some(message) = &line.message {
        parts.extend(message.model.clone());
        parts.push(format!("{} tokens", message.tokens.total));
        let price = message.price.as_ref().map_or_else(|| "no price".to_owned(), price_words);
        let tariff =
            message.tariff.map_or_else(String::new, |tariff| format!(" {}:", tariff.text()));
        parts.push(format!("${:.6} at{tariff} {price}", message.cost));
    }
    parts.join("  ")
}

/// Per million tokens, as vendors write it.
fn price_words(price: &Price) -> String {
    let million = |price: f64| format!("${}", (price * 1e12).round() / 1e6);
    let mut parts =
        vec![format!("{} in", million(price.input)), format!("{} out", million(price.output))];
    parts.extend(price.cache_write.map(|price| format!("{} cached", million(price))));
    parts.extend(price.cache_read.map(|price| format!("{} read again", million(price))));
    parts.join(", ") + " a million"
}

fn object(line: &ExplainedLine) -> serde_json::Value {
    let message = line.message.as_ref().map(|message| {
        json!({
            "time": jiff::Timestamp::from_millisecond(message.moment).ok().map(|time| time.to_string()),
            "model": message.model,
            "tokens": tokens(&message.tokens),
            "costUsd": message.cost,
            "tariff": message.tariff.map(Tariff::text),
            "priceUsdPerToken": message.price.as_ref().map(|price| json!({
                "input": price.input,
                "output": price.output,
                "cacheWrite": price.cache_write,
                "cacheRead": price.cache_read,
            })),
        })
    });
    json!({
        "file": line.path,
        "line": line.line,
        "counted": line.dropped.is_none(),
        "why": line.dropped.map(Reason::text),
        "copyOf": line.copy_of.as_ref().map(|(path, line)| json!({ "file": path, "line": line })),
        "message": message,
    })
}

fn tokens(tokens: &Tokens) -> serde_json::Value {
    json!({
        "input": tokens.input,
        "output": tokens.output,
        "cacheWrite": tokens.cache_write,
        "cacheRead": tokens.cache_read,
        "reasoning": tokens.reasoning,
        "total": tokens.total,
    })
}
