//! Finds the secrets of a cassette.
//!
//! Whatever is secret came from the host, so answers are searched by look as well; what only the
//! plugin says is searched by name and place, or its constants would be replaced and the replay
//! would take another path.

mod calls;

use std::collections::HashSet;
use std::sync::LazyLock;

use indexmap::{IndexMap, IndexSet};
use regex::Regex;
use serde_json::Value as Json;

use self::calls::collect_call;
use super::RedactOptions;
use super::encoded::{self, meaning};
use super::json_text::{is_json, map_strings};
use super::names::{
    is_empty_word, is_personal_claim, is_public_key, is_secret_key, is_telling,
    is_telling_parameter,
};
use super::scan::{Found, assignments, percent_decoded, user_info};
use super::tokens::{JWT, emails, home_users, regex, token_like};
use crate::format::Cassette;

/// How deep texts inside texts are looked into.
pub(super) const DEPTH: u8 = 6;

static SCHEME: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?i:bearer|token|basic|bot|apikey)\s+(\S.*)$"));

/// A beginning after which a whole other text follows.
static WRAPPER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?:go-keyring-(?:base64|encrypted):)(.+)$"));

/// What was found.
#[derive(Default)]
pub(super) struct Secrets {
    /// In order of appearance.
    pub(super) texts: Vec<String>,
    /// Names of users' folders.
    pub(super) users: Vec<String>,
    /// What must stay although it looks like a secret.
    pub(super) public: HashSet<String>,
}

/// Whose words a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The host's.
    Answer,
    /// The plugin's.
    Argument,
}

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
struct Context {
    origin: Origin,
    /// Inside the payload of a JWT.
    claims: bool,
    depth: u8,
}

impl Context {
    fn of(origin: Origin) -> Self {
        Self { origin, claims: false, depth: DEPTH }
    }

    fn inner(self) -> Option<Self> {
        Some(Self { depth: self.depth.checked_sub(1)?, ..self })
    }
}

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sure {
    Certain,
    ByLook,
}

struct Collector<'a> {
    options: &'a RedactOptions,
    found: IndexMap<String, Sure>,
    users: IndexSet<String>,
    public: HashSet<String>,
}

/// Finds the secrets of a cassette.
pub(super) fn collect(cassette: &Cassette, options: &RedactOptions) -> Secrets {
    let mut collector = Collector {
        options,
        found: IndexMap::new(),
        users: IndexSet::new(),
        public: HashSet::new(),
    };
    let answer = Context::of(Origin::Answer);
    let app = cassette.app.as_ref();
    let folders = app.map(|app| [&app.app_data_dir, &app.plugin_data_dir]);
    for folder in folders.into_iter().flatten().flatten() {
        collector.text(folder, answer);
    }
    for call in &cassette.calls {
        collect_call(&mut collector, call);
    }
    if let Some(output) = &cassette.output {
        // What comes out was made by the plugin from what went in.
        collector.json(output, None, Context::of(Origin::Argument));
    }
    collector.finish()
}

