//! `ctx.host.crypto` (contract section 4.4): AES-256-GCM with a nonce of 16 bytes, as Node makes
//! it with a 16-byte iv, and SHA-256.

use aes_gcm::aead::consts::U16;
use aes_gcm::aead::{Aead, KeyInit, Nonce};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, Key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use vario_host::HostError;

type Cipher = AesGcm<Aes256, U16>;

const KEY_BYTES: usize = 32;
const IV_BYTES: usize = 16;
const TAG_BYTES: usize = 16;

/// The text in an envelope `iv:tag:ciphertext`.
pub(crate) fn decrypt(envelope: &str, key: &str) -> Result<String, HostError> {
    let parts: Vec<&str> = envelope.trim().split(':').collect();
    let [iv, tag, ciphertext] = parts.as_slice() else {
        return Err(HostError::failed("invalid AES-GCM envelope"));
    };
    let cipher = cipher(key)?;
    let iv = part(iv, "iv", "AES-GCM iv", Some(IV_BYTES))?;
    let tag = part(tag, "auth tag", "AES-GCM auth tag", Some(TAG_BYTES))?;
    let mut sealed = part(ciphertext, "ciphertext", "ciphertext", None)?;
    sealed.extend_from_slice(&tag);
    let nonce = Nonce::<Cipher>::try_from(iv.as_slice())
        .map_err(|error| HostError::Failed(format!("decrypt init failed: {error}")))?;
    let plain = cipher
        .decrypt(&nonce, sealed.as_slice())
        .or(Err(HostError::failed("decrypt finalize failed")))?;
    String::from_utf8(plain)
        .map_err(|error| HostError::Failed(format!("decrypted payload is not UTF-8: {error}")))
}

/// An envelope with a fresh random iv.
pub(crate) fn encrypt(plain: &str, key: &str) -> Result<String, HostError> {
    let cipher = cipher(key)?;
    let mut iv = [0; IV_BYTES];
    getrandom::fill(&mut iv)
        .map_err(|error| HostError::Failed(format!("encrypt init failed: {error}")))?;
    let nonce = Nonce::<Cipher>::from(iv);
    let sealed = cipher
        .encrypt(&nonce, plain.as_bytes())
        .or(Err(HostError::failed("encrypt finalize failed")))?;
    let Some((ciphertext, tag)) = sealed.split_last_chunk::<TAG_BYTES>() else {
        return Err(HostError::failed("encrypted payload missing auth tag"));
    };
    Ok(format!("{}:{}:{}", STANDARD.encode(iv), STANDARD.encode(tag), STANDARD.encode(ciphertext)))
}

/// 64 lower-case hex digits.
pub(crate) fn sha256_hex(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _infallible = write!(hex, "{byte:02x}");
        hex
    })
}

fn cipher(key: &str) -> Result<Cipher, HostError> {
    let bytes = part(key.trim(), "key", "AES-256 key", Some(KEY_BYTES))?;
    let key = Key::<Cipher>::try_from(bytes.as_slice())
        .map_err(|error| HostError::Failed(format!("invalid AES-256 key: {error}")))?;
    Ok(Cipher::new(&key))
}

/// One base64 part, of a fixed length where it has one. The error never shows the part.
fn part(
    text: &str,
    name: &str,
    long_name: &str,
    length: Option<usize>,
) -> Result<Vec<u8>, HostError> {
    let bytes = STANDARD
        .decode(text)
        .map_err(|error| HostError::Failed(format!("invalid base64 {name}: {error}")))?;
    match length {
        Some(length) if bytes.len() != length => Err(HostError::Failed(format!(
            "invalid {long_name} length: expected {length} bytes, got {}",
            bytes.len()
        ))),
        _ => Ok(bytes),
    }
}
