//! `ctx.host.system.info()`, which is our own and no other host's.
//!
//! # What it gives
//!
//! | part | what |
//! |---|---|
//! | `cpu.cores` | the load of each logical core in percent |
//! | `cpu.load` | their average in percent; 0 if no core is known |
//! | `cpu.count` | how many logical cores there are |
//! | `cpu.brand` | the processor's name; absent where the system does not tell |
//! | `memory.total`, `.used`, `.available` | bytes |
//! | `swap.total`, `.used` | bytes; both 0 without swap |
//! | `disks[]` | `name`, `mount`, `fileSystem`, `total` and `available` in bytes, `removable` |
//! | `uptimeSeconds` | whole seconds since the start; null if unknown |
//! | `loadAverage` | over 1, 5 and 15 minutes; null on Windows, which has none |
//! | `hostName` | null if unknown |
//! | `os` | `name`, `version` and `kernel`; each null if unknown |
//! | `battery` | null without one, else as follows |
//! | `battery.percent` | how full, all batteries together |
//! | `battery.state` | `charging`, `discharging`, `empty`, `full`, `paused` or `unknown` |
//! | `battery.timeToEmptySeconds`, `.timeToFullSeconds` | whole seconds, or null |
//!
//! Bytes and seconds are integers, percents have at most two decimals. A disk is a mounted file
//! system that holds files of its own: pseudo file systems, network mounts and further mounts of
//! the same device are left out. Disks or a battery that do not answer in time are left out too.
//!
//! CPU load is measured between two looks, some 200 ms apart, so a call takes that long.

mod battery;
mod disks;

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use sysinfo::{CpuRefreshKind, MINIMUM_CPU_UPDATE_INTERVAL, System};
use vario_host::{HostError, Scope};
use vario_value::Value;

use crate::wait;

#[cfg(test)]
mod tests;

/// How much longer than the CPU a disk or a battery may take.
const PATIENCE: Duration = Duration::from_millis(500);

pub(crate) fn info(scope: &Scope) -> Result<Value, HostError> {
    wait::check(scope)?;
    let mut system =
        System::new().map_err(|error| HostError::Failed(format!("system information: {error}")))?;
    system.refresh_cpu_list(CpuRefreshKind::nothing().with_usage());
    // These look at every mount and at firmware, either of which may hang.
    let disks = beside(disks::read);
    let battery = beside(battery::read);
    system.refresh_memory();
    wait::pause(MINIMUM_CPU_UPDATE_INTERVAL, scope)?;
    system.refresh_cpu_usage();
    let info = [
        ("cpu", cpu(&system)),
        ("memory", memory(&system)),
        ("swap", swap(&system)),
        ("disks", answer(disks.as_ref(), scope).unwrap_or_else(|| Value::List(Vec::new()))),
        ("uptimeSeconds", System::uptime().ok().map_or(Value::Null, integer)),
        ("loadAverage", load_average()),
        ("hostName", text(System::host_name().ok())),
        ("os", operating_system()),
        ("battery", answer(battery.as_ref(), scope).unwrap_or(Value::Null)),
    ];
    Ok(Value::from(info))
}

fn cpu(system: &System) -> Value {
    let loads: Vec<f64> = system.cpus().iter().map(|cpu| f64::from(cpu.usage())).collect();
    let brand = system.cpus().first().map(|cpu| cpu.brand().trim().to_owned());
    let count = u32::try_from(loads.len()).unwrap_or(u32::MAX);
    let load = loads.iter().sum::<f64>() / f64::from(count.max(1));
    Value::from([
        ("cores", Value::List(loads.into_iter().map(percent).collect())),
        ("load", percent(load)),
        ("count", Value::Int(i64::from(count))),
        ("brand", brand.filter(|brand| !brand.is_empty()).into()),
    ])
}

fn memory(system: &System) -> Value {
    Value::from([
        ("total", integer(system.total_memory())),
        ("used", integer(system.used_memory())),
        ("available", integer(system.available_memory())),
    ])
}

fn swap(system: &System) -> Value {
    Value::from([("total", integer(system.total_swap())), ("used", integer(system.used_swap()))])
}

fn load_average() -> Value {
    let Ok(load) = System::load_average() else { return Value::Null };
    Value::List([load.one, load.five, load.fifteen].into_iter().map(Value::from).collect())
}

fn operating_system() -> Value {
    Value::from([
        ("name", text(System::name().ok())),
        ("version", text(System::os_version().ok())),
        ("kernel", text(System::kernel_version().ok())),
    ])
}

/// Begins to read on a thread of its own.
fn beside(read: fn() -> Value) -> Option<Receiver<Value>> {
    let (sender, receiver) = bounded(1);
    wait::start(move || sender.send(read()).is_ok()).ok().map(|()| receiver)
}

/// What was read, if it comes soon.
fn answer(receiver: Option<&Receiver<Value>>, scope: &Scope) -> Option<Value> {
    let soon = scope.deadline.min(Instant::now() + PATIENCE);
    receiver?.recv_deadline(soon).ok()
}

fn integer(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn percent(number: f64) -> Value {
    let clean = if number.is_finite() { number.clamp(0.0, 100.0) } else { 0.0 };
    Value::from((clean * 100.0).round() / 100.0)
}

fn text(text: Option<String>) -> Value {
    text.filter(|text| !text.is_empty()).map_or(Value::Null, Value::Str)
}
