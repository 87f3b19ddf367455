//! `revokeToken` (RFC 7009), and the revocation that goes with a logout.

use std::rc::Rc;

use oidc_client_wasm::flow::tokens;
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::revocation::TokenKind;

use crate::support::verbs::ClientVerbs;
use crate::support::*;

fn signed_in(world: Rc<World>) -> (Rc<World>, Page) {
    let (world, page) = world.signed_in();
    page.events.take();
    world.network.take_sent();
    (world, page)
}

#[test]
fn the_refresh_token_goes_unless_another_is_named() {
    for kind in [None, Some(TokenKind::RefreshToken)] {
        let (world, page) = signed_in(World::new());
        let (access_token, refresh_token) = (page.held_access_token(), page.held_refresh_token());
        page.revoke(kind).expect("revoked");
        let sent = world.network.take_sent();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].is_to("/revoke"));
        assert_eq!(sent[0].names(), ["token", "token_type_hint", "client_id"]);
        assert_eq!(sent[0].field("token"), refresh_token);
        assert_eq!(sent[0].field("token_type_hint"), "refresh_token");
        assert!(!world.provider.honours(&refresh_token) && !world.provider.honours(&access_token));
        assert_eq!(page.token()["refresh_token"], Value::Null, "and is forgotten here");
        assert_eq!(page.tab.reload().token()["refresh_token"], Value::Null);
        assert_eq!(page.sub().as_deref(), Some("alice"), "the login goes on");
    }
}

#[test]
fn a_revoked_access_token_counts_as_expired() {
    let (world, page) = signed_in(World::new());
    let (access_token, refresh_token) = (page.held_access_token(), page.held_refresh_token());
    page.revoke(Some(TokenKind::AccessToken)).expect("revoked");
    assert_eq!(world.network.take_sent()[0].field("token"), access_token);
    assert!(!world.provider.honours(&access_token) && world.provider.honours(&refresh_token));
    assert_ne!(page.access_token().expect("another"), access_token);
}

#[test]
fn without_a_refresh_token_the_access_token_goes() {
    let (world, page) = signed_in(World::whose_provider(|op| op.is_generous.set(false)));
    page.revoke(None).expect("revoked");
    assert_eq!(world.network.take_sent()[0].field("token_type_hint"), "access_token");
    assert_error(&page.access_token().expect_err("revoked"), ["token_expired", "rejected", "token"]);
    assert_eq!(page.sub().as_deref(), Some("alice"));
}

#[test]
fn a_token_that_is_not_there_cannot_be_revoked() {
    let (world, nobody) = World::new().at_home();
    assert_error(&nobody.revoke(None).expect_err("nobody"), ["missing_token", "usage", "token"]);
    world.provider.is_generous.set(false);
    let (world, page) = signed_in(world);
    let error = page.revoke(Some(TokenKind::RefreshToken)).expect_err("no refresh token");
    assert_error(&error, ["missing_token", "usage", "token"]);
    assert_eq!(world.network.count(), 0);
}

