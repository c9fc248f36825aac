//! Plugins' pages: the files of their UI folders.

use std::path::PathBuf;

use axum::http::request::Parts;
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::Response;
use percent_encoding::percent_decode_str;

use crate::front::{Visit, Who};
use crate::names::page_host;
use crate::site::{PluginInfo, Surface, Ui};
use crate::{files, policy, reply};

/// The id, and what follows `/plugins/ID/`; nothing follows if the last slash is missing.
pub(crate) fn split(path: &str) -> Option<(String, Option<String>)> {
    let rest = path.strip_prefix("/plugins/")?;
    let (id, rest) = match rest.split_once('/') {
        Some((id, rest)) => (id, Some(rest.to_owned())),
        None => (rest, None),
    };
    let id = percent_decode_str(id).decode_utf8().ok()?;
    Some((id.into_owned(), rest))
}

/// Sends who asks on the main port to the page's own origin.
pub(crate) fn to_own_origin(visit: &Visit, head: &Parts, id: &str) -> Response {
    if visit.who == Who::Foreign {
        return reply::forbidden("origin_not_allowed");
    }
    let port = visit.app.port(Surface::Main);
    match (visit.app.plugin(id), port, head.uri.path_and_query()) {
        (Some(plugin), Some(port), Some(target)) if plugin.ui != Ui::None && is_read(head) => {
            reply::redirect(&format!("http://{}:{port}{target}", page_host(id)))
        }
        _ => reply::not_found(),
    }
}

/// Sends a file of the page, or `index.html` in place of one that is not there, because routers in
/// pages make up paths.
pub(crate) async fn answer(
    visit: &Visit,
    plugin: &PluginInfo,
    rest: Option<&str>,
    head: &Parts,
) -> Response {
    if !is_read(head) {
        return reply::method_not_allowed("GET, HEAD");
    }
    let folder = match &plugin.ui {
        Ui::None => return reply::not_found(),
        Ui::NotHosted(reason) => return reply::error(StatusCode::NOT_FOUND, reason),
        Ui::Folder(folder) => folder.clone(),
    };
    let Some(rest) = rest else {
        let query = head.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        return reply::redirect(&format!("{}/{query}", head.uri.path()));
    };
    let Some(parts) = files::parts(rest) else {
        return reply::not_found();
    };
    let may_fall_back = may_fall_back(head);
    let look = move || find(&folder, &parts, may_fall_back);
    let Ok(Some(path)) = tokio::task::spawn_blocking(look).await else {
        return reply::not_found();
    };
    let mut response = files::send(path, StatusCode::OK, &head.method, &head.headers).await;
    policy::protect(visit, &plugin.id, &mut response);
    response
}

fn find(folder: &std::path::Path, parts: &[String], may_fall_back: bool) -> Option<PathBuf> {
    let fallback = || may_fall_back.then(|| files::find(folder, &[])).flatten();
    files::find(folder, parts).or_else(fallback)
}

/// A browser that wants a script or an image cannot use a page instead.
fn may_fall_back(head: &Parts) -> bool {
    let wanted = head.headers.get(HeaderName::from_static("sec-fetch-dest"));
    wanted.is_none_or(|wanted| {
        matches!(wanted.as_bytes(), b"document" | b"empty" | b"frame" | b"iframe")
    })
}

fn is_read(head: &Parts) -> bool {
    matches!(head.method, Method::GET | Method::HEAD)
}
