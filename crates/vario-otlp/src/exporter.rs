//! Sends, and keeps what was not taken.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::read::GzEncoder;
use prost::Message as _;
use vario_http::{Call, HttpClient, ProxyConfig, RawResponse, Request};
use vario_model::Snapshot;

use crate::json;
use crate::message;
use crate::settings::{Protocol, Settings};
use crate::spool::Spool;

/// The most of an answer that is read.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The longest that a collector can have us wait.
const MAX_WAIT: Duration = Duration::from_hours(1);

/// Sends new results to one collector.
pub struct Exporter {
    settings: Settings,
    client: HttpClient,
    spool: Spool,
    instance: String,
    /// When each plugin ran that was sent last.
    sent: HashMap<String, String>,
    not_before: Option<Instant>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exported {
    /// How many messages the collector took.
    pub delivered: usize,
    /// How many wait.
    pub waiting: usize,
    /// How many will never arrive.
    pub lost: usize,
    /// What went wrong, in words.
    pub problems: Vec<String>,
}

/// What a collector made of one message (OTLP 1.x, "OTLP/HTTP Response").
enum Answer {
    Taken,
    /// It says that another attempt makes no sense.
    Refused(String),
    Later(String, Option<Duration>),
}

impl Exporter {
    /// One that keeps what is not delivered in `folder`. `random` stands for this installation,
    /// unless the folder already has a number.
    pub fn new(settings: Settings, folder: PathBuf, proxies: ProxyConfig, random: u64) -> Self {
        let spool = Spool::new(folder);
        // Where nothing can be kept, this process at least is one sender.
        let instance = spool.instance(random).unwrap_or_else(|_| format!("{random:016x}"));
        let client = HttpClient::new(proxies).with_certificates(settings.certificates.clone());
        let sent = HashMap::new();
        Self { settings, client, spool, instance, sent, not_before: None }
    }

    /// How often to call [`Exporter::export`].
    pub fn interval(&self) -> Duration {
        self.settings.interval
    }

    /// Sends those results that were not sent yet, after what waits. Takes at most the time-out for
    /// each message, and stops at the first that is not taken.
    pub fn export(&mut self, snapshots: &[Snapshot]) -> Exported {
        let mut exported = Exported::default();
        if let Some(body) = self.body(snapshots)
            && let Err(words) = self.keep(&body, &mut exported)
        {
            // What cannot be kept has this one chance.
            match self.post(self.settings.protocol, body) {
                Answer::Taken => exported.delivered += 1,
                Answer::Refused(why) | Answer::Later(why, _) => {
                    exported.lost += 1;
                    exported.problems.extend([words, why]);
                }
            }
        }
        if self.not_before.is_none_or(|time| time <= Instant::now()) {
            self.deliver(&mut exported);
        }
        exported.waiting = self.spool.waiting().len();
        exported
    }

    /// The message of what is new.
    fn body(&mut self, snapshots: &[Snapshot]) -> Option<Vec<u8>> {
        let is_new = |snapshot: &&Snapshot| {
            self.sent.get(&snapshot.provider_id) != Some(&snapshot.fetched_at)
        };
        let new: Vec<Snapshot> = snapshots.iter().filter(is_new).cloned().collect();
        for snapshot in &new {
            self.sent.insert(snapshot.provider_id.clone(), snapshot.fetched_at.clone());
        }
        let mut resource = self.settings.resource.clone();
        if resource.iter().all(|(key, _)| key != "service.instance.id") {
            resource.push(("service.instance.id".to_owned(), self.instance.clone()));
        }
        let request = message::request(&new, &resource)?;
        Some(match self.settings.protocol {
            Protocol::Protobuf => request.encode_to_vec(),
            Protocol::Json => json::encode(&request),
        })
    }

    fn keep(&self, body: &[u8], exported: &mut Exported) -> Result<(), String> {
        match self.spool.add(self.settings.protocol, body) {
            Ok(0) => Ok(()),
            Ok(given_up) => {
                let words = format!("{given_up} old messages were given up: too many wait");
                exported.lost += given_up;
                exported.problems.push(words);
                Ok(())
            }
            Err(error) => Err(format!("a message cannot be kept: {error}")),
        }
    }

    fn deliver(&mut self, exported: &mut Exported) {
        self.not_before = None;
        for waiting in self.spool.waiting() {
            let Ok(body) = waiting.read() else { continue };
            match self.post(waiting.protocol, body) {
                Answer::Taken => exported.delivered += 1,
                Answer::Refused(why) => {
                    exported.lost += 1;
                    exported.problems.push(why);
                }
                Answer::Later(why, wait) => {
                    exported.problems.push(why);
                    self.not_before = wait.map(|wait| Instant::now() + wait.min(MAX_WAIT));
                    return;
                }
            }
            if let Err(error) = waiting.remove() {
                exported.problems.push(format!("a delivered message cannot be deleted: {error}"));
                return;
            }
        }
    }

    fn post(&self, protocol: Protocol, body: Vec<u8>) -> Answer {
        let kind = match protocol {
            Protocol::Protobuf => "application/x-protobuf",
            Protocol::Json => "application/json",
        };
        let mut headers = vec![("Content-Type".to_owned(), kind.to_owned())];
        headers.extend(self.settings.headers.clone());
        let body = if self.settings.gzip {
            headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
            gzip(&body)
        } else {
            body
        };
        let request = Request {
            method: "POST".to_owned(),
            headers,
            body: Some(body),
            timeout: self.settings.timeout,
            max_body_bytes: MAX_ANSWER_BYTES,
            ..Request::get(&self.settings.url)
        };
        let call = Call::until(Instant::now() + self.settings.timeout);
        match self.client.send_raw(&request, &call) {
            Ok(response) => self.answer(&response),
            Err(error) => Answer::Later(self.settings.failure(&error), None),
        }
    }

    fn answer(&self, response: &RawResponse) -> Answer {
        let words =
            || format!("{} answered with status {}", self.settings.shown(), response.status);
        match response.status {
            200..300 => Answer::Taken,
            // A key that has ended and an address that is wrong are no reason to lose anything.
            300..=399 | 401 | 403 | 404 | 405 | 407 | 408 => Answer::Later(words(), None),
            429 | 502 | 503 | 504 => {
                let wait = response.header("retry-after").and_then(|text| text.trim().parse().ok());
                Answer::Later(words(), wait.map(Duration::from_secs))
            }
            _ => Answer::Refused(format!("{}; the message is given up", words())),
        }
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let mut encoder = GzEncoder::new(body, Compression::default());
    // Memory can be read and written to.
    let _cannot_fail = encoder.read_to_end(&mut compressed);
    compressed
}
