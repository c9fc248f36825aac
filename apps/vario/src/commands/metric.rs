//! Which quota of a plugin somebody means.

use crate::exit::no_match;

/// The label that is meant: the very one, else the only one that differs in case alone.
pub(super) fn find<'a>(id: &str, wanted: &str, labels: &[&'a str]) -> anyhow::Result<&'a str> {
    if let Some(label) = labels.iter().find(|label| **label == wanted) {
        return Ok(label);
    }
    let folded = wanted.to_lowercase();
    let mut like = labels.iter().filter(|label| label.to_lowercase() == folded);
    if let (Some(label), None) = (like.next(), like.next()) {
        return Ok(label);
    }
    let hint = match vario_manifest::nearest(wanted, labels.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if labels.is_empty() => "; it has none at all".to_owned(),
        None => format!("; there are: {}", labels.join(", ")),
    };
    Err(no_match(format!("`{id}` has no quota `{wanted}`{hint}")))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_very_one_the_like_one_and_a_hint() {
        let labels = ["Session", "Weekly", "weekly"];
        let found = |wanted| find("claude", wanted, &labels).map_err(|error| error.to_string());
        assert_eq!(found("session"), Ok("Session"));
        assert_eq!(found("weekly"), Ok("weekly"));
        let error = |wanted| found(wanted).unwrap_err();
        assert_eq!(error("Sesion"), "`claude` has no quota `Sesion`; did you mean `Session`?");
        assert!(error("WEEKLY").starts_with("`claude` has no quota `WEEKLY`"));
        assert!(error("?").ends_with("; there are: Session, Weekly, weekly"));
        assert!(find("a", "b", &[]).unwrap_err().to_string().ends_with("; it has none at all"));
    }
}
