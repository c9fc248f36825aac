use std::path::Path;

/// Where the C library looks for zones that `TZ` names.
const ZONES: &str = "/usr/share/zoneinfo";

/// The time zone that the environment names, if it does. One that cannot be used is UTC.
pub(crate) fn named() -> Option<String> {
    let zone = std::env::var("TZ").ok().filter(|zone| !zone.is_empty())?;
    Some(if reads_a_file(&zone) { zone } else { "UTC".to_owned() })
}

/// Whether the time zone of the environment can be loaded without danger: `TZ` may name any file,
/// and whoever opens a pipe or a device waits for ever.
pub fn is_usable() -> bool {
    std::env::var("TZ").map_or(true, |zone| reads_a_file(&zone))
}

/// Whether the file that this zone may name, if there is one, is an ordinary one.
fn reads_a_file(zone: &str) -> bool {
    let name = zone.strip_prefix(':').unwrap_or(zone);
    let file = Path::new(ZONES).join(name);
    name.is_empty() || file.metadata().map_or(true, |metadata| metadata.is_file())
}

#[cfg(test)]
mod tests {
    use super::reads_a_file;

    #[test]
    fn zones_are_names_rules_and_ordinary_files() {
        for zone in ["", ":", "UTC", ":Europe/Berlin", "<+05>-5", "/nowhere", ":../nowhere"] {
            assert!(reads_a_file(zone), "{zone}");
        }
        if cfg!(unix) {
            for zone in ["/dev/zero", ":/dev/zero", ":../../../dev/zero", "/", ":/proc"] {
                assert!(!reads_a_file(zone), "{zone}");
            }
        }
    }
}
