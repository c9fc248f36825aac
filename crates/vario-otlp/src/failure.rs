//! Why nothing came of sending, in words without a secret.

use std::error::Error as _;
use std::sync::mpsc::RecvTimeoutError;

use vario_http::Error;

use crate::Settings;

impl Settings {
    /// Where it was to be sent, and what went wrong. What the error says of itself is its whole
    /// address, which may hold a key; its cause says what happened.
    pub(crate) fn failure(&self, error: &Error) -> String {
        let mut words = format!("{}: {}", self.shown(), self.cause(error));
        for secret in self.secrets() {
            words = words.replace(secret, "…");
        }
        words
    }

    fn cause(&self, error: &Error) -> String {
        let Some(cause) = error.source() else { return "it cannot be sent there".to_owned() };
        if cause.is::<RecvTimeoutError>() {
            return format!("no answer within {} ms", self.timeout.as_millis());
        }
        let words = cause.to_string();
        if words.contains("certificate") {
            let advice = "OTEL_EXPORTER_OTLP_CERTIFICATE names the file of whoever signed its own, \
                          OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and …_CLIENT_KEY are for one that \
                          wants to see yours";
            return format!("{words}; {advice}");
        }
        words
    }

    /// What must not be shown, wherever it comes from: what is in the address beside a host and a
    /// path, and values of headers.
    fn secrets(&self) -> impl Iterator<Item = &str> {
        let hidden = self.url.split(['?', '#']).skip(1);
        let user = self.url.split_once("://").and_then(|(_, rest)| rest.split('/').next());
        let user = user.and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
        let headers = self.headers.iter().map(|(_, value)| value.as_str());
        hidden.chain(user).chain(headers).filter(|secret| !secret.is_empty())
    }
}
