//! `protocol/jose/jwk.rs`: a key set. No private key gets in, and none that is picked is weak, meant for something else, or one
//! of several that fit.

use std::sync::LazyLock;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, EcdsaVerificationAlgorithm,
    ParsedPublicKey,
};
use oidc_client_wasm::protocol::jose::{Jwk, JwkSet, SigningAlgorithm};
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::{base64url, json};

use super::input;
use crate::support::{SigningKey, naive};

static GOOD: LazyLock<Value> = LazyLock::new(|| {
    let key = |(index, name)| SigningKey::new(name, 0, Some(&format!("key-{index}"))).jwk();
    let mut keys: Vec<Value> =
        ["RS256", "PS512", "ES256", "ES512", "Ed25519"].into_iter().enumerate().map(key).collect();
    keys[1].as_object_mut().expect("a key").remove("alg");
    json!({ "keys": keys })
});

pub fn check(data: &[u8]) {
    let Ok(document) = json::parse_object(&input::json_text(data, || GOOD.clone())) else { return };
    let Ok(set) = JwkSet::from_json(&document) else { return };
    let kept = set.to_json();
    let published = document["keys"].as_array().expect("a list");
    let keys = kept["keys"].as_array().expect("a list");
    assert!(keys.len() <= published.len() && keys.iter().all(|key| published.contains(key)));
    assert!(!keys.iter().any(naive::is_private), "a private key");
    assert_eq!(JwkSet::from_json(&kept).as_ref(), Ok(&set), "remembered otherwise");
    let kids = keys.iter().map(|key| key["kid"].as_str()).take(20).chain([None, Some("key-9")]);
    for kid in kids {
        for algorithm in SigningAlgorithm::ALL {
            if let Ok(key) = set.select(algorithm, kid) {
                is_fit(key, algorithm, kid);
            }
        }
    }
}

fn is_fit(key: &Jwk, algorithm: SigningAlgorithm, kid: Option<&str>) {
    let octets = |name: &str| base64url::decode(key.text(name).expect("a text")).expect("base64url");
    let (kty, crv, length) = match algorithm.name() {
        "ES256" => ("EC", "P-256", 32),
        "ES384" => ("EC", "P-384", 48),
        "ES512" => ("EC", "P-521", 66),
        "Ed25519" => ("OKP", "Ed25519", 32),
        _ => ("RSA", "", 0),
    };
    assert_eq!(key.text("kty"), Some(kty));
    assert!(kid.is_none() || key.text("kid") == kid);
    assert!(key.text("use").is_none_or(|used| used == "sig"));
    assert!(key.text("alg").is_none_or(|alg| alg == algorithm.name() || alg == "EdDSA" && kty == "OKP"));
    if kty == "RSA" {
        let strip = |octets: Vec<u8>| octets.into_iter().skip_while(|octet| *octet == 0).collect::<Vec<_>>();
        let (n, e) = (strip(octets("n")), strip(octets("e")));
        let bits = n.len() * 8 - n[0].leading_zeros() as usize;
        assert!((2048..=8192).contains(&bits) && n.last().is_some_and(|octet| octet % 2 == 1), "a weak modulus");
        assert!(e != [1] && e.len() <= 5 && e.last().is_some_and(|octet| octet % 2 == 1), "a weak exponent");
    } else {
        assert_eq!(key.text("crv"), Some(crv));
        assert_eq!(octets("x").len(), length);
        assert!(kty == "OKP" || octets("y").len() == length);
        if kty == "EC" {
            let point = [&[4], &octets("x")[..], &octets("y")].concat();
            assert!(ParsedPublicKey::new(curve(crv), point).is_ok(), "no point of the curve");
        }
    }
}

fn curve(name: &str) -> &'static EcdsaVerificationAlgorithm {
    match name {
        "P-256" => &ECDSA_P256_SHA256_FIXED,
        "P-384" => &ECDSA_P384_SHA384_FIXED,
        _ => &ECDSA_P521_SHA512_FIXED,
    }
}
