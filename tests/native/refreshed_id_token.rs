//! The id_token that comes with a refresh (OIDC Core section 12.2): verified like the first, about the same login, or nothing of
//! the answer counts but its new refresh token (`rotated_tokens.rs`).

use std::rc::Rc;

use oidc_client_wasm::ports::{CryptoError, HttpError};
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::*;

fn signed_in(world: Rc<World>) -> (Rc<World>, Page) {
    let tab = world.tab();
    let url = tab.open(HOME).login_with(json!({ "maxAge": 1000 }), None).expect("a login");
    tab.go(&url);
    let page = tab.open(&world.provider.authorize(&url));
    page.expect_login();
    page.events.take();
    world.pass(70);
    (world, page)
}

#[track_caller]
pub fn rejects(lie: impl Fn(&FakeProvider), code: &'static str, kind: &'static str) {
    rejects_in(&World::new(), lie, code, kind);
}

#[track_caller]
fn rejects_in(world: &Rc<World>, lie: impl Fn(&FakeProvider), code: &'static str, kind: &'static str) {
    let (_, page) = signed_in(world.clone());
    let before = page.session().expect("a session");
    lie(&world.provider);
    assert_error(&page.refresh().expect_err("a rejection"), [code, kind, "refresh"]);
    // The provider has rotated all the same: its new refresh token is kept for the next try, and nothing else.
    let after = page.session().expect("still signed in");
    let kept = after.token().refresh_token.clone().expect("a refresh token");
    assert_eq!(*after, before.with_refresh_token(kept.clone()), "nothing else of the answer counts");
    assert!(world.provider.honours(kept.expose()));
    assert_eq!(page.tab.reload().session(), Some(after));
    assert_eq!(page.events.take(), [format!("error {code}")]);
    world.provider.repent();
    // No cool-down is in the way.
    world.pass(61);
    let _ = page.refresh();
    assert!(page.session().is_some());
    assert_eq!(world.network.sent_to("/token").remove(2).field("refresh_token"), kept.expose());
}

#[track_caller]
fn rejects_claims(lie: impl Fn(&mut Value) + 'static, code: &'static str) {
    let lie = std::cell::Cell::new(Some(lie));
    rejects(|provider| provider.claims.tell(lie.take().expect("one refresh")), code, "rejected");
}

#[test]
fn a_good_one_replaces_claims_and_the_hint_of_a_logout() {
    let (world, page) = signed_in(World::new());
    let first = page.token()["id_token"].clone();
    world.provider.claims.tell(set("name", json!("Alice, renamed")));
    page.refresh().expect("a refresh");
    assert_eq!(page.session().expect("a session").claims().expect("claims")["name"], "Alice, renamed");
    assert_ne!(page.token()["id_token"], first);
    assert_eq!(page.tab.reload().session(), page.session());
    let request = page.logout(json!({})).expect("a logout").expect("a request");
    let hint = request.fields.iter().find(|(name, _)| name == "id_token_hint").map(|(_, value)| value.clone());
    assert_eq!(hint.as_ref(), world.provider.id_tokens.borrow().last());
}

#[test]
fn one_that_repeats_everything_of_the_first_is_good() {
    let (world, page) = signed_in(World::new());
    let claims = page.session().expect("a session").claims().expect("claims").clone();
    for name in ["nonce", "auth_time"] {
        world.provider.claims.tell(set(name, claims[name].clone()));
    }
    // The same audience, written as a list.
    world.provider.claims.tell(set("aud", json!([CLIENT_ID])));
    page.refresh().expect("a refresh");
}

#[test]
fn the_age_of_the_login_is_not_judged_again() {
    let (world, page) = signed_in(World::new());
    world.pass(5000);
    page.refresh().expect("max_age was for the login");
}

#[test]
fn one_without_auth_time_and_nonce_is_good() {
    let (world, page) = signed_in(World::new());
    world.provider.claims.tell(without("auth_time"));
    page.refresh().expect("a refresh");
    assert_eq!(page.token()["userinfo"]["nonce"], Value::Null);
    page.refresh().expect("and after that, too");
}

#[test]
fn a_wrong_signature() {
    rejects(
        |provider| {
            provider.id_token.tell(|token| {
                let start = token.rfind('.').expect("a signature") + 1;
                let other = if token[start..].starts_with('A') { "B" } else { "A" };
                token.replace_range(start..=start, other);
            });
        },
        "bad_signature",
        "rejected",
    );
}

#[test]
fn a_key_of_somebody_else() {
    rejects(
        |provider| {
            let published = provider.published.take();
            provider.sign_with(SigningKey::new("RS256", 1, Some("key-0")));
            provider.published.replace(published);
        },
        "bad_signature",
        "rejected",
    );
}

#[test]
fn no_signature_at_all() {
    rejects(|provider| provider.header.tell(set("alg", json!("none"))), "unsupported_algorithm", "rejected");
}

#[test]
fn a_mac_instead_of_a_signature() {
    rejects(|provider| provider.header.tell(set("alg", json!("HS256"))), "unsupported_algorithm", "rejected");
}

#[test]
fn one_that_is_no_jwt() {
    rejects(|provider| provider.id_token.tell(|token| *token = "a.b.c".into()), "malformed_jwt", "rejected");
}

#[test]
fn one_that_is_no_text() {
    rejects(|provider| provider.token.tell(set("id_token", json!({}))), "invalid_token_response", "rejected");
}

