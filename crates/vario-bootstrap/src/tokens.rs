//! Tokens that tools of this user have used, by their own session logs.

use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use vario_usage_logs::{
    Cache, Environment, ExplainedLine, Grouping, PriceTable, Report, RuleSet, Scan, Source,
};

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

impl Vario {
    /// Counts tokens. What was counted before is not read again.
    ///
    /// # Errors
    /// If folders that the environment names are not there, or the user's prices cannot be read.
    pub fn tokens(&self, question: &TokenQuestion) -> Result<Report, Error> {
        let prices = self.prices(question)?;
        let cache = Cache::new(self.paths.state_dir().join("usage-logs"));
        Ok(question.scan(self.logs(question)?, &prices).run(&cache))
    }

    /// Counts all of it anew, and says of each line what became of it.
    ///
    /// # Errors
    /// As for [`Vario::tokens`].
    pub fn explain_tokens(
        &self,
        question: &TokenQuestion,
    ) -> Result<(Report, Vec<ExplainedLine>), Error> {
        let prices = self.prices(question)?;
        Ok(question.scan(self.logs(question)?, &prices).explain())
    }

    /// The bundled prices, with those of the user in their place.
    ///
    /// # Errors
    /// If the user's file cannot be read.
    pub fn prices(&self, question: &TokenQuestion) -> Result<PriceTable, Error> {
        let bundled = PriceTable::bundled(question.source, question.rules);
        let file = self.prices_file();
        if !file.exists() {
            return Ok(bundled);
        }
        bundled.with_file(&file).map_err(|error| Error::new(error.to_string()))
    }

    /// Where the user may write other prices.
    pub fn prices_file(&self) -> PathBuf {
        self.paths.config_dir().join("prices.toml")
    }

    fn logs(&self, question: &TokenQuestion) -> Result<Vec<PathBuf>, Error> {
        let text = |name: &str| std::env::var(name).ok();
        let environment = Environment {
            home: self.paths.home().map(std::path::Path::to_owned),
            claude_config_dir: text("CLAUDE_CONFIG_DIR"),
            codex_home: text("CODEX_HOME"),
            xdg_config_home: std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from),
        };
        let folders = environment.folders(question.source, question.rules);
        folders.map_err(|error| Error::new(error.to_string()))
    }
}

impl TokenQuestion {
    fn scan<'a>(&self, folders: Vec<PathBuf>, prices: &'a PriceTable) -> Scan<'a> {
        Scan::new(self.source, folders)
            .rules(self.rules)
            .by(self.grouping)
            .since(self.since)
            .until(self.until)
            .timezone(self.zone.clone())
            .prices(prices)
    }
}
