/// Why a file of the folder could not be used, or a value does not fit its setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing at that path.
    #[error("`{path}` does not exist in the plugin's folder")]
    Missing {
        /// The relative path that was asked for.
        path: String,
    },
    /// The path, or a symbolic link on it, leads outside of the plugin's folder.
    #[error("`{path}` leads outside of the plugin's folder")]
    Outside {
        /// The relative path that was asked for.
        path: String,
    },
    /// A folder, pipe, socket or device where a regular file is needed.
    #[error("`{path}` is not a regular file")]
    NotRegular {
        /// The relative path that was asked for.
        path: String,
    },
    /// The file is larger than the reader allows. It was not read.
    #[error("`{path}` has more than {cap} bytes, the most that is read")]
    TooLarge {
        /// The relative path that was asked for.
        path: String,
        /// The most bytes the caller allowed.
        cap: u64,
    },
    /// The system refused.
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable {
        /// The relative path that was asked for.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A source file that is not UTF-8.
    #[error("`{path}` is not UTF-8 text: the byte at offset {offset} is invalid")]
    NotUtf8 {
        /// The relative path that was asked for.
        path: String,
        /// Zero-based offset of the first bad byte.
        offset: usize,
    },
    /// A value that the setting's definition does not allow. Never holds the value of a secret.
    #[error("setting `{key}`: {reason}")]
    Setting {
        /// The setting's key.
        key: String,
        /// What was expected, and what was found.
        reason: String,
    },
}
