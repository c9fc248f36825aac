//! The standard variables ("OpenTelemetry Environment Variable Specification" and "OTLP Exporter
//! Configuration"). A variable for metrics wins over the one for everything; an empty one is none.

use std::fmt;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use vario_http::{Certificates, Request};

use crate::certificates;

/// How long one attempt may take, if `OTEL_EXPORTER_OTLP_TIMEOUT` does not say.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often is sent, if `OTEL_METRIC_EXPORT_INTERVAL` does not say.
const INTERVAL: Duration = Duration::from_mins(1);

/// What the body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protocol {
    /// `http/protobuf`.
    #[default]
    Protobuf,
    /// `http/json`.
    Json,
}

/// Where and how to send.
#[derive(Clone)]
pub struct Settings {
    /// The address that metrics are posted to. It may hold a key, so it is never shown.
    pub url: String,
    /// What the body is.
    pub protocol: Protocol,
    /// Whether the body is compressed with gzip (RFC 1952).
    pub gzip: bool,
    /// More headers, keys of a service among them.
    pub headers: Vec<(String, String)>,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// Whom to trust and who to be, beside what the system knows.
    pub certificates: Certificates,
    /// How often is sent.
    pub interval: Duration,
    /// What describes the sender, beside the number that stands for it.
    pub resource: Vec<(String, String)>,
}

/// Headers hold secrets.
impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Settings");
        shown.field("url", &self.shown()).field("protocol", &self.protocol).finish_non_exhaustive()
    }
}

/// A variable that cannot be used. Its value is not told, since it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {why}")]
pub struct SettingsError {
    /// Its name.
    pub variable: String,
    /// What is wrong with it, and what to do.
    pub why: String,
}

impl Settings {
    /// Where it is sent, for people: without a user, a password, and what stands behind a `?`.
    pub fn shown(&self) -> String {
        let url = self.url.split(['?', '#']).next().unwrap_or_default();
        let Some((scheme, rest)) = url.split_once("://") else { return "the collector".to_owned() };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = authority.rsplit('@').next().unwrap_or_default();
        format!("{scheme}://{host}/{path}")
    }

    /// What the variables say; nothing if metrics are not to be sent anywhere. Reads the files that
    /// they name.
    ///
    /// # Errors
    /// The first variable that cannot be used.
    pub fn from_env(
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, SettingsError> {
        let get = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
        if get("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"))
            || get("OTEL_METRICS_EXPORTER").is_some_and(|value| value.trim() == "none")
        {
            return Ok(None);
        }
        let Some(url) = url(&get)? else { return Ok(None) };
        // Of the two the one for metrics wins.
        let either = |name: &str| {
            ["METRICS_", ""].into_iter().find_map(|signal| {
                let variable = format!("OTEL_EXPORTER_OTLP_{signal}{name}");
                get(&variable).map(|value| (variable, value))
            })
        };
        let headers = either("HEADERS").map_or_else(|| Ok(Vec::new()), |it| headers(it, &url))?;
        Ok(Some(Self {
            url,
            protocol: either("PROTOCOL").map_or(Ok(Protocol::default()), protocol)?,
            gzip: either("COMPRESSION").map_or(Ok(false), compression)?,
            headers,
            certificates: certificates::of(&either)?,
            timeout: either("TIMEOUT").map_or(Ok(TIMEOUT), milliseconds)?,
            interval: get("OTEL_METRIC_EXPORT_INTERVAL")
                .map(|value| ("OTEL_METRIC_EXPORT_INTERVAL".to_owned(), value))
                .map_or(Ok(INTERVAL), milliseconds)?,
            resource: resource(&get)?,
        }))
    }
}

/// The endpoint of metrics is an address as it is, the one of everything has `/v1/metrics` added.
fn url(get: &impl Fn(&str) -> Option<String>) -> Result<Option<String>, SettingsError> {
    let metrics = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    let all = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let (variable, given) = match (get(metrics), get(all)) {
        (Some(url), _) => (metrics, url.trim().to_owned()),
        (None, Some(base)) => (all, base.trim().trim_end_matches('/').to_owned()),
        (None, None) => return Ok(None),
    };
    // What is wrong with it may quote it, and it may hold a key.
    if vario_http::Target::of(&given).is_err() {
        return Err(wrong(variable, "no address of a collector, such as http://localhost:4318"));
    }
    if variable == metrics {
        return Ok(Some(given));
    }
    if given.contains(['?', '#']) {
        let why = format!("`/v1/metrics` is added to it, so it may have no `?`; use {metrics}");
        return Err(wrong(variable, why));
    }
    Ok(Some(format!("{given}/v1/metrics")))
}

fn compression((variable, value): (String, String)) -> Result<bool, SettingsError> {
    match value.trim() {
        "gzip" => Ok(true),
        "none" => Ok(false),
        _ => Err(wrong(&variable, "expected `gzip` or `none`")),
    }
}

fn protocol((variable, value): (String, String)) -> Result<Protocol, SettingsError> {
    match value.trim() {
        "http/protobuf" => Ok(Protocol::Protobuf),
        "http/json" => Ok(Protocol::Json),
        _ => Err(wrong(&variable, "expected `http/protobuf` or `http/json`")),
    }
}

fn milliseconds((variable, value): (String, String)) -> Result<Duration, SettingsError> {
    match value.trim().parse::<u64>() {
        Ok(number) if number > 0 => Ok(Duration::from_millis(number)),
        _ => Err(wrong(&variable, "expected a number of milliseconds")),
    }
}

fn headers(
    (variable, text): (String, String),
    url: &str,
) -> Result<Vec<(String, String)>, SettingsError> {
    let headers = pairs((variable.clone(), text))?;
    let request = Request { headers, ..Request::get(url) };
    // What is wrong with them would quote them.
    request.check().map_err(|_not_told| {
        wrong(&variable, "expected `key=value,…` with names and values that HTTP allows")
    })?;
    Ok(request.headers)
}

/// `key=value,key=value`, with what is special as `%` and two digits (W3C Baggage).
fn pairs((variable, text): (String, String)) -> Result<Vec<(String, String)>, SettingsError> {
    let decoded = |text: &str| {
        let decoded = percent_decode_str(text.trim()).decode_utf8();
        decoded
            .map(std::borrow::Cow::into_owned)
            .map_err(|_no_text| wrong(&variable, "expected UTF-8"))
    };
    let parts = text.split(',').filter(|part| !part.trim().is_empty());
    let pair = |part: &str| {
        let (key, value) =
            part.split_once('=').ok_or_else(|| wrong(&variable, "expected `key=value,…`"))?;
        Ok((decoded(key)?, decoded(value)?))
    };
    parts.map(pair).collect()
}

fn resource(get: &impl Fn(&str) -> Option<String>) -> Result<Vec<(String, String)>, SettingsError> {
    let variable = "OTEL_RESOURCE_ATTRIBUTES";
    let given = get(variable).map(|value| (variable.to_owned(), value));
    let mut resource = given.map_or_else(|| Ok(Vec::new()), pairs)?;
    let name = get("OTEL_SERVICE_NAME").map(|name| name.trim().to_owned());
    let known = resource.iter().any(|(key, _)| key == "service.name");
    if name.is_some() || !known {
        resource.retain(|(key, _)| key != "service.name");
        resource.insert(0, ("service.name".to_owned(), name.unwrap_or_else(|| "vario".to_owned())));
    }
    Ok(resource)
}

pub(crate) fn wrong(variable: &str, why: impl Into<String>) -> SettingsError {
    SettingsError { variable: variable.to_owned(), why: why.into() }
}
