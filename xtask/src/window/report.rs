//! What was measured, as a table with the limits beside it.

use std::time::Duration;

use crate::desktop::viewer::Memory;

/// From the start of the process to the first frame that shows what was stored.
const FIRST_FRAME: Duration = Duration::from_millis(250);

/// Resident memory of the window's process, in KiB; a megabyte is a million bytes.
const MEMORY: u64 = 120 * 1_000_000 / 1024;

/// Frames in the time that is watched.
const FRAMES_VISIBLE: u64 = 2;
const FRAMES_HIDDEN: u64 = 0;

/// One start of the window.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    /// From the call that started the process until there was a picture.
    pub(crate) first: Duration,
    /// From the beginning of its `main`, by its own clock.
    pub(crate) own: Duration,
    /// Frames until it came to rest.
    pub(crate) frames: u64,
    pub(crate) memory: Memory,
}

/// Frames drawn while nobody touched anything.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Idle {
    pub(crate) seconds: u64,
    pub(crate) visible: u64,
    pub(crate) hidden: u64,
    pub(crate) memory: Memory,
}

/// Everything measured on one kind of display.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) display: &'static str,
    /// How it is known that a frame was drawn.
    pub(crate) seen: &'static str,
    pub(crate) starts: Vec<Start>,
    pub(crate) idle: Idle,
}

/// One line of the table.
struct Row {
    what: String,
    value: String,
    limit: String,
    /// `None` for what has no limit.
    kept: Option<bool>,
}

impl Report {
    /// The table, for a person.
    pub(crate) fn table(&self) -> String {
        let rows = self.rows();
        let widths = [
            rows.iter().map(|row| row.what.chars().count()).max().unwrap_or_default(),
            rows.iter().map(|row| row.value.chars().count()).max().unwrap_or_default(),
            rows.iter().map(|row| row.limit.chars().count()).max().unwrap_or_default(),
        ];
        let lines = rows.iter().map(|row| {
            let verdict = match row.kept {
                Some(true) => "ok",
                Some(false) => "MISSED",
                None => "",
            };
            let line = format!(
                "  {:<3$}  {:>4$}  {:<5$}  {verdict}",
                row.what, row.value, row.limit, widths[0], widths[1], widths[2]
            );
            format!("{}\n", line.trim_end())
        });
        let count = self.starts.len();
        let head = format!("{} (medians of {count} starts; worst in brackets)\n", self.display);
        std::iter::once(head).chain(lines).collect()
    }

    /// What broke its limit.
    pub(crate) fn missed(&self) -> Vec<String> {
        let missed = self.rows().into_iter().filter(|row| row.kept == Some(false));
        missed.map(|row| format!("{}: {}, {}", row.what, row.value, row.limit)).collect()
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows = self.times();
        rows.extend(self.memory());
        let frames = |what, count: u64, limit: Option<u64>| Row {
            what,
            value: count.to_string(),
            limit: limit.map_or_else(String::new, |limit| format!("at most {limit}")),
            kept: limit.map(|limit| count <= limit),
        };
        let drawn = self.starts.iter().map(|start| start.frames).collect();
        rows.push(frames(String::from("frames until at rest"), median(drawn), None));
        let seconds = self.idle.seconds;
        let visible = format!("frames in {seconds} idle seconds, visible");
        rows.push(frames(visible, self.idle.visible, Some(FRAMES_VISIBLE)));
        let hidden = format!("frames in {seconds} idle seconds, hidden");
        rows.push(frames(hidden, self.idle.hidden, Some(FRAMES_HIDDEN)));
        rows
    }

    fn times(&self) -> Vec<Row> {
        let row = |what: String, times: Vec<Duration>, limit: Option<Duration>| {
            let worst = times.iter().max().copied().unwrap_or_default();
            let median = median(times);
            Row {
                what,
                value: format!("{} ms ({})", median.as_millis(), worst.as_millis()),
                limit: limit
                    .map_or_else(String::new, |limit| format!("at most {} ms", limit.as_millis())),
                kept: limit.map(|limit| median <= limit),
            }
        };
        let first = self.starts.iter().map(|start| start.first).collect();
        let own = self.starts.iter().map(|start| start.own).collect();
        vec![
            row(format!("first frame, {}", self.seen), first, Some(FIRST_FRAME)),
            row(String::from("the same from the start of main"), own, None),
        ]
    }

