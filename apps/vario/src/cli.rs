//! The arguments. Their documentation comments are the help texts.

mod guard;
mod history;
mod import;
mod package;
mod pages;
mod usage;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::guard::GuardArgs;
pub(crate) use self::history::{HistoryArgs, Since};
pub(crate) use self::import::{ImportArgs, ImportFrom, ImportOpenusageArgs};
pub(crate) use self::package::{InstallArgs, PackArgs, RemoveArgs, RollbackArgs};
pub(crate) use self::pages::{CompletionsArgs, ManArgs, ShellArg};
pub(crate) use self::usage::{UsageArgs, UsageSource};

/// Runs small Lua and JavaScript probes in a sandbox and shows what they find.
#[derive(Debug, Parser)]
#[command(name = "vario", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Look for plugins in this folder instead of the configured ones (repeatable)
    #[arg(long = "plugins", value_name = "DIR", global = true)]
    pub(crate) plugins: Vec<PathBuf>,
    /// The program that runs plugins for this one; this program's own file if not given
    #[arg(long, value_name = "FILE", global = true, hide = true)]
    pub(crate) worker: Option<PathBuf>,
    /// Where plugins run; `in-process` gives their engines this program's rights
    #[arg(long, value_name = "WHERE", global = true, hide = true)]
    pub(crate) isolation: Option<IsolationArg>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: ColorWhen,
    /// Say more: causes of failures, the plugins' logs (twice: debug lines too)
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    /// Print no warnings and no progress
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
}

/// Where plugins run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IsolationArg {
    /// Each in a process of its own
    Process,
    /// In this process
    InProcess,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run probes and print what they return
    Probe(ProbeArgs),
    /// List plugins
    List(ListArgs),
    /// Check plugin folders and print every problem
    Check(CheckArgs),
    /// Let a plugin run
    Enable(IdArgs),
    /// Keep a plugin from running
    Disable(IdArgs),
    /// Let a plugin do more
    Grant(GrantArgs),
    /// Take rights, or what was denied, back
    Revoke(RevokeArgs),
    /// Show what plugins may do, what they are denied and what they ask for
    Grants(GrantsArgs),
    /// Show what plugins did: every call to the host
    Audit(AuditArgs),
    /// Show how much of each quota was used over time
    History(HistoryArgs),
    /// Say by the exit code whether enough of a quota is left, for scripts
    Guard(GuardArgs),
    /// Replay a plugin's own cassettes
    Test(TestArgs),
    /// Replay recorded runs, offline
    Replay(ReplayArgs),
    /// Read or change the configuration, and plugins' settings
    Config(ConfigArgs),
    /// Take over settings and data of another program
    Import(ImportArgs),
    /// Say who is signed in, for smartCARS and Stratos plugins
    Account(AccountArgs),
    /// Print a JSON schema
    Schema(SchemaArgs),
    /// Print what makes a shell complete this program's arguments
    Completions(CompletionsArgs),
    /// Print the manual page, or write one for each command
    Man(ManArgs),
    /// Make one zip file of a plugin's folder
    Pack(PackArgs),
    /// Install a plugin from a folder or a zip file, or update it
    Install(InstallArgs),
    /// Bring the version back that was updated last
    Rollback(RollbackArgs),
    /// Remove an installed plugin
    Remove(RemoveArgs),
    /// Show what this installation is and has
    Doctor(DoctorArgs),
    /// Look after plugins that stay: their state, logs, routes and channels
    Background(BackgroundArgs),
    /// Hear and send events of background plugins
    Bus(BusArgs),
    /// Host background plugins, keep probes up to date and serve both over HTTP on this machine
    Serve(ServeArgs),
    /// Count the tokens that Claude Code or Codex has used, by its session logs
    Usage(UsageArgs),
}

