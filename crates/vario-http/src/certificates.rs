use ureq::tls::{Certificate, ClientCert, PemItem, RootCerts, parse_pem};

/// Whom a client trusts, and who it says it is: what the system knows and nobody, unless told.
#[derive(Debug, Clone, Default)]
pub struct Certificates {
    roots: Option<RootCerts>,
    own: Option<ClientCert>,
}

/// Why a text is of no use as a certificate or key. What is in it is not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// A block that cannot be decoded.
    #[error("not PEM, the text that begins with `-----BEGIN`")]
    Pem,
    /// Other blocks than the one that is needed, or none at all.
    #[error("there is no certificate in it")]
    NoCertificate,
    /// No block of a kind of key that is known (PKCS#1, PKCS#8, SEC1).
    #[error("there is no private key in it that can be read without a password")]
    NoKey,
}

impl Certificates {
    /// Trusts those who are signed by one of these (PEM, RFC 7468), instead of by those that the
    /// system trusts.
    ///
    /// # Errors
    /// If there is none in it.
    pub fn trusting(self, pem: &[u8]) -> Result<Self, CertificateError> {
        let roots = certificates(pem)?;
        Ok(Self { roots: Some(RootCerts::new_with_certs(&roots)), ..self })
    }

    /// Shows a server that asks for it this certificate with those that lead to it, and proves by
    /// the key that it is its own.
    ///
    /// # Errors
    /// If there is no certificate in the one or no key in the other.
    pub fn showing(self, chain: &[u8], key: &[u8]) -> Result<Self, CertificateError> {
        let chain = certificates(chain)?;
        let mut keys = parse_pem(key).filter_map(|item| match item {
            Ok(PemItem::PrivateKey(key)) => Some(Ok(key)),
            Ok(_) => None,
            Err(_what_is_wrong_may_quote_it) => Some(Err(CertificateError::Pem)),
        });
        let key = keys.next().unwrap_or(Err(CertificateError::NoKey))?;
        Ok(Self { own: Some(ClientCert::new_with_certs(&chain, key)), ..self })
    }

    pub(crate) fn roots(&self) -> RootCerts {
        self.roots.clone().unwrap_or(RootCerts::PlatformVerifier)
    }

    pub(crate) fn own(&self) -> Option<ClientCert> {
        self.own.clone()
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, CertificateError> {
    let certificates = parse_pem(pem).filter_map(|item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(Ok(certificate)),
        Ok(_) => None,
        Err(_what_is_wrong_may_quote_it) => Some(Err(CertificateError::Pem)),
    });
    let certificates = certificates.collect::<Result<Vec<_>, _>>()?;
    if certificates.is_empty() { Err(CertificateError::NoCertificate) } else { Ok(certificates) }
}
