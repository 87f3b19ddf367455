//! `oidcc-client-rp-initiated-logout-rp-basic`, and the order that leaves no half signed-out page.

use std::rc::Rc;

use oidc_client_wasm::flow::callback::outcome::{Outcome, OutcomeKind};
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::logout::LogoutRequest;
use oidc_client_wasm::settings::params;

use crate::support::verbs::ClientVerbs;
use crate::support::*;

#[track_caller]
fn log_out(tab: &Rc<Tab>, params: Value) -> LogoutRequest {
    let request = tab.open(HOME).logout(params).expect("a logout").expect("a request");
    tab.go(&request.url());
    request
}

/// Signs in and out again: where the provider sends the browser back to.
#[track_caller]
pub fn logged_out(world: &Rc<World>, tab: &Rc<Tab>) -> String {
    tab.sign_in();
    let request = log_out(tab, json!({}));
    world.provider.end_session(&request.endpoint, &request.fields).expect("a return")
}

fn field<'a>(request: &'a LogoutRequest, name: &str) -> Option<&'a str> {
    request.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn logout_outcome(app_state: Option<&str>) -> Outcome {
    let kind = OutcomeKind::Logout { post_logout_redirect_uri: POST_LOGOUT_URI.into() };
    Outcome { kind, client: "demo".into(), app_state: app_state.map(String::from) }
}

#[test]
fn rp_init_logout() {
    let (world, tab) = World::new().with_tab();
    let back = logged_out(&world, &tab);
    let page = tab.open(&back);
    assert_eq!(page.validate_logout_response().expect("our logout"), logout_outcome(None));
    assert_eq!(tab.url(), POST_LOGOUT_URI);
    assert!(page.session().is_none());
}

#[test]
fn rp_init_logout_through_handle_redirect() {
    let (world, tab) = World::new().with_tab();
    let back = logged_out(&world, &tab);
    assert_eq!(tab.open(&back).handle_redirect().expect("our logout"), Some(logout_outcome(None)));
    assert_eq!(tab.url(), POST_LOGOUT_URI);
}

#[test]
fn rp_init_logout_other_state() {
    let world = World::new();
    world.provider.response.tell(|params| {
        let is_of_logout = !params.iter().any(|(name, _)| name == "code");
        params.iter_mut().filter(|_| is_of_logout).for_each(|(_, value)| value.push_str("_INVALID"));
    });
    let tab = world.tab();
    let back = logged_out(&world, &tab);
    let page = tab.open(&back);
    assert_eq!(page.handle_redirect().expect("the page goes on"), None);
    assert_error(&page.validate_logout_response().expect_err("another state"), ["invalid_state", "rejected", "logout"]);
    assert!(page.session().is_none(), "the session stays cleared");
    world.provider.repent();
    tab.sign_in();
}

#[test]
fn rp_init_logout_no_state() {
    let world = World::new();
    world.provider.response.tell(|params| {
        if !params.iter().any(|(name, _)| name == "code") {
            params.clear();
        }
    });
    let tab = world.tab();
    let back = logged_out(&world, &tab);
    assert_eq!(back, POST_LOGOUT_URI);
    let page = tab.open(&back);
    assert_eq!(page.handle_redirect().expect("the page goes on"), None);
    assert_error(&page.validate_logout_response().expect_err("no state"), ["missing_state", "rejected", "logout"]);
    assert!(page.session().is_none());
    world.provider.repent();
    tab.sign_in();
}

#[test]
fn the_hint_is_the_id_token_byte_for_byte() {
    // The fake provider looks it up as a string; an odd but valid header would not survive decoding and encoding again.
    let (world, tab) = World::new().with_tab();
    world.provider.header.tell(set("zzz", json!("last, where a sorted header would have it elsewhere")));
    tab.sign_in();
    let request = log_out(&tab, json!({}));
    assert_eq!(field(&request, "id_token_hint"), Some(world.provider.id_tokens.borrow()[0].as_str()));
}

