use vario_value::Value;

use super::support::{World, texts};

const KEY: &str = "CwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCws=";
const IV: &str = "BwcHBwcHBwcHBwcHBwcHBw==";
const TAG: &str = "r7dHQnw0HvU6a+554lnL1A==";
const SEALED: &str = "56KtteEFXKyUvbihNRc=";

/// Made by Node's `aes-256-gcm` (contract section 11).
fn vector() -> String {
    format!("{IV}:{TAG}:{SEALED}")
}

#[test]
fn node_made_envelopes_open() {
    let world = World::new();
    for envelope in [vector(), format!(" {}\n", vector())] {
        for key in [KEY.to_owned(), format!("\t{KEY} ")] {
            let opened = world.call("crypto.decryptAes256Gcm", &texts(&[&envelope, &key]));
            assert_eq!(opened, Ok(Value::from("probe contract")));
        }
    }
}

#[test]
fn envelopes_fail_in_the_contracts_order() {
    let world = World::new();
    let bad_key = "not base64!";
    let short = "AAAA";
    let cases = [
        (String::new(), bad_key, "invalid AES-GCM envelope"),
        (format!("{IV}:{TAG}"), bad_key, "invalid AES-GCM envelope"),
        (format!("{}:x", vector()), bad_key, "invalid AES-GCM envelope"),
        ("!:!:!".to_owned(), bad_key, "invalid base64 key: "),
        ("!:!:!".to_owned(), short, "invalid AES-256 key length: expected 32 bytes, got 3"),
        ("!:!:!".to_owned(), KEY, "invalid base64 iv: "),
        (format!("{short}:!:!"), KEY, "invalid AES-GCM iv length: expected 16 bytes, got 3"),
        (format!("{IV}:!:!"), KEY, "invalid base64 auth tag: "),
        (
            format!("{IV}:{short}:!"),
            KEY,
            "invalid AES-GCM auth tag length: expected 16 bytes, got 3",
        ),
        (format!("{IV}:{TAG}:!"), KEY, "invalid base64 ciphertext: "),
        (format!("{IV}:{TAG}:56KtteEFXKyUvbihNRc"), KEY, "invalid base64 ciphertext: "),
        (format!("{IV}:{IV}:{SEALED}"), KEY, "decrypt finalize failed"),
        (format!("{IV}:{TAG}:"), KEY, "decrypt finalize failed"),
    ];
    for (envelope, key, message) in cases {
        let found = world.failure("crypto.decryptAes256Gcm", &texts(&[&envelope, key]));
        let is_right = found == message || message.ends_with(": ") && found.starts_with(message);
        assert!(is_right, "{envelope} with {key}: {found}");
    }
}

#[test]
fn what_was_sealed_opens_again() {
    let world = World::new();
    for plain in ["", "x", "ä text of more than sixteen bytes"] {
        let seal = || world.call("crypto.encryptAes256Gcm", &texts(&[plain, KEY])).unwrap();
        let (first, second) = (seal(), seal());
        assert_ne!(first, second, "the iv is random");
        let lengths: Vec<usize> = first.as_str().unwrap().split(':').map(str::len).collect();
        assert_eq!(lengths[..2], [24, 24]);
        let args = [first, Value::from(KEY)];
        assert_eq!(world.call("crypto.decryptAes256Gcm", &args), Ok(Value::from(plain)));
    }
    let message = "invalid AES-256 key length: expected 32 bytes, got 3";
    assert_eq!(world.failure("crypto.encryptAes256Gcm", &texts(&["x", "AAAA"])), message);
}

#[test]
fn payloads_must_be_text() {
    use aes_gcm::aead::consts::U16;
    use aes_gcm::aead::{Aead as _, KeyInit as _};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    type Cipher = aes_gcm::AesGcm<aes_gcm::aes::Aes256, U16>;
    let cipher = Cipher::new(&[11; 32].into());
    let sealed = cipher.encrypt(&[7; 16].into(), [0xff].as_slice()).unwrap();
    let (text, tag) = sealed.split_last_chunk::<16>().unwrap();
    let envelope = format!("{IV}:{}:{}", STANDARD.encode(tag), STANDARD.encode(text));
    let message = world_failure(&envelope);
    assert!(message.starts_with("decrypted payload is not UTF-8: "), "{message}");
}

fn world_failure(envelope: &str) -> String {
    World::new().failure("crypto.decryptAes256Gcm", &texts(&[envelope, KEY]))
}

#[test]
fn hashes() {
    let cases = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("hello", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
        ("ä", "33e6d73fee82904c8d7afb78de1154d1e8dc2a0edb08120e63df5b9385c2d9cc"),
    ];
    let world = World::new();
    for (text, hex) in cases {
        assert_eq!(world.call("crypto.sha256Hex", &texts(&[text])), Ok(Value::from(hex)));
    }
}
