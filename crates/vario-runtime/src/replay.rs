use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value as Json;
use vario_cassette::{
    AppRecord, CallText, Cassette, Difference, Mismatch, Order, RecordHost, RedactOptions,
    ReplayHost, VERSION, redact, same_output,
};
use vario_dialects::{AppInfo, ProbeReport};
use vario_host::{Cancel, Host};
use vario_manifest::SettingKind;
use vario_model::Snapshot;
use vario_sandbox::StopReason;

use crate::batch::STACK_BYTES;
use crate::catalog::Found;
use crate::clock::Clock;
use crate::run::{Ended, Run, RunContext, Stopper, run_here};

/// What `ctx.app` says where a cassette is silent.
const DEFAULT_ZONE: &str = "UTC";
const APP_VERSION: &str = "0.0.0";
const APP_PLATFORM: &str = "linux";
const APP_DATA_DIR: &str = "/vario";

/// How a replay ended.
#[derive(Debug, Clone)]
pub struct Replayed {
    /// `{plan, lines}`.
    pub output: Json,
    /// The call that found no answer.
    pub mismatch: Option<Mismatch>,
    /// Recorded calls that were not made.
    pub unused: Vec<CallText>,
    /// Where the output is not the expected one; empty when none is expected.
    pub differences: Vec<Difference>,
    /// What is behind a failure.
    pub report: ProbeReport,
}

impl Replayed {
    /// No mismatch, and the expected output if there is one.
    pub fn is_ok(&self) -> bool {
        self.mismatch.is_none() && self.differences.is_empty()
    }
}

/// The time zone a cassette was recorded in, as the system's own functions spell it: they mind
/// upper and lower case.
///
/// # Errors
/// When there is no such zone.
pub fn timezone(cassette: &Cassette) -> Result<String, String> {
    let name = cassette.timezone.as_deref().unwrap_or(DEFAULT_ZONE);
    let zone = jiff::tz::TimeZone::get(name);
    let zone = zone.map_err(|_unknown| format!("no such time zone: `{name}`"))?;
    Ok(zone.iana_name().unwrap_or(name).to_owned())
}

/// Replays one run: no file, socket, process, environment or real clock is touched. The script sees
/// the cassette's time zone, if it runs in a process of its own.
///
/// # Errors
/// When the cassette's clock is out of range or no thread can be had.
pub fn replay(
    context: &RunContext,
    found: &Found,
    cassette: &Cassette,
    order: Order,
) -> Result<Replayed, String> {
    replay_until(context, found, cassette, order, None)
}

/// As [`replay`]; a replay that is cancelled ends as a cancelled run does.
fn replay_until(
    context: &RunContext,
    found: &Found,
    cassette: &Cassette,
    order: Order,
    cancel: Option<&Cancel>,
) -> Result<Replayed, String> {
    let now = Timestamp::from_millisecond(cassette.unix_ms)
        .map_err(|error| format!("the cassette's clock `{}`: {error}", cassette.unix_ms))?;
    let run = Run {
        app: app_info(cassette.app.as_ref(), &found.plugin.id),
        now_iso: cassette.now_iso.clone(),
        frozen_clock: true,
        make_data_dir: false,
        unlisted_functions: unlisted_functions(cassette),
        timezone: Some(timezone(cassette)?),
        ..Run::live(context, found, now)
    };
    let host = Arc::new(ReplayHost::new(cassette, order));
    let ended = run_on_thread(context, Arc::clone(&host) as Arc<dyn Host>, run, cancel)?;
    let output = output_json(&ended.report)?;
    let expected = cassette.output.as_ref();
    Ok(Replayed {
        differences: expected.map_or_else(Vec::new, |expected| same_output(expected, &output)),
        output,
        mismatch: host.mismatch(),
        unused: host.unused(),
        report: ended.report,
    })
}

/// A run that was recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// How it ended, live.
    pub snapshot: Snapshot,
    /// The redacted cassette; the error says why there is none.
    pub cassette: Result<Cassette, String>,
}

/// What to record.
#[derive(Debug, Clone, Default)]
pub struct RecordOptions {
    /// What the run shows.
    pub name: Option<String>,
    /// IANA name of the process's time zone.
    pub timezone: Option<String>,
    /// Hide values of `name` and `login` too.
    pub redact_names: bool,
}

