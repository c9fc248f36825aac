//! Writes logs that nobody wrote: for comparisons and measurements by hand.
//!
//! `usage_generate claude|codex FOLDER MEBIBYTES|small [SEED]`

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

mod corpus;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [tool, folder, size, seed @ ..] = args.as_slice() else {
        eprintln!("usage_generate claude|codex FOLDER MEBIBYTES|small [SEED]");
        return ExitCode::from(2);
    };
    let seed = seed.first().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let profile = match size.parse::<f64>() {
        Ok(size) => corpus::Profile::published(size * 1024.0 * 1024.0, seed),
        Err(_) => corpus::Profile::small(seed),
    };
    let result = match tool.as_str() {
        "claude" => corpus::claude(Path::new(folder), profile),
        _ => corpus::codex(Path::new(folder), profile),
    };
    match result {
        Ok(count) => {
            println!("{} files, {} bytes", count.files, count.bytes);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot write to {folder}: {error}");
            ExitCode::FAILURE
        }
    }
}
