use vario_model::RouteInfo;
use vario_value::Value;

/// One handler at `/api/<id>/<name>` (smartCARS reference, section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Handler {
    /// In capital letters.
    pub(crate) method: String,
    /// Matched exactly, after percent-decoding.
    pub(crate) name: String,
    pub(crate) description: Option<String>,
}

/// What a plugin serves.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    pub(crate) handlers: Vec<Handler>,
    /// Absolute mount paths, without a `/` at the end (Stratos reference, section 4).
    pub(crate) prefixes: Vec<String>,
}

/// What a plugin registers or takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Handler(Handler),
    Prefix(String),
}

/// More routes than a plugin can need.
const MAX_ROUTES: usize = 1000;

impl Route {
    /// Reads `{prefix}` or `{method, name, description?}` of the plugin with this id.
    pub(crate) fn read(value: &Value, id: &str) -> Result<Self, String> {
        let text = |key| value.get(key).and_then(Value::as_str);
        if let Some(prefix) = text("prefix") {
            return prefix_path(prefix, id).map(Self::Prefix);
        }
        let (Some(method), Some(name)) = (text("method"), text("name")) else {
            return Err("a route needs a prefix, or a method and a name".to_owned());
        };
        if method.len() > MAX_NAME || name.len() > MAX_NAME {
            return Err(format!("the name of a route may have {MAX_NAME} bytes"));
        }
        let description = text("description").filter(|text| !text.is_empty()).map(str::to_owned);
        let handler =
            Handler { method: method.to_ascii_uppercase(), name: name.to_owned(), description };
        Ok(Self::Handler(handler))
    }
}

/// In bytes; a longer name or path is nobody's.
const MAX_NAME: usize = 1024;

/// A mount path as it is compared: what would take something away from others is refused.
fn prefix_path(prefix: &str, id: &str) -> Result<String, String> {
    if prefix.len() > MAX_NAME {
        return Err(format!("a mount path may have {MAX_NAME} bytes"));
    }
    let path = prefix.trim_end_matches('/');
    if !path.starts_with('/') || path.is_empty() {
        return Err(format!("`{prefix}` is no absolute path below `/`"));
    }
    let is_own = is_below(path, &format!("/api/{id}"));
    let taken = ["/api", "/metrics", "/plugins", "/socket.io", "/v1"];
    if !is_own && taken.iter().any(|taken| is_below(path, taken)) {
        return Err(format!("`{prefix}` is reserved"));
    }
    if path.contains(['?', '#', '\\']) || path.split('/').any(|part| part == "..") {
        return Err(format!("`{prefix}` is no plain path"));
    }
    Ok(path.to_owned())
}

impl Routes {
    pub(crate) fn add(&mut self, route: Route) -> Result<(), String> {
        if self.handlers.len() + self.prefixes.len() >= MAX_ROUTES {
            return Err(format!("a plugin may have {MAX_ROUTES} routes"));
        }
        // The same again replaces what was there.
        self.remove(&route);
        match route {
            Route::Handler(handler) => self.handlers.push(handler),
            Route::Prefix(prefix) => self.prefixes.push(prefix),
        }
        Ok(())
    }

    pub(crate) fn remove(&mut self, route: &Route) {
        match route {
            Route::Handler(gone) => self
                .handlers
                .retain(|known| (&known.method, &known.name) != (&gone.method, &gone.name)),
            Route::Prefix(prefix) => self.prefixes.retain(|known| known != prefix),
        }
    }

    /// The handler of exactly this method and name.
    pub(crate) fn handler(&self, method: &str, name: &str) -> Option<&Handler> {
        self.handlers.iter().find(|known| known.method == method && known.name == name)
    }

    /// As people see them.
    pub(crate) fn info(&self, id: &str) -> Vec<RouteInfo> {
        let handlers = self.handlers.iter().map(|handler| RouteInfo {
            method: handler.method.clone(),
            path: format!("/api/{id}/{}", handler.name),
            description: handler.description.clone(),
        });
        let prefixes = self.prefixes.iter().map(|prefix| RouteInfo {
            method: "*".to_owned(),
            path: format!("{prefix}/"),
            description: None,
        });
        handlers.chain(prefixes).collect()
    }
}

/// Whether a path lies at or below a mount path.
pub(crate) fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Undoes percent-encoding; nothing if it is wrong or not text.
pub(crate) fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_path_may_not_take_everything() {
        for (prefix, kept) in [
            ("/loadsheet", Some("/loadsheet")),
            ("/api/x/", Some("/api/x")),
            ("/api/x/y", Some("/api/x/y")),
            ("/api/xy", None),
            ("/api", None),
            ("/api/settings", None),
            ("/v1/usage", None),
            ("/metrics", None),
            ("/plugins/x", None),
            ("/", None),
            ("", None),
            ("loadsheet", None),
            ("/socket.io", None),
            ("/socket.io/x", None),
            ("/a/../b", None),
            ("/a?b", None),
        ] {
            assert_eq!(prefix_path(prefix, "x").ok().as_deref(), kept, "{prefix}");
        }
        assert!(is_below("/a", "/a") && is_below("/a/b", "/a") && !is_below("/ab", "/a"));
    }

    #[test]
    fn sc_11_names_are_compared_after_decoding() {
        for (segment, name) in [
            ("create-flight", Some("create-flight")),
            ("current.wav", Some("current.wav")),
            ("map%5Fstyle", Some("map_style")),
            ("%C3%A9", Some("é")),
            ("%zz", None),
            ("%f", None),
            ("%ff", None),
        ] {
            assert_eq!(decode(segment).as_deref(), name, "{segment}");
        }
    }
}
