//! The files that variables name: whom to trust, and who to be.

use std::fmt::Display;
use std::path::Path;

use vario_http::Certificates;

use crate::settings::{SettingsError, wrong};

/// More than any chain of certificates needs.
const MAX_BYTES: u64 = 1024 * 1024;

/// A variable and the file that it names.
type Named = (String, String);

pub(crate) fn of(either: &impl Fn(&str) -> Option<Named>) -> Result<Certificates, SettingsError> {
    let mut certificates = Certificates::default();
    if let Some(named) = either("CERTIFICATE") {
        let trusted = certificates.trusting(&read(&named)?);
        certificates = trusted.map_err(|error| wrong(&named.0, error.to_string()))?;
    }
    match (either("CLIENT_CERTIFICATE"), either("CLIENT_KEY")) {
        (None, None) => Ok(certificates),
        (Some(chain), Some(key)) => {
            let shown = certificates.showing(&read(&chain)?, &read(&key)?);
            shown.map_err(|error| wrong(&format!("{} and {}", chain.0, key.0), error.to_string()))
        }
        (Some((alone, _)), None) => Err(wrong(&alone, "it needs its key, in a CLIENT_KEY")),
        (None, Some((alone, _))) => {
            Err(wrong(&alone, "it needs its certificate, in a CLIENT_CERTIFICATE"))
        }
    }
}

fn read((variable, path): &Named) -> Result<Vec<u8>, SettingsError> {
    let path = Path::new(path.trim());
    let cannot = |why: &dyn Display| wrong(variable, format!("the file cannot be read: {why}"));
    // Before it is opened: a pipe would be waited for.
    let metadata = std::fs::metadata(path).map_err(|error| cannot(&error))?;
    if !metadata.is_file() {
        return Err(cannot(&"it is not an ordinary file"));
    }
    if metadata.len() > MAX_BYTES {
        return Err(cannot(&"it is larger than 1 MiB"));
    }
    std::fs::read(path).map_err(|error| cannot(&error))
}