#[derive(Debug, Args)]
pub(crate) struct BackgroundArgs {
    #[command(subcommand)]
    pub(crate) command: BackgroundCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackgroundCommand {
    /// List background plugins and how they are
    List(BackgroundListArgs),
    /// Start plugins that were stopped or have failed
    Start(NameArgs),
    /// Stop plugins until they are started again
    Stop(NameArgs),
    /// Stop plugins and start them afresh
    Restart(NameArgs),
    /// Look for plugins that came or went
    Rescan,
    /// Print what a plugin logged
    Logs(LogsArgs),
    /// Call a route, a channel or a request handler of a plugin
    Call(CallArgs),
    /// List context-menu commands, or run one
    Menu(MenuArgs),
    /// Print the address of a plugin's own page, and serve it as long as its host runs
    Page(PageArgs),
}

#[derive(Debug, Args)]
pub(crate) struct PageArgs {
    /// The plugin
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Ask for the page in dark colours
    #[arg(long)]
    pub(crate) dark: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BackgroundListArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct NameArgs {
    /// Plugins
    #[arg(value_name = "ID", required = true)]
    pub(crate) ids: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct LogsArgs {
    /// The plugin
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// How many lines
    #[arg(short = 'n', long, value_name = "LINES", default_value_t = 100)]
    pub(crate) lines: usize,
    /// Go on with what comes
    #[arg(short, long)]
    pub(crate) follow: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CallArgs {
    /// The plugin
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// A route and its body, or arguments; JSON, or text as it is
    #[arg(value_name = "ARG")]
    pub(crate) args: Vec<String>,
    /// Call this channel of the plugin's own user interface
    #[arg(long, value_name = "CHANNEL", conflicts_with_all = ["request", "method"])]
    pub(crate) ipc: Option<String>,
    /// Ask in the way plugins ask each other
    #[arg(long, value_name = "TYPE", conflicts_with = "method")]
    pub(crate) request: Option<String>,
    /// The method of a route: GET without a body and POST with one, if not given
    #[arg(short = 'X', long, value_name = "METHOD")]
    pub(crate) method: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct MenuArgs {
    /// The plugin whose command is run
    #[arg(value_name = "ID", requires = "command")]
    pub(crate) plugin: Option<String>,
    /// The command
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// What is selected, as a JSON object
    #[arg(long, value_name = "JSON")]
    pub(crate) context: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct BusArgs {
    #[command(subcommand)]
    pub(crate) command: BusCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BusCommand {
    /// Print events as they come, one JSON object a line
    Tail(TailArgs),
    /// Send an event
    Publish(PublishArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TailArgs {
    /// Only events of this type; a `*` at the end stands for anything
    #[arg(value_name = "TYPE")]
    pub(crate) pattern: Option<String>,
    /// End after so many events
    #[arg(short = 'n', long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct PublishArgs {
    /// The type
    #[arg(value_name = "TYPE")]
    pub(crate) kind: String,
    /// What it carries: JSON, or text as it is
    #[arg(value_name = "PAYLOAD")]
    pub(crate) payload: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The port of the HTTP interface
    #[arg(long, value_name = "PORT", default_value_t = 6736)]
    pub(crate) port: u16,
    /// Also listen where plugins and their pages of other hosts expect it
    #[arg(long, value_enum, value_name = "HOST")]
    pub(crate) compat: Vec<CompatArg>,
    /// Any free ports in the place of those, for tests
    #[arg(long, hide = true, requires = "compat")]
    pub(crate) compat_anywhere: bool,
    /// Let any web page read `/v1/usage`
    #[arg(long)]
    pub(crate) cors_any: bool,
}

/// Whose ports are opened, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompatArg {
    /// 7172 for HTTP and 7173 for the event bus
    Smartcars,
    /// 2066
    Stratos,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(crate) struct ProbeArgs {
    /// Plugins to run; all enabled ones if none is named
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Print JSON: an array of snapshots, or one a line with --watch
    #[arg(long)]
    pub(crate) json: bool,
    /// Print for a status bar, a prompt or a monitoring system; takes stored results that are not
    /// older than five minutes, unless --max-age says otherwise
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with_all = ["json", "record"])]
    pub(crate) format: Option<FormatArg>,
    /// Send the results to an OpenTelemetry collector, too (see `OTEL_EXPORTER_OTLP_ENDPOINT`)
    #[arg(long, conflicts_with_all = ["watch", "record"])]
    pub(crate) push: bool,
    /// Run again and again, and print each result as it comes
    #[arg(long, conflicts_with = "record")]
    pub(crate) watch: bool,
    /// Take a stored result if it is not older than this (`90s`, `5m`, `2h`)
    #[arg(long, value_name = "AGE", value_parser = parse_age, conflicts_with = "record")]
    pub(crate) max_age: Option<Duration>,
    /// Record the run into this cassette (needs exactly one ID)
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// What the recorded run shows, for its cassette
    #[arg(long, value_name = "TEXT", requires = "record")]
    pub(crate) name: Option<String>,
    /// Hide the values of `name` and `login` in the cassette too
    #[arg(long, requires = "record")]
    pub(crate) redact_names: bool,
    /// Time limit of one probe, at most the configured one
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) timeout: Option<Duration>,
    /// Memory limit of one probe (`32M`), at most the configured one
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(crate) memory: Option<usize>,
    /// Let every plugin do everything you may do, for this once
    #[arg(long)]
    pub(crate) allow_all: bool,
    /// How many probes run at once
    #[arg(long, short, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) jobs: u16,
    /// Run what a prompt did not wait for
    #[arg(long, hide = true, requires = "format")]
    pub(crate) refresh: bool,
}

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    /// Waybar's module `custom` with `"return-type": "json"`
    Waybar,
    /// i3status-rust's block `custom` with `json = true`
    I3statusRust,
    /// `#()` in tmux's status line
    Tmux,
    /// A custom command of Starship: what is stored, and what is too old is asked for meanwhile
    Starship,
    /// A plugin of xbar or SwiftBar
    Xbar,
    /// Prometheus' text format 0.0.4
    Prometheus,
    /// OpenMetrics 1.0
    Openmetrics,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// A plugin's folder, or a folder of plugins
    #[arg(value_name = "DIR", required = true)]
    pub(crate) dirs: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct IdArgs {
    /// Plugins
    #[arg(value_name = "ID", required = true)]
    pub(crate) ids: Vec<String>,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
#[command(after_help = "\
Rights:
  net:HOST[:PORT]        connect (`net:api.example.com`, `net:*.example.com:8443`, `net:127.0.0.1`)
  read:PATH write:PATH   files and databases (`read:~/.tool/**`, `write:~/.tool/auth.json`)
  env:NAME               an environment variable
  keychain:SERVICE       read and change an item of the keychain
  insecureTls:HOST       accept any certificate of this host
  run:PROGRAM            start a program
  ccusage                count token usage
  processes              see running programs and their ports
  system                 read this machine's load, memory and disks")]
pub(crate) struct GrantArgs {
    /// The plugin
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Rights, such as `net:api.example.com` or `read:~/.tool/**`
    #[arg(value_name = "RIGHT")]
    pub(crate) rights: Vec<String>,
    /// Everything the last run lacked
    #[arg(long)]
    pub(crate) from_last_run: bool,
    /// Everything its manifest declares
    #[arg(long)]
    pub(crate) declared: bool,
    /// Everything a known plugin with this id needs
    #[arg(long)]
    pub(crate) profile: bool,
    /// Deny these rights instead: that wins over anything granted
    #[arg(long)]
    pub(crate) deny: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// The plugin
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Rights as `vario grants --json` shows them; everything if none is named
    #[arg(value_name = "RIGHT")]
    pub(crate) rights: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct GrantsArgs {
    /// Only this plugin
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Only this plugin
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Only what was refused
    #[arg(long)]
    pub(crate) refused: bool,
    /// The newest so many calls
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(crate) limit: usize,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Plugin folders with `cassettes/*.json`; or a folder with the same plugin in `lua/` and `js/`
    #[arg(value_name = "DIR", required = true)]
    pub(crate) dirs: Vec<PathBuf>,
    /// Write what comes out into the cassettes as the expected output
    #[arg(long)]
    pub(crate) update: bool,
    #[command(flatten)]
    pub(crate) replay: ReplayOptions,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// Cassettes; a `.jsonl` file holds one a line
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) replay: ReplayOptions,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct ReplayOptions {
    /// Whether recorded calls answer in their order, or by their arguments
    #[arg(long, default_value = "strict")]
    pub(crate) order: OrderArg,
    /// Fail when recorded calls are left over
    #[arg(long)]
    pub(crate) strict_end: bool,
    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which recorded call answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrderArg {
    /// The next one, which must be the same call
    Strict,
    /// The first unused same call
    Keyed,
}

#[derive(Debug, Args)]
#[command(after_help = "\
vario config                            every setting with its value
vario config KEY                        one value
vario config KEY VALUE                  set it
vario config plugin ID                  a plugin's settings
vario config plugin ID KEY [VALUE]      read or set one; a secret is read from standard input")]
pub(crate) struct ConfigArgs {
    /// A key and maybe a value, or `plugin ID [KEY [VALUE]]`
    #[arg(value_name = "WORD", num_args = 0..=4, allow_negative_numbers = true)]
    pub(crate) words: Vec<String>,
    /// Forget the value, so that the default holds
    #[arg(long)]
    pub(crate) unset: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AccountArgs {
    #[command(subcommand)]
    pub(crate) action: AccountAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountAction {
    /// Add an account; the first of its kind is in use at once
    Add(AccountAddArgs),
    /// List the accounts, without their secrets
    List(ListArgs),
    /// Sign in: make an account the one in use of its kind
    Use(AccountUseArgs),
    /// Remove an account and its secrets
    Remove(AccountNameArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AccountAddArgs {
    #[command(subcommand)]
    pub(crate) kind: AccountAdd,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountAdd {
    /// An identity, as smartCARS plugins get it when they start
    Smartcars(AddSmartcarsArgs),
    /// An airline, as Stratos plugins see it
    Stratos(AddStratosArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AddSmartcarsArgs {
    /// What to call it
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The identity, a JSON file; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: PathBuf,
    /// Take the place of the account of that name
    #[arg(long)]
    pub(crate) replace: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AddStratosArgs {
    /// What to call it
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Where the airline's interface is (`https://airline.example/api`)
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: String,
    /// The airline's id; NAME if not given
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// The airline's ICAO code
    #[arg(long, value_name = "CODE")]
    pub(crate) icao: Option<String>,
    /// The airline's name; NAME if not given
    #[arg(long, value_name = "TEXT")]
    pub(crate) name_shown: Option<String>,
    /// Where a new token is asked for when the old one is refused
    #[arg(long, value_name = "URL")]
    pub(crate) refresh_url: Option<String>,
    /// Read the token from standard input
    #[arg(long, conflicts_with = "token_file")]
    pub(crate) token_stdin: bool,
    /// Read the token from a file
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Read what a new token is asked with from a file
    #[arg(long, value_name = "FILE")]
    pub(crate) refresh_token_file: Option<PathBuf>,
    /// Take the place of the account of that name
    #[arg(long)]
    pub(crate) replace: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AccountUseArgs {
    /// The account
    #[arg(value_name = "NAME", required_unless_present = "none", conflicts_with = "none")]
    pub(crate) name: Option<String>,
    /// Sign out: use no account of this kind
    #[arg(long, value_name = "KIND")]
    pub(crate) none: Option<AccountKindArg>,
}

/// Whose plugins an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AccountKindArg {
    /// smartCARS
    Smartcars,
    /// Stratos
    Stratos,
}

#[derive(Debug, Args)]
pub(crate) struct AccountNameArgs {
    /// The account
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Of what
    pub(crate) name: SchemaName,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// `plugin.json` of our own and of OpenUsage's plugins
    Manifest,
    /// What a probe returns, after validation
    Output,
    /// A plugin's settings
    Settings,
    /// A recorded run
    Cassette,
    /// `accounts.toml`
    Accounts,
    /// `config.toml`
    Config,
    /// `grants.toml`
    Grants,
    /// An element of what `vario probe --json` prints
    Snapshot,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `90s`, `1.5s`, `500ms`, `5m`, `2h`, or seconds without a unit; more than nothing.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    match parse_age(text)? {
        duration if duration.is_zero() => Err("expected more than nothing".to_owned()),
        duration => Ok(duration),
    }
}

/// The same, or `0`: nothing is fresh enough.
pub(crate) fn parse_age(text: &str) -> Result<Duration, String> {
    const EXPECTED: &str = "expected a number with `ms`, `s`, `m`, `h` or `d`";
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(EXPECTED.to_owned()),
    };
    let seconds = number.parse::<f64>().map_err(|_no_number| EXPECTED.to_owned())? * factor;
    Duration::try_from_secs_f64(seconds).map_err(|_too_large| "that is too long".to_owned())
}

/// `32M`, `512K`, `1G`, `67108864`; binary units, with or without `B` or `iB`.
pub(crate) fn parse_size(text: &str) -> Result<usize, String> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let shift = match unit.to_ascii_uppercase().trim_end_matches('B').trim_end_matches('I') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err("expected a number with `K`, `M` or `G`".to_owned()),
    };
    let number: usize = number.parse().map_err(|error| format!("`{number}`: {error}"))?;
    match number.checked_mul(1 << shift) {
        Some(0) => Err("expected more than nothing".to_owned()),
        Some(bytes) => Ok(bytes),
        None => Err("that is too much".to_owned()),
    }
}
