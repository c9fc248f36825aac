/// The value of a flag in a command line: the token after it, or what follows `flag=`.
///
/// The command was split at whitespace long before by whoever joined it, so quotes mean nothing.
pub(super) fn value<'a>(command: &'a str, flag: &str) -> Option<&'a str> {
    let mut tokens = command.split_whitespace();
    while let Some(token) = tokens.next() {
        match token.strip_prefix(flag) {
            Some("") => return tokens.next(),
            Some(rest) if rest.starts_with('=') => return Some(&rest[1..]),
            _ => {}
        }
    }
    None
}