#[test]
fn an_expired_id_token_is_still_the_hint() {
    let (world, tab) = World::new().signed_in_tab();
    world.pass(86_400);
    let request = log_out(&tab, json!({}));
    world.provider.end_session(&request.endpoint, &request.fields).expect("a return");
    assert!(field(&request, "id_token_hint").is_some());
}

#[test]
fn the_hint_can_be_left_out_or_given() {
    let (world, tab) = World::new().signed_in_tab();
    assert_eq!(field(&log_out(&tab, json!({ "idTokenHint": null })), "id_token_hint"), None);
    let older = world.provider.id_tokens.borrow()[0].clone();
    tab.sign_in();
    let request = log_out(&tab, json!({ "idTokenHint": older }));
    assert_eq!(field(&request, "id_token_hint"), Some(older.as_str()));
}

#[test]
fn every_parameter_of_the_contract_is_sent() {
    let tab = World::new().tab();
    tab.sign_in();
    let request = log_out(
        &tab,
        json!({ "logoutHint": "alice@example.com", "uiLocales": ["de", "en"], "clientId": "another", "params": { "x": "y" } }),
    );
    for (name, value) in
        [("logout_hint", "alice@example.com"), ("ui_locales", "de en"), ("client_id", "another"), ("x", "y")]
    {
        assert_eq!(field(&request, name), Some(value));
    }
}

#[test]
fn a_post_carries_the_same_fields_and_a_url_without_them() {
    let (world, tab) = World::new().signed_in_tab();
    let request = log_out(&tab, json!({ "method": "post" }));
    assert!(world.provider.end_session(&request.endpoint, &request.fields).is_some());
    assert_eq!(world.secrets.found_in(&request.endpoint), None);
}

#[test]
fn app_state_comes_back() {
    let (world, tab) = World::new().with_tab();
    let page = tab.sign_in();
    let request = page.logout_with(json!({}), Some("[1]")).expect("a logout").expect("a request");
    let back = world.provider.end_session(&request.endpoint, &request.fields).expect("a return");
    assert!(!back.contains("[1]") && !request.url().contains("%5B1%5D"), "and never went to the provider");
    assert_eq!(tab.open(&back).handle_redirect().expect("our logout"), Some(logout_outcome(Some("[1]"))));
}

// ---------------------------------------------------------------- the state is judged once

#[test]
fn a_logout_response_replayed_gives_the_same_result_and_changes_nothing() {
    let (world, tab) = World::new().with_tab();
    let back = logged_out(&world, &tab);
    let first = tab.open(&back).validate_logout_response().expect("our logout");
    tab.sign_in();
    let before = tab.storage.snapshot();
    let page = tab.open(&back);
    assert_eq!(page.validate_logout_response().expect("the same"), first);
    assert_eq!(tab.storage.snapshot(), before, "a replay signs nobody out who has signed in since");
    assert!(page.session().is_some());
}

#[test]
fn a_logout_response_in_another_tab_is_nobodys() {
    let world = World::new();
    let back = logged_out(&world, &world.tab());
    let other = world.tab();
    let page = other.sign_in();
    other.go(&back);
    assert_eq!(page.handle_redirect().expect("nothing of ours"), None);
    assert_error(&page.validate_logout_response().expect_err("not ours"), ["invalid_state", "rejected", "logout"]);
    assert!(page.session().is_some());
}

#[test]
fn a_logout_response_after_ten_minutes() {
    let (world, tab) = World::new().with_tab();
    let back = logged_out(&world, &tab);
    world.pass(600);
    let error = tab.open(&back).validate_logout_response().expect_err("too late");
    assert_error(&error, ["expired_state", "rejected", "logout"]);
    assert!(tab.reload().session().is_none());
}

