//! Lies in an id_token's header: which algorithm, which key, which kind of token. The header is the attacker's to write; what it
//! asks for is granted only as far as settings and metadata allowed it before.

use aws_lc_rs::hmac;

use super::assert_plain;
use crate::support::keys::base64url;
use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

const MALFORMED: [&str; 3] = ["malformed_jwt", "rejected", "id_token"];
const ALGORITHM: [&str; 3] = ["unsupported_algorithm", "rejected", "id_token"];
const CRITICAL: [&str; 3] = ["unsupported_critical_header", "rejected", "id_token"];
const KEY_ID: [&str; 3] = ["invalid_key_id", "rejected", "id_token"];
const SIGNATURE: [&str; 3] = ["bad_signature", "rejected", "id_token"];

#[track_caller]
fn rejects(name: &'static str, value: Value, verdict: [&'static str; 3]) {
    let _row = row(format!("{name}: {value:.80}"));
    let error = rejects_login(|op| op.header.tell(set(name, value.clone())), verdict);
    assert_plain(&error.message);
}

#[track_caller]
fn signs_in(name: &'static str, value: Value) {
    let _row = row(format!("{name}: {value:.80}"));
    World::whose_provider(|op| op.header.tell(set(name, value.clone()))).tab().sign_in();
}

// ---------------------------------------------------------------- alg

#[test]
fn an_algorithm_that_is_none_of_ours() {
    for name in [
        "none",
        "None",
        "NONE",
        "nOnE",
        "none ",
        " none",
        "n\u{43e}ne",
        "",
        "HS256",
        "HS384",
        "HS512",
        "hs256",
        "RS1",
        "RSA1_5",
        "RSA-OAEP",
        "A256GCMKW",
        "dir",
        "ES256K",
        "ES256K1",
        "Ed448",
        "ML-DSA-65",
        "SHA256",
        "rs256",
        "Rs256",
        "RS256 ",
        "RS256\0",
        "RS256,none",
        "RS-256",
        "RSASSA-PKCS1-v1_5",
        "null",
        "undefined",
        "__proto__",
        "constructor",
    ] {
        rejects("alg", json!(name), ALGORITHM);
    }
    rejects("alg", json!("RS256".repeat(10_000)), ALGORITHM);
}

#[test]
fn an_algorithm_that_is_no_text() {
    for value in [json!(null), json!(0), json!(256), json!(true), json!(["RS256"]), json!({ "name": "RS256" })] {
        rejects("alg", value, MALFORMED);
    }
    rejects_login(|op| op.header.tell(without("alg")), MALFORMED);
}

/// `none` announced, asked for and with every kind of signature: there is nothing to switch it on with.
#[test]
fn no_signature_in_any_spelling() {
    for name in ["none", "None", "NONE", "nOnE"] {
        for (label, signature) in [("without a signature", ""), ("with one", "AAAA")] {
            let _row = row(format!("{name} {label}"));
            let lie = |op: &FakeProvider| {
                op.metadata.tell(set("id_token_signing_alg_values_supported", json!([name, "RS256"])));
                op.header.tell(set("alg", json!(name)));
                op.id_token.tell(move |token| {
                    let end = token.rfind('.').expect("a token") + 1;
                    token.replace_range(end.., signature);
                });
            };
            rejects_login(lie, ALGORITHM);
        }
    }
}

/// RFC 8725 section 2.1: what everybody knows of the provider, as the secret of a MAC.
#[test]
fn a_mac_with_public_knowledge_as_its_secret() {
    let macs = [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)];
    for (name, algorithm) in macs {
        for label in ["the modulus", "the key as JSON", "the key set", "the client's identifier", "nothing"] {
            let _row = row(format!("{name} with {label}"));
            let lie = |op: &FakeProvider| {
                let jwk = op.key.borrow().jwk();
                let secret = match label {
                    "the modulus" => jwk["n"].as_str().expect("a modulus").to_owned(),
                    "the key as JSON" => jwk.to_string(),
                    "the key set" => json!({ "keys": [jwk] }).to_string(),
                    "the client's identifier" => CLIENT_ID.to_owned(),
                    _ => String::new(),
                };
                op.metadata.tell(set("id_token_signing_alg_values_supported", json!([name, "RS256"])));
                op.header.tell(set("alg", json!(name)));
                op.id_token.tell(move |token| {
                    let (input, _) = token.rsplit_once('.').expect("a token");
                    let key = hmac::Key::new(algorithm, secret.as_bytes());
                    *token = format!("{input}.{}", base64url(hmac::sign(&key, input.as_bytes()).as_ref()));
                });
            };
            rejects_login(lie, ALGORITHM);
        }
    }
}

/// A key of one sort is not tried with an algorithm of another.
#[test]
fn an_algorithm_of_another_sort_than_the_key() {
    for (signed, claimed) in [
        ("RS256", "ES256"),
        ("RS256", "Ed25519"),
        ("ES256", "RS256"),
        ("ES256", "PS256"),
        ("ES256", "ES384"),
        ("ES384", "ES512"),
        ("Ed25519", "ES256"),
        ("EdDSA", "RS256"),
    ] {
        for keeps_alg in [true, false] {
            let _row = row(format!("signed by {signed}, said to be {claimed}, published with its alg: {keeps_alg}"));
            let lie = |op: &FakeProvider| {
                op.sign_with(SigningKey::new(signed, 0, Some("key")));
                op.header.tell(set("alg", json!(claimed)));
                if !keeps_alg {
                    op.jwks.tell(|jwks| without("alg")(&mut jwks["keys"][0]));
                }
            };
            rejects_login(lie, KEY_ID);
        }
    }
}

// ---------------------------------------------------------------- crit and its kin

