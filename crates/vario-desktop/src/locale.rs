//! Which locale times are written in.
//!
//! What a locale means for times is [`HourCycle::of_locale`] in `vario-output`; this only finds it.

use vario_output::present::HourCycle;

/// Whether the user's day has 12 or 24 named hours, by their locale.
pub fn hour_cycle() -> HourCycle {
    HourCycle::of_locale(&for_times())
}

/// The name of the locale for times, such as `en_US.UTF-8` or `en-GB`; empty when none is set.
#[cfg(not(any(target_os = "macos", windows)))]
pub fn for_times() -> String {
    from_environment(|name| std::env::var(name).ok())
}

/// The name of the locale, such as `en-GB`; empty when none is set.
#[cfg(any(target_os = "macos", windows))]
pub fn for_times() -> String {
    sys_locale::get_locale().unwrap_or_default()
}

/// The order in which POSIX looks for the locale of times.
#[cfg(not(any(target_os = "macos", windows)))]
fn from_environment(variable: impl Fn(&str) -> Option<String>) -> String {
    let mut values = ["LC_ALL", "LC_TIME", "LANG"].into_iter().filter_map(variable);
    values.find(|value| !value.is_empty()).unwrap_or_default()
}

#[cfg(all(test, not(any(target_os = "macos", windows))))]
mod tests {
    use vario_output::present::HourCycle;

    use super::from_environment;

    #[test]
    fn the_first_that_is_set_decides() {
        for (name, variables, expected, twelve) in [
            ("nothing", &[][..], "", false),
            ("only the language", &[("LANG", "en_US.UTF-8")], "en_US.UTF-8", true),
            (
                "times of their own",
                &[("LANG", "en_US.UTF-8"), ("LC_TIME", "en_GB.UTF-8")],
                "en_GB.UTF-8",
                false,
            ),
            ("all overruled", &[("LC_TIME", "en_US"), ("LC_ALL", "C.UTF-8")], "C.UTF-8", false),
            ("empty is not set", &[("LANG", "en_IN"), ("LC_ALL", "")], "en_IN", true),
        ] {
            let look = |wanted: &str| {
                let found = variables.iter().find(|(name, _)| *name == wanted);
                found.map(|(_, value)| (*value).to_owned())
            };
            let locale = from_environment(look);
            assert_eq!(locale, expected, "{name}");
            let is_twelve = HourCycle::of_locale(&locale) == HourCycle::H12;
            assert_eq!(is_twelve, twelve, "{name}");
        }
    }
}