    fn memory(&self) -> Vec<Row> {
        let row = |what: String, sizes: Vec<u64>, limit: Option<u64>| {
            let worst = sizes.iter().max().copied().unwrap_or_default();
            let median = median(sizes);
            Row {
                what,
                value: format!("{} MB ({})", megabytes(median), megabytes(worst)),
                limit: limit
                    .map_or_else(String::new, |limit| format!("under {} MB", megabytes(limit))),
                kept: limit.map(|limit| median < limit),
            }
        };
        let window = self.starts.iter().map(|start| start.memory.window).collect();
        let files = self.starts.iter().map(|start| start.memory.files).collect();
        let last = self.idle.memory;
        let mut rows = vec![
            row(String::from("resident memory at rest"), window, Some(MEMORY)),
            row(String::from("of it programs and libraries"), files, None),
            row(String::from("resident memory after idling"), vec![last.window], Some(MEMORY)),
        ];
        let most = self.starts.iter().map(|start| start.memory.helper_count).max();
        if let Some(count) = most.filter(|count| *count > 0) {
            let helpers = self.starts.iter().map(|start| start.memory.helpers).collect();
            rows.push(row(format!("processes it started (up to {count})"), helpers, None));
        }
        rows
    }
}

/// Decimal, as disks and task managers count.
fn megabytes(kib: u64) -> String {
    let tenths = (kib * 1024 + 50_000) / 100_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The middle one; of an even number the upper of the two, to be on the strict side.
fn median<T: Ord + Copy + Default>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Idle, Memory, Report, Start, median, megabytes};

    fn report(first: &[u64], window: u64, hidden: u64) -> Report {
        let memory = Memory { window, files: 40_000, helpers: 0, helper_count: 0 };
        let starts = first.iter().map(|first| Start {
            first: Duration::from_millis(*first),
            own: Duration::from_millis(140),
            frames: 5,
            memory,
        });
        let idle = Idle { seconds: 30, visible: 2, hidden, memory };
        Report { display: "X11", seen: "seen on the screen", starts: starts.collect(), idle }
    }

    #[test]
    fn the_table_has_the_limits_beside_the_numbers() {
        let report = report(&[240, 400, 210], 100_000, 0);
        assert_eq!(
            report.table(),
            "\
X11 (medians of 3 starts; worst in brackets)
  first frame, seen on the screen         240 ms (400)  at most 250 ms  ok
  the same from the start of main         140 ms (140)
  resident memory at rest             102.4 MB (102.4)  under 120.0 MB  ok
  of it programs and libraries          41.0 MB (41.0)
  resident memory after idling        102.4 MB (102.4)  under 120.0 MB  ok
  frames until at rest                               5
  frames in 30 idle seconds, visible                 2  at most 2       ok
  frames in 30 idle seconds, hidden                  0  at most 0       ok
"
        );
        assert!(report.missed().is_empty());
    }

    #[test]
    fn what_misses_its_limit_is_named() {
        let missed = report(&[251], 117_188, 1).missed();
        let expected = [
            "first frame, seen on the screen: 251 ms (251), at most 250 ms",
            "resident memory at rest: 120.0 MB (120.0), under 120.0 MB",
            "resident memory after idling: 120.0 MB (120.0), under 120.0 MB",
            "frames in 30 idle seconds, hidden: 1, at most 0",
        ];
        assert_eq!(missed, expected);
    }

    #[test]
    fn medians_and_megabytes() {
        assert_eq!(median(vec![3, 1, 2]), 2);
        assert_eq!(median(vec![4, 1, 2, 3]), 3);
        assert_eq!(median(Vec::<u64>::new()), 0);
        assert_eq!(megabytes(100_000), "102.4");
        assert_eq!(megabytes(98), "0.1");
    }
}
