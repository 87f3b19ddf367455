//! `protocol/jose/jws.rs`: a compact token; or its header, payload and signature, a line each. What is accepted is exactly what
//! was written, of an algorithm that was allowed, and its payload is seen only after a check said yes.

use std::sync::LazyLock;

use oidc_client_wasm::protocol::base64url;
use oidc_client_wasm::protocol::jose::{CompactJws, JoseError, JwkSet, KeyType, SigningAlgorithm};
use oidc_client_wasm::protocol::json::{self, Value, json};

use crate::support::SigningKey;

static KEYS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    SigningAlgorithm::ALL.iter().map(|algorithm| SigningKey::new(algorithm.name(), 0, None).jwk()).collect()
});

pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let token = match text.contains('\n') {
        true => text.split('\n').map(|part| base64url::encode(part.as_bytes())).collect::<Vec<_>>().join("."),
        false => text.to_owned(),
    };
    let Ok(jws) = CompactJws::parse(&token, &SigningAlgorithm::ALL) else {
        assert!(SigningAlgorithm::ALL.iter().all(|one| CompactJws::parse(&token, &[*one]).is_err()));
        return;
    };
    let (input, signature) = token.rsplit_once('.').expect("a dot");
    let (header, payload) = input.split_once('.').expect("two dots");
    let json = |part| json::parse_record(&base64url::decode(part).expect("base64url"));
    let header = json(header).expect("a header of JSON");
    let name = header["alg"].as_str().expect("an alg");
    let algorithm = SigningAlgorithm::parse(name).expect("an algorithm of the list");
    assert!(!name.eq_ignore_ascii_case("none") && !name.to_ascii_uppercase().starts_with("HS"));
    assert!(header.get("crit").is_none() && header.get("b64").is_none());
    for one in SigningAlgorithm::ALL {
        assert_eq!(CompactJws::parse(&token, &[one]).is_ok(), one == algorithm);
    }

    // Each kind of key, named as the token wants it: only that of the algorithm is picked.
    let mut keys: Vec<Value> = KEYS.clone();
    if let Some(kid) = header.get("kid") {
        assert!(kid.is_string());
        keys.iter_mut().for_each(|key| key["kid"] = kid.clone());
    }
    let keys = JwkSet::from_json(json!({ "keys": keys }).as_object().expect("an object")).expect("keys");
    let octets = base64url::decode(signature).expect("base64url");
    let check = match jws.check(&keys) {
        Ok(check) => check,
        Err(error) => {
            assert_eq!(error, JoseError::Signature, "a key for every algorithm");
            return assert!(!is_possible(algorithm, &octets), "a signature that can be");
        }
    };
    assert!(has_length(algorithm, &octets), "a signature that cannot be");
    assert_eq!((check.algorithm(), check.signing_input()), (algorithm, input.as_bytes()));
    assert_eq!(base64url::encode(check.signature()), signature);
    assert_eq!(check.key().text("alg"), Some(algorithm.name()));
    assert!(check.conclude(false).is_err(), "a payload in spite of a no");
    if let Ok(verified) = check.conclude(true) {
        assert_eq!(Value::Object(verified.into_payload()), json(payload).expect("a payload of JSON"));
    }
}

fn has_length(algorithm: SigningAlgorithm, signature: &[u8]) -> bool {
    signature.len()
        == match algorithm.key_type() {
            KeyType::Rsa => 256,
            KeyType::Ec(_, octets) | KeyType::Okp(_, octets) => 2 * octets,
        }
}

/// Leaves out what only a library of numbers could tell: a top octet that is low enough is enough.
fn is_possible(algorithm: SigningAlgorithm, signature: &[u8]) -> bool {
    let of_small_order = |r: &[u8]| r.iter().filter(|octet| [0, 0xff].contains(octet)).count() > 28;
    has_length(algorithm, signature)
        && match algorithm.key_type() {
            KeyType::Rsa => signature[0] < 0x80,
            KeyType::Ec(..) => true,
            KeyType::Okp(..) => {
                signature[63] < 0x10
                    && !of_small_order(&signature[..32])
                    && signature[0] != 0x26
                    && signature[0] != 0xc7
            }
        }
}
