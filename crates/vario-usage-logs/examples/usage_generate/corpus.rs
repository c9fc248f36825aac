//! Generated session logs, the same for the same seed.
//!
//! Sizes of files and lines follow the profile that ccusage publishes for its own measurements: 3,142
//! files of 1,239 MiB, most of them small and a few very large, with a text of a few kilobytes in
//! each line. What the lines say has everything in it that rules differ about.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sizes are made up, and none is as large as that"
)]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// How much to write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Profile {
    /// In bytes, all files together.
    pub bytes: f64,
    /// How many files.
    pub files: usize,
    /// How much text there is in a line, as a part of what is published.
    pub text: f64,
    /// Everything follows from it.
    pub seed: u64,
}

impl Profile {
    /// As published, for so many bytes.
    pub(crate) fn published(bytes: f64, seed: u64) -> Self {
        let files = (bytes / (1238.97 * 1024.0 * 1024.0) * 3142.0).round().max(1.0);
        Self { bytes, files: files as usize, text: 1.0, seed }
    }

    /// A few small files with little text, for tests.
    pub(crate) fn small(seed: u64) -> Self {
        Self { bytes: 300_000.0, files: 40, text: 0.01, seed }
    }

    /// The sizes of the files, by the published quantiles.
    fn sizes(&self) -> Vec<f64> {
        let quantiles = [
            (0.0, 236.0),
            (0.5, 105_267.0),
            (0.75, 233_572.0),
            (0.9, 653_972.0),
            (0.95, 1_504_757.0),
            (0.99, 5_383_751.0),
            (1.0, 87_033_471.0),
        ];
        let at = |part: f64| {
            let place = quantiles.partition_point(|(quantile, _)| *quantile < part).max(1);
            let ((from, low), (to, high)) = (quantiles[place - 1], quantiles[place]);
            low + (high - low) * (part - from) / (to - from)
        };
        let count = self.files as f64;
        let raw: Vec<f64> = (0..self.files).map(|file| at((file as f64 + 0.5) / count)).collect();
        let factor = self.bytes / raw.iter().sum::<f64>();
        // Large and small ones come in no order of their size.
        let order = |file: usize| (file * (self.files - 1) + 17) % self.files;
        (0..self.files).map(|file| raw[order(file)] * factor).collect()
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Written {
    /// How many files.
    pub files: usize,
    /// How many bytes.
    pub bytes: usize,
}

/// Numbers without a pattern.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound
    }

    /// True so many times in a thousand.
    fn permille(&mut self, part: u64) -> bool {
        self.below(1000) < part
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}

/// A text to cut pieces from, with escapes as they are in code and prose.
fn prose() -> String {
    let words = "the session reads a file and writes another one while tokens are counted ";
    let mut text = String::new();
    while text.len() < 140_000 {
        text.push_str(words);
        text.push_str(if text.len().is_multiple_of(3) { "\\n" } else { "é, \\\"so\\\" " });
    }
    text
}

fn piece<'a>(prose: &'a str, dice: &mut Dice, line: u64, part: f64) -> &'a str {
    let length = match line {
        line if line.is_multiple_of(997) => 48 * 1024 + dice.below(32 * 1024),
        line if line.is_multiple_of(37) => 8 * 1024 + dice.below(8 * 1024),
        _ => 1800 + dice.below(2400),
    };
    let mut end = ((length as f64 * part) as usize).min(prose.len());
    // Not in the middle of a character or of an escape.
    while !prose.is_char_boundary(end) || prose[..end].ends_with('\\') {
        end -= 1;
    }
    &prose[..end]
}