impl Collector<'_> {
    fn finish(self) -> Secrets {
        let Self { found, users, public, options } = self;
        let is_known = |text: &str| {
            public.contains(text) || options.public.iter().any(|known| known.contains(text))
        };
        let texts = found
            .into_iter()
            .filter(|(text, sure)| *sure == Sure::Certain || !is_known(text))
            .map(|(text, _)| text)
            .collect();
        Secrets { texts, users: users.into_iter().collect(), public }
    }

    /// Looks through a JSON value.
    fn json(&mut self, json: &Json, key: Option<&str>, context: Context) {
        match json {
            Json::String(text) => self.string(key, text, context),
            Json::Array(items) => items.iter().for_each(|item| self.json(item, key, context)),
            Json::Object(map) => {
                self.row(map, context);
                for (key, value) in map {
                    self.text(key, context);
                    self.json(value, Some(key), context);
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    /// A row of a key-value table: `{"key": "accessToken", "value": "…"}`.
    fn row(&mut self, map: &serde_json::Map<String, Json>, context: Context) {
        let text = |key: &str| map.get(key).and_then(Json::as_str);
        let name = text("key").or_else(|| text("name"));
        if let (Some(name), Some(value)) = (name, text("value"))
            && (is_telling(name) || is_secret_key(name, false))
        {
            self.hidden(value, context);
        }
    }

    /// Looks at the value of a key.
    fn string(&mut self, key: Option<&str>, value: &str, context: Context) {
        let Some(key) = key else { return self.text(value, context) };
        if is_public_key(key) {
            self.public.insert(value.to_owned());
        } else if is_secret_key(key, self.options.names) || context.claims && is_personal_claim(key)
        {
            self.secret(value, context);
        } else {
            if is_telling(key) && context.origin == Origin::Answer {
                self.hidden(value, context);
            }
            self.text(value, context);
        }
    }

    /// A value that its surroundings call secret; only when it is no plain word, number, date or
    /// address.
    fn hidden(&mut self, value: &str, context: Context) {
        let value = value.trim();
        let has = |test: fn(&char) -> bool| value.chars().any(|letter| test(&letter));
        let is_plain = value.len() < 6
            || has(|letter| letter.is_whitespace())
            || !has(char::is_ascii_digit)
            || !has(char::is_ascii_alphabetic)
            || value.contains("://")
            || value.starts_with(['/', '~', '{', '['])
            || is_date(value);
        if !is_plain {
            self.secret(value, context);
        }
    }

    /// Takes in a whole secret.
    fn secret(&mut self, value: &str, context: Context) {
        let Some(inner) = context.inner() else { return };
        let value = value.trim();
        if is_empty_word(value) {
            return;
        }
        if let Some(rest) = group(&SCHEME, value).or_else(|| group(&WRAPPER, value)) {
            return self.secret(rest, inner);
        }
        if is_json(value) {
            return self.text(value, context);
        }
        if let Some(decoded) = meaning(value) {
            match decoded.text() {
                Some(text) if is_json(text) => return self.text(text, inner),
                Some(text) => self.credentials(text, inner),
                None => decoded.pieces().iter().for_each(|piece| self.text(piece, inner)),
            }
        }
        JWT.find_iter(value).for_each(|jwt| self.jwt(jwt.as_str(), context));
        self.add(value, Sure::Certain, context.origin);
        if let Some(decoded) = percent_decoded(value) {
            self.secret(&decoded, inner);
        }
    }

    /// `user:password` or one secret, out of base64.
    fn credentials(&mut self, text: &str, context: Context) {
        self.secret(text, context);
        if let Some((user, password)) = text.split_once(':').filter(|(user, _)| !user.is_empty()) {
            self.secret(user, context);
            self.secret(password, context);
        }
    }

    fn add(&mut self, value: &str, sure: Sure, origin: Origin) {
        let is_constant = |text: &String| value.len() >= 6 && text.contains(value);
        if origin == Origin::Argument
            && !self.found.contains_key(value)
            && self.options.public.iter().any(is_constant)
        {
            return;
        }
        let known = self.found.entry(value.to_owned()).or_insert(sure);
        if sure == Sure::Certain {
            *known = sure;
        }
    }

    fn jwt(&mut self, jwt: &str, context: Context) {
        let Some(inner) = context.inner() else { return };
        self.add(jwt, Sure::Certain, context.origin);
        let payload = jwt.split('.').nth(1).unwrap_or_default();
        for reading in encoded::readings(payload) {
            if let Some(text) = reading.text().filter(|text| is_json(text)) {
                // The claims came with the token, whoever sends it now.
                self.text(text, Context { origin: Origin::Answer, claims: true, ..inner });
            }
        }
    }

    /// Looks for secrets in a text.
    fn text(&mut self, text: &str, context: Context) {
        let Some(inner) = context.inner() else { return };
        if is_json(text) {
            map_strings(text, |place, content| {
                if place.is_key {
                    self.text(content, inner);
                } else {
                    self.string(place.key, content, inner);
                }
                None
            });
            self.rows(text, inner);
            return;
        }
        JWT.find_iter(text).for_each(|jwt| self.jwt(jwt.as_str(), context));
        for (_, password) in user_info(text) {
            self.secret(password, context);
        }
        for (found, name, value) in assignments(text) {
            self.assignment(found, name, value, context);
        }
        for email in emails(text) {
            self.add(email, Sure::ByLook, context.origin);
            if let Some(decoded) = percent_decoded(email) {
                self.add(&decoded, Sure::ByLook, context.origin);
            }
        }
        if context.origin == Origin::Answer {
            self.users.extend(home_users(text).map(str::to_owned));
            self.by_look(text, context);
        }
        self.coded(text, inner);
    }

    fn by_look(&mut self, text: &str, context: Context) {
        for token in token_like(text) {
            let is_jwt =
                JWT.is_match(text) && JWT.find_iter(text).any(|jwt| jwt.as_str().contains(token));
            let is_text = encoded::parts(token)
                .iter()
                .any(|(_, part)| part.len() * 2 >= token.len() && meaning(part).is_some());
            if !is_jwt && !is_text {
                self.add(token, Sure::ByLook, context.origin);
            }
        }
    }

    /// Looks into whatever is base64 or hex.
    fn coded(&mut self, text: &str, context: Context) {
        for run in encoded::RUN.find_iter(text) {
            for (_, part) in encoded::parts(run.as_str()) {
                let Some(decoded) = meaning(part) else { continue };
                match decoded.text() {
                    Some(text) => self.text(text, context),
                    None => decoded.pieces().iter().for_each(|piece| self.text(piece, context)),
                }
            }
        }
    }

    fn rows(&mut self, text: &str, context: Context) {
        fn each_row(json: &Json, found: &mut impl FnMut(&serde_json::Map<String, Json>)) {
            match json {
                Json::Array(items) => items.iter().for_each(|item| each_row(item, found)),
                Json::Object(map) => {
                    found(map);
                    map.values().for_each(|value| each_row(value, found));
                }
                _ => {}
            }
        }
        let values = serde_json::Deserializer::from_str(text).into_iter::<Json>();
        for json in values.filter_map(Result::ok) {
            each_row(&json, &mut |map| self.row(map, context));
        }
    }

    fn assignment(&mut self, found: Found, name: &str, value: &str, context: Context) {
        if is_public_key(name) {
            self.public.insert(value.to_owned());
            return;
        }
        let last = name.rsplit(['.', '-']).next().unwrap_or(name);
        let by_name = is_secret_key(name, false) || is_secret_key(last, false);
        let is_word = !value.bytes().any(|byte| byte.is_ascii_digit());
        match found {
            Found::Parameter if by_name => self.secret(value, context),
            // The secret of a program that everyone has is sent with its id.
            Found::Parameter
                if !is_word && is_telling_parameter(name) && name != "client_secret" =>
            {
                self.secret(value, context);
            }
            Found::Loose if by_name && !is_word => self.secret(value, context),
            // `token: "access_token"` is code.
            Found::Value if by_name && !(is_word && value.contains(['_', '.'])) => {
                self.secret(value, context);
            }
            _ if is_telling(name) && context.origin == Origin::Answer => {
                self.hidden(value, context);
            }
            _ => {}
        }
    }
}

fn is_date(value: &str) -> bool {
    static DATE: LazyLock<Regex> = LazyLock::new(|| regex(r"^\d{4}-\d\d-\d\d(?:[T ]|$)"));
    DATE.is_match(value)
}

fn group<'a>(pattern: &Regex, text: &'a str) -> Option<&'a str> {
    Some(pattern.captures(text)?.get(1)?.as_str())
}
