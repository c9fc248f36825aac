//! Takes secrets out of a cassette so that the plugin still takes the same path.
//!
//! Two passes: [`collect`] finds what is secret, by place, by name and by look; [`apply`] puts a
//! placeholder of the same form wherever it stands, however it is written there.

mod apply;
mod collect;
mod encoded;
mod json_text;
mod names;
mod placeholder;
mod scan;
mod tokens;

use serde_json::Value as Json;

pub use self::apply::Redaction;
use crate::format::Cassette;

/// What to take out beyond what is always taken out.
#[derive(Debug, Clone, Default)]
pub struct RedactOptions {
    /// Names of people too: values of the keys `name` and `login`, and of the like claims of a JWT.
    pub names: bool,
    /// Settings whose values are secret as a whole.
    pub secret_settings: Vec<String>,
    /// Texts that everyone has, such as the plugin's own source. What the plugin sends and is
    /// written there, for instance a client id, is no secret and stays.
    pub public: Vec<String>,
}

/// Replaces the secrets of a cassette, in place. What is returned does the same to other texts,
/// for instance to the output of the live run before it is compared.
///
/// Lengths, kinds of characters, punctuation and known beginnings are kept; equal secrets get equal
/// placeholders; a JWT stays one with the same header and the same numbers, base64 and hex stay
/// what they are. Numbers are never changed.
pub fn redact(cassette: &mut Cassette, options: &RedactOptions) -> Redaction {
    let redaction = Redaction::new(collect::collect(cassette, options), &options.public);
    for call in &mut cassette.calls {
        call.args.iter_mut().chain(&mut call.ok).for_each(|json| redaction.apply_json(json));
        change(&redaction, &mut call.err);
    }
    if let Some(app) = &mut cassette.app {
        change(&redaction, &mut app.app_data_dir);
        change(&redaction, &mut app.plugin_data_dir);
    }
    change(&redaction, &mut cassette.name);
    cassette.output.iter_mut().for_each(|output: &mut Json| redaction.apply_json(output));
    redaction
}

fn change(redaction: &Redaction, text: &mut Option<String>) {
    if let Some(text) = text {
        *text = redaction.apply_text(text);
    }
}