/// A moment in January 2026 as logs write it.
fn time(moment: u64) -> String {
    let (seconds, ms) = (moment / 1000, moment % 1000);
    let (day, rest) = (seconds / 86_400 % 28 + 1, seconds % 86_400);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

/// One message of Claude before it is written down.
#[derive(Clone)]
struct Message {
    moment: u64,
    session: String,
    id: String,
    request: Option<String>,
    model: &'static str,
    input: u64,
    output: u64,
    write: u64,
    read: u64,
    extra: String,
    outer: String,
}

impl Message {
    fn new(dice: &mut Dice, number: u64, moment: u64, session: &str) -> Self {
        let models = [
            "claude-sonnet-4-20250514",
            "claude-sonnet-4-20250514",
            "claude-opus-4-5-20251101",
            "claude-haiku-4-5-20251001",
            "claude-opus-4-6",
            "claude-sonnet-4-5-20250929",
        ];
        let large = dice.permille(5);
        let mut outer = String::new();
        let mut extra = String::new();
        if dice.permille(140) {
            extra.push_str(dice.of(&[r#","speed":"fast""#, r#","speed":"standard""#]));
        }
        if dice.permille(50) {
            let _ = write!(outer, r#","costUSD":{}"#, dice.below(4000) as f64 / 10_000.0);
        }
        if dice.permille(60) {
            outer.push_str(r#","isSidechain":true"#);
        }
        let [input, write] = [dice.below(1000) + 100, dice.below(300)];
        if dice.permille(100) {
            let hour = dice.below(write + 1);
            let _ = write!(
                extra,
                r#","cache_creation":{{"ephemeral_5m_input_tokens":{},"ephemeral_1h_input_tokens":{hour}}}"#,
                write - hour
            );
        }
        let model = if dice.permille(4) { "<synthetic>" } else { dice.of(&models) };
        Self {
            moment,
            session: session.to_owned(),
            id: format!("msg_{number:010}"),
            request: (!dice.permille(40)).then(|| format!("req_{number:010}")),
            model,
            input: if large { input + 250_000 } else { input },
            output: dice.below(200) + 20,
            write,
            read: dice.below(5000) + if large { 300_000 } else { 0 },
            extra,
            outer,
        }
    }

    fn line(&self, text: &str) -> String {
        let Self { session, id, model, input, output, write, read, extra, outer, .. } = self;
        let request = self.request.as_ref().map(|id| format!(r#","requestId":"{id}""#));
        format!(
            concat!(
                r#"{{"parentUuid":null,"type":"assistant","timestamp":"{}","cwd":"/some/project","#,
                r#""sessionId":"{}","version":"2.1.0","message":{{"id":"{}","model":"{}","#,
                r#""content":[{{"type":"text","text":"{}"}}],"stop_reason":null,"usage":"#,
                r#"{{"input_tokens":{},"output_tokens":{},"cache_creation_input_tokens":{},"#,
                r#""cache_read_input_tokens":{}{}}}}}{}{}}}"#
            ),
            time(self.moment),
            session,
            id,
            model,
            text,
            input,
            output,
            write,
            read,
            extra,
            request.unwrap_or_default(),
            outer,
        )
    }
}

/// Writes a folder as Claude Code leaves it.
pub(crate) fn claude(folder: &Path, profile: Profile) -> io::Result<Written> {
    let mut dice = Dice(profile.seed);
    let prose = prose();
    let mut done = Written::default();
    let mut number = 0;
    let mut earlier: Vec<Message> = Vec::new();
    for (file, size) in profile.sizes().into_iter().enumerate() {
        let project = folder.join(format!("projects/project-{:03}", file % 128));
        let session = format!("session-{file:06}");
        let path = match file % 10 {
            7 => project.join(&session).join("subagents/agent-1.jsonl"),
            8 => project.join(&session).join("chat.jsonl"),
            _ => project.join(format!("{session}.jsonl")),
        };
        // Each file begins at a moment of its own, before all its messages: that is what decides about
        // the order of files in the older release, which leaves equal ones to chance.
        let begun = dice.below(28 * 86_400_000 / 4096) * 4096 + file as u64 % 4096;
        let begun = time(begun).replace("2026-01", "2025-12");
        let mut moment = file as u64 * 28 * 86_400_000 / (profile.files as u64 + 1) + 7;
        let mut text = format!(r#"{{"type":"summary","timestamp":"{begun}"}}"#);
        text.push('\n');
        let mut own: Vec<Message> = Vec::new();
        while (text.len() as f64) < size {
            number += 1;
            moment += dice.below(40_000);
            let fill = piece(&prose, &mut dice, number, profile.text);
            let mut message = Message::new(&mut dice, number, moment, &session);
            let old = if dice.permille(500) { own.last() } else { earlier.last() };
            if let Some(old) = old.filter(|_| dice.permille(120)) {
                copy(&mut dice, &mut message, old);
            }
            let line = message.line(fill);
            match dice.below(1000) {
                0..2 => text.push_str(&line[..line.floor_char_boundary(line.len() / 2)]),
                2..4 => text.push_str(&line.replace(r#""version":"2.1.0""#, r#""version":null"#)),
                4..30 => text.push_str(&line.replace("usage", "other")),
                _ => text.push_str(&line),
            }
            text.push('\n');
            if dice.permille(300) {
                own.push(message.clone());
                if dice.permille(300) {
                    earlier.push(message);
                }
            }
        }
        save(&path, &text, &mut done)?;
    }
    Ok(done)
}

/// Makes of a message what repeats another one: written once more while it streams, carried over
/// into a resumed session, or replayed by a side chain.
fn copy(dice: &mut Dice, message: &mut Message, old: &Message) {
    let own = message.session.clone();
    let moment = message.moment;
    match dice.below(4) {
        0 => *message = Message { output: old.output + dice.below(50), ..old.clone() },
        1 => *message = Message { session: own, ..old.clone() },
        2 => {
            message.id.clone_from(&old.id);
            message.session.clone_from(&old.session);
            message.outer = String::from(r#","isSidechain":true"#);
        }
        _ => *message = Message { moment, read: old.read + dice.below(3), ..old.clone() },
    }
}

/// What a turn of Codex took: input, cached, output and reasoning.
type Turn = [u64; 4];

fn turn(dice: &mut Dice) -> Turn {
    let input = if dice.permille(5) { 300_000 } else { 200 } + dice.below(2000);
    let output = 40 + dice.below(600);
    [input, dice.below(input.min(1200)), output, dice.below(output.min(300))]
}

fn counts([input, cached, output, reasoning]: Turn) -> String {
    format!(
        concat!(
            r#"{{"input_tokens":{},"cached_input_tokens":{},"output_tokens":{},"#,
            r#""reasoning_output_tokens":{},"total_tokens":{}}}"#
        ),
        input,
        cached,
        output,
        reasoning,
        input + output,
    )
}

fn token_count(moment: u64, last: Turn, total: Turn, more: &str, text: &str) -> String {
    format!(
        concat!(
            r#"{{"timestamp":"{}","type":"event_msg","payload":{{"type":"token_count","info":"#,
            r#"{{"total_token_usage":{},"last_token_usage":{}{}}},"content":"{}"}}}}"#,
            "\n"
        ),
        time(moment),
        counts(total),
        counts(last),
        more,
        text,
    )
}

fn sum(one: Turn, other: Turn) -> Turn {
    std::array::from_fn(|place| one[place] + other[place])
}

/// Writes a folder as Codex leaves it.
pub(crate) fn codex(folder: &Path, profile: Profile) -> io::Result<Written> {
    let mut dice = Dice(profile.seed);
    let prose = prose();
    let models = ["gpt-5.2-codex", "gpt-5.3-codex", "gpt-5.4", "gpt-5", "codex-auto-review"];
    let mut done = Written::default();
    let mut number = 0;
    // A session that others may fork from: its file's number and its first turns.
    let mut parent: Option<(usize, Vec<(u64, Turn)>)> = None;
    for (file, size) in profile.sizes().into_iter().enumerate() {
        let kind = if dice.permille(50) { "archived_sessions" } else { "sessions" };
        let path =
            folder.join(format!("{kind}/2026/01/{:02}/rollout-{file:06}.jsonl", file % 28 + 1));
        let mut moment = file as u64 * 28 * 86_400_000 / (profile.files as u64 + 1);
        let fork = parent.as_ref().filter(|_| dice.permille(80)).cloned();
        if let Some((_, turns)) = &fork {
            moment = moment.max(turns.last().map_or(0, |turn| turn.0) + 60_000);
        }
        let from = match &fork {
            Some((parent, _)) => format!(r#","forked_from_id":"id-{parent:06}""#),
            None if dice.permille(10) => r#","forked_from_id":"id-gone""#.to_owned(),
            None => String::new(),
        };
        let begun = time(moment);
        let mut text = format!(
            r#"{{"timestamp":"{begun}","type":"session_meta","payload":{{"id":"id-{file:06}"{from}}}}}"#
        );
        text.push('\n');
        let mut total = Turn::default();
        let mut own = Vec::new();
        for (_, old) in fork.iter().flat_map(|(_, turns)| turns) {
            total = sum(total, *old);
            text.push_str(&token_count(moment, *old, total, "", ""));
        }
        moment += if fork.is_some() { 20_000 } else { 10 };
        while (text.len() as f64) < size {
            number += 1;
            moment += 1 + dice.below(40_000);
            let fill = piece(&prose, &mut dice, number, profile.text);
            let stamp = time(moment);
            match dice.below(1000) {
                0..30 => {
                    let model = dice.of(&models);
                    let _ = writeln!(
                        text,
                        r#"{{"timestamp":"{stamp}","type":"turn_context","payload":{{"model":"{model}","text":"{fill}"}}}}"#
                    );
                }
                30..40 => {
                    let tier = dice.of(&["priority", "default", "flex"]);
                    let _ = writeln!(
                        text,
                        r#"{{"timestamp":"{stamp}","type":"event_msg","payload":{{"type":"thread_settings_applied","thread_settings":{{"service_tier":"{tier}"}}}}}}"#
                    );
                }
                40..80 => {
                    let _ = writeln!(
                        text,
                        r#"{{"timestamp":"{stamp}","type":"response_item","payload":{{"type":"message","content":"{fill}"}}}}"#
                    );
                }
                80..83 => text.push_str("{\"timestamp\":\"2026-01-0\n"),
                83..100 => {
                    // The same total again says that nothing was used.
                    text.push_str(&token_count(moment, turn(&mut dice), total, "", fill));
                }
                kind => {
                    let last = turn(&mut dice);
                    total = sum(total, last);
                    let model = format!(r#","model":"{}""#, dice.of(&models[..4]));
                    let more = if kind < 400 { model.as_str() } else { "" };
                    let line = token_count(moment, last, total, more, fill);
                    text.push_str(&line);
                    if dice.permille(10) {
                        text.push_str(&line);
                    }
                    own.push((moment, last));
                }
            }
        }
        if own.len() > 4 && own.len() < 400 && fork.is_none() {
            own.truncate(6);
            parent = Some((file, own));
        }
        save(&path, &text, &mut done)?;
    }
    Ok(done)
}

fn save(path: &Path, text: &str, done: &mut Written) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, text)?;
    done.files += 1;
    done.bytes += text.len();
    Ok(())
}
