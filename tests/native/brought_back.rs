//! After a reload the tokens are gone, where the page had them in its memory: a silent login brings the person of the tab back, if the
//! settings name a page for the hidden frame.

use crate::support::sharing::begin;
use crate::support::*;
use oidc_client_wasm::flow::awake;
use oidc_client_wasm::protocol::json::{Value, json};

/// A page that alice has reloaded, after `createOAuth`.
fn reloaded(options: Value, settings: Value) -> Page {
    let world = World::with(settings);
    world.options.replace(options);
    let (_, page) = world.signed_in();
    start(page.tab.reload())
}

fn start(page: Page) -> Page {
    page.events.take();
    begin(&page);
    now(awake::bring_back(&page.oauth));
    page.tab.run_background();
    page
}

fn in_memory() -> Value {
    json!({ "tokenStorage": "memory" })
}

fn with_a_page() -> Value {
    json!({ "silentRedirectUri": REDIRECT_URI })
}

/// The provider answers in the frame.
fn agree(page: &Page) {
    let shown = page.tab.windows.last();
    shown.relay(&page.world().provider.authorize(&shown.url));
    page.tab.run_background();
}

#[test]
fn a_reload_brings_the_person_back_without_a_question() {
    let page = reloaded(in_memory(), with_a_page());
    assert_eq!(page.session(), None, "createOAuth does not wait");
    let url = url::Url::parse(&page.tab.windows.last().url).expect("a URL");
    let has = |name: &str, value: Option<&str>| {
        url.query_pairs().any(|(key, given)| key == name && value.is_none_or(|value| given == value))
    };
    assert!(has("prompt", Some("none")) && has("id_token_hint", None));
    agree(&page);
    assert_eq!(page.sub().as_deref(), Some("alice"));
    assert_eq!(page.events.take(), ["login alice"]);
}

#[test]
fn another_person_at_the_provider_is_not_signed_in_by_a_reload() {
    let page = reloaded(in_memory(), with_a_page());
    page.world().provider.sub.replace("bob".into());
    agree(&page);
    assert_eq!(page.session(), None);
    assert_eq!(page.events.take(), [""; 0]);
    assert_eq!(page.world().network.sent_to("/revoke").len(), 1, "the tokens of the other person are given back");
}

#[test]
fn a_provider_that_knows_the_person_no_more_leaves_the_reload_signed_out() {
    let page = reloaded(in_memory(), with_a_page());
    let shown = page.tab.windows.last();
    shown.relay(&page.world().provider.refuse(&shown.url, "login_required"));
    page.tab.run_background();
    assert_eq!(page.session(), None);
    assert_eq!(page.events.take(), [""; 0]);
    assert!(shown.is_gone());
}

#[test]
fn only_a_reload_that_lost_a_session_begins_a_silent_login() {
    for (what, options, settings) in [
        ("without a page for the frame", in_memory(), json!({})),
        ("with the session in storage", json!({}), with_a_page()),
    ] {
        assert_eq!(reloaded(options, settings).tab.windows.count(), 0, "{what}");
    }
    let world = World::with(with_a_page());
    world.options.replace(in_memory());
    let (_, page) = world.signed_in();
    let tab = page.tab.clone();
    assert_eq!(start(page).tab.windows.count(), 0, "signed in");
    tab.reload().logout(json!({})).expect("a logout");
    assert_eq!(start(tab.reload()).tab.windows.count(), 0, "after a logout");
}

#[test]
fn a_session_that_ended_in_another_tab_is_not_brought_back() {
    let world = World::with(with_a_page());
    world.options.replace(in_memory());
    let (world, page) = world.signed_in();
    let tab = page.tab.clone();
    let other = world.tab().sign_in();
    world.pass(1);
    other.logout(json!({})).expect("a logout");
    assert_eq!(start(tab.reload()).tab.windows.count(), 0);
}

/// `register()` asks for the sessions of all clients again.
#[test]
fn a_page_begins_that_silent_login_once() {
    let page = reloaded(in_memory(), with_a_page());
    let shown = page.tab.windows.last();
    shown.relay(&page.world().provider.refuse(&shown.url, "login_required"));
    page.tab.run_background();
    now(awake::bring_back(&page.oauth));
    page.tab.run_background();
    assert_eq!(page.tab.windows.count(), 1);
}