/// RFC 7515 section 4.1.11. That what it names is absent, empty, understood by others or nonsense makes no difference.
#[test]
fn anything_critical() {
    for value in [
        json!(["exp"]),
        json!(["b64"]),
        json!(["alg"]),
        json!(["http://example.com/UNDEFINED"]),
        json!([]),
        json!(["exp", "exp"]),
        json!([1]),
        json!("exp"),
        json!(null),
        json!(false),
        json!({}),
    ] {
        rejects("crit", value, CRITICAL);
    }
}

/// RFC 7797 section 6 demands that it be critical; a reader that ignores it verifies something else than it reads.
#[test]
fn a_payload_that_is_said_not_to_be_encoded() {
    for value in [json!(false), json!(true), json!("false"), json!(null)] {
        rejects("b64", value, CRITICAL);
    }
    let both = |op: &FakeProvider| {
        op.header.tell(set("b64", json!(false)));
        op.header.tell(set("crit", json!(["b64"])));
    };
    rejects_login(both, CRITICAL);
}

// ---------------------------------------------------------------- keys that the token brings along

#[test]
fn a_key_in_the_header_changes_nothing() {
    let attacker = SigningKey::new("RS256", 2, Some("key-0"));
    for (name, value) in [
        ("jwk", attacker.jwk()),
        ("jku", json!("https://evil.example/jwks")),
        ("jku", json!("https://id.example.com@evil.example/jwks")),
        ("x5u", json!("https://evil.example/certificate")),
        ("x5c", json!(["MIIC"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
    ] {
        let _row = row(format!("{name}: {value:.40}"));
        // Of the attacker: refused for its signature, and nothing was fetched from anywhere else.
        let world = World::new();
        let (key, told) = (attacker.clone(), value.clone());
        let lie = move |op: &FakeProvider| {
            op.key.replace(key.clone());
            op.header.tell(set(name, told.clone()));
        };
        rejects_login_in(&world, lie, SIGNATURE);
        assert!(world.network.sent().iter().all(|sent| sent.url.starts_with(&format!("{ISSUER}/"))));
        // Of the provider: nobody looks at it.
        signs_in(name, value);
    }
}

// ---------------------------------------------------------------- kid

#[test]
fn a_kid_that_names_no_key() {
    for kid in [
        "",
        "key-1",
        "KEY-0",
        "key-0 ",
        " key-0",
        "key-0\0",
        "key-0\n",
        "key",
        "../../../../dev/null",
        "/etc/passwd",
        "key-0' OR '1'='1",
        "key-0\" --",
        "$(id)",
        "%6bey-0",
        "https://evil.example/jwks",
        "__proto__",
        "constructor",
        "0",
        "undefined",
        "k\u{435}y-0",
    ] {
        rejects("kid", json!(kid), KEY_ID);
    }
    rejects("kid", json!("k".repeat(100_000)), KEY_ID);
}

#[test]
fn a_kid_that_is_no_text() {
    for value in [json!(null), json!(0), json!(true), json!(["key-0"]), json!({ "kid": "key-0" })] {
        rejects("kid", value, MALFORMED);
    }
}

#[test]
fn a_kid_of_a_megabyte() {
    rejects("kid", json!("k".repeat(400_000)), MALFORMED);
    let lie = |op: &FakeProvider| op.header.tell(set("kid", json!("k".repeat(1 << 20))));
    rejects_login(lie, ["invalid_token_response", "rejected", "token"]);
}

/// Without a kid, the sort of key decides, and only one of the sort may there be.
#[test]
fn no_kid_and_several_keys() {
    let publish = |op: &FakeProvider, others: &[SigningKey]| {
        op.published.borrow_mut().extend(others.iter().map(SigningKey::jwk));
        op.header.tell(without("kid"));
    };
    let of_the_same_sort = |op: &FakeProvider| publish(op, &[SigningKey::new("RS256", 1, Some("key-1"))]);
    rejects_login(of_the_same_sort, KEY_ID);

    let world = World::new();
    publish(&world.provider, &[SigningKey::new("ES256", 0, Some("ec")), SigningKey::new("RS512", 1, Some("key-1"))]);
    world.tab().sign_in();
}

// ---------------------------------------------------------------- typ and the rest

/// RFC 8725 section 3.11: an access token, a logout token and a proof have a signature of the same key.
#[test]
fn a_token_of_another_kind() {
    for kind in ["at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "token-introspection+jwt", "oauth-authz-req+jwt"] {
        rejects("typ", json!(kind), MALFORMED);
        rejects("typ", json!(kind.to_uppercase()), MALFORMED);
        rejects("typ", json!(format!("application/{kind}")), MALFORMED);
        rejects("typ", json!(format!("Application/{kind}")), MALFORMED);
    }
}

#[test]
fn a_kind_that_is_no_text() {
    for value in [json!(null), json!(1), json!(["JWT"]), json!({})] {
        rejects("typ", value, MALFORMED);
    }
}

#[test]
fn kinds_that_providers_write() {
    for kind in ["JWT", "jwt", "application/jwt", "JOSE", "id_token+jwt", "ID"] {
        signs_in("typ", json!(kind));
    }
    World::whose_provider(|op| op.header.tell(without("typ"))).tab().sign_in();
}

/// RFC 7515 section 4: unknown members must be ignored.
#[test]
fn members_that_mean_nothing_here() {
    for (name, value) in [
        ("cty", json!("JWT")),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("iss", json!("https://evil.example")),
        ("exp", json!(1)),
        ("nonce", json!("x")),
        ("__proto__", json!({ "alg": "none", "kid": "x" })),
        ("constructor", json!({ "alg": "none" })),
        ("Alg", json!("none")),
        ("ALG", json!("none")),
    ] {
        signs_in(name, value);
    }
}
