mod body;
mod hostile;
mod proxies;
mod requests;
mod responses;
mod server;
mod stopping;
mod targets;
mod tls;

use std::time::{Duration, Instant};

use crate::{Call, Error, HttpClient, ProxyConfig, Request, Response};

/// Long enough that no test meets it unless something hangs.
const PATIENCE: Duration = Duration::from_mins(1);

fn call() -> Call {
    Call::until(Instant::now() + PATIENCE)
}

fn send(request: &Request) -> Result<Response, Error> {
    HttpClient::new(ProxyConfig::none()).send(request, &call())
}

fn get(url: &str) -> Request {
    Request { timeout: PATIENCE, ..Request::get(url) }
}

/// The text a plugin would see.
fn error_text(result: Result<Response, Error>) -> String {
    result.expect_err("the request fails").to_string()
}
