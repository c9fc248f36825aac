//! Sends files: content type by extension, ranges, entity tags.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use tower_http::services::ServeFile;

use crate::reply;

/// What a request may ask of a file beside the file.
const CONDITIONS: &[header::HeaderName] = &[
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
];

/// Sends a file whose path was checked. 404 if it is no regular file.
///
/// Ranges and conditions count only if it is to be sent with 200 in answer to a GET or HEAD.
pub(crate) async fn send(
    path: PathBuf,
    status: StatusCode,
    method: &Method,
    asked: &HeaderMap,
) -> Response {
    let looked_at = path.clone();
    let is_file = tokio::task::spawn_blocking(move || looked_at.is_file()).await;
    if !is_file.unwrap_or(false) {
        return reply::error(StatusCode::NOT_FOUND, "not_found");
    }
    let is_plain = status == StatusCode::OK && matches!(method, &Method::GET | &Method::HEAD);
    let mut request = Request::new(Body::empty());
    if is_plain {
        *request.method_mut() = method.clone();
        for (name, value) in asked.iter().filter(|(name, _)| CONDITIONS.contains(name)) {
            request.headers_mut().append(name, value.clone());
        }
    }
    if is_plain && !still_the_same(&path, asked).await {
        request.headers_mut().remove(header::RANGE);
    }
    let Some(mut response) = serve(&path, request).await else {
        return reply::error(StatusCode::NOT_FOUND, "not_found");
    };
    if !is_plain {
        *response.status_mut() = status;
    }
    name_charset(&mut response);
    response
}

async fn serve(path: &Path, request: Request) -> Option<Response> {
    let sent = ServeFile::new(path).ignore_multi_range_requests(true).try_call(request).await;
    Some(sent.ok()?.map(Body::new))
}

/// Whether the part that is asked for would fit the parts the client has (If-Range).
async fn still_the_same(path: &Path, asked: &HeaderMap) -> bool {
    let Some(expected) = asked.get(header::IF_RANGE) else {
        return true;
    };
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::HEAD;
    let Some(now) = serve(path, request).await else {
        return false;
    };
    let marks = [header::ETAG, header::LAST_MODIFIED];
    marks.iter().any(|mark| now.headers().get(mark) == Some(expected))
}

/// Texts are UTF-8 unless they say otherwise themselves.
fn name_charset(response: &mut Response) {
    let headers = response.headers_mut();
    let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else {
        return;
    };
    if kind.starts_with("text/") && !kind.contains("charset") {
        let kind = format!("{kind}; charset=utf-8");
        if let Ok(kind) = HeaderValue::from_str(&kind) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
    }
}

/// The parts of a percent-encoded path inside a folder; nothing if it could lead anywhere else or
/// names something hidden. An empty path has no parts.
pub(crate) fn parts(path: &str) -> Option<Vec<String>> {
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Some(Vec::new());
    }
    path.split('/').map(part).collect()
}

fn part(text: &str) -> Option<String> {
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    let is_odd = |c: char| matches!(c, '/' | '\\' | ':') || c.is_control();
    // A leading dot hides a file, and is also how `.` and `..` begin.
    let fits = !decoded.is_empty() && !decoded.starts_with('.') && !decoded.contains(is_odd);
    fits.then(|| decoded.into_owned())
}

/// The regular file at `parts` inside `folder`, links resolved; nothing if it is not inside.
/// A folder stands for the `index.html` in it. Blocks.
pub(crate) fn find(folder: &Path, parts: &[String]) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let mut wanted = folder.clone();
    wanted.extend(parts);
    let mut real = wanted.canonicalize().ok()?;
    if real.is_dir() {
        real = real.join("index.html").canonicalize().ok()?;
    }
    (real.starts_with(&folder) && real.is_file()).then_some(real)
}
