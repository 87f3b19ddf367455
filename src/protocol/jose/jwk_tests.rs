use super::*;
use crate::protocol::json::json;

fn set(keys: Value) -> JwkSet {
    JwkSet::from_json(json!({ "keys": keys }).as_object().unwrap()).unwrap()
}

fn rsa(octets: usize, extra: Value) -> Value {
    let modulus = base64url::encode(&vec![0xff; octets]);
    let mut key = json!({ "kty": "RSA", "n": modulus, "e": "AQAB" });
    key.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    key
}

use SigningAlgorithm::{Ed25519, Es256, Ps256, Rs256};

#[test]
fn a_document_without_a_list_of_keys_is_no_key_set() {
    for bad in [json!({}), json!({ "keys": {} }), json!({ "keys": "x" }), json!({ "keys": null })] {
        assert_eq!(JwkSet::from_json(bad.as_object().unwrap()), Err(JoseError::KeySet), "{bad}");
    }
}

#[test]
fn garbage_members_are_passed_over() {
    let keys = set(json!([1, "x", null, {}, { "kty": 7 }, { "kty": "future" }, rsa(256, json!({ "kid": "a" }))]));
    assert!(keys.select(Rs256, Some("a")).is_ok());
}

/// Its signatures are as long as it is: they are not what is wrong.
#[test]
fn an_rsa_key_beyond_the_bound_is_weak_under_its_own_signatures() {
    use crate::protocol::jose::CompactJws;
    for octets in [1025, 2048, 4096] {
        let keys = set(json!([rsa(octets, json!({}))]));
        let parts = [br#"{"alg":"RS256"}"#.to_vec(), b"{}".to_vec(), vec![1; octets]];
        let token = parts.map(|part| base64url::encode(&part)).join(".");
        let jws = CompactJws::parse(&token, &SigningAlgorithm::ALL).unwrap();
        assert!(matches!(jws.check(&keys), Err(JoseError::WeakKey(_))), "{octets} octets");
    }
}

/// Some serializers write down what is not there.
#[test]
fn null_members_are_absent() {
    let nulls = json!({ "kid": "a", "use": null, "key_ops": null, "alg": null, "d": null, "oth": null, "k": null });
    assert!(set(json!([rsa(256, nulls)])).select(Rs256, Some("a")).is_ok());
}

#[test]
fn a_key_behind_many_that_are_none_for_us_is_found() {
    let others =
        [json!({ "kty": "AKP", "kid": "a" }), json!({ "kty": "oct", "kid": "a" }), rsa(1, json!({ "use": "enc" }))];
    let mut keys: Vec<Value> = others.iter().cycle().take(3000).cloned().collect();
    keys.push(rsa(256, json!({ "kid": "a" })));
    assert!(set(json!(keys)).select(Rs256, Some("a")).is_ok());
}

/// Every verifier is handed the same numbers, in the one way that all of them take.
#[test]
fn zeros_in_front_of_an_rsa_number_are_left_out() {
    let padded = |octets: &[u8]| base64url::encode(&[&[0, 0], octets].concat());
    let key = json!({ "kty": "RSA", "n": padded(&[0xff; 256]), "e": padded(&[1, 0, 1]) });
    let (plain, padded) = (set(json!([rsa(256, json!({}))])), set(json!([key])));
    let members = |keys: &JwkSet| keys.select(Rs256, None).unwrap().public_members(Rs256);
    assert_eq!(members(&padded), members(&plain));
    assert_eq!(padded.keys[0].public_octets(Rs256), [vec![0xff; 256], vec![1, 0, 1]]);
}

#[test]
fn kid_absent_single_jwks() {
    assert!(set(json!([rsa(256, json!({}))])).select(Rs256, None).is_ok());
}

#[test]
fn kid_absent_multiple_jwks_is_refused_as_ambiguous() {
    let keys = set(json!([rsa(256, json!({})), rsa(257, json!({}))]));
    assert_eq!(keys.select(Rs256, None), Err(JoseError::AmbiguousKey));
}

#[test]
fn the_same_key_listed_twice_is_not_ambiguous() {
    let keys = set(json!([rsa(256, json!({ "kid": "a" })), rsa(256, json!({ "kid": "a", "use": "sig" }))]));
    assert!(keys.select(Rs256, Some("a")).is_ok());
}

#[test]
fn a_key_must_fit_by_kid_use_operations_algorithm_and_type() {
    for unfit in [
        json!({ "kid": "other" }),
        json!({ "kid": "a", "use": "enc" }),
        json!({ "kid": "a", "use": 1 }),
        json!({ "kid": "a", "key_ops": ["encrypt"] }),
        json!({ "kid": "a", "key_ops": "verify" }),
        json!({ "kid": "a", "alg": "PS256" }),
        json!({ "kid": "a", "alg": "RSA-OAEP" }),
        json!({ "kid": "a", "kty": "EC", "crv": "P-256" }),
        json!({ "kid": "a", "d": "AQ" }),
    ] {
        assert_eq!(
            set(json!([rsa(256, unfit.clone())])).select(Rs256, Some("a")),
            Err(JoseError::UnknownKey),
            "{unfit}"
        );
    }
    let fit = json!({ "kid": "a", "use": "sig", "key_ops": ["verify"], "alg": "PS256" });
    assert!(set(json!([rsa(256, fit)])).select(Ps256, Some("a")).is_ok());
}

#[test]
fn the_curve_must_be_the_algorithms() {
    let x = base64url::encode(&[1; 48]);
    let keys = set(json!([{ "kty": "EC", "crv": "P-384", "x": x, "y": x }, { "kty": "OKP", "crv": "X25519", "x": x }]));
    assert_eq!(keys.select(Es256, None), Err(JoseError::UnknownKey));
    assert_eq!(keys.select(Ed25519, None), Err(JoseError::UnknownKey));
}

#[test]
fn weak_keys_are_refused() {
    for octets in [64, 128, 255, 1025] {
        let keys = set(json!([rsa(octets, json!({}))]));
        assert!(matches!(keys.select(Rs256, None), Err(JoseError::WeakKey(_))), "{octets} octets");
    }
    for exponent in ["AQ", "AA", "", "AAAA", "Ag", "_____w_"] {
        let keys = set(json!([rsa(256, json!({ "e": exponent }))]));
        assert!(matches!(keys.select(Rs256, None), Err(JoseError::WeakKey(_))), "{exponent}");
    }
    let short = base64url::encode(&[1; 31]);
    let keys = set(
        json!([{ "kty": "EC", "crv": "P-256", "x": short, "y": short }, { "kty": "OKP", "crv": "Ed25519", "x": short }]),
    );
    assert!(matches!(keys.select(Es256, None), Err(JoseError::WeakKey(_))));
    assert!(matches!(keys.select(Ed25519, None), Err(JoseError::WeakKey(_))));
}

#[test]
fn an_ed25519_key_of_small_order_is_weak() {
    let mut point = [0; 32];
    for (first, last) in [(0, 0), (1, 0), (1, 0x80)] {
        (point[0], point[31]) = (first, last);
        let keys = set(json!([{ "kty": "OKP", "crv": "Ed25519", "x": base64url::encode(&point) }]));
        assert!(matches!(keys.select(Ed25519, None), Err(JoseError::WeakKey(_))), "{first} {last}");
    }
}

#[test]
fn bits_ignore_leading_zeros() {
    assert_eq!(bits(&[]), 0);
    assert_eq!(bits(&[0, 0]), 0);
    assert_eq!(bits(&[0, 1]), 1);
    assert_eq!(bits(&[1, 0, 1]), 17);
    assert_eq!(bits(&[0xff; 256]), 2048);
}
