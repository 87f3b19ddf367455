//! `parseIdToken`: a text that came by some other way, with every lie that it can be. No answer's length bounds it before it gets here.

use oidc_client_wasm::error::Error;
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::settings::params;

use crate::support::*;

/// A good id_token of the provider's, as far as nobody changes it.
fn claims(world: &World) -> Value {
    let now = world.clock.get();
    json!({ "iss": ISSUER, "sub": "alice", "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": "n" })
}

#[track_caller]
fn parse(page: &Page, text: &str, expected: Value) -> Result<Value, Error> {
    let (client, text) = (page.client(), text.to_owned());
    let expected = params::parse_id_token(expected).expect("expectations");
    let parsed = now(async move { client.parse_id_token(&text, expected).await });
    page.audited(parsed).map(|claims| Value::Object(claims.as_object().clone()))
}

#[track_caller]
fn rejects(text: &str, expected: Value, code: &'static str) {
    let page = World::new().tab().open(HOME);
    let before = page.tab.storage.keys_of("session");
    assert_error(&parse(&page, text, expected).expect_err("a rejection"), [code, "rejected", "id_token"]);
    assert_eq!(page.tab.storage.keys_of("session"), before, "a token that is read signs nobody in");
    assert!(page.session().is_none());
}

#[test]
fn a_good_one_is_read_and_signs_nobody_in() {
    let (world, page) = World::new().at_home();
    let token = world.provider.sign(&claims(&world));
    assert_eq!(parse(&page, &token, json!({ "nonce": "n" })).expect("claims")["sub"], "alice");
    assert!(page.session().is_none());
}

#[test]
fn a_text_that_is_no_token() {
    for (label, text) in [
        ("nothing", String::new()),
        ("a dot", ".".into()),
        ("dots", "..".into()),
        ("a text", "id_token".into()),
        ("a line break", "a.b.c\n".into()),
        ("a text of no ASCII", "\u{e4}.\u{f6}.\u{fc}".into()),
        ("five megabytes", "A".repeat(5_000_000)),
        ("five megabytes in three parts", format!("{0}.{0}.{0}", "A".repeat(1_700_000))),
        ("five megabytes of dots", ".".repeat(5_000_000)),
    ] {
        let _row = row(label);
        rejects(&text, json!({}), "malformed_jwt");
    }
}

#[test]
fn a_header_of_five_megabytes_is_not_read() {
    let world = World::whose_provider(|op| op.header.tell(set("kid", json!("k".repeat(5_000_000)))));
    rejects(&world.provider.sign(&claims(&world)), json!({}), "malformed_jwt");
}

#[test]
fn what_is_expected_is_checked_however_it_lies() {
    let world = World::new();
    for (name, value, expected, code) in [
        ("nonce", json!("N"), json!({ "nonce": "n" }), "nonce_mismatch"),
        ("nonce", json!(null), json!({ "nonce": "n" }), "missing_claim"),
        ("nonce", json!(["n"]), json!({ "nonce": "n" }), "nonce_mismatch"),
        ("at_hash", json!("AAAA"), json!({ "accessToken": "a" }), "at_hash_mismatch"),
        ("auth_time", json!(null), json!({ "maxAge": 60 }), "missing_claim"),
        ("auth_time", json!(0), json!({ "maxAge": 60 }), "auth_time_too_old"),
        ("auth_time", json!(9_999_999_999_u64), json!({ "maxAge": 60 }), "token_not_yet_valid"),
        ("acr", json!("silver"), json!({ "acrValues": ["gold"] }), "acr_not_met"),
        ("acr", json!(null), json!({ "acrValues": ["gold"] }), "acr_not_met"),
        ("iss", json!("https://evil.example"), json!({}), "invalid_claim"),
        ("aud", json!("another"), json!({}), "invalid_claim"),
        ("exp", json!(0), json!({}), "expired_token"),
    ] {
        let _row = row(format!("{name}: {value}"));
        let mut claims = claims(&world);
        claims[name] = value;
        rejects(&world.provider.sign(&claims), expected, code);
    }
}

#[test]
fn a_key_that_the_provider_does_not_publish() {
    let world = World::new();
    let forged = |kid| {
        world.provider.key.replace(SigningKey::new("RS256", 2, Some(kid)));
        world.provider.sign(&claims(&world))
    };
    rejects(&forged("key-0"), json!({}), "bad_signature");
    rejects(&forged("key-9"), json!({}), "invalid_key_id");
}
