//! `OUTCOMES.md`: what becomes of each plugin.

use std::path::PathBuf;

use super::cases::{self, BOTH, Case, Engine, Group};

/// The outcomes as they are recorded.
pub(super) struct Table {
    rows: Vec<(String, Engine, String)>,
}

const INTRODUCTION: &str = "# What becomes of each hostile plugin\n\n\
    Written by `cargo xtask hostile`, which runs the corpus through `vario probe --json`; `--check` compares.\n\
    A text in quotes is the one error the card shows. `answers` stands before the plan of a valid answer.\n\
    In every case the neighbours in the same run answer as ever and the host's memory stays bounded.\n";

pub(super) fn path() -> PathBuf {
    cases::folder().join("OUTCOMES.md")
}

fn label(engine: Engine) -> &'static str {
    match engine {
        Engine::Lua => "Lua",
        Engine::JavaScript => "JavaScript",
    }
}

impl Table {
    /// The committed one; an empty one if there is none.
    pub(super) fn read() -> Self {
        let text = std::fs::read_to_string(path()).unwrap_or_default();
        Self { rows: text.lines().filter_map(row).collect() }
    }

    /// The recorded outcome.
    pub(super) fn outcome(&self, case: &str, engine: Engine) -> Option<&str> {
        let row = self.rows.iter().find(|row| row.0 == case && row.1 == engine);
        row.map(|row| row.2.as_str())
    }

    pub(super) fn set(&mut self, case: &str, engine: Engine, outcome: String) {
        self.rows.retain(|row| row.0 != case || row.1 != engine);
        self.rows.push((case.to_owned(), engine, outcome));
    }

    pub(super) fn write(&self, groups: &[Group]) {
        std::fs::write(path(), self.render(groups)).expect("the corpus can be written");
    }

    /// The whole file.
    pub(super) fn render(&self, groups: &[Group]) -> String {
        let mut lines = vec![INTRODUCTION.to_owned()];
        for group in groups {
            lines.push(format!("## {}\n\n{}\n", group.title, group.words));
            lines.push("| case | engine | what it tries | outcome |\n|---|---|---|---|".to_owned());
            for case in &group.cases {
                for (engine, _) in BOTH {
                    let cells = [&case.name, label(engine), &case.tries, &self.cell(case, engine)];
                    lines.push(format!("| {} |", cells.join(" | ")));
                }
            }
            lines.push(String::new());
        }
        lines.join("\n")
    }

    fn cell(&self, case: &Case, engine: Engine) -> String {
        if let Some(reason) = case.absent(engine) {
            return format!("none: {reason}");
        }
        if let Some(reason) = &case.broken {
            return format!("not run yet: {reason}");
        }
        let recorded = self.outcome(&case.name, engine);
        // A system that cannot run a case keeps what another has recorded.
        recorded.unwrap_or("not run yet").to_owned()
    }
}

fn row(line: &str) -> Option<(String, Engine, String)> {
    let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.splitn(4, " | ").collect();
    let [case, engine, _, outcome] = cells[..] else { return None };
    let (engine, _) = BOTH.into_iter().find(|(known, _)| label(*known) == engine)?;
    Some((case.to_owned(), engine, outcome.to_owned()))
}
