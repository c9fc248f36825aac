use vario_value::Value;

use crate::call::HostError;

/// What is done about an answer that says to ask elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirect {
    /// Ask there.
    Follow,
    /// Give that answer as any other.
    Manual,
    /// Fail.
    Error,
}

/// What `http.fetch` asks for, with its defaults applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchRequest {
    /// Absolute address.
    pub url: String,
    /// The usual ones in capitals, others as given; `GET` by default.
    pub method: String,
    /// Names and values as given, in order.
    pub headers: Vec<(String, String)>,
    /// The body, as it is sent.
    pub body: Option<Vec<u8>>,
    /// For the whole with all redirects, in milliseconds; none leaves it to the host.
    pub timeout_ms: Option<u64>,
    /// [`Redirect::Follow`] by default.
    pub redirect: Redirect,
}

impl FetchRequest {
    /// Reads the options object a plugin gave: `{url, method, headers, body, timeoutMs, redirect}`.
    /// Headers are a list of pairs or an object; the body is text or bytes. A part that is absent
    /// or null counts as not given.
    ///
    /// # Errors
    /// `invalid request: …` when a part is missing or of the wrong type.
    pub fn from_value(options: &Value) -> Result<Self, HostError> {
        let part = |name: &str| options.get(name).filter(|value| !value.is_nullish());
        let url = part("url").and_then(Value::as_str).ok_or_else(|| wrong("`url` must be text"))?;
        let method = match part("method") {
            None => "GET".to_owned(),
            Some(method) => {
                method.as_str().map(usual_method).ok_or_else(|| wrong("`method` must be text"))?
            }
        };
        let redirect = match part("redirect").map(Value::as_str) {
            None | Some(Some("follow")) => Redirect::Follow,
            Some(Some("manual")) => Redirect::Manual,
            Some(Some("error")) => Redirect::Error,
            Some(_) => return Err(wrong("`redirect` must be `follow`, `manual` or `error`")),
        };
        Ok(Self {
            url: url.to_owned(),
            method,
            headers: part("headers").map_or_else(|| Ok(Vec::new()), headers)?,
            body: part("body").map(data).transpose()?,
            timeout_ms: part("timeoutMs").map(|value| milliseconds(value, wrong)).transpose()?,
            redirect,
        })
    }
}

fn wrong(what: &str) -> HostError {
    HostError::Failed(format!("invalid request: {what}"))
}

/// As the standard for `fetch` has it.
fn usual_method(method: &str) -> String {
    const USUAL: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    let usual = USUAL.into_iter().find(|usual| usual.eq_ignore_ascii_case(method));
    usual.unwrap_or(method).to_owned()
}

fn headers(value: &Value) -> Result<Vec<(String, String)>, HostError> {
    let wrong = || wrong("`headers` must be pairs of texts");
    let pair = |name: Option<&str>, value: Option<&Value>| match (name, value) {
        (Some(name), Some(Value::Str(value))) => Ok((name.to_owned(), value.clone())),
        _ => Err(wrong()),
    };
    match value {
        Value::Map(map) => map.iter().map(|(name, value)| pair(Some(name), Some(value))).collect(),
        Value::List(pairs) => {
            let of = |item: &Value| match item.as_list() {
                Some([name, value]) => pair(name.as_str(), Some(value)),
                _ => Err(wrong()),
            };
            pairs.iter().map(of).collect()
        }
        _ => Err(wrong()),
    }
}

fn data(value: &Value) -> Result<Vec<u8>, HostError> {
    match value {
        Value::Str(text) => Ok(text.as_bytes().to_vec()),
        Value::Bytes(bytes) => Ok(bytes.clone()),
        _ => Err(wrong("`body` must be text or bytes")),
    }
}

/// A time; what is below nothing is nothing, and parts of a millisecond count as a whole one.
pub(super) fn milliseconds(value: &Value, wrong: fn(&str) -> HostError) -> Result<u64, HostError> {
    match value {
        Value::Int(whole) => Ok(u64::try_from(*whole).unwrap_or_default()),
        // `as` keeps to what fits, and takes what is no number for zero.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as wanted")]
        Value::Float(number) => Ok(number.ceil() as u64),
        _ => Err(wrong("`timeoutMs` must be a number")),
    }
}
