use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{InconsistentKeys, RootCertStore};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts};

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
    /// A block that says it is a certificate.
    #[error("a certificate in it is damaged")]
    Damaged,
    /// No block of a kind of key that is known (PKCS#1, PKCS#8, SEC1).
    #[error("there is no private key in it that can be read without a password")]
    NoKey,
    /// A kind of key that TLS does not know.
    #[error("no connection can be made with a key of this kind")]
    UnknownKey,
    /// The key is another one's.
    #[error("the key does not belong to the certificate")]
    OtherKey,
}

impl Certificates {
    /// Trusts those who are signed by one of these (PEM, RFC 7468), instead of by those that the
    /// system trusts.
    ///
    /// # Errors
    /// If there is none in it, or one that cannot be read.
    pub fn trusting(self, pem: &[u8]) -> Result<Self, CertificateError> {
        let roots = certificates(pem)?;
        let mut known = RootCertStore::empty();
        for root in &roots {
            known.add(root.clone()).map_err(|_what_is_in_it| CertificateError::Damaged)?;
        }
        Ok(Self { roots: Some(RootCerts::new_with_certs(&handed(&roots))), ..self })
    }

    /// Shows a server that asks for it this certificate with those that lead to it, and proves by
    /// the key that it is its own.
    ///
    /// # Errors
    /// If there is no certificate in the one or no key in the other, or they are not a pair.
    pub fn showing(self, chain: &[u8], key: &[u8]) -> Result<Self, CertificateError> {
        let chain = certificates(chain)?;
        let der =
            PrivateKeyDer::from_pem_slice(key).map_err(|_not_told| CertificateError::NoKey)?;
        let key = PrivateKey::from_pem(key).map_err(|_not_told| CertificateError::NoKey)?;
        let provider = rustls::crypto::ring::default_provider();
        CertifiedKey::from_der(chain.clone(), der, &provider).map_err(|error| match error {
            rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                CertificateError::OtherKey
            }
            rustls::Error::InvalidCertificate(_) => CertificateError::Damaged,
            _ => CertificateError::UnknownKey,
        })?;
        Ok(Self { own: Some(ClientCert::new_with_certs(&handed(&chain), key)), ..self })
    }

    pub(crate) fn roots(&self) -> RootCerts {
        self.roots.clone().unwrap_or(RootCerts::PlatformVerifier)
    }

    pub(crate) fn own(&self) -> Option<ClientCert> {
        self.own.clone()
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let certificates = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    let certificates = certificates.map_err(|_not_told| CertificateError::Pem)?;
    if certificates.is_empty() { Err(CertificateError::NoCertificate) } else { Ok(certificates) }
}

/// The same in the HTTP library's own type.
fn handed(certificates: &[CertificateDer<'_>]) -> Vec<Certificate<'static>> {
    certificates.iter().map(|one| Certificate::from_der(one).to_owned()).collect()
}
