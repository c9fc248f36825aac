use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

/// The format's version.
pub const VERSION: u64 = 1;

/// What one probe run asked of the host, what the host answered, and what came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cassette {
    /// Format version, 1.
    pub cassette: u64,
    /// Plugin id.
    pub plugin: String,
    /// What this run shows, for instance `expired token is refreshed once`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The clock during the run, in milliseconds since the epoch; it stands still.
    pub unix_ms: i64,
    /// `ctx.nowIso`, when it differs from `unixMs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now_iso: Option<String>,
    /// IANA time zone; UTC when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// `ctx.app` as the plugin saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<AppRecord>,
    /// Host calls in order; log lines are not among them.
    pub calls: Vec<RecordedCall>,
    /// The expected `{plan, lines}` after validation; absent keys and null are equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Json>,
}

/// `ctx.app`; what is not given has a stand-in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppRecord {
    /// The host's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `linux`, `macos` or `windows`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The host's data directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_data_dir: Option<String>,
    /// The plugin's own directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plugin_data_dir: Option<String>,
}

/// One call and its answer. Neither `ok` nor `err`: the answer was absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecordedCall {
    /// `group.name` below `ctx.host`.
    #[serde(rename = "fn")]
    pub function: String,
    /// Arguments; absent trailing ones are left out.
    #[serde(default)]
    pub args: Vec<Json>,
    /// The answer; null is an answer.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub ok: Option<Json>,
    /// The message of the error thrown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub err: Option<String>,
}

/// Keeps a null that is there apart from a key that is not.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// Why a cassette cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not JSON, or not of the format.
    #[error("{place}: not a cassette: {source}")]
    Malformed {
        /// File, and line in a `.jsonl`.
        place: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// Another version.
    #[error("{place}: cassette version {found} is not supported, expected {VERSION}")]
    Version {
        /// File, and line in a `.jsonl`.
        place: String,
        /// What the file says.
        found: String,
    },
    /// Nothing in it.
    #[error("{place}: there is no cassette in this file")]
    Empty {
        /// File.
        place: String,
    },
}

/// Reads the cassettes of one file: one a line when its name ends in `.jsonl`, else a single one.
///
/// # Errors
/// The first cassette that cannot be read, with its place.
pub fn read(file_name: &str, text: &str) -> Result<Vec<Cassette>, Error> {
    let extension = std::path::Path::new(file_name).extension();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !extension.is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl")) {
        return Ok(vec![read_one(file_name.to_owned(), text)?]);
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let cassettes: Vec<_> = lines
        .map(|(index, line)| read_one(format!("{file_name}:{}", index + 1), line))
        .collect::<Result<_, _>>()?;
    if cassettes.is_empty() {
        return Err(Error::Empty { place: file_name.to_owned() });
    }
    Ok(cassettes)
}

fn read_one(place: String, text: &str) -> Result<Cassette, Error> {
    let malformed = |source| Error::Malformed { place: place.clone(), source };
    // The version first: another one may be of another form altogether.
    let json: Json = serde_json::from_str(text).map_err(malformed)?;
    if !json.is_object() {
        let error = serde::de::Error::custom("expected an object; several go into a `.jsonl` file");
        return Err(malformed(error));
    }
    match json.get("cassette") {
        Some(version) if version.as_u64() != Some(VERSION) => {
            return Err(Error::Version { place, found: version.to_string() });
        }
        _ => {}
    }
    serde_json::from_value(json).map_err(malformed)
}

/// The JSON schema of a cassette.
pub fn schema() -> Json {
    schemars::schema_for!(Cassette).to_value()
}
