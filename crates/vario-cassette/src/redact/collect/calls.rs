//! What is secret in the arguments and answers of each host function.

use serde_json::Value as Json;

use super::{Collector, Context, Origin};
use crate::format::RecordedCall;
use crate::redact::names::{is_credential_header, is_public_key, is_secret_variable, is_telling};

/// Looks through one call.
pub(super) fn collect_call(collector: &mut Collector<'_>, call: &RecordedCall) {
    let argument = Context::of(Origin::Argument);
    let answer = Context::of(Origin::Answer);
    let text = |index: usize| call.args.get(index).and_then(Json::as_str);
    let ok = call.ok.as_ref();
    let ok_text = ok.and_then(Json::as_str);
    let first = text(0).unwrap_or_default();
    if call.function == "crypto.sha256Hex" {
        // A digest gives nothing away, and plugins make names out of its beginning.
        collector.public.extend(ok_text.map(str::to_owned));
        call.args.iter().for_each(|arg| collector.json(arg, None, argument));
        return;
    }
    let (secret_arg, secret_answer) = match call.function.as_str() {
        "env.get" => (None, is_secret_variable(first)),
        "settings.get" => (None, collector.options.secret_settings.iter().any(|key| key == first)),
        "crypto.decryptAes256Gcm" => (text(1), false),
        "crypto.encryptAes256Gcm" => (text(1), true),
        name if name.starts_with("keychain.write") => (text(1), false),
        name if name.starts_with("keychain.") => (None, true),
        _ => (None, false),
    };
    if let Some(secret) = secret_arg {
        collector.secret(secret, argument);
    }
    match call.function.as_str() {
        "http.request" => {
            let headers = |json: Option<&Json>| json.and_then(|json| json.get("headers")).cloned();
            collect_headers(collector, headers(call.args.first()).as_ref(), argument);
            collect_headers(collector, headers(ok).as_ref(), answer);
        }
        "fs.readText" if is_telling(file_name(first)) => {
            collector.hidden(ok_text.unwrap_or_default(), answer);
        }
        "fs.writeText" if is_telling(file_name(first)) => {
            collector.hidden(text(1).unwrap_or_default(), argument);
        }
        "ls.discover" => {
            if let Some(csrf) = ok.and_then(|ok| ok.get("csrf")).and_then(Json::as_str) {
                collector.secret(csrf, answer);
            }
        }
        "sqlite.query" if text(1).is_some_and(is_telling) => {
            collect_rows(collector, ok_text.unwrap_or_default(), answer);
        }
        _ => {}
    }
    call.args.iter().for_each(|arg| collector.json(arg, None, argument));
    match ok {
        Some(Json::String(secret)) if secret_answer => collector.secret(secret, answer),
        Some(json) => collector.json(json, None, answer),
        None => {}
    }
    if let Some(message) = &call.err {
        collector.text(message, answer);
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn collect_headers(collector: &mut Collector<'_>, headers: Option<&Json>, context: Context) {
    for (name, value) in headers.and_then(Json::as_object).into_iter().flatten() {
        let Some(value) = value.as_str().filter(|_| is_credential_header(name)) else { continue };
        if name.to_lowercase().contains("cookie") && value.contains('=') {
            // What follows the first pair of a set cookie is about the cookie.
            let is_set = name.to_lowercase().contains("set-cookie");
            let pairs = value.split(';').take(if is_set { 1 } else { usize::MAX });
            for (_, value) in pairs.filter_map(|pair| pair.split_once('=')) {
                collector.secret(value, context);
            }
        } else if !is_quantity(value) && !is_public_key(name) {
            collector.secret(value, context);
        }
    }
}

/// A number or a date, as headers about limits have them.
fn is_quantity(value: &str) -> bool {
    value.trim().parse::<f64>().is_ok() || super::is_date(value.trim())
}

/// Whatever a query that speaks of secrets gave.
fn collect_rows(collector: &mut Collector<'_>, rows: &str, context: Context) {
    crate::redact::json_text::map_strings(rows, |place, content| {
        if !place.is_key {
            collector.hidden(content, context);
        }
        None
    });
}
