//! `oidcc-client-basic-certification-test-plan` and, of the comprehensive plan, what applies to the code flow of a public client.
//! Each rejection also asserts what `rejects_login` does: no session, no further request, and a next login that works.

use aws_lc_rs::hmac;

use crate::support::keys::base64url;
use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

fn kids(op: &FakeProvider, kids: [Option<&str>; 2]) {
    let keys: Vec<SigningKey> = kids.iter().enumerate().map(|(n, kid)| SigningKey::new("RS256", n, *kid)).collect();
    op.published.replace(keys.iter().map(SigningKey::jwk).collect());
    op.key.replace(keys[1].clone());
}

/// A token with other octets where the signature was.
fn resign(token: &mut String, signature: &str) {
    let (input, _) = token.rsplit_once('.').expect("a token");
    *token = format!("{input}.{signature}");
}

fn flip_signature(token: &mut String) {
    let at = token.rfind('.').expect("a token") + 1;
    let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
    token.replace_range(at..=at, other);
}

#[test]
fn oidcc_client_test() {
    let page = World::new().tab().sign_in();
    let session = page.session().expect("a session");
    assert_eq!(page.sub().as_deref(), Some("alice"));
    assert_eq!(session.token().token_type, "Bearer");
    assert_eq!(session.id_token().expect("an id_token").expose(), page.world().provider.id_tokens.borrow()[0]);
}

#[test]
fn invalid_iss() {
    rejects_login(|op| op.claims.tell(spoil("iss", "1")), ["invalid_claim", "rejected", "id_token"]);
}

#[test]
fn an_issuer_that_differs_by_a_slash_is_another_issuer() {
    rejects_login(|op| op.claims.tell(spoil("iss", "/")), ["invalid_claim", "rejected", "id_token"]);
}

#[test]
fn missing_sub() {
    rejects_login(|op| op.claims.tell(without("sub")), ["missing_claim", "rejected", "id_token"]);
}

#[test]
fn invalid_aud() {
    rejects_login(|op| op.claims.tell(spoil("aud", "1")), ["invalid_claim", "rejected", "id_token"]);
}

#[test]
fn missing_aud() {
    rejects_login(|op| op.claims.tell(without("aud")), ["missing_claim", "rejected", "id_token"]);
}

#[test]
fn missing_iat() {
    rejects_login(|op| op.claims.tell(without("iat")), ["missing_claim", "rejected", "id_token"]);
}

#[test]
fn kid_absent_single_jwks() {
    World::whose_provider(|op| op.sign_with(SigningKey::new("RS256", 0, None))).tab().sign_in();
}

#[test]
fn kid_absent_multiple_jwks() {
    rejects_login(|op| kids(op, [None, None]), ["invalid_key_id", "rejected", "id_token"]);
}

#[test]
fn a_kid_chooses_among_several_keys() {
    let world = World::new();
    kids(&world.provider, [Some("old"), Some("new")]);
    world.tab().sign_in();
}

#[test]
fn a_kid_of_another_key_does_not_fit() {
    let lie = |op: &FakeProvider| {
        kids(op, [Some("old"), Some("new")]);
        op.header.tell(set("kid", json!("old")));
    };
    rejects_login(lie, ["bad_signature", "rejected", "id_token"]);
}

#[test]
fn idtoken_sig_rs256() {
    let world = World::with(json!({ "idTokenSigningAlgs": ["RS256"] }));
    world.tab().sign_in();
}

#[test]
fn idtoken_sig_none() {
    let lie = |op: &FakeProvider| {
        op.metadata.tell(set("id_token_signing_alg_values_supported", json!(["none", "RS256"])));
        op.header.tell(set("alg", json!("none")));
        op.header.tell(without("kid"));
        op.id_token.tell(|token| resign(token, ""));
    };
    rejects_login(lie, ["unsupported_algorithm", "rejected", "id_token"]);
}

