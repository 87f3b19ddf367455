//! Lies about the tokens themselves: what cannot be a token is none, and what cannot stand in a header never gets into one.

use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

const INVALID: [&str; 3] = ["invalid_token_response", "rejected", "token"];
const MALFORMED: [&str; 3] = ["malformed_jwt", "rejected", "id_token"];

fn values_that_are_no_text() -> [Value; 5] {
    [json!(1), json!(true), json!(["a"]), json!([]), json!({ "token": "a" })]
}

/// RFC 6749 appendix A.12 and A.17: visible characters of ASCII.
fn texts_that_are_no_token() -> Vec<(&'static str, String)> {
    vec![
        ("nothing", String::new()),
        ("a line feed", "a\nX-Smuggled: 1".into()),
        ("a carriage return", "a\rb".into()),
        ("a line feed at the end", "a\n".into()),
        ("a tab", "a\tb".into()),
        ("a NUL", "a\0b".into()),
        ("a DEL", "a\u{7f}b".into()),
        ("a letter beyond ASCII", "\u{e4}".into()),
        ("a line separator", "a\u{2028}b".into()),
        ("a text that runs backwards", "a\u{202e}b".into()),
        ("a zero-width space", "a\u{200b}b".into()),
        ("more than 128 KiB", "a".repeat(128 * 1024 + 1)),
    ]
}

#[test]
fn an_access_token_that_cannot_be_one() {
    for value in values_that_are_no_text().into_iter().chain([Value::Null]) {
        let _row = row(value.to_string());
        rejects_login(|op| op.token.tell(set("access_token", value.clone())), INVALID);
    }
    for (label, text) in texts_that_are_no_token() {
        let _row = row(label);
        rejects_login(|op| op.token.tell(set("access_token", json!(text))), INVALID);
    }
    rejects_login(|op| op.token.tell(without("access_token")), INVALID);
}

#[test]
fn a_refresh_token_that_cannot_be_one() {
    for value in values_that_are_no_text() {
        let _row = row(value.to_string());
        rejects_login(|op| op.token.tell(set("refresh_token", value.clone())), INVALID);
    }
    for (label, text) in texts_that_are_no_token().into_iter().filter(|(_, text)| !text.is_empty()) {
        let _row = row(label);
        rejects_login(|op| op.token.tell(set("refresh_token", json!(text))), INVALID);
    }
}

#[test]
fn a_refresh_token_that_is_null_or_empty_is_none() {
    for absence in [Value::Null, json!("")] {
        let world = World::whose_provider(|op| op.token.tell(set("refresh_token", absence)));
        assert_eq!(world.tab().sign_in().token().get("refresh_token"), None);
    }
}

#[test]
fn tokens_as_long_as_real_ones_get() {
    for name in ["access_token", "refresh_token"] {
        let world = World::whose_provider(|op| op.claims.tell(without("at_hash")));
        let long = format!("{}~+/=", "a".repeat(20_000));
        world.provider.token.tell(set(name, json!(long)));
        assert_eq!(world.tab().sign_in().token()[name], long);
    }
}

#[test]
fn an_id_token_that_is_no_text() {
    for value in values_that_are_no_text() {
        let _row = row(value.to_string());
        rejects_login(|op| op.token.tell(set("id_token", value.clone())), INVALID);
    }
}

#[test]
fn an_id_token_that_is_missing() {
    let missing = ["missing_id_token", "rejected", "token"];
    rejects_login(|op| op.token.tell(without("id_token")), missing);
    rejects_login(|op| op.token.tell(set("id_token", Value::Null)), missing);
    rejects_login(|op| op.token.tell(set("id_token", json!(""))), missing);
    let world = World::with(json!({ "allowMissingNonce": true }));
    rejects_login_in(&world, |op| op.token.tell(without("id_token")), missing);
}

/// A text is judged as what it would have to be.
#[test]
fn an_id_token_that_is_any_text() {
    for (label, text) in texts_that_are_no_token().into_iter().filter(|(_, text)| !text.is_empty()) {
        let _row = row(label);
        rejects_login(|op| op.token.tell(set("id_token", json!(text))), MALFORMED);
    }
}