/// Runs a probe for real, with a clock that stands still, and records it. The redacted cassette is
/// replayed at once; when that ends differently, there is no cassette. Nor is there one of a run, or
/// of a replay, that was cancelled: it would show where the user lost patience.
///
/// # Errors
/// When no thread can be had.
pub fn record(
    context: &RunContext,
    found: &Found,
    options: RecordOptions,
    clock: &dyn Clock,
    cancel: &Cancel,
) -> Result<Recorded, String> {
    // A cassette keeps milliseconds, so that is all the plugin sees.
    let now = Timestamp::from_millisecond(clock.now().as_millisecond())
        .map_err(|error| format!("the clock: {error}"))?;
    let run = Run { frozen_clock: true, ..Run::live(context, found, now) };
    let app = run.app.clone();
    let recorder = Arc::new(RecordHost::new(Arc::clone(&context.host)));
    let ended = run_on_thread(context, Arc::clone(&recorder) as Arc<dyn Host>, run, Some(cancel))?;
    let output = output_json(&ended.report)?;
    let mut cassette = Cassette {
        cassette: VERSION,
        plugin: found.plugin.id.clone(),
        name: options.name,
        unix_ms: now.as_millisecond(),
        now_iso: None,
        timezone: options.timezone,
        app: Some(AppRecord {
            version: Some(app.version),
            platform: Some(app.platform),
            app_data_dir: Some(app.app_data_dir),
            plugin_data_dir: Some(app.plugin_data_dir),
        }),
        calls: recorder.take(),
        output: Some(output),
    };
    let snapshot = ended.snapshot(found, clock.now());
    let was_cancelled = || Err("the run was cancelled".to_owned());
    if cancel.is_cancelled() {
        return Ok(Recorded { snapshot, cassette: was_cancelled() });
    }
    let secret_settings = found.plugin.settings.iter();
    let secret_settings = secret_settings
        .filter(|setting| matches!(setting.kind, SettingKind::Secret { .. }))
        .map(|setting| setting.key.clone())
        .collect();
    // What the plugin's source says, a client id for one, is known to everyone.
    let public = source_text(found).into_iter().collect();
    let options = RedactOptions { names: options.redact_names, secret_settings, public };
    redact(&mut cassette, &options);
    let replayed = replay_until(context, found, &cassette, Order::Strict, Some(cancel))?;
    let cassette = match (&replayed.mismatch, replayed.differences.first()) {
        _ if cancel.is_cancelled() => was_cancelled(),
        (Some(mismatch), _) => Err(format!("the redacted run takes another path: {mismatch}")),
        (None, Some(difference)) => Err(format!("the redacted run ends differently: {difference}")),
        (None, None) => Ok(cassette),
    };
    Ok(Recorded { snapshot, cassette })
}

/// Runs one probe on a thread with enough stack, and waits for it.
fn run_on_thread(
    context: &RunContext,
    host: Arc<dyn Host>,
    run: Run,
    cancel: Option<&Cancel>,
) -> Result<Ended, String> {
    let stopper = Stopper::after(run.limits.wall, Cancel::new());
    let on_cancel = stopper.clone();
    let _guard =
        cancel.map(|cancel| cancel.on_cancel(move || on_cancel.stop(StopReason::Cancelled)));
    let context = context.clone();
    let thread = std::thread::Builder::new()
        .name(format!("probe {}", run.found.plugin.id))
        .stack_size(STACK_BYTES)
        .spawn(move || run_here(&context, &host, &run, &stopper))
        .map_err(|error| format!("cannot start a thread: {error}"))?;
    thread.join().map_err(|_panic| "internal error while running this plugin".to_owned())
}

fn output_json(report: &ProbeReport) -> Result<Json, String> {
    serde_json::to_value(&report.output).map_err(|error| format!("the output: {error}"))
}

fn app_info(record: Option<&AppRecord>, id: &str) -> AppInfo {
    let record = record.cloned().unwrap_or_default();
    let app_data_dir = record.app_data_dir.unwrap_or_else(|| APP_DATA_DIR.to_owned());
    let plugin_data_dir = record.plugin_data_dir.unwrap_or_else(|| {
        let path: PathBuf = [app_data_dir.as_str(), "plugins_data", id].iter().collect();
        path.to_string_lossy().into_owned()
    });
    AppInfo {
        version: record.version.unwrap_or_else(|| APP_VERSION.to_owned()),
        platform: record.platform.unwrap_or_else(|| APP_PLATFORM.to_owned()),
        app_data_dir,
        plugin_data_dir,
    }
}

fn source_text(found: &Found) -> Option<String> {
    let code = found.plugin.probe.as_ref()?;
    vario_manifest::read_entry(found.folder.as_ref(), &code.path).ok()
}

/// What the cassette's host offered beyond ours.
fn unlisted_functions(cassette: &Cassette) -> Vec<String> {
    let mut names: Vec<String> = cassette.calls.iter().map(|call| call.function.clone()).collect();
    names.retain(|name| vario_host::find_function(name).is_none());
    names.sort();
    names.dedup();
    names
}