#[test]
fn idtoken_sig_none_in_other_spellings_and_with_a_signature() {
    for alg in ["None", "NONE", "nOnE", ""] {
        rejects_login(|op| op.header.tell(set("alg", json!(alg))), ["unsupported_algorithm", "rejected", "id_token"]);
    }
}

#[test]
fn invalid_sig_rs256() {
    rejects_login(|op| op.id_token.tell(flip_signature), ["bad_signature", "rejected", "id_token"]);
}

#[test]
fn invalid_sig_es256() {
    let lie = |op: &FakeProvider| {
        op.sign_with(SigningKey::new("ES256", 0, Some("ec")));
        op.id_token.tell(flip_signature);
    };
    rejects_login(lie, ["bad_signature", "rejected", "id_token"]);
}

/// RFC 8725 section 2.1: the provider's public key, which everybody knows, as the secret of a MAC.
#[test]
fn invalid_sig_hs256_with_the_public_key_as_secret() {
    let lie = |op: &FakeProvider| {
        op.metadata.tell(set("id_token_signing_alg_values_supported", json!(["HS256", "RS256"])));
        op.header.tell(set("alg", json!("HS256")));
        let secret = op.key.borrow().jwk()["n"].as_str().expect("a modulus").to_owned();
        op.id_token.tell(move |token| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            let (input, _) = token.rsplit_once('.').expect("a token");
            let tag = base64url(hmac::sign(&key, input.as_bytes()).as_ref());
            resign(token, &tag);
        });
    };
    rejects_login(lie, ["unsupported_algorithm", "rejected", "id_token"]);
}

#[test]
fn nonce_invalid() {
    rejects_login(|op| op.claims.tell(spoil("nonce", "1")), ["nonce_mismatch", "rejected", "id_token"]);
}

#[test]
fn missing_nonce() {
    rejects_login(|op| op.claims.tell(without("nonce")), ["missing_claim", "rejected", "id_token"]);
}

#[test]
fn allow_missing_nonce_allows_a_missing_one_and_never_a_wrong_one() {
    let world = World::with(json!({ "allowMissingNonce": true }));
    world.provider.claims.tell(without("nonce"));
    world.tab().sign_in();

    let world = World::with(json!({ "allowMissingNonce": true }));
    rejects_login_in(&world, |op| op.claims.tell(spoil("nonce", "1")), ["nonce_mismatch", "rejected", "id_token"]);
}

#[test]
fn invalid_athash() {
    rejects_login(|op| op.claims.tell(spoil("at_hash", "1")), ["at_hash_mismatch", "rejected", "id_token"]);
}

#[test]
fn missing_athash_is_accepted_in_the_code_flow() {
    World::whose_provider(|op| op.claims.tell(without("at_hash"))).tab().sign_in();
}

#[test]
fn an_access_token_of_somebody_else_beside_a_good_id_token() {
    let lie = |op: &FakeProvider| op.token.tell(set("access_token", json!("the-attackers-own")));
    rejects_login(lie, ["at_hash_mismatch", "rejected", "id_token"]);
}

#[test]
fn scope_userinfo_claims() {
    let world = World::with(json!({ "scope": "openid profile email phone address" }));
    world.provider.claims.tell(set("address", json!({ "country": "Wonderland" })));
    let claims = world.tab().sign_in().session().and_then(|session| session.claims().cloned()).expect("claims");
    assert_eq!(claims["address"]["country"], "Wonderland");
}

#[test]
fn aggregated_and_distributed_claims_survive() {
    let world = World::new();
    let sources = json!({ "src1": { "JWT": "a.b.c" }, "src2": { "endpoint": "https://bank.example/claims" } });
    world.provider.claims.tell(set("_claim_sources", sources.clone()));
    world.provider.claims.tell(set("_claim_names", json!({ "credit_score": "src1" })));
    let claims = world.tab().sign_in().session().and_then(|session| session.claims().cloned()).expect("claims");
    assert_eq!(claims["_claim_sources"], sources);
}

// ---------------------------------------------------------------- what the suite does not try

