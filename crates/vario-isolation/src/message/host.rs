use std::time::Duration;

use vario_sandbox::StopReason;
use vario_value::Value;

use super::{
    BadFrame, MAX_FROM_HOST, MAX_GREETING, MAX_PARTS_FROM_HOST, begin, read_greeting, seal,
    write_greeting,
};
use crate::wire::{BadBytes, Reader, Unfit, Writer};

const SETUP: u8 = 0x81;
const JOB: u8 = 0x82;
const REPLY: u8 = 0x83;
const MODULE_REPLY: u8 = 0x84;
const STAY: u8 = 0x85;
const MESSAGE: u8 = 0x86;

/// What a worker must know to lock itself down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setup {
    /// The host's process id, as the worker should see its parent.
    pub(crate) host: u32,
    /// The most memory it may have for data.
    pub(crate) memory_bytes: u64,
}

/// How the host answers a call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    Value(Value),
    Error(String),
    TypeError(String),
    Stop(StopReason),
}

/// What the host says.
#[derive(Debug)]
pub(crate) enum FromHost {
    Setup(Setup),
    Job {
        left: Duration,
        result_bytes: usize,
        value: Value,
    },
    Reply {
        seq: u64,
        told: Told,
    },
    ModuleReply {
        seq: u64,
        text: Result<String, String>,
    },
    /// A job without an end.
    Stay(Value),
    /// Something for a job without an end; nobody waits.
    Message(Value),
}

impl FromHost {
    pub(crate) fn parse(kind: u8, payload: &[u8]) -> Result<Self, BadFrame> {
        let mut reader = Reader::new(payload, MAX_PARTS_FROM_HOST);
        let message = match kind {
            SETUP => {
                read_greeting(&mut reader)?;
                Self::Setup(Setup { host: reader.small()?, memory_bytes: reader.number()? })
            }
            JOB => Self::Job {
                left: Duration::from_micros(reader.number()?),
                result_bytes: reader.small()? as usize,
                value: reader.value()?,
            },
            REPLY => Self::Reply { seq: reader.number()?, told: told(&mut reader)? },
            MODULE_REPLY => Self::ModuleReply {
                seq: reader.number()?,
                text: match reader.byte()? {
                    0 => Ok(reader.text()?.to_owned()),
                    _ => Err(reader.text()?.to_owned()),
                },
            },
            STAY => Self::Stay(reader.value()?),
            MESSAGE => Self::Message(reader.value()?),
            other => return Err(BadFrame::Kind(other)),
        };
        reader.finish()?;
        Ok(message)
    }
}

fn told(reader: &mut Reader<'_>) -> Result<Told, BadBytes> {
    Ok(match reader.byte()? {
        0 => Told::Value(reader.value()?),
        1 => Told::Error(reader.text()?.to_owned()),
        2 => Told::TypeError(reader.text()?.to_owned()),
        3 => Told::Stop(reason(reader.byte()?, reader.text()?)?),
        _ => return Err(BadBytes::Tag),
    })
}

fn reason(tag: u8, words: &str) -> Result<StopReason, BadBytes> {
    Ok(match tag {
        0 => StopReason::Deadline,
        1 => StopReason::Memory,
        2 => StopReason::Stack,
        3 => StopReason::HostCalls,
        4 => StopReason::Log,
        5 => StopReason::Cancelled,
        6 => StopReason::Halted(words.to_owned()),
        _ => return Err(BadBytes::Tag),
    })
}

fn write_reason(writer: &mut Writer, reason: &StopReason) {
    let (tag, words) = match reason {
        StopReason::Deadline => (0, ""),
        StopReason::Memory => (1, ""),
        StopReason::Stack => (2, ""),
        StopReason::HostCalls => (3, ""),
        StopReason::Log => (4, ""),
        StopReason::Cancelled => (5, ""),
        StopReason::Halted(words) => (6, words.as_str()),
        _ => (6, "the run was ended"),
    };
    writer.byte(tag);
    writer.text(words);
}

fn writer(kind: u8) -> Writer {
    Writer::new(begin(kind), MAX_PARTS_FROM_HOST)
}

pub(crate) fn setup(setup: Setup) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(SETUP);
    write_greeting(&mut writer);
    writer.number(u64::from(setup.host));
    writer.number(setup.memory_bytes);
    seal(writer.finish(), MAX_GREETING)
}

/// `left` is the time to the deadline.
pub(crate) fn job(left: Duration, result_bytes: usize, value: &Value) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(JOB);
    writer.number(u64::try_from(left.as_micros()).unwrap_or(u64::MAX));
    writer.number(u64::from(u32::try_from(result_bytes).unwrap_or(u32::MAX)));
    writer.value(value)?;
    seal(writer.finish(), MAX_FROM_HOST)
}

pub(crate) fn reply(seq: u64, told: &Told) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(REPLY);
    writer.number(seq);
    match told {
        Told::Value(value) => {
            writer.byte(0);
            writer.value(value)?;
        }
        Told::Error(words) => {
            writer.byte(1);
            writer.text(words);
        }
        Told::TypeError(words) => {
            writer.byte(2);
            writer.text(words);
        }
        Told::Stop(reason) => {
            writer.byte(3);
            write_reason(&mut writer, reason);
        }
    }
    seal(writer.finish(), MAX_FROM_HOST)
}

pub(crate) fn module_reply(seq: u64, text: &Result<String, String>) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(MODULE_REPLY);
    writer.number(seq);
    let (tag, text) = match text {
        Ok(text) => (0, text),
        Err(words) => (1, words),
    };
    writer.byte(tag);
    writer.text(text);
    seal(writer.finish(), MAX_FROM_HOST)
}

pub(crate) fn stay(job: &Value) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(STAY);
    writer.value(job)?;
    seal(writer.finish(), MAX_FROM_HOST)
}

pub(crate) fn message(value: &Value) -> Result<Vec<u8>, Unfit> {
    let mut writer = writer(MESSAGE);
    writer.value(value)?;
    seal(writer.finish(), MAX_FROM_HOST)
}