/// Nothing is forgotten here that still works there.
#[track_caller]
pub fn keeps_everything(lie: impl Fn(&World), verdict: [&'static str; 3]) -> oidc_client_wasm::error::Error {
    let (world, page) = signed_in(World::new());
    lie(&world);
    let before = page.session();
    let error = fails_with(page.revoke(None), verdict);
    assert_eq!(page.session(), before);
    error
}

#[test]
fn a_provider_without_the_endpoint() {
    let (world, page) = signed_in(World::whose_provider(|op| op.metadata.tell(without("revocation_endpoint"))));
    let before = page.session();
    let error = fails_with(page.revoke(None), ["not_supported_by_provider", "usage", "token"]);
    assert!(error.message.contains("revocation_endpoint"));
    assert_eq!(page.session(), before);
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_refusal_has_the_providers_words() {
    let body = r#"{"error":"unsupported_token_type","error_description":"not these"}"#;
    let error =
        keeps_everything(|world| world.provider.answer_at("/revoke", 400, body), ["token_refused", "refused", "token"]);
    assert_eq!(error.provider.as_ref().map(|words| words.error.as_str()), Some("unsupported_token_type"));
    assert_eq!(error.status, Some(400));
}

#[test]
fn trouble_may_pass() {
    for (status, body) in [(503, ""), (503, r#"{"error":"server_error"}"#), (500, "<html>"), (429, "")] {
        let error = keeps_everything(
            move |world| world.provider.answer_at("/revoke", status, body),
            ["http_status", "environment", "token"],
        );
        assert!(error.retryable);
        assert_eq!(error.status, Some(status));
    }
    for (fault, code) in [(HttpError::Network, "network"), (HttpError::Timeout, "timeout")] {
        keeps_everything(move |world| world.network.cut("/revoke", fault), [code, "environment", "token"]);
    }
}

#[test]
fn a_token_that_was_rotated_meanwhile_is_not_forgotten() {
    let (world, page) = signed_in(World::new());
    let client = page.client();
    world.network.hold();
    let revoking =
        Running::start(async move { tokens::revoke::revoke_token(&client, Some(TokenKind::RefreshToken)).await });
    let refreshing = page.asking_for(json!({ "force": true }));
    world.network.release("/token");
    page.got(refreshing).expect("a refresh");
    world.provider.is_suite.set(false);
    world.network.let_go();
    page.audited(revoking.finish()).expect("revoked");
    assert!(page.token()["refresh_token"].is_string(), "only what was revoked goes");
}

/// Otherwise the next refresh would be refused, and the person be signed out for it.
#[test]
fn where_storage_is_full_a_revoked_token_is_forgotten_by_the_page() {
    let (_, page) = signed_in(World::new());
    page.tab.storage.full.set(true);
    if let Err(error) = page.revoke(None) {
        assert_error(&error, ["storage_full", "environment", "storage"]);
    }
    assert_eq!(page.token()["refresh_token"], Value::Null);
    assert_eq!(page.sub().as_deref(), Some("alice"));
}

// ---------------------------------------------------------------- as part of a logout

#[test]
fn a_logout_with_revocation_signs_out_first() {
    let (world, page) = signed_in(World::new());
    world.bus.forget_announcements();
    let (access_token, refresh_token) = (page.held_access_token(), page.held_refresh_token());
    let client = page.client();
    let params = oidc_client_wasm::settings::params::logout(json!({ "revoke": true }));
    let params = params.expect("parameters");
    world.network.hold();
    let mut leaving = Running::start(async move { client.begin_logout(params, None).await });
    assert!(!leaving.advance(), "the page waits for the revocation");
    assert_eq!(world.network.in_flight(), [format!("{ISSUER}/revoke")]);
    assert!(page.session().is_none(), "a tab that dies now is signed out");
    assert_eq!(page.tab.stored_session("demo"), None);
    assert_eq!(page.tab.storage.keys_of("transaction").len(), 1, "and expected back");
    assert_eq!(world.bus.announced().len(), 1, "and the other tabs are told");
    world.network.let_go();
    let (request, _) = leaving.finish().expect("a logout").expect("a request");
    assert!(request.fields.iter().any(|(name, _)| name == "id_token_hint"));
    assert!(!world.provider.honours(&refresh_token) && !world.provider.honours(&access_token));
    let sent = world.network.sent_to("/revoke").remove(0);
    assert_eq!(sent.field("token"), refresh_token);
    assert!(sent.timeout <= 3, "leaving is not to feel slow");
}

#[test]
fn a_revocation_that_fails_stops_no_logout() {
    type Lie = fn(&World);
    let lies: [Lie; 6] = [
        |world| world.provider.answer_at("/revoke", 400, r#"{"error":"invalid_client"}"#),
        |world| world.provider.answer_at("/revoke", 503, ""),
        |world| world.network.cut("/revoke", HttpError::Network),
        |world| world.network.cut("/revoke", HttpError::Timeout),
        |world| world.provider.metadata.tell(without("revocation_endpoint")),
        |world| world.provider.is_generous.set(false),
    ];
    for lie in lies {
        let world = World::new();
        lie(&world);
        let page = world.tab().sign_in();
        page.events.take();
        let request = page.logout(json!({ "revoke": true })).expect("a logout").expect("a request");
        assert!(world.provider.end_session(&request.endpoint, &request.fields).is_some());
        assert!(page.session().is_none());
        assert_eq!(page.events.take(), ["logout local"], "and nobody hears of it");
    }
}

#[test]
fn a_local_sign_out_can_revoke_too() {
    let (world, page) = signed_in(World::whose_provider(|op| op.metadata.tell(without("end_session_endpoint"))));
    let refresh_token = page.held_refresh_token();
    assert!(page.logout(json!({ "fallback": "local", "revoke": true })).expect("a sign-out").is_none());
    assert!(!world.provider.honours(&refresh_token));
}

#[test]
fn a_logout_that_cannot_begin_revokes_nothing() {
    let (world, page) = signed_in(World::new());
    page.tab.storage.full.set(true);
    page.logout(json!({ "revoke": true })).expect_err("no room for the return");
    assert!(world.network.sent_to("/revoke").is_empty());
    assert!(page.session().is_some());
}

#[test]
fn a_logout_revokes_nothing_unless_asked() {
    let (world, page) = signed_in(World::new());
    page.logout(json!({})).expect("a logout");
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_logout_of_nobody_revokes_nothing() {
    let world = World::new();
    world.tab().open(HOME).logout(json!({ "revoke": true })).expect("a logout");
    assert!(world.network.sent_to("/revoke").is_empty());
}

/// The token that a refresh brings while the page is leaving is the one that works.
#[test]
fn a_logout_revokes_the_token_at_hand_when_it_signs_out() {
    let (world, page) = signed_in(World::new());
    world.pass(3600);
    let client = page.client();
    let params = oidc_client_wasm::settings::params::logout(json!({ "revoke": true }));
    let params = params.expect("parameters");
    world.network.hold();
    // The logout waits for metadata; a refresh that waits for the same comes through meanwhile.
    let refreshing = page.asking();
    let leaving = Running::start(async move { client.begin_logout(params, None).await });
    world.network.let_go();
    page.got(refreshing).ok();
    world.provider.is_suite.set(false);
    leaving.finish().expect("a logout");
    let issued = world.provider.live_refresh_tokens();
    assert_eq!(issued, 0, "no refresh token of this login works any more");
}
