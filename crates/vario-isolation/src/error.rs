use std::path::PathBuf;

/// Why there is no worker.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The program is not there.
    #[error("the worker program `{}` does not exist; check where Vario is installed", .0.display())]
    Missing(PathBuf),
    /// The system would not start it.
    #[error("the worker program `{}` cannot be started: {cause}", program.display())]
    Spawn {
        /// The program.
        program: PathBuf,
        /// The system's words.
        cause: std::io::Error,
    },
    /// It started and said something else than a worker of this version says.
    #[error("`{}` is not a worker for this program: {words}; install both from the same release", program.display())]
    Unfit {
        /// The program.
        program: PathBuf,
        /// What is wrong with it.
        words: String,
    },
    /// It ended before it was ready.
    #[error("the worker program `{}` ended before it was ready: {words}", program.display())]
    Ended {
        /// The program.
        program: PathBuf,
        /// How it ended.
        words: String,
    },
    /// It was not ready in time.
    #[error("the worker program `{}` was not ready in time", .0.display())]
    Late(PathBuf),
}
