//! Plugins that stay: what whoever hosts them says of them, and what the user wants of them. Whether
//! that is this process or another makes no difference here; it is asked over its socket.

use std::time::Instant;

use serde_json::{Value as Json, json};
use vario_bootstrap::Vario;
use vario_model::{BackgroundInfo, MenuCommand};
use vario_ui::{Answered, BackgroundView, Lifecycle, Tried};

use super::Working;
use super::parts::aside;

/// Memory is told in steps of this, so that not every byte is news.
const STEP: u64 = 1 << 20;

/// What whoever hosts says of all plugins.
///
/// # Errors
/// Why nobody says anything, in words.
pub(super) fn ask(vario: &Vario) -> Result<(Vec<BackgroundInfo>, Vec<MenuCommand>), String> {
    let text = |error: vario_bootstrap::Error| error.to_string();
    let list = vario.ask_host(&json!({ "do": "list" })).map_err(text)?;
    let menu = vario.ask_host(&json!({ "do": "menu" })).map_err(text)?;
    let unknown = |error: serde_json::Error| format!("its answer is not understood: {error}");
    let mut plugins: Vec<BackgroundInfo> = serde_json::from_value(list).map_err(unknown)?;
    for plugin in &mut plugins {
        plugin.memory_bytes = plugin.memory_bytes.map(|bytes| bytes.div_ceil(STEP) * STEP);
    }
    Ok((plugins, serde_json::from_value(menu).map_err(unknown)?))
}

/// Takes over what was said.
pub(super) fn put(view: &mut BackgroundView, said: (Vec<BackgroundInfo>, Vec<MenuCommand>)) {
    view.asked = true;
    view.problem = None;
    (view.plugins, view.menu) = said;
    let known = |id: &String| view.plugins.iter().any(|plugin| plugin.id == *id);
    view.failed.retain(|id, _| known(id));
}

fn word(what: Lifecycle) -> &'static str {
    match what {
        Lifecycle::Start => "start",
        Lifecycle::Stop => "stop",
        Lifecycle::Restart => "restart",
    }
}

impl Working {
    /// Asks whoever hosts for something, and hands the answer on. Then the list is asked for again.
    fn ask_host(
        &self,
        command: Json,
        then: impl FnOnce(&mut BackgroundView, Result<Json, String>) + Send + 'static,
    ) -> Result<(), String> {
        let (vario, part) = (self.vario.reopened(), self.background.clone());
        aside("background", move || {
            let outcome = vario.ask_host(&command).map_err(|error| error.to_string());
            let said = ask(&vario);
            part.change(|view| {
                if let Ok(said) = said {
                    put(view, said);
                }
                then(view, outcome);
            });
        })
    }

    /// Starts or stops one.
    pub(super) fn lifecycle(&self, id: String, what: Lifecycle) -> Result<(), String> {
        self.background.change(|view| {
            view.failed.remove(&id);
            view.doing.insert(id.clone(), what);
        });
        self.ask_host(json!({ "do": word(what), "id": id }), move |view, outcome| {
            view.doing.remove(&id);
            note(view, id, outcome);
        })
    }

    /// Runs an entry of a context menu.
    pub(super) fn run_menu(&self, id: String, command: &str) -> Result<(), String> {
        let wish = json!({ "do": "run-menu", "id": id, "command": command });
        self.ask_host(wish, move |view, outcome| note(view, id, outcome))
    }

    /// Asks a route.
    pub(super) fn try_route(
        &self,
        id: String,
        method: String,
        target: String,
        body: &str,
    ) -> Result<(), String> {
        let wish = json!({ "do": "http", "method": method, "target": target, "body": body });
        let tried = Tried { id, method, target, outcome: None };
        self.background.change(|view| view.tried = Some(tried.clone()));
        let (vario, part) = (self.vario.reopened(), self.background.clone());
        aside("background", move || {
            let begun = Instant::now();
            let outcome = vario.ask_host(&wish).map_err(|error| error.to_string());
            let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            part.change(|view| {
                // Another one may have been tried since.
                if view.tried.as_ref() == Some(&tried) {
                    let outcome = Some(outcome.map(|answer| answered(&answer, took_ms)));
                    view.tried = Some(Tried { outcome, ..tried });
                }
            });
        })
    }

    /// Opens a plugin's own page in the browser, which is told how the window looks.
    pub(super) fn open_page(
        &self,
        id: String,
        dark: bool,
        foreground: &str,
        background: &str,
    ) -> Result<(), String> {
        let wish = json!({
            "do": "page", "id": id, "dark": dark, "foreground": foreground, "background": background,
        });
        let (vario, part) = (self.vario.reopened(), self.background.clone());
        aside("background", move || {
            let address = vario.ask_host(&wish).map_err(|error| error.to_string());
            let opened = address.and_then(|address| {
                let address = address.as_str().ok_or("its answer is not understood")?;
                super::acts::open_link(address)
            });
            part.change(|view| note(view, id, opened.map(|()| Json::Null)));
        })
    }
}

/// What failed is shown with the plugin, until something succeeds.
fn note(view: &mut BackgroundView, id: String, outcome: Result<Json, String>) {
    match outcome {
        Ok(_) => _ = view.failed.remove(&id),
        Err(words) => _ = view.failed.insert(id, words),
    }
}

fn answered(answer: &Json, took_ms: u64) -> Answered {
    let status = answer.get("status").and_then(Json::as_u64).unwrap_or_default();
    let headers = answer.get("headers").and_then(Json::as_array);
    let kind = headers.into_iter().flatten().find_map(|header| {
        let is_kind = header.get(0)?.as_str()?.eq_ignore_ascii_case("content-type");
        if is_kind { header.get(1)?.as_str() } else { None }
    });
    Answered {
        status: u16::try_from(status).unwrap_or_default(),
        kind: kind.unwrap_or_default().to_owned(),
        body: answer.get("body").and_then(Json::as_str).unwrap_or_default().to_owned(),
        took_ms,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use vario_ui::BackgroundView;

    use super::{answered, note, put};

    #[test]
    fn an_answer_is_read_as_it_is_sent() {
        let answer = json!({
            "status": 201, "body": "{}", "headers": [["x", "y"], ["Content-Type", "application/json"]],
        });
        let read = answered(&answer, 7);
        assert_eq!((read.status, read.took_ms), (201, 7));
        assert_eq!((read.kind.as_str(), read.body.as_str()), ("application/json", "{}"));
        let odd = answered(&json!({ "status": 70_000, "headers": "none" }), 0);
        assert_eq!((odd.status, odd.kind.as_str()), (0, ""));
    }

    #[test]
    fn what_failed_is_told_until_something_succeeds_or_the_plugin_is_gone() {
        let mut view = BackgroundView::default();
        note(&mut view, "a".to_owned(), Err("no".to_owned()));
        assert_eq!(view.failed.len(), 1);
        note(&mut view, "a".to_owned(), Ok(json!(null)));
        assert!(view.failed.is_empty());
        note(&mut view, "a".to_owned(), Err("no".to_owned()));
        view.problem = Some("nobody".to_owned());
        put(&mut view, (Vec::new(), Vec::new()));
        assert!(view.failed.is_empty() && view.asked && view.problem.is_none());
    }
}
