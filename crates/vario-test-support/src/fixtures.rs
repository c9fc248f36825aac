use std::fs;
use std::path::{Path, PathBuf};

/// Compares what `run` makes of each file `*.<input>` in a folder with the file of the same name
/// that ends in `.<expected>`. With `UPDATE=1` in the environment, that file is rewritten.
///
/// # Panics
/// At the end, naming every file that differs; also if there is no input at all.
#[track_caller]
pub fn check_folder(
    folder: &Path,
    input: &str,
    expected: &str,
    run: impl FnMut(&Path, &str) -> String,
) {
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let differences = differences(folder, input, expected, update, run);
    assert!(
        differences.is_empty(),
        "{}\nrun again with UPDATE=1 to accept what was found",
        differences.join("\n")
    );
}

/// What differs, a text each; with `update`, after having made it equal.
#[track_caller]
pub(crate) fn differences(
    folder: &Path,
    input: &str,
    expected: &str,
    update: bool,
    mut run: impl FnMut(&Path, &str) -> String,
) -> Vec<String> {
    let inputs = inputs(folder, input);
    assert!(!inputs.is_empty(), "no *.{input} in {}", folder.display());
    let mut differences = Vec::new();
    for path in inputs {
        let text = fs::read_to_string(&path).expect("a fixture can be read");
        let found = run(&path, &text);
        let beside = path.with_extension(expected);
        if update {
            fs::write(&beside, &found).expect("an expectation can be written");
            continue;
        }
        // A checkout may have turned line ends around.
        let wanted = fs::read_to_string(&beside).unwrap_or_default().replace("\r\n", "\n");
        if wanted != found {
            let shown = beside.display();
            differences.push(format!("{shown}\n--- expected\n{wanted}\n--- found\n{found}"));
        }
    }
    differences
}

fn inputs(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of fixtures exists");
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    paths
}
