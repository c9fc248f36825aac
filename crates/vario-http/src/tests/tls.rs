//! A server whose certificate nobody signed, and who knows nobody either.

use std::io::Write;
use std::sync::Arc;

use rcgen::{CertifiedKey, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, Stream};

use super::server::{Server, ok, read_request};
use super::{error_text, get, send};
use crate::{Call, CertificateError, Certificates, HttpClient, ProxyConfig, Request};

fn self_signed() -> Server {
    server(&signed_by_itself("elsewhere.example"), None)
}

fn signed_by_itself(name: &str) -> CertifiedKey<KeyPair> {
    rcgen::generate_simple_self_signed([name.to_owned()]).unwrap()
}

/// One who has a certificate, and who speaks to none but one guest if there is one.
fn server(own: &CertifiedKey<KeyPair>, guest: Option<&CertifiedKey<KeyPair>>) -> Server {
    let key = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = match guest {
        None => config.with_no_client_auth(),
        Some(guest) => {
            let mut roots = RootCertStore::empty();
            roots.add(guest.cert.der().clone()).unwrap();
            let roots = Arc::new(roots);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
            config.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let config = config.with_single_cert(vec![own.cert.der().clone()], key).unwrap();
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

#[test]
fn a_certificate_of_the_users_is_trusted_and_no_other() {
    let (own, other) = (signed_by_itself("localhost"), signed_by_itself("localhost"));
    for (trusted, is_heard) in [(&own, true), (&other, false)] {
        let trusted = Certificates::default().trusting(trusted.cert.pem().as_bytes()).unwrap();
        let client = HttpClient::new(ProxyConfig::none()).with_certificates(trusted);
        let server = server(&own, None);
        let url = format!("https://localhost:{}/", server.port);
        assert_eq!(client.send(&get(&url), &super::call()).is_ok(), is_heard);
        server.finish();
    }
}

#[test]
fn a_server_that_wants_to_know_its_guest_is_told() {
    let (own, guest) = (signed_by_itself("localhost"), signed_by_itself("guest"));
    let trusting = Certificates::default().trusting(own.cert.pem().as_bytes()).unwrap();
    let (shown, key) = (guest.cert.pem(), guest.signing_key.serialize_pem());
    let known = trusting.clone().showing(shown.as_bytes(), key.as_bytes()).unwrap();
    for (certificates, is_heard) in [(known, true), (trusting, false)] {
        let client = HttpClient::new(ProxyConfig::none()).with_certificates(certificates);
        let server = server(&own, Some(&guest));
        let url = format!("https://localhost:{}/", server.port);
        assert_eq!(client.send(&get(&url), &super::call()).is_ok(), is_heard);
        server.finish();
    }
}

#[test]
fn what_is_no_certificate_is_refused() {
    let made = signed_by_itself("a");
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let damaged = certificate.replacen("MI", "!!", 1);
    let none = Certificates::default;
    let error = |made: Result<Certificates, CertificateError>| made.unwrap_err();
    assert_eq!(error(none().trusting(b"")), CertificateError::NoCertificate);
    assert_eq!(error(none().trusting(key.as_bytes())), CertificateError::NoCertificate);
    assert_eq!(error(none().trusting(damaged.as_bytes())), CertificateError::Pem);
    let shown = none().showing(certificate.as_bytes(), certificate.as_bytes());
    assert_eq!(error(shown), CertificateError::NoKey);
    let other = signed_by_itself("a").signing_key.serialize_pem();
    let shown = none().showing(certificate.as_bytes(), other.as_bytes());
    assert_eq!(error(shown), CertificateError::OtherKey);
    let hollow = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(error(none().trusting(hollow.as_bytes())), CertificateError::Damaged);
    let shown = none().showing(hollow.as_bytes(), key.as_bytes());
    assert_eq!(error(shown), CertificateError::Damaged);
    let hollow = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let shown = none().showing(certificate.as_bytes(), hollow.as_bytes());
    assert_eq!(error(shown), CertificateError::UnknownKey);
}
