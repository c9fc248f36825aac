//! Tokens that tools of this user have used, by their own session logs.

use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use vario_host::UsageProvider;
use vario_host_native::{UsageQuery, UsageSource};
use vario_usage_logs::{
    Cache, Environment, ExplainedLine, Grouping, PriceTable, Report, RuleSet, Scan, Source,
    parse_day,
};
use vario_value::Value;

use crate::vario::{Error, Vario};

/// Whose tokens, and of when.
#[derive(Debug, Clone)]
pub struct TokenQuestion {
    /// Whose logs.
    pub source: Source,
    /// The release of ccusage to count like.
    pub rules: RuleSet,
    /// What a row is.
    pub grouping: Grouping,
    /// The first day that counts.
    pub since: Option<Date>,
    /// The last day that counts.
    pub until: Option<Date>,
    /// The time zone that days begin and end in.
    pub zone: TimeZone,
}

/// Where logs, prices and what was counted before are, for whoever asks.
#[derive(Debug, Clone)]
pub(crate) struct UsageLogs {
    home: Option<PathBuf>,
    cache: PathBuf,
    prices: PathBuf,
}

impl Vario {
    /// Counts tokens. What was counted before is not read again.
    ///
    /// # Errors
    /// If folders that the environment names are not there, or the user's prices cannot be read.
    pub fn tokens(&self, question: &TokenQuestion) -> Result<Report, Error> {
        let logs = self.usage_logs();
        let prices = logs.prices(question)?;
        let environment = logs.environment();
        let folders = question.folders(&environment)?;
        Ok(question.scan(&environment, folders, &prices).run(&Cache::new(&logs.cache)))
    }

    /// Counts all of it anew, and says of each line what became of it.
    ///
    /// # Errors
    /// As for [`Vario::tokens`].
    pub fn explain_tokens(
        &self,
        question: &TokenQuestion,
    ) -> Result<(Report, Vec<ExplainedLine>), Error> {
        let logs = self.usage_logs();
        let prices = logs.prices(question)?;
        let environment = logs.environment();
        let folders = question.folders(&environment)?;
        Ok(question.scan(&environment, folders, &prices).explain())
    }

    /// The bundled prices, with those of the user's `prices.toml` in their place.
    ///
    /// # Errors
    /// If that file cannot be read.
    pub fn prices(&self, question: &TokenQuestion) -> Result<PriceTable, Error> {
        self.usage_logs().prices(question)
    }

    pub(crate) fn usage_logs(&self) -> UsageLogs {
        UsageLogs {
            home: self.paths.home().map(Path::to_owned),
            cache: self.paths.state_dir().join("usage-logs"),
            prices: self.paths.config_dir().join("prices.toml"),
        }
    }
}

impl UsageLogs {
    fn prices(&self, question: &TokenQuestion) -> Result<PriceTable, Error> {
        let bundled = PriceTable::bundled(question.source, question.rules);
        // One that cannot even be looked at is told when it is read.
        if matches!(self.prices.try_exists(), Ok(false)) {
            return Ok(bundled);
        }
        bundled.with_file(&self.prices).map_err(|error| Error::new(error.to_string()))
    }

    fn environment(&self) -> Environment {
        let text = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
        Environment {
            home: self.home.clone(),
            claude_config_dir: text("CLAUDE_CONFIG_DIR"),
            codex_home: text("CODEX_HOME"),
            xdg_config_home: std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from),
            model_aliases: text("CCUSAGE_MODEL_ALIASES"),
        }
    }
}

/// Answers plugins (contract section 4.10) without the package that the runners start.
///
/// What it cannot answer as the package would is left to that: days that are none, folders without
/// logs, prices that cannot be read.
impl UsageSource for UsageLogs {
    fn query(&self, query: &UsageQuery) -> Option<Value> {
        let day = |text: &Option<String>| text.as_deref().map(parse_day).transpose().ok();
        let question = TokenQuestion {
            source: match query.provider {
                UsageProvider::Claude => Source::Claude,
                UsageProvider::Codex => Source::Codex,
            },
            rules: RuleSet::default(),
            grouping: Grouping::Daily,
            since: day(&query.since)?,
            until: day(&query.until)?,
            zone: if crate::zone::is_usable() { TimeZone::system() } else { TimeZone::UTC },
        };
        let mut environment = self.environment();
        // What was counted in the user's own folders is kept; a plugin's may be any.
        let mut cache = Cache::new(&self.cache);
        if let Some(folder) = &query.home_override {
            cache = Cache::none();
            let folder = Some(folder.to_str()?.to_owned());
            match query.provider {
                UsageProvider::Claude => environment.claude_config_dir = folder,
                UsageProvider::Codex => environment.codex_home = folder,
            }
        }
        let mut folders = question.folders(&environment).ok()?;
        // The package would look through all of any other folder.
        let known = ["projects", "sessions", "archived_sessions"];
        folders.retain(|folder| known.iter().any(|name| folder.join(name).is_dir()));
        if folders.is_empty() {
            return None;
        }
        let prices = self.prices(&question).ok()?;
        let is_over = || query.cancel.is_cancelled() || Instant::now() >= query.deadline;
        let scan = question.scan(&environment, folders, &prices).stop_when(&is_over);
        let mut report = scan.run_unless_stopped(&cache)?;
        // The runners are asked for the newest day first.
        report.rows.reverse();
        Some(Value::from_json(&report.to_json()))
    }
}

impl TokenQuestion {
    fn folders(&self, environment: &Environment) -> Result<Vec<PathBuf>, Error> {
        let folders = environment.folders(self.source, self.rules);
        folders.map_err(|error| Error::new(error.to_string()))
    }

    fn scan<'a>(
        &self,
        environment: &Environment,
        folders: Vec<PathBuf>,
        prices: &'a PriceTable,
    ) -> Scan<'a> {
        Scan::new(self.source, folders)
            .rules(self.rules)
            .by(self.grouping)
            .since(self.since)
            .until(self.until)
            .timezone(self.zone.clone())
            .aliases(environment.model_aliases(self.rules))
            .prices(prices)
    }
}
