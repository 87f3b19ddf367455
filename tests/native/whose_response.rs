//! What is whose: a response that this tab did not ask for is not acted on, consumes nothing and stays where it is.

use std::rc::Rc;

use crate::support::verbs::ClientVerbs;
use crate::support::*;
use oidc_client_wasm::protocol::json::json;

#[track_caller]
pub fn is_left_alone(tab: &Rc<Tab>, url: &str) {
    let before = tab.storage.snapshot();
    let requests = tab.world.network.count();
    let page = tab.open(url);
    assert_eq!(page.handle_redirect().expect("nothing of ours"), None);
    assert_eq!(tab.url(), url, "the URL of somebody else is not touched");
    assert_eq!(tab.storage.snapshot(), before, "nothing is consumed");
    assert_eq!(tab.world.network.count(), requests, "nothing is sent");
    let error = page.authorize_access_token().expect_err("an error where handleRedirect gives null");
    let code = if url.contains("state=") { "mismatching_state" } else { "missing_state" };
    assert_error(&error, [code, "rejected", "callback"]);
    assert_eq!(tab.storage.snapshot(), before);
    assert_eq!(tab.url(), url);
}

#[test]
fn a_forged_callback_with_an_unknown_state_neither_completes_nor_cancels_a_login() {
    let tab = World::new().tab();
    let genuine = tab.come_back();
    for forged in [
        "https://app.example/callback?code=stolen&state=unknown",
        "https://app.example/callback?error=access_denied&state=unknown",
        "https://app.example/callback?error=access_denied&error_description=no",
        "https://app.example/callback?code=stolen",
        "https://app.example/callback?state=",
        "https://app.example/callback#code=stolen&state=unknown",
        "https://app.example/callback?code=a&code=b&state=unknown&state=also-unknown",
        "https://app.example/callback?state=%00%ff&code=%",
        "https://app.example/?state=CA&code=94043",
    ] {
        is_left_alone(&tab, forged);
    }
    tab.open(&genuine).expect_login();
}

#[test]
fn a_response_in_another_tab_is_left_alone() {
    let world = World::new();
    let url = world.tab().come_back();
    is_left_alone(&world.tab(), &url);
}

#[test]
fn a_response_of_another_clients_login_is_left_alone_by_the_one_that_is_asked() {
    let (world, tab) = World::new().with_tab();
    let url = tab.come_back();
    let page = tab.open(&url);
    page.register("other", world.settings.borrow().clone()).expect("another client");
    let error = page.audited(now(page.oauth.authorize_access_token("other", None))).expect_err("not its login");
    assert_error(&error, ["mismatching_state", "rejected", "callback"]);
    assert_eq!(error.client_name.as_deref(), Some("other"));
    page.authorize_access_token().expect("the one whose login it is");
    assert_eq!(tab.stored_session("other"), None);
}

#[test]
fn a_response_to_a_client_that_is_not_registered_here_is_left_alone() {
    let (world, tab) = World::new().with_tab();
    let url = tab.come_back();
    tab.go(&url);
    let page = Page::blank(&tab);
    page.register("other", world.settings.borrow().clone()).expect("another client");
    assert_eq!(now(page.oauth.handle_redirect(None)).expect("nothing of ours"), None);
    tab.open(&url).expect_login();
}

/// OAuth 2.0 Mix-Up (RFC 9207 section 1): the code of one provider is never sent to another.
#[test]
fn a_mix_up_of_two_providers() {
    let world = World::new();
    let evil = Rc::new(FakeProvider::new("https://evil.example", world.clock.clone(), world.secrets.clone()));
    world.network.connect(&evil);
    let tab = world.tab();
    let page = tab.open(HOME);
    let mut settings = world.settings.borrow().clone();
    settings["issuer"] = json!("https://evil.example");
    let other = page.register("evil", settings.clone()).expect("another client");
    let url = page.audited(now(async move { other.begin_login(json!({}), None).await })).expect("a login");
    // The evil provider sends the person on to the honest one, with the state of the login at itself.
    let honest = url.replace("https://evil.example", ISSUER);
    tab.go(&world.provider.authorize(&honest));
    let page = tab.reload();
    page.register("evil", settings).expect("another client");
    fails_with(page.handle_redirect(), ["issuer_mismatch", "rejected", "callback"]);
    assert_eq!(world.network.sent_to("/token").len(), 0, "the code went nowhere");
}

/// RFC 9700 section 4.5: the attacker's own code in the victim's response. PKCE makes the provider refuse it.
#[test]
fn code_injection() {
    let world = World::new();
    let code_of = |url: &str| {
        let (_, rest) = url.split_once("code=").expect("a code");
        rest.split('&').next().expect("a code").to_owned()
    };
    let attackers = code_of(&world.tab().come_back());
    world.provider.is_suite.set(false);
    let tab = world.tab();
    let genuine = tab.come_back();
    let injected = genuine.replace(&code_of(&genuine), &attackers);
    fails_with(tab.open(&injected).handle_redirect(), ["token_refused", "refused", "token"]);
    assert_eq!(tab.stored_session("demo"), None);
}

#[test]
fn login_and_logout_states_never_pass_for_each_other() {
    let (world, tab) = World::new().with_tab();
    let page = tab.sign_in();
    let request = page.logout(json!({})).expect("a logout").expect("a request");
    let end = world.provider.end_session(&request.endpoint, &request.fields).expect("a return");
    // The state of the logout with a code beside it is no login.
    let page = tab.open(&format!("{end}&code=stolen&iss={ISSUER}"));
    assert_error(&page.authorize_access_token().expect_err("no login"), ["mismatching_state", "rejected", "callback"]);
    assert_eq!(world.network.sent_to("/token").len(), 1, "only the login's own");
    // The state of a login is no logout, and judging it as one does not use it up.
    let callback = tab.come_back();
    let error = tab.open(&callback).validate_logout_response().expect_err("no logout");
    assert_error(&error, ["invalid_state", "rejected", "logout"]);
    tab.open(&callback).expect_login();
}

/// A page that asks both verbs in turn must not be told of its failed login as if a logout had failed.
#[test]
fn a_failed_login_is_no_answer_to_the_question_for_a_logout() {
    let tab = World::whose_provider(|op| op.claims.tell(spoil("nonce", "1"))).tab();
    let page = tab.open(&tab.come_back());
    page.handle_redirect().expect_err("a rejection");
    assert_error(&page.validate_logout_response().expect_err("no logout"), ["missing_state", "rejected", "logout"]);
}
