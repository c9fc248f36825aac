//! Hashes and random bytes for `crypto`.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use vario_value::Value;

use super::natives::{bytes, text};

/// The most random bytes that are given at once.
const MAX_RANDOM: usize = 1024 * 1024;

/// `(algorithm, bytes)`: the digest.
pub(super) fn hash(args: &[Value]) -> Result<Value, String> {
    let data = bytes(args, 1)?;
    let digest = match name(args)?.as_str() {
        "md5" => Md5::digest(data).to_vec(),
        "sha1" => Sha1::digest(data).to_vec(),
        "sha224" => Sha224::digest(data).to_vec(),
        "sha256" => Sha256::digest(data).to_vec(),
        "sha384" => Sha384::digest(data).to_vec(),
        "sha512" => Sha512::digest(data).to_vec(),
        _ => return Err("Digest method not supported".to_owned()),
    };
    Ok(Value::Bytes(digest))
}

/// `(algorithm, key, bytes)`: the authentication code.
pub(super) fn hmac(args: &[Value]) -> Result<Value, String> {
    let (key, data) = (bytes(args, 1)?, bytes(args, 2)?);
    let code = match name(args)?.as_str() {
        "md5" => code::<Hmac<Md5>>(key, data),
        "sha1" => code::<Hmac<Sha1>>(key, data),
        "sha224" => code::<Hmac<Sha224>>(key, data),
        "sha256" => code::<Hmac<Sha256>>(key, data),
        "sha384" => code::<Hmac<Sha384>>(key, data),
        "sha512" => code::<Hmac<Sha512>>(key, data),
        _ => return Err("Invalid digest".to_owned()),
    };
    code.map(Value::Bytes)
}

fn code<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Result<Vec<u8>, String> {
    let mut mac = <M as KeyInit>::new_from_slice(key).map_err(|error| error.to_string())?;
    mac.update(data);
    Ok(mac.finalize().into_bytes().to_vec())
}

fn name(args: &[Value]) -> Result<String, String> {
    Ok(text(args, 0)?.to_ascii_lowercase().replace('-', ""))
}

/// `(count)`: that many random bytes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from float saturates, and the bound is checked"
)]
pub(super) fn random_bytes(args: &[Value]) -> Result<Value, String> {
    let count = args.first().and_then(Value::as_f64).unwrap_or(0.0) as usize;
    if count > MAX_RANDOM {
        return Err(format!("no more than {MAX_RANDOM} random bytes are given at once"));
    }
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
    Ok(Value::Bytes(bytes))
}