#[test]
fn an_expired_one() {
    rejects_claims(|claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap() - 60), "expired_token");
}

#[test]
fn one_from_the_future() {
    rejects_claims(|claims| claims["iat"] = json!(claims["iat"].as_i64().unwrap() + 61), "token_not_yet_valid");
}

#[test]
fn one_of_another_issuer() {
    rejects_claims(set("iss", json!("https://evil.example")), "invalid_claim");
}

#[test]
fn one_without_a_subject() {
    rejects_claims(without("sub"), "missing_claim");
}

#[test]
fn one_for_another_client() {
    rejects_claims(set("aud", json!("another")), "invalid_claim");
}

/// An audience that is trusted, but that the first one did not have.
#[test]
fn one_with_a_further_audience() {
    let world = World::with(json!({ "trustedAudiences": ["https://api.example"] }));
    let lie = |provider: &FakeProvider| provider.claims.tell(set("aud", json!([CLIENT_ID, "https://api.example"])));
    rejects_in(&world, lie, "invalid_claim", "rejected");
}

#[test]
fn one_without_an_audience_of_the_first() {
    let world = World::with(json!({ "trustedAudiences": ["https://api.example"] }));
    world.provider.claims.tell(set("aud", json!([CLIENT_ID, "https://api.example"])));
    rejects_in(&world, |provider| provider.claims.tell(set("aud", json!(CLIENT_ID))), "invalid_claim", "rejected");
}

#[test]
fn one_with_an_azp_that_the_first_one_did_not_have() {
    rejects_claims(set("azp", json!(CLIENT_ID)), "invalid_claim");
}

#[test]
fn one_with_the_azp_of_another_client() {
    rejects_claims(set("azp", json!("another")), "invalid_claim");
}

#[test]
fn one_without_the_azp_that_the_first_one_had() {
    let world = World::whose_provider(|op| op.claims.tell(set("azp", json!(CLIENT_ID))));
    rejects_in(&world, |provider| provider.claims.tell(without("azp")), "invalid_claim", "rejected");
}

#[test]
fn one_of_another_authentication() {
    rejects_claims(|claims| claims["auth_time"] = json!(claims["auth_time"].as_i64().unwrap() + 1), "invalid_claim");
}

#[test]
fn one_with_another_nonce() {
    rejects_claims(set("nonce", json!("of another login")), "nonce_mismatch");
}

#[test]
fn one_with_the_hash_of_another_access_token() {
    rejects_claims(set("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")), "at_hash_mismatch");
}

#[test]
fn the_answer_is_no_bearer_token_with_a_good_id_token() {
    rejects(|provider| provider.token.tell(set("token_type", json!("mac"))), "unsupported_token_type", "rejected");
}

#[test]
fn one_of_rotated_keys_is_good() {
    let (world, page) = signed_in(World::new());
    world.provider.sign_with(SigningKey::new("RS256", 1, Some("key-1")));
    page.refresh().expect("a look for new keys, then a refresh");
    assert_eq!(world.network.sent_to("/jwks").len(), 2);
}

/// The rotated refresh token is the only one that works: it is kept, and the id_token that nobody can judge is not.
#[test]
fn keys_that_cannot_be_had_lose_the_id_token_alone() {
    let (world, page) = signed_in(World::new());
    // Longer than remembered keys serve in an outage.
    world.pass(86_400);
    let before = page.token();
    world.network.cut("/jwks", HttpError::Network);
    world.provider.claims.tell(set("name", json!("not verified")));
    let token = page.refresh().expect("a refresh");
    let after = page.token();
    assert_eq!(after["access_token"], json!(token));
    assert!(world.provider.honours(&page.held_refresh_token()));
    assert_eq!((&after["id_token"], &after["userinfo"]), (&before["id_token"], &before["userinfo"]));
}

#[test]
fn a_verifier_that_cannot_be_had_loses_the_id_token_alone() {
    let (world, page) = signed_in(World::new());
    let before = page.token();
    world.provider.claims.tell(set("name", json!("not verified")));
    world.crypto_fault.set(Some(CryptoError::Subtle));
    page.refresh().expect("a refresh");
    let after = page.token();
    assert!(world.provider.honours(&page.held_refresh_token()), "the rotated one is kept");
    assert_eq!((&after["id_token"], &after["userinfo"]), (&before["id_token"], &before["userinfo"]));
    world.crypto_fault.set(None);
    page.refresh().expect("the provider has seen no refresh token twice");
}

/// A lid that is closed at the wrong moment must not cost the rotated refresh token.
#[test]
fn one_is_judged_by_the_time_it_arrived_however_long_its_keys_take() {
    let (world, page) = signed_in(World::new());
    world.pass(300);
    world.network.hold();
    let mut asking = page.asking_for(json!({ "force": true }));
    world.network.release("/token");
    asking.advance();
    assert_eq!(world.network.in_flight(), [format!("{ISSUER}/jwks")], "the answer is there, its keys are not");
    world.pass(600);
    world.network.let_go();
    page.got(asking).expect("good when it came");
    page.refresh().expect("and its refresh token is kept");
}

#[test]
fn one_that_comes_with_a_token_of_another_scope_is_judged_too() {
    let (world, page) = signed_in(World::new());
    world.provider.claims.tell(set("nonce", json!("of another login")));
    let asked = page.access_token_for(json!({ "scope": "files" }));
    assert_error(&asked.expect_err("of another login"), ["nonce_mismatch", "rejected", "refresh"]);
    assert!(page.session().is_some());
}
