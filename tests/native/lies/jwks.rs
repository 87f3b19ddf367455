//! Lies in the provider's key set. A member that is no usable public key is passed over; one that is chosen must be sound.

use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::{Value, json};

use super::{mark, nested, raw_answer};
use crate::support::keys::base64url;
use crate::support::*;

const NO_SET: [&str; 3] = ["invalid_jwks", "rejected", "id_token"];
const NO_KEY: [&str; 3] = ["invalid_key_id", "rejected", "id_token"];
const WEAK: [&str; 3] = ["weak_key", "rejected", "id_token"];

/// The one key of the set with another member.
#[track_caller]
fn rejects(algorithm: &'static str, name: &'static str, value: Value, verdict: [&'static str; 3]) {
    let _row = row(format!("{algorithm}, {name}: {value:.60}"));
    let lie = |op: &FakeProvider| {
        op.sign_with(SigningKey::new(algorithm, 0, Some("key")));
        let value = value.clone();
        op.jwks.tell(move |jwks| jwks["keys"][0][name] = value.clone());
    };
    rejects_login(lie, verdict);
}

#[track_caller]
fn signs_in(name: &'static str, value: Value) {
    let _row = row(format!("{name}: {value:.60}"));
    World::whose_provider(|op| op.jwks.tell(move |jwks| jwks["keys"][0][name] = value.clone())).tab().sign_in();
}

// ---------------------------------------------------------------- the document

#[test]
fn a_document_that_is_no_key_set() {
    let key = SigningKey::new("RS256", 0, Some("key-0")).jwk();
    let good = json!({ "keys": [key] }).to_string();
    for (label, body) in [
        ("null", b"null".to_vec()),
        ("a text", b"\"keys\"".to_vec()),
        ("a list of keys", json!([key]).to_string().into_bytes()),
        ("a key alone", key.to_string().into_bytes()),
        ("keys that are null", br#"{"keys":null}"#.to_vec()),
        ("keys that are a text", br#"{"keys":"[]"}"#.to_vec()),
        ("keys that are a key", json!({ "keys": key }).to_string().into_bytes()),
        ("keys by their kid", json!({ "keys": { "key-0": key } }).to_string().into_bytes()),
        ("under another name", json!({ "Keys": [key] }).to_string().into_bytes()),
        ("certificates by their kid", br#"{"key-0":"-----BEGIN CERTIFICATE-----"}"#.to_vec()),
        ("half of it", good.as_bytes()[..good.len() / 2].to_vec()),
        ("two of them", format!("{good}{good}").into_bytes()),
        ("two byte order marks", format!("\u{feff}\u{feff}{good}").into_bytes()),
        (
            "octets that are no UTF-8",
            good.replace("\"sig\"", "\"s\u{1}g\"").bytes().map(|o| if o == 1 { 0xff } else { o }).collect(),
        ),
        ("a member of a key twice", good.replacen(r#""e":"#, r#""e":"AQAB","e":"#, 1).into_bytes()),
        ("kty twice, once in escapes", good.replacen(r#""e":"#, r#""\u006bty":"oct","e":"#, 1).into_bytes()),
        ("keys twice", good.replacen('{', r#"{"keys":[],"#, 1).into_bytes()),
        ("a login page", b"<!doctype html><title>Sign in</title>".to_vec()),
        ("more than a mebibyte", vec![b' '; (1 << 20) + 1]),
    ] {
        let _row = row(label);
        rejects_login(|op| op.answer_at("/jwks", 200, body.clone()), NO_SET);
    }
    for (label, text) in [
        ("forty levels", nested(40)),
        ("a number out of range", "1e400".into()),
        ("a lone surrogate", r#""\ud800""#.into()),
    ] {
        let _row = row(label);
        let lie = |op: &FakeProvider| {
            op.jwks.tell(mark("x"));
            raw_answer(op, "/jwks", &text);
        };
        rejects_login(lie, NO_SET);
    }
}

#[test]
fn a_status_that_brings_no_keys() {
    for status in [204, 301, 302, 307, 401, 403, 404] {
        let _row = row(status.to_string());
        let error = rejects_login(|op| op.answer_at("/jwks", status, "{}"), ["http_status", "environment", "id_token"]);
        assert_eq!((error.status, error.retryable), (Some(status), false));
    }
}

/// A redirect, a refused CORS request and a dead network look alike to a page; silence and a slow drip do not.
#[test]
fn keys_that_do_not_arrive() {
    for (fault, code) in [(HttpError::Network, "network"), (HttpError::Timeout, "timeout")] {
        let _row = row(code);
        let (world, tab) = World::new().with_tab();
        world.network.cut("/jwks", fault);
        let error = fails_with(tab.open(&tab.come_back()).handle_redirect(), [code, "environment", "id_token"]);
        assert!(error.retryable);
        assert_eq!(tab.stored_session("demo"), None);
        world.network.mend();
        tab.sign_in();
    }
}

// ---------------------------------------------------------------- members that are no usable key

#[test]
fn a_set_of_garbage_has_no_key() {
    let garbage = json!([
        null, 1, true, "RSA", [], {}, { "kty": 1 }, { "kty": "rsa", "kid": "key-0" }, { "kty": "oct", "k": "AAAA", "kid": "key-0" },
        { "kty": "AKP", "alg": "ML-DSA-65", "pub": "AAAA", "kid": "key-0" }, { "kid": "key-0", "alg": "RS256", "n": "AA", "e": "AQAB" },
    ]);
    let (alone, beside) = (garbage.clone(), garbage);
    rejects_login(move |op| op.jwks.tell(set("keys", alone.clone())), NO_KEY);
    let world = World::new();
    world.provider.jwks.tell(move |jwks| {
        let keys = jwks["keys"].as_array_mut().expect("a list");
        let good = keys.remove(0);
        keys.extend(beside.as_array().expect("a list").iter().cloned().chain([good]));
    });
    world.tab().sign_in();
}

#[test]
fn a_key_that_was_published_with_its_private_half() {
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        rejects("RS256", name, json!("AQAB"), NO_KEY);
    }
    rejects("ES256", "d", json!("AQAB"), NO_KEY);
    rejects("Ed25519", "d", json!("AQAB"), NO_KEY);
}

#[test]
fn a_key_for_something_else() {
    for value in [json!("enc"), json!("SIG"), json!("sig "), json!(""), json!(1), json!(["sig"])] {
        rejects("RS256", "use", value, NO_KEY);
    }
    for value in each(json!([["sign"], ["encrypt", "wrapKey"], ["VERIFY"], [], "verify", {}, [1]])) {
        rejects("RS256", "key_ops", value, NO_KEY);
    }
    for value in each(json!(["RS384", "PS256", "rs256", "RSA-OAEP", "HS256", "none", "", 256])) {
        rejects("RS256", "alg", value, NO_KEY);
    }
    for value in [json!("EC"), json!("OKP"), json!("oct"), json!("rsa"), json!(""), json!(1), json!(["RSA"])] {
        rejects("RS256", "kty", value, NO_KEY);
    }
    for value in
        [json!("P-384"), json!("P-521"), json!("secp256k1"), json!("p-256"), json!("Ed25519"), json!(256), json!(null)]
    {
        rejects("ES256", "crv", value, NO_KEY);
    }
    for value in [json!("Ed448"), json!("X25519"), json!("P-256"), json!("ed25519"), json!(null)] {
        rejects("Ed25519", "crv", value, NO_KEY);
    }
}

#[test]
fn a_key_of_another_name() {
    for value in [json!("key-1"), json!("KEY"), json!("key "), json!(""), json!(0), json!(["key"])] {
        rejects("RS256", "kid", value, NO_KEY);
    }
    let nameless = |op: &FakeProvider| op.jwks.tell(|jwks| without("kid")(&mut jwks["keys"][0]));
    rejects_login(nameless, NO_KEY);
}

#[test]
fn hints_that_change_nothing() {
    for (name, value) in [
        ("key_ops", json!(["verify"])),
        ("key_ops", json!(["sign", "verify"])),
        ("ext", json!(false)),
        ("x5c", json!(["not a certificate"])),
        ("x5u", json!("https://evil.example/certificate")),
        ("x5t", json!(1)),
        ("crv", json!("P-256")),
        ("exp", json!(1)),
        ("revoked", json!({ "reason": "unspecified" })),
        ("__proto__", json!({ "d": "AQAB", "kty": "oct" })),
        ("constructor", json!("x")),
    ] {
        signs_in(name, value);
    }
}

// ---------------------------------------------------------------- several keys

#[test]
fn the_same_key_twice_is_one_and_two_of_one_name_are_none() {
    let world = World::new();
    world.provider.published.borrow_mut().push(SigningKey::new("RS256", 0, Some("key-0")).jwk());
    world.tab().sign_in();

    let another = |op: &FakeProvider| op.published.borrow_mut().push(SigningKey::new("RS256", 1, Some("key-0")).jwk());
    rejects_login(another, NO_KEY);
}

/// As many as fit into an answer: the choice among them is made by their names, and one signature is checked.
#[test]
fn ten_thousand_keys() {
    let others: Vec<Value> =
        (0..10_000).map(|n| json!({ "kty": "RSA", "kid": format!("{n}"), "n": "AQAB", "e": "AQAB" })).collect();
    let world = World::new();
    world.provider.jwks.tell(move |jwks| {
        jwks["keys"].as_array_mut().expect("a list").extend(others.iter().cloned());
    });
    world.tab().sign_in();
    assert_eq!(world.verifications.get(), 1);
}

#[test]
fn ten_thousand_keys_of_one_name() {
    let world = World::new();
    let lie = |op: &FakeProvider| {
        let others =
            (0..10_000).map(|n| json!({ "kty": "RSA", "kid": "key-0", "n": base64url(&[n as u8, 1, 1]), "e": "AQAB" }));
        op.published.borrow_mut().extend(others);
    };
    lie(&world.provider);
    let tab = world.tab();
    fails_with(tab.open(&tab.come_back()).handle_redirect(), NO_KEY);
    assert_eq!(world.verifications.get(), 0, "none of them is tried");
}

#[test]
fn ten_thousand_real_keys_are_too_much() {
    let key = SigningKey::new("RS256", 1, None).jwk();
    let lie = |op: &FakeProvider| {
        let keys = vec![key.clone(); 10_000];
        op.jwks.tell(move |jwks| jwks["keys"].as_array_mut().expect("a list").extend(keys.iter().cloned()));
    };
    rejects_login(lie, NO_SET);
}

// ---------------------------------------------------------------- keys that are not sound

#[test]
fn an_rsa_exponent_of_no_good() {
    for (label, octets) in [
        ("nothing", &[][..]),
        ("0", &[0]),
        ("1, by which everybody can sign", &[1]),
        ("2", &[2]),
        ("65536", &[1, 0, 0]),
        ("more than 33 bits", &[1, 0, 0, 0, 0, 0, 0, 0, 1]),
        ("as long as the modulus", &[0xff; 256]),
    ] {
        let _row = row(label);
        rejects("RS256", "e", json!(base64url(octets)), WEAK);
    }
}

#[test]
fn an_rsa_modulus_of_no_good() {
    let odd = |bits: usize| {
        let mut octets = vec![0xff; bits.div_ceil(8)];
        octets[0] = 0xff >> (octets.len() * 8 - bits);
        octets
    };
    let mut even = odd(2048);
    even[255] = 0xfe;
    let padded = [vec![0; 200], odd(1024)].concat();
    for (label, octets) in [
        ("nothing", Vec::new()),
        ("1", vec![1]),
        ("512 bits", odd(512)),
        ("1024 bits", odd(1024)),
        ("2047 bits", odd(2047)),
        ("1024 bits and zeros before", padded),
        ("an even one", even),
        ("zeros", vec![0; 256]),
        ("8193 bits", odd(8193)),
        ("65536 bits", odd(65536)),
    ] {
        let _row = row(label);
        rejects("RS256", "n", json!(base64url(&octets)), WEAK);
        rejects("PS256", "n", json!(base64url(&octets)), WEAK);
    }
}

#[test]
fn numbers_that_are_not_written_as_they_must_be() {
    let good = SigningKey::new("RS256", 0, None).jwk()["n"].as_str().expect("a modulus").to_owned();
    for value in [
        json!(format!("{good}==")),
        json!(format!(" {good}")),
        json!(format!("{good}\n")),
        json!(good.replace(['-', '_'], "+")),
        json!(1),
        json!(null),
        json!([good]),
    ] {
        let is_unchanged = value == json!(good);
        assert!(!is_unchanged || !good.contains(['-', '_']), "a modulus without either letter");
        rejects("RS256", "n", value, WEAK);
    }
    for name in ["n", "e"] {
        let lie = |op: &FakeProvider| op.jwks.tell(move |jwks| without(name)(&mut jwks["keys"][0]));
        rejects_login(lie, WEAK);
    }
}

#[test]
fn a_point_that_is_none() {
    for (algorithm, length) in [("ES256", 32), ("ES384", 48), ("ES512", 66)] {
        for name in ["x", "y"] {
            for (label, octets) in [
                ("nothing", Vec::new()),
                ("an octet less", vec![1; length - 1]),
                ("an octet more", vec![1; length + 1]),
                ("a leading zero more", [vec![0], vec![1; length]].concat()),
                ("off the curve", vec![1; length]),
                ("zero", vec![0; length]),
                ("beyond the field", vec![0xff; length]),
            ] {
                let _row = row(label);
                rejects(algorithm, name, json!(base64url(&octets)), WEAK);
            }
            rejects(algorithm, name, json!(1), WEAK);
            rejects(algorithm, name, json!(null), WEAK);
        }
    }
}

#[test]
fn an_edwards_point_of_another_length() {
    for length in [0, 31, 33, 57, 64] {
        rejects("Ed25519", "x", json!(base64url(&vec![1; length])), WEAK);
    }
    rejects("Ed25519", "x", json!(1), WEAK);
    rejects("Ed25519", "x", json!(null), WEAK);
}

/// RFC 8032 section 5.1.3: octets of which no x can be found, and another spelling of 3. Section 5.1.7 leaves points of small order to
/// the verifier, under which one signature fits every text.
#[test]
fn an_edwards_point_that_is_none_or_of_small_order() {
    let with = |first: u8, middle: u8, last: u8| {
        let mut octets = vec![middle; 32];
        (octets[0], octets[31]) = (first, last);
        json!(base64url(&octets))
    };
    for (label, x) in [
        ("no x", with(2, 0, 0)),
        ("beyond the field", with(0xf0, 0xff, 0x7f)),
        ("of order 1", with(1, 0, 0)),
        ("of order 2", with(0xec, 0xff, 0x7f)),
        ("of order 4", with(0, 0, 0x80)),
    ] {
        let _row = row(label);
        rejects("Ed25519", "x", x, WEAK);
    }
}
