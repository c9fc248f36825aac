//! The text of an autostart entry.

use std::path::Path;

use crate::{APP_ID, APP_NAME, Error};

/// The entry that starts a program.
pub(super) fn text(program: &Path, arguments: &[&str]) -> Result<String, Error> {
    let bad = |reason| Error::BadProgram { program: program.display().to_string(), reason };
    if !program.is_absolute() {
        return Err(bad("its path is not absolute"));
    }
    let path = program.to_str().ok_or_else(|| bad("its path is not Unicode"))?;
    if path.contains('=') {
        return Err(bad("an autostart entry cannot name a path with an equals sign"));
    }
    let mut command = quoted(path)?;
    for argument in arguments {
        command.push(' ');
        command.push_str(&quoted(argument)?);
    }
    Ok(format!(
        "[Desktop Entry]\n\
         Type=Application\n\
         Version=1.5\n\
         Name={APP_NAME}\n\
         Comment=Shows usage and limits\n\
         Icon={APP_ID}\n\
         TryExec={try_exec}\n\
         Exec={command}\n\
         Terminal=false\n\
         StartupNotify=false\n\
         X-GNOME-Autostart-enabled=true\n",
        try_exec = path.replace('\\', r"\\"),
        command = command.replace('\\', r"\\"),
    ))
}

/// One word of a command line. `%` starts a field code, so it stands twice; quotes keep the rest.
fn quoted(word: &str) -> Result<String, Error> {
    if word.contains(char::is_control) {
        let reason = "an autostart entry cannot hold control characters";
        return Err(Error::BadProgram { program: word.to_owned(), reason });
    }
    let word = word.replace('%', "%%");
    let is_simple = |letter: char| letter.is_alphanumeric() || "/._-+,:@%".contains(letter);
    if !word.is_empty() && word.chars().all(is_simple) {
        return Ok(word);
    }
    let mut quoted = String::from('"');
    for letter in word.chars() {
        if matches!(letter, '"' | '`' | '$' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('"');
    Ok(quoted)
}

/// Whether an entry is obeyed: desktops switch one off by a key rather than removing it.
pub(super) fn is_active(text: &str) -> bool {
    let mut in_group = false;
    let mut has_command = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            in_group = line == "[Desktop Entry]";
        }
        let Some((key, value)) = line.split_once('=').filter(|_| in_group) else {
            continue;
        };
        match (key.trim(), value.trim()) {
            ("Hidden", "true") | ("X-GNOME-Autostart-enabled", "false") => return false,
            ("Exec", command) => has_command = !command.is_empty(),
            _ => {}
        }
    }
    has_command
}
