//! Rule: some texts never belong into a committed file.

use std::path::Path;

use super::model::{TextFile, Violation, Workspace};

/// Folders of one machine. The pieces are joined here so that this file may be read by its own rule.
const MACHINE_FOLDERS: &[&str] = &[concat!("/buil", "ds/"), concat!("/ro", "ot/")];
const HOME: &str = concat!("/ho", "me/");

/// In Rust only: the text and what is right instead.
const IN_CODE: &[(&str, &str)] = &[
    (
        concat!("#[ig", "nore"),
        "a test runs or goes: assert what happens today and say what is wrong with it",
    ),
    (concat!("to", "do!("), "write it, or return an error that says it is not there yet"),
];

/// Above this a file holds more than one idea.
const LONGEST_FILE: usize = 700;

pub(crate) fn check(workspace: &Workspace, found: &mut Vec<Violation>) {
    for file in &workspace.files {
        if file.path == "Cargo.lock" {
            continue;
        }
        let is_code = Path::new(&file.path).extension().is_some_and(|extension| extension == "rs");
        for (index, line) in file.text.lines().enumerate() {
            if !is_test(&file.path)
                && let Some(folder) = machine_folder(line)
            {
                let message = format!("`{folder}` is a folder of one machine");
                found.push(Violation::error(&file.path, index + 1, message));
            }
            for (text, instead) in IN_CODE.iter().filter(|_| is_code) {
                if line.contains(text) {
                    let message = format!("`{text}` is refused: {instead}");
                    found.push(Violation::error(&file.path, index + 1, message));
                }
            }
        }
        check_length(file, is_code, found);
    }
}

fn check_length(file: &TextFile, is_code: bool, found: &mut Vec<Violation>) {
    let lines = file.text.lines().count();
    if is_code && lines > LONGEST_FILE {
        let message = format!("{lines} lines, more than {LONGEST_FILE}; look for a seam");
        found.push(Violation::warning(&file.path, LONGEST_FILE + 1, message));
    }
}

/// Whether a file holds tests or their data, where made-up folders are fine.
pub(crate) fn is_test(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.any(|part| matches!(part, "benches" | "fixtures" | "tests" | "tests.rs"))
}

/// The folder of one machine that a line names, if any: at the start of a path, not inside one.
fn machine_folder(line: &str) -> Option<&'static str> {
    let starts_a_path = |at: usize| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || "~.-_}>*)".contains(letter))
    };
    let fixed = MACHINE_FOLDERS
        .iter()
        .find(|folder| line.match_indices(**folder).any(|(at, _)| starts_a_path(at)));
    let home = || {
        line.match_indices(HOME)
            .any(|(at, _)| {
                starts_a_path(at)
                    && line[at + HOME.len()..]
                        .starts_with(|letter: char| letter.is_ascii_alphanumeric())
            })
            .then_some(HOME)
    };
    fixed.copied().or_else(home)
}
