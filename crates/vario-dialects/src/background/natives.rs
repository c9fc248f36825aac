use std::sync::Arc;

use vario_host::{BACKGROUND_FUNCTIONS, FIRST_BACKGROUND, FUNCTIONS, Mode};
use vario_sandbox::{LogLevel, NativeError, NativeFunction, NativeGroup, Natives, StopSignal};
use vario_value::Value;

use super::clock::Clock;
use super::scripts::script;
use super::{encode, hashes, urls};
use crate::helpers;

/// The helpers of probes.
const FIRST_HELPER: u32 = 10_000;
/// And those of background plugins.
const FIRST_OWN: u32 = 30_000;

type Run = fn(&[Value]) -> Result<Value, String>;

/// Helpers that depend on their arguments only.
const PURE: &[(&str, Run)] = &[
    ("script", script),
    ("utf8Encode", encode::utf8_encode),
    ("decodeText", encode::decode_text),
    ("fromBase64", encode::from_base64),
    ("toBase64", encode::to_base64),
    ("hash", hashes::hash),
    ("hmac", hashes::hmac),
    ("randomBytes", hashes::random_bytes),
    ("parseUrl", urls::parse),
    ("changeUrl", urls::change),
];

/// What a background plugin's prelude may call: the host's functions, and helpers of this process.
pub(super) struct BackgroundNatives {
    host: Arc<dyn Natives>,
    clock: Arc<dyn Clock>,
    stop: Arc<StopSignal>,
    groups: Vec<NativeGroup>,
}

impl BackgroundNatives {
    pub(super) fn new(
        host: Arc<dyn Natives>,
        clock: Arc<dyn Clock>,
        stop: Arc<StopSignal>,
    ) -> Self {
        let mut groups = Vec::new();
        for (id, function) in (0..).zip(FUNCTIONS) {
            add(&mut groups, function.group(), function.member(), id);
        }
        for (id, function) in (FIRST_BACKGROUND..).zip(BACKGROUND_FUNCTIONS) {
            add(&mut groups, function.group(), function.member(), id);
        }
        for (id, helper) in (FIRST_HELPER..).zip(helpers::HELPERS) {
            add(&mut groups, helpers::GROUP, helper.name, id);
        }
        add(&mut groups, "clock", "now", FIRST_OWN);
        for (id, (name, _)) in (FIRST_OWN + 1..).zip(PURE) {
            add(&mut groups, helpers::GROUP, name, id);
        }
        Self { host, clock, stop, groups }
    }

    /// A function of the host, by its place behind those of probes.
    fn background(&self, id: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        let name = (id - FIRST_BACKGROUND) as usize;
        let text = |place: usize| args.get(place).and_then(Value::as_str).unwrap_or_default();
        match BACKGROUND_FUNCTIONS.get(name).map(|function| function.name) {
            Some("log.write") => {
                let level = match text(0) {
                    "debug" => LogLevel::Debug,
                    "warn" => LogLevel::Warn,
                    "error" => LogLevel::Error,
                    _ => LogLevel::Info,
                };
                self.host.log(level, text(1)).map(|()| Value::Absent)
            }
            Some("modules.read") => Ok(self.module(text(0)).ok().into()),
            _ => self.stop.outside_turn(|| self.host.call(id, args)),
        }
    }
}

/// Whether a function of the host's, as scripts number them, is one that the script goes on without
/// waiting for.
pub fn is_posted(function: u32) -> bool {
    let place = function.checked_sub(FIRST_BACKGROUND).map(|place| place as usize);
    let known = place.and_then(|place| BACKGROUND_FUNCTIONS.get(place));
    known.is_some_and(|known| known.mode != Mode::Blocking)
}

/// Tells the host why it is over, if a script has no way to do that itself any more.
pub(super) fn tell_end(host: &dyn Natives, words: &str) {
    let place = BACKGROUND_FUNCTIONS.iter().position(|function| function.name == "host.fatal");
    let Some(place) = place.and_then(|place| u32::try_from(place).ok()) else { return };
    let error = Value::from([("message", Value::from(words))]);
    // A host that is gone needs no reason.
    let _told = host.call(FIRST_BACKGROUND + place, vec![error]);
}

fn add(groups: &mut Vec<NativeGroup>, group: &'static str, name: &'static str, id: u32) {
    let function = NativeFunction { name: name.into(), id };
    if let Some(known) = groups.iter_mut().find(|known| known.name == group) {
        known.functions.push(function);
    } else {
        groups.push(NativeGroup { name: group.into(), functions: vec![function] });
    }
}

impl Natives for BackgroundNatives {
    fn groups(&self) -> &[NativeGroup] {
        &self.groups
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        if function == FIRST_OWN {
            return Ok(Value::Float(self.clock.now_ms()));
        }
        if let Some(place) = function.checked_sub(FIRST_OWN + 1) {
            return match PURE.get(place as usize) {
                Some((_, run)) => run(&args).map_err(NativeError::Error),
                None => Err(NativeError::Error("no such helper".to_owned())),
            };
        }
        if let Some(place) = function.checked_sub(FIRST_HELPER) {
            return helpers::call(place as usize, &args).map_err(NativeError::TypeError);
        }
        if function >= FIRST_BACKGROUND {
            return self.background(function, args);
        }
        self.stop.outside_turn(|| self.host.call(function, args))
    }

    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError> {
        self.host.log(level, message)
    }

    fn module(&self, path: &str) -> Result<String, String> {
        self.stop.outside_turn(|| self.host.module(path))
    }
}

/// The argument at this place as text.
///
/// # Errors
/// When it is none.
pub(super) fn text(args: &[Value], place: usize) -> Result<&str, String> {
    args.get(place).and_then(Value::as_str).ok_or_else(|| "expected a string".to_owned())
}

/// The argument at this place as bytes; text counts as UTF-8.
///
/// # Errors
/// When it is neither.
pub(super) fn bytes(args: &[Value], place: usize) -> Result<&[u8], String> {
    match args.get(place) {
        Some(Value::Bytes(bytes)) => Ok(bytes),
        Some(Value::Str(text)) => Ok(text.as_bytes()),
        _ => Err("expected bytes".to_owned()),
    }
}
