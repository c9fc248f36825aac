//! Replays in other time zones. The zone of a running process is never changed: a cassette of
//! another zone is replayed by a child process that was started in it.

use std::collections::{HashMap, VecDeque};
use std::process::{Command, Stdio};

use jiff::tz::TimeZone;
use serde_json::Value as Json;
use vario_cassette::Cassette;

use super::zone;
use crate::cli::{OrderArg, ReplayOptions};
use crate::exit::usage;

type Arguments<'a> = dyn Fn(&mut Command, &str) + 'a;

/// Hands each cassette to a process of its zone.
pub(in crate::commands) struct Zones<'a> {
    own: String,
    /// This process is a child: other zones are none of its business.
    is_child: bool,
    options: &'a ReplayOptions,
    arguments: Box<Arguments<'a>>,
    lines: HashMap<String, VecDeque<Json>>,
}

impl<'a> Zones<'a> {
    /// `arguments` gives a child process its command, for the zone it is started in.
    pub(in crate::commands) fn new(
        options: &'a ReplayOptions,
        arguments: impl Fn(&mut Command, &str) + 'a,
    ) -> Self {
        let own = match &options.zone {
            Some(zone) => zone.clone(),
            None => own_zone(),
        };
        Self {
            own,
            is_child: options.zone.is_some(),
            options,
            arguments: Box::new(arguments),
            lines: HashMap::new(),
        }
    }

    /// The report line of a cassette: made here, or by the child process of its zone. None in a
    /// child, for a cassette of another zone.
    pub(in crate::commands) fn line(
        &mut self,
        cassette: &Cassette,
        here: impl FnOnce() -> Json,
    ) -> anyhow::Result<Option<Json>> {
        let zone = zone(cassette);
        if is_same(zone, &self.own) {
            return Ok(Some(here()));
        }
        if self.is_child {
            return Ok(None);
        }
        if !self.lines.contains_key(zone) {
            let lines = self.run_child(zone)?;
            self.lines.insert(zone.to_owned(), lines);
        }
        let line = self.lines.get_mut(zone).and_then(VecDeque::pop_front);
        line.map(Some).ok_or_else(|| anyhow::anyhow!("the replay in zone {zone} ended early"))
    }

    fn run_child(&self, zone: &str) -> anyhow::Result<VecDeque<Json>> {
        let known = TimeZone::get(zone)
            .map_err(|error| usage(format!("cannot replay in time zone `{zone}`: {error}")))?;
        let mut command = Command::new(std::env::current_exe()?);
        (self.arguments)(&mut command, zone);
        command.args(["--json", "--order"]).arg(match self.options.order {
            OrderArg::Strict => "strict",
            OrderArg::Keyed => "keyed",
        });
        if self.options.strict_end {
            command.arg("--strict-end");
        }
        let output = command
            // As the system's own functions spell it: they mind upper and lower case.
            .env("TZ", known.iana_name().unwrap_or(zone))
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| anyhow::anyhow!("cannot start a replay in zone {zone}: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
    }
}

/// The zone of this process. `TZ` decides where it is set; a text there that is no zone's name
/// (a POSIX rule) matches no cassette, so that a child is started.
fn own_zone() -> String {
    match std::env::var("TZ") {
        Ok(zone) if !zone.is_empty() => zone.trim_start_matches(':').to_owned(),
        Ok(_) => "UTC".to_owned(),
        Err(_) => iana_time_zone::get_timezone().unwrap_or_else(|_| "UTC".to_owned()),
    }
}

fn is_same(one: &str, other: &str) -> bool {
    const UTC: [&str; 7] =
        ["UTC", "Etc/UTC", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu", "Etc/Universal"];
    one == other || (UTC.contains(&one) && UTC.contains(&other))
}