#[test]
fn a_logout_response_with_its_state_twice() {
    let (world, tab) = World::new().with_tab();
    let back = logged_out(&world, &tab);
    let error = tab.open(&format!("{back}&state=x")).validate_logout_response().expect_err("a rejection");
    assert_error(&error, ["duplicate_parameter", "rejected", "logout"]);
    assert_eq!(tab.url(), POST_LOGOUT_URI);
    tab.open(&back).validate_logout_response().expect("the genuine one");
}

#[test]
fn a_logout_without_a_post_logout_uri_has_no_state_and_expects_nobody() {
    let (world, tab) = World::with(json!({ "postLogoutRedirectUri": null })).signed_in_tab();
    let request = log_out(&tab, json!({}));
    assert!(request.expected_return.is_none());
    assert_eq!(world.provider.end_session(&request.endpoint, &request.fields), None);
    assert!(tab.storage.keys_of("transaction").is_empty());
    assert!(tab.open(HOME).session().is_none());
}

// ---------------------------------------------------------------- order, and what stops it

#[test]
fn creating_a_logout_url_changes_nothing() {
    let tab = World::new().tab();
    let page = tab.sign_in();
    let before = tab.storage.snapshot();
    let client = page.client();
    let params = params::logout(json!({})).expect("parameters");
    let request = now(async move { client.create_logout_request(params).await }).expect("a request");
    assert!(field(&request, "id_token_hint").is_some());
    assert_eq!(tab.storage.snapshot(), before);
}

#[test]
fn when_the_page_leaves_the_return_is_expected_and_the_session_is_gone() {
    let tab = World::new().tab();
    tab.sign_in();
    log_out(&tab, json!({}));
    assert_eq!(tab.stored_session("demo"), None);
    assert_eq!(tab.storage.keys_of("transaction").len(), 1);
}

#[test]
fn a_provider_without_logout_is_an_error_and_the_person_is_signed_out_here_and_in_other_tabs() {
    let (world, tab) = World::whose_provider(|op| op.metadata.tell(without("end_session_endpoint"))).with_tab();
    let page = tab.sign_in();
    let open = tab.come_back();
    let other = tab.duplicate().reload();
    assert!(other.session().is_some());
    world.pass(1);
    page.events.take();
    fails_with(page.logout(json!({})), ["end_session_not_supported", "usage", "logout"]);
    assert!(page.session().is_none() && tab.reload().session().is_none());
    assert_eq!(page.events.take(), ["logout local"]);
    world.bus.deliver();
    assert!(other.session().is_none());
    assert_eq!(other.events.take(), ["logout other-tab"]);
    assert_eq!(tab.open(&open).handle_redirect().expect("forgotten"), None, "a login under way is ended, too");
}

#[test]
fn a_provider_without_logout_still_revokes() {
    for (params, succeeds) in
        [(json!({ "revoke": true }), false), (json!({ "revoke": true, "fallback": "local" }), true)]
    {
        let (world, page) = World::whose_provider(|op| op.metadata.tell(without("end_session_endpoint"))).signed_in();
        assert_eq!(page.logout(params).is_ok(), succeeds);
        assert_eq!(world.network.sent_to("/revoke").len(), 1);
    }
}

#[test]
fn a_url_for_a_logout_that_the_provider_does_not_have_changes_nothing() {
    let page = World::whose_provider(|op| op.metadata.tell(without("end_session_endpoint"))).tab().sign_in();
    let client = page.client();
    let params = params::logout(json!({})).expect("parameters");
    let error = now(async move { client.create_logout_request(params).await }).expect_err("no endpoint");
    assert_error(&error, ["end_session_not_supported", "usage", "logout"]);
    assert!(page.session().is_some());
}

#[test]
fn fallback_local_signs_out_here() {
    let tab = World::whose_provider(|op| op.metadata.tell(without("end_session_endpoint"))).tab();
    let page = tab.sign_in();
    let open = tab.come_back();
    assert!(page.logout(json!({ "fallback": "local" })).expect("a local sign-out").is_none());
    assert!(page.session().is_none());
    assert!(tab.reload().session().is_none());
    assert_eq!(tab.open(&open).handle_redirect().expect("forgotten"), None);
}