/// RFC 8725 section 3.10: a token cannot bring the key it is to be judged by.
#[test]
fn a_key_in_the_header_is_not_looked_at() {
    let attacker = SigningKey::new("RS256", 2, Some("key-0"));
    let lie = move |op: &FakeProvider| {
        op.key.replace(attacker.clone());
        op.header.tell(set("jwk", attacker.jwk()));
        op.header.tell(set("jku", json!("https://evil.example/jwks")));
        op.header.tell(set("x5u", json!("https://evil.example/cert")));
    };
    rejects_login(lie, ["bad_signature", "rejected", "id_token"]);
}

#[test]
fn critical_headers_are_refused() {
    for (name, value) in [("crit", json!(["exp"])), ("b64", json!(false))] {
        let lie = |op: &FakeProvider| op.header.tell(set(name, value.clone()));
        rejects_login(lie, ["unsupported_critical_header", "rejected", "id_token"]);
    }
}

/// Kanidm, CAS and CyberArk put members of their own into the header.
#[test]
fn unknown_header_members_are_ignored() {
    World::whose_provider(|op| op.header.tell(set("client_id", json!(CLIENT_ID)))).tab().sign_in();
}

#[test]
fn a_token_of_another_kind_is_no_id_token() {
    for typ in ["at+jwt", "logout+jwt", "application/dpop+jwt"] {
        let lie = |op: &FakeProvider| op.header.tell(set("typ", json!(typ)));
        rejects_login(lie, ["malformed_jwt", "rejected", "id_token"]);
    }
}

#[test]
fn malformed_id_tokens_are_refused() {
    let malformed: [fn(&mut String); 5] = [
        |token| *token = "opaque".into(),
        |token| token.push_str(".e.f"),
        |token| token.push('='),
        |token| *token = token.replacen('.', " .", 1),
        |token| resign(token, ""),
    ];
    for lie in malformed {
        rejects_login(|op| op.id_token.tell(lie), ["malformed_jwt", "rejected", "id_token"]);
    }
}

#[test]
fn claims_of_the_wrong_type_are_refused() {
    for (name, value) in [
        ("iss", json!(1)),
        ("sub", json!(["alice"])),
        ("sub", json!("")),
        ("aud", json!({ "spa": true })),
        ("aud", json!([CLIENT_ID, 1])),
        ("exp", json!("1900000000")),
        ("iat", json!(true)),
        ("nbf", json!("tomorrow")),
        ("azp", json!([CLIENT_ID])),
        ("at_hash", json!(1)),
    ] {
        let lie = |op: &FakeProvider| op.claims.tell(set(name, value.clone()));
        rejects_login(lie, ["invalid_claim", "rejected", "id_token"]);
    }
    rejects_login(|op| op.claims.tell(set("nonce", json!(7))), ["nonce_mismatch", "rejected", "id_token"]);
    rejects_login(|op| op.claims.tell(set("exp", Value::Null)), ["missing_claim", "rejected", "id_token"]);
}

#[test]
fn a_public_key_that_is_not_sound_is_refused() {
    let weak = |change: fn(&mut Value)| {
        move |op: &FakeProvider| {
            op.sign_with(SigningKey::new("ES256", 0, Some("ec")));
            op.jwks.tell(move |jwks| change(&mut jwks["keys"][0]));
        }
    };
    let off_the_curve = |jwk: &mut Value| jwk["y"] = jwk["x"].clone();
    rejects_login(weak(off_the_curve), ["weak_key", "rejected", "id_token"]);
    rejects_login(weak(set_short_x), ["weak_key", "rejected", "id_token"]);
}

fn set_short_x(jwk: &mut Value) {
    jwk["x"] = json!("AQAB");
}

#[test]
fn an_rsa_key_of_1024_bits_is_refused() {
    let lie = |op: &FakeProvider| {
        let modulus = base64url(&[0xff; 128]);
        op.jwks.tell(move |jwks| jwks["keys"][0]["n"] = json!(modulus));
    };
    rejects_login(lie, ["weak_key", "rejected", "id_token"]);
}
