use std::io;
use std::path::{Path, PathBuf};

/// What ends a scan, or keeps one from beginning. What is wrong with single files or lines does
/// not: it is a [`Problem`](crate::Problem) of the report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A folder that was named holds no logs.
    #[error(
        "`{variable}` is `{value}`, and none of that is a folder with logs: name a folder that \
         holds `{expected}`, or unset it"
    )]
    NoFolder {
        /// The variable.
        variable: &'static str,
        /// Its value.
        value: String,
        /// The folder that is missing in it.
        expected: &'static str,
    },
    /// There is no time zone of that name.
    #[error("there is no time zone `{name}`: use a name such as `Europe/Berlin` or `UTC`")]
    UnknownTimeZone {
        /// The name.
        name: String,
    },
    /// A bound is no day.
    #[error("`{value}` is no day: write it as `20260131` or `2026-01-31`")]
    BadDay {
        /// What was given.
        value: String,
    },
    /// The file with prices cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    ReadPrices {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file with prices is not what it should be.
    #[error("{}: {message}; correct the file or remove it", path.display())]
    Prices {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column where known.
        message: String,
    },
}

impl Error {
    pub(crate) fn read_prices(path: &Path, source: io::Error) -> Self {
        Self::ReadPrices { path: path.to_owned(), source }
    }

    pub(crate) fn prices(path: &Path, message: impl Into<String>) -> Self {
        Self::Prices { path: path.to_owned(), message: message.into() }
    }
}