#[test]
fn fallback_local_is_for_providers_without_logout_only() {
    let (world, tab) = World::new().signed_in_tab();
    assert!(tab.reload().logout(json!({ "fallback": "local" })).expect("a logout").is_some());

    tab.sign_in();
    world.pass(86_400);
    world.network.cut("", HttpError::Network);
    let page = tab.reload();
    let error = page.logout(json!({ "fallback": "local" })).expect_err("who knows whether it has one");
    assert_error(&error, ["network", "environment", "metadata"]);
    assert!(page.session().is_some());
}

#[test]
fn bad_parameters_leave_everything_untouched() {
    for (params, code, phase) in [
        (json!({ "state": "x", "unknown": 1 }), "config_invalid", "config"),
        (json!({ "params": { "state": "x" } }), "reserved_parameter", "config"),
        (json!({ "postLogoutRedirectUri": "/bye" }), "invalid_redirect_uri", "config"),
        (json!({ "method": "put" }), "config_invalid", "config"),
        (json!({ "revoke": "yes" }), "config_invalid", "config"),
    ] {
        let tab = World::new().tab();
        let page = tab.sign_in();
        let before = tab.storage.snapshot();
        assert_error(&page.logout(params).expect_err("bad parameters"), [code, "usage", phase]);
        assert_eq!(tab.storage.snapshot(), before);
    }
}

#[test]
fn a_return_that_cannot_be_remembered_leaves_the_person_signed_in() {
    let tab = World::new().tab();
    let page = tab.sign_in();
    let before = tab.stored_session("demo");
    tab.storage.full.set(true);
    assert_error(&page.logout(json!({})).expect_err("no room"), ["storage_full", "environment", "storage"]);
    assert_eq!(tab.stored_session("demo"), before);
    assert!(page.session().is_some() && tab.storage.keys_of("transaction").is_empty());
}

#[test]
fn without_random_numbers_everything_is_left_untouched() {
    let (world, page) = World::new().signed_in();
    world.random_fault.set(true);
    assert_error(&page.logout(json!({})).expect_err("no state"), ["crypto_unavailable", "environment", "logout"]);
    assert!(page.session().is_some());
}

#[test]
fn a_logout_cancelled_at_the_provider_leaves_this_page_signed_out() {
    let tab = World::new().tab();
    tab.sign_in();
    log_out(&tab, json!({}));
    let page = tab.back();
    assert_eq!(page.handle_redirect().expect("nothing to answer"), None);
    assert!(page.session().is_none());
    tab.sign_in();
}

#[test]
fn a_logout_of_nobody_sends_no_hint_and_comes_back() {
    let (world, tab) = World::new().with_tab();
    let request = log_out(&tab, json!({}));
    assert_eq!(field(&request, "id_token_hint"), None);
    let back = world.provider.end_session(&request.endpoint, &request.fields).expect("a return");
    assert!(tab.open(&back).handle_redirect().expect("our logout").is_some());
}

#[test]
fn a_logout_of_one_client_leaves_the_others_signed_in() {
    let (world, tab) = World::new().with_tab();
    let page = tab.sign_in();
    let record = tab.stored_session("demo").expect("a session");
    tab.storage.put(&key_of("session", "other"), &record);
    let other = page.register("other", world.settings.borrow().clone()).expect("another client");
    let at_login = other.clone();
    let open = page.audited(now(async move { at_login.begin_login(json!({}), None).await }));
    page.logout(json!({})).expect("a logout");
    assert!(other.session().is_some());
    let callback = world.provider.authorize(&open.expect("a login"));
    tab.go(&callback);
    assert!(page.handle_redirect().expect("the other client's login").is_some());
}
