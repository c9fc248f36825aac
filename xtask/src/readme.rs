//! Commands that the README gives its reader, so that CI runs what the reader runs.

use anyhow::{Context as _, Result, bail};

/// The text of the fenced block that follows `<!-- command: NAME -->` directly.
///
/// Blank lines between the marker and the block are fine; anything else in between is an error, as
/// is a marker that is missing or there twice.
pub(crate) fn command(readme: &str, name: &str) -> Result<String> {
    let marker = format!("<!-- command: {name} -->");
    let mut lines = readme.lines().skip_while(|line| line.trim() != marker);
    lines.next().with_context(|| format!("README.md has no line `{marker}`"))?;
    let opening = lines.by_ref().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if !opening.trim().starts_with("```") {
        bail!("README.md: `{marker}` is not followed by a fenced block");
    }
    let mut block = Vec::new();
    loop {
        match lines.next() {
            None => bail!("README.md: the block after `{marker}` is not closed"),
            Some(line) if line.trim() == "```" => break,
            Some(line) => block.push(line),
        }
    }
    if lines.any(|line| line.trim() == marker) {
        bail!("README.md has `{marker}` twice");
    }
    let block = block.join("\n");
    if block.trim().is_empty() {
        bail!("README.md: the block after `{marker}` is empty");
    }
    Ok(block)
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn the_block_after_the_marker_is_the_command() {
        let readme =
            "# A\n```sh\nno\n```\n<!-- command: test -->\n\n```sh\ncargo xtask test\nls\n```\n";
        assert_eq!(command(readme, "test").unwrap(), "cargo xtask test\nls");
    }

    #[test]
    fn anything_else_is_an_error() {
        let cases = [
            ("absent", "# A", "README.md has no line `<!-- command: test -->`"),
            (
                "text between",
                "<!-- command: test -->\nRun:\n```\na\n```",
                "README.md: `<!-- command: test -->` is not followed by a fenced block",
            ),
            (
                "unclosed",
                "<!-- command: test -->\n```\na",
                "README.md: the block after `<!-- command: test -->` is not closed",
            ),
            (
                "empty",
                "<!-- command: test -->\n```\n\n```",
                "README.md: the block after `<!-- command: test -->` is empty",
            ),
            (
                "twice",
                "<!-- command: test -->\n```\na\n```\n<!-- command: test -->",
                "README.md has `<!-- command: test -->` twice",
            ),
        ];
        for (case, readme, expected) in cases {
            assert_eq!(command(readme, "test").expect_err(case).to_string(), expected, "{case}");
        }
    }
}
