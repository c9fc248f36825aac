use vario_sandbox::LogLevel;
use vario_value::Value;

use super::{
    BadFrame, MAX_FROM_WORKER, MAX_GREETING, MAX_PARTS_FROM_WORKER, begin, read_greeting, seal,
    write_greeting,
};
use crate::lockdown::Lockdown;
use crate::wire::{BadBytes, Reader, Unfit, Writer};

const HELLO: u8 = 1;
const CALL: u8 = 2;
const LOG: u8 = 3;
const MODULE: u8 = 4;
const RESULT: u8 = 5;
const FAILED: u8 = 6;
const POST: u8 = 7;

/// What a worker says.
#[derive(Debug)]
pub(crate) enum FromWorker {
    /// It is ready, and locked down so far.
    Hello(Lockdown),
    /// A call to the host, which waits for its reply.
    Call { seq: u64, function: u32, args: Vec<Value> },
    /// A call whose answer, if there is one, comes as a message.
    Post { seq: u64, function: u32, args: Vec<Value> },
    /// A line for the log; nobody waits.
    Log { level: LogLevel, text: String },
    /// A request for a module's text, which waits for its reply.
    Module { seq: u64, path: String },
    /// The end.
    Result(Value),
    /// The end, too: there is a result, but it cannot be sent.
    Failed(String),
}

impl FromWorker {
    /// How long a frame of this kind may be.
    pub(crate) fn max_bytes(kind: u8, result_bytes: usize) -> usize {
        match kind {
            HELLO | FAILED => MAX_GREETING,
            // The kind counts, too.
            RESULT => result_bytes.saturating_add(1).min(MAX_FROM_WORKER),
            _ => MAX_FROM_WORKER,
        }
    }

    pub(crate) fn parse(kind: u8, payload: &[u8]) -> Result<Self, BadFrame> {
        let mut reader = Reader::new(payload, MAX_PARTS_FROM_WORKER);
        let message = match kind {
            HELLO => {
                read_greeting(&mut reader)?;
                let lockdown = Lockdown::from_value(&reader.value()?);
                Self::Hello(lockdown.ok_or(BadBytes::Tag)?)
            }
            CALL => {
                let (seq, function, args) = call_parts(&mut reader)?;
                Self::Call { seq, function, args }
            }
            POST => {
                let (seq, function, args) = call_parts(&mut reader)?;
                Self::Post { seq, function, args }
            }
            LOG => Self::Log { level: level(reader.byte()?)?, text: reader.text()?.to_owned() },
            MODULE => Self::Module { seq: reader.number()?, path: reader.text()?.to_owned() },
            RESULT => Self::Result(reader.value()?),
            FAILED => Self::Failed(reader.text()?.to_owned()),
            other => return Err(BadFrame::Kind(other)),
        };
        reader.finish()?;
        Ok(message)
    }
}

fn call_parts(reader: &mut Reader<'_>) -> Result<(u64, u32, Vec<Value>), BadBytes> {
    let (seq, function, count) = (reader.number()?, reader.small()?, reader.length()?);
    let mut args = Vec::new();
    for _ in 0..count {
        args.push(reader.value()?);
    }
    Ok((seq, function, args))
}

fn level(byte: u8) -> Result<LogLevel, BadBytes> {
    let levels = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    levels.get(usize::from(byte)).copied().ok_or(BadBytes::Tag)
}

fn writer(kind: u8) -> Writer {
    Writer::new(begin(kind), MAX_PARTS_FROM_WORKER)
}

pub(crate) fn hello(lockdown: &Lockdown) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(HELLO);
    write_greeting(&mut writer);
    writer.value(&lockdown.to_value())?;
    seal(writer.finish(), MAX_GREETING)
}

pub(crate) fn call(seq: u64, function: u32, args: &[Value]) -> Result<Vec<u8>, Unfit> {
    call_of(CALL, seq, function, args)
}

pub(crate) fn post(seq: u64, function: u32, args: &[Value]) -> Result<Vec<u8>, Unfit> {
    call_of(POST, seq, function, args)
}

fn call_of(kind: u8, seq: u64, function: u32, args: &[Value]) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(kind);
    writer.number(seq);
    writer.number(u64::from(function));
    writer.length(args.len());
    for arg in args {
        writer.value(arg)?;
    }
    seal(writer.finish(), MAX_FROM_WORKER)
}

pub(crate) fn log(level: LogLevel, text: &str) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(LOG);
    writer.byte(match level {
        LogLevel::Debug => 0,
        LogLevel::Info => 1,
        LogLevel::Warn => 2,
        LogLevel::Error => 3,
    });
    writer.text(text);
    seal(writer.finish(), MAX_FROM_WORKER)
}

pub(crate) fn module(seq: u64, path: &str) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(MODULE);
    writer.number(seq);
    writer.text(path);
    seal(writer.finish(), MAX_FROM_WORKER)
}

/// `max_bytes` is what the host said with the job.
pub(crate) fn result(value: &Value, max_bytes: usize) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(RESULT);
    writer.value(value)?;
    seal(writer.finish(), FromWorker::max_bytes(RESULT, max_bytes))
        .map_err(|_with_kind| Unfit::Bytes(max_bytes))
}

pub(crate) fn failed(words: &str) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(FAILED);
    writer.text(words);
    seal(writer.finish(), MAX_GREETING)
}
