//! Scans a folder of logs and prints the report as JSON: for comparisons and measurements by hand.
//!
//! `usage_scan claude|codex FOLDER [--session] [--rules NAME] [--timezone ZONE] [--since DAY]
//! [--until DAY] [--cache FOLDER] [--aliases NAMES] [--threads N] [--explain] [--verbose]`

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

use std::path::PathBuf;
use std::process::ExitCode;

use vario_usage_logs::{
    Cache, Environment, Grouping, RuleSet, Scan, Source, parse_day, parse_timezone,
};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let source = match args.next().as_deref() {
        Some("claude") => Source::Claude,
        Some("codex") => Source::Codex,
        _ => return Err("first comes `claude` or `codex`".into()),
    };
    let folder = args.next().ok_or("then comes the folder")?;
    let mut scan = Scan::new(source, Vec::new());
    let mut rules = RuleSet::default();
    let mut cache = Cache::none();
    let mut aliases = None;
    let mut explain = false;
    let mut verbose = false;
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("`{arg}` needs a value"));
        match arg.as_str() {
            "--session" => scan = scan.by(Grouping::Session),
            "--rules" => rules = value()?.parse()?,
            "--timezone" => scan = scan.timezone(parse_timezone(&value()?)?),
            "--since" => scan = scan.since(Some(parse_day(&value()?)?)),
            "--until" => scan = scan.until(Some(parse_day(&value()?)?)),
            "--cache" => cache = Cache::new(PathBuf::from(value()?)),
            "--aliases" => aliases = Some(value()?),
            "--threads" => scan = scan.threads(value()?.parse()?),
            "--explain" => explain = true,
            "--verbose" => verbose = true,
            other => return Err(format!("`{other}` is not known").into()),
        }
    }
    let environment = Environment {
        claude_config_dir: Some(folder.clone()),
        codex_home: Some(folder),
        model_aliases: aliases,
        ..Environment::default()
    };
    let scan = scan
        .in_folders(environment.folders(source, rules)?)
        .aliases(environment.model_aliases(rules))
        .rules(rules);
    if explain {
        let (_, lines) = scan.explain();
        for line in lines {
            let verdict = line.dropped.map_or("counts", |reason| reason.text());
            println!("{}:{}: {verdict} {:?}", line.path.display(), line.line, line.message);
        }
        return Ok(());
    }
    let report = scan.run(&cache);
    println!("{}", serde_json::to_string_pretty(&report.to_json())?);
    eprintln!("{} of {} files have problems", report.problems.len(), report.files);
    for problem in report.problems.iter().filter(|_| verbose) {
        eprintln!("{problem:?}");
    }
    Ok(())
}
