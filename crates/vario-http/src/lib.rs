//! One HTTP request on a plugin's behalf, with the contract's limits, proxies and error texts.
//!
//! Start at [`HttpClient`]: it is made once with a [`ProxyConfig`] and sends one [`Request`] per
//! call. A [`Call`] carries what belongs to the run rather than to the request: its deadline, its
//! [`CancelHandle`] and the [`AddressCheck`] that may veto an address after the name was resolved.
//! [`Target`] tells beforehand where a URL leads, by the very reading that the connection uses.
//! What a plugin sees (texts, defaults, header rules) is section 4.6 of the probe contract.
//!
//! [`HttpClient::send_raw`] gives an answer as it came, for those that fetch what is no text.
//! [`HttpClient::with_certificates`] is for servers that the system does not know.
//!
//! There is no cookie jar, no redirect, no decompression and no connection that outlives its call.
//! This crate does not log, does not redact (an [`Error`] names the whole URL, as the contract
//! says), does not read the process environment and does not decide who may talk to whom.

mod cancel;
mod certificates;
mod charset;
mod client;
mod connect;
mod error;
mod no_proxy;
mod proxy;
mod request;
mod resolve;
mod response;
mod target;

#[cfg(test)]
mod tests;

pub use crate::cancel::CancelHandle;
pub use crate::certificates::{CertificateError, Certificates};
pub use crate::client::{Call, HttpClient};
pub use crate::error::{Cause, Error};
pub use crate::proxy::ProxyConfig;
pub use crate::request::{DEFAULT_MAX_BODY_BYTES, DEFAULT_TIMEOUT, Request};
pub use crate::resolve::AddressCheck;
pub use crate::response::{RawResponse, Response};
pub use crate::target::Target;
