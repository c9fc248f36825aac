//! A server whose certificate nobody signed.

use std::io::Write;
use std::sync::Arc;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};

use super::server::{Server, ok, read_request};
use super::{error_text, get, send};
use crate::{Call, HttpClient, ProxyConfig, Request};

fn self_signed() -> Server {
    let names = vec!["elsewhere.example".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    Server::start(move |stream| {
        let mut tls = ServerConnection::new(Arc::new(config)).unwrap();
        while tls.is_handshaking() {
            if tls.complete_io(stream).is_err() {
                return b"no handshake".to_vec();
            }
        }
        let mut stream = Stream::new(&mut tls, stream);
        let request = read_request(&mut stream);
        stream.write_all(&ok("", b"secret")).unwrap();
        request
    })
}

#[test]
fn certificates_are_verified_unless_the_plugin_says_otherwise() {
    let client = HttpClient::new(ProxyConfig::none());
    let call = Call { ..super::call() };
    // Twice in turn: neither answer may be remembered for the other.
    for _ in 0..2 {
        let server = self_signed();
        let url = format!("https://localhost:{}/", server.port);
        let expected = format!("error sending request for url ({url})");
        assert_eq!(error_text(client.send(&get(&url), &call)), expected);
        assert_eq!(server.finish(), b"no handshake");

        let server = self_signed();
        let url = format!("https://127.0.0.1:{}/", server.port);
        let request = Request { ignore_tls: true, ..get(&url) };
        assert_eq!(client.send(&request, &call).unwrap().body, "secret");
        assert!(server.request_text().starts_with("GET / HTTP/1.1\r\n"));
    }
}

#[test]
fn a_server_that_speaks_no_tls_is_a_failure_to_send() {
    let server = Server::start(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        Vec::new()
    });
    let url = format!("https://127.0.0.1:{}/", server.port);
    let request = Request { ignore_tls: true, ..get(&url) };
    assert_eq!(error_text(send(&request)), format!("error sending request for url ({url})"));
}
