//! One response is acted on once: double calls, reload and Back get the same result or none, and nothing is sent twice.

use std::cell::Cell;
use std::rc::Rc;

use oidc_client_wasm::flow::callback::outcome::{Outcome, OutcomeKind};
use oidc_client_wasm::protocol::json::json;

use crate::support::*;

pub fn is_login(outcome: &Option<Outcome>) -> bool {
    matches!(outcome, Some(outcome) if matches!(outcome.kind, OutcomeKind::Login { .. }))
}

#[test]
fn handle_redirect_called_twice_at_once_sends_one_token_request() {
    let (world, page) = World::new().coming_back();
    world.network.hold();
    let mut calls = [page.handling(), page.handling(), page.handling()];
    world.network.release("/token");
    world.network.release("/jwks");
    assert!(calls.iter_mut().all(Running::advance));
    let results = calls.map(|call| page.handled(call.finish()).expect("a login"));
    assert!(results.iter().all(is_login));
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn handle_redirect_called_again_afterwards_gives_the_same_result() {
    let (world, page) = World::new().coming_back();
    let first = page.handle_redirect().expect("a login");
    let sent = world.network.count();
    assert_eq!(page.handle_redirect().expect("a login"), first);
    page.authorize_access_token().expect("the same login");
    assert_eq!(world.network.count(), sent);
}

/// A browser tells a listener of `navigate` of the new address before the address is there.
#[test]
fn a_listener_of_the_navigation_that_handles_the_response_too() {
    let world = World::new();
    let tab = world.tab();
    let page = tab.open(&tab.come_back());
    let (oauth, inner) = (page.oauth.clone(), Rc::new(Cell::new(None)));
    let begun = inner.clone();
    let listener = move || begun.set(Some(Running::start(oauth.handle_redirect(None))));
    tab.navigating.set(Some(Box::new(listener)));
    let outer = page.handle_redirect().expect("a login");
    assert!(is_login(&outer));
    assert_eq!(inner.take().expect("a call from within").finish().expect("the same login"), outer);
    assert_eq!(world.network.sent_to("/token").len(), 1);
    assert!(page.session().is_some());
}

/// React's StrictMode drops the first effect and runs a second one.
#[test]
fn a_caller_that_goes_away_does_not_take_the_login_with_it() {
    let (world, page) = World::new().coming_back();
    world.network.hold();
    let first = page.handling();
    let mut second = page.handling();
    drop(first);
    world.network.release("/token");
    world.network.release("/jwks");
    assert!(second.advance());
    assert!(is_login(&page.handled(second.finish()).expect("a login")));
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn the_two_verbs_share_one_answer() {
    let (world, page) = World::new().coming_back();
    page.authorize_access_token().expect("a login");
    assert!(is_login(&page.handle_redirect().expect("the same login")));
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn a_response_given_by_its_url_is_acted_on_once_too() {
    let (world, tab) = World::new().with_tab();
    let callback = tab.come_back();
    let page = tab.open(HOME);
    world.network.hold();
    let mut calls = [callback.clone(), callback].map(|url| Running::start(page.oauth.handle_redirect(Some(url))));
    world.network.let_go();
    assert!(calls.iter_mut().all(Running::advance));
    for call in calls {
        assert!(is_login(&page.handled(call.finish()).expect("a login")));
    }
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn a_failure_is_the_same_failure_for_every_caller_in_the_document() {
    let (world, page) = World::whose_provider(|op| op.claims.tell(spoil("nonce", "1"))).coming_back();
    for _ in 0..3 {
        fails_with(page.handle_redirect(), ["nonce_mismatch", "rejected", "id_token"]);
    }
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn a_reload_after_the_login_reads_storage_and_sends_nothing() {
    let (world, tab) = World::new().signed_in_tab();
    let sent = world.network.count();
    let page = tab.reload();
    assert_eq!(page.handle_redirect().expect("a clean URL"), None);
    assert_eq!(page.sub().as_deref(), Some("alice"));
    assert_eq!(world.network.count(), sent);
}

#[test]
fn a_replay_in_a_fresh_document_gives_the_same_result_without_a_request() {
    let (world, tab) = World::new().with_tab();
    let url = tab.open(HOME).login_with(json!({}), Some(r#"{"to":"/inbox"}"#)).expect("a login");
    let callback = world.provider.authorize(&url);
    let first = tab.open(&callback).handle_redirect().expect("a login");
    let sent = world.network.count();
    for _ in 0..2 {
        let page = tab.open(&callback);
        assert_eq!(page.handle_redirect().expect("the same login"), first);
        assert_eq!(first.as_ref().and_then(|outcome| outcome.app_state.as_deref()), Some(r#"{"to":"/inbox"}"#));
        assert_eq!(tab.url(), REDIRECT_URI, "cleaned again");
        page.authorize_access_token().expect("the same login");
    }
    assert_eq!(world.network.count(), sent);
}

#[test]
fn back_onto_the_callback_url_sends_nothing() {
    let (world, tab) = World::new().with_tab();
    let callback = tab.come_back();
    tab.go(&callback);
    // A browser that refuses to replace the URL leaves the response in the history.
    let page = tab.reload();
    page.expect_login();
    tab.go(&callback);
    tab.go("https://app.example/inbox");
    let sent = world.network.count();
    assert!(is_login(&tab.back().handle_redirect().expect("the same login")));
    assert_eq!(world.network.count(), sent);
}

#[test]
fn back_with_the_same_state_and_another_code_sends_nothing() {
    let (world, tab) = World::new().with_tab();
    let callback = tab.come_back();
    tab.open(&callback).expect_login();
    let token = tab.stored_session("demo");
    let sent = world.network.count();
    let another = callback.replace("code=", "code=another");
    assert!(is_login(&tab.open(&another).handle_redirect().expect("the login that state stands for")));
    assert_eq!(world.network.count(), sent);
    assert_eq!(tab.stored_session("demo"), token);
}

#[test]
fn a_failed_response_replayed_in_a_fresh_document_is_invalid_state() {
    let (world, tab) = World::whose_provider(|op| op.claims.tell(spoil("nonce", "1"))).with_tab();
    let callback = tab.come_back();
    tab.open(&callback).handle_redirect().expect_err("a rejection");
    world.provider.repent();
    let sent = world.network.count();
    let page = tab.open(&callback);
    assert_error(&page.handle_redirect().expect_err("used up"), ["invalid_state", "rejected", "callback"]);
    assert_error(&page.authorize_access_token().expect_err("used up"), ["invalid_state", "rejected", "callback"]);
    assert_eq!(tab.url(), REDIRECT_URI);
    assert_eq!(world.network.count(), sent);
    tab.sign_in();
}

#[test]
fn a_page_that_died_during_the_token_request_leaves_nothing_half_done() {
    let (world, tab) = World::new().with_tab();
    let callback = tab.come_back();
    world.network.hold();
    drop(tab.open(&callback).handling());
    assert_eq!(world.network.sent_to("/token").len(), 1);
    fails_with(tab.open(&callback).handle_redirect(), ["invalid_state", "rejected", "callback"]);
    assert_eq!(world.network.sent_to("/token").len(), 1, "a code is sent once, whatever became of it");
    assert_eq!(tab.stored_session("demo"), None);
}

#[test]
fn a_page_that_has_moved_on_does_not_mean_the_response_any_more() {
    let tab = World::new().tab();
    let page = tab.open(&tab.come_back());
    page.expect_login();
    tab.go("https://app.example/inbox");
    assert_eq!(page.handle_redirect().expect("nothing here"), None);
    tab.go(REDIRECT_URI);
    assert_eq!(page.handle_redirect().expect("the app's own visit to that URL"), None);
}

#[test]
fn a_page_that_went_away_and_came_back_does_not_mean_the_response_either() {
    let tab = World::new().tab();
    let page = tab.open(&tab.come_back());
    page.expect_login();
    tab.go("https://app.example/inbox");
    tab.go(REDIRECT_URI);
    assert_eq!(page.handle_redirect().expect("the same URL, and another visit"), None);
}

#[test]
fn a_sign_out_ends_what_a_replay_would_give() {
    let (world, tab) = World::new().with_tab();
    let callback = tab.come_back();
    let page = tab.open(&callback);
    page.expect_login();
    page.logout(json!({})).expect("a logout");
    let sent = world.network.count();
    assert_eq!(page.handle_redirect().expect("signed out"), None, "in the document of the login");
    for url in [callback.clone(), callback.replace("code=", "code=another")] {
        let page = tab.open(&url);
        assert_eq!(page.handle_redirect().expect("signed out"), None);
        let error = page.authorize_access_token().expect_err("signed out");
        assert_error(&error, ["mismatching_state", "rejected", "callback"]);
        assert!(page.session().is_none());
    }
    assert_eq!(world.network.count(), sent);
}

#[test]
fn a_sign_out_ends_the_logins_that_were_open() {
    let tab = World::new().tab();
    tab.sign_in();
    let open = tab.come_back();
    tab.open(HOME).logout(json!({})).expect("a logout");
    let page = tab.open(&open);
    assert_eq!(page.handle_redirect().expect("nothing of ours"), None);
    assert!(page.session().is_none());
    tab.sign_in();
}

#[test]
fn a_page_that_was_answered_still_handles_another_response_it_is_given() {
    let (world, tab) = World::new().with_tab();
    let first = tab.come_back();
    world.provider.sub.replace("bob".into());
    let second = tab.come_back();
    let page = tab.open(&first);
    page.expect_login();
    assert!(is_login(&page.handle_redirect_at(&second).expect("a login")));
    assert_eq!(page.sub().as_deref(), Some("bob"));
}
