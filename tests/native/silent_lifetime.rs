//! The ends of a session (`sessionLifetime`) across silent logins, which give the session new tokens and ask the person nothing.

use std::rc::Rc;

use oidc_client_wasm::error::Code;
use oidc_client_wasm::flow::awake;
use oidc_client_wasm::flow::leave::windows::{Window, authorize_in};
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::sharing::begin;
use crate::support::*;

const HOUR: i64 = 3600;

/// A page of a person who has just signed in, in a world with these options.
fn signed_in(options: Value) -> (Rc<World>, Page) {
    let world = World::with(json!({ "silentRedirectUri": REDIRECT_URI }));
    world.options.replace(options);
    world.signed_in()
}

/// `authorizeSilent()`, which the provider answers at once.
fn silent_login(page: &Page) {
    let call = Running::start(authorize_in(Window::Frame, &page.client(), json!({}), None));
    let shown = page.tab.windows.last();
    shown.relay(&page.world().provider.authorize(&shown.url));
    page.audited(call.finish()).expect("a login");
}

/// The page after a reload, which has lost the tokens, and a silent login that brings the person back.
fn reload(page: &Page) -> Page {
    let page = page.tab.reload();
    begin(&page);
    now(awake::bring_back(&page.oauth));
    page.tab.run_background();
    let shown = page.tab.windows.last();
    shown.relay(&page.world().provider.authorize(&shown.url));
    page.tab.run_background();
    page
}

#[test]
fn a_silent_login_does_not_lengthen_the_lifetime() {
    let (world, page) = signed_in(json!({ "sessionLifetime": { "max": HOUR } }));
    for _ in 0..3 {
        world.pass(HOUR / 4);
        silent_login(&page);
    }
    world.pass(HOUR / 4 - 1);
    assert!(page.session().is_some());
    world.pass(1);
    assert!(page.session().is_none());
}

#[test]
fn a_reload_that_loses_the_tokens_does_not_lengthen_the_lifetime() {
    let (world, page) = signed_in(json!({ "sessionLifetime": { "max": HOUR }, "tokenStorage": "memory" }));
    world.pass(HOUR / 2);
    let page = reload(&page);
    world.pass(HOUR / 4);
    let page = reload(&page);
    world.pass(HOUR / 4 - 1);
    assert!(page.session().is_some());
    world.pass(1);
    assert!(page.session().is_none());
}

#[test]
fn a_silent_login_is_no_activity() {
    for storage in ["session", "memory"] {
        let (world, page) = signed_in(json!({ "sessionLifetime": { "idle": 600 }, "tokenStorage": storage }));
        world.pass(300);
        page.client().touch();
        world.pass(400);
        let page = if storage == "memory" { reload(&page) } else { page };
        silent_login(&page);
        assert!(page.session().is_some(), "{storage}: the last activity counts for the new login, too");
        world.pass(199);
        assert!(page.session().is_some(), "{storage}");
        world.pass(1);
        assert!(page.session().is_none(), "{storage}");
    }
}

#[test]
fn a_silent_login_after_the_end_begins_a_new_lifetime() {
    let (world, page) = signed_in(json!({ "sessionLifetime": { "max": HOUR, "idle": 600 } }));
    world.pass(HOUR);
    assert!(page.session().is_none());
    silent_login(&page);
    world.pass(599);
    assert!(page.session().is_some());
}

#[test]
fn a_silent_login_keeps_the_end_that_the_provider_stated_and_does_not_repeat() {
    let (world, page) = signed_in(json!({}));
    let end = world.clock.get() + 900;
    world.provider.claims.tell(set("session_expiry", json!(end)));
    silent_login(&page);
    world.provider.claims.stop();
    silent_login(&page);
    world.pass(899);
    assert!(page.session().is_some());
    world.pass(1);
    assert!(page.session().is_none());
}

/// The frame of a silent login has shown its page when the person signs out in another tab.
#[test]
fn a_silent_login_brings_back_no_session_that_ended_meanwhile() {
    for storage in ["session", "local", "memory"] {
        let world = World::with(json!({ "silentRedirectUri": REDIRECT_URI }));
        world.options.replace(json!({ "tokenStorage": storage }));
        let (world, page) = world.signed_in();
        let other = world.tab().sign_in();
        world.bus.deliver();
        let mut call = Running::start(authorize_in(Window::Frame, &page.client(), json!({}), None));
        assert!(!call.advance(), "it waits");
        let shown = page.tab.windows.last();
        let response = world.provider.authorize(&shown.url);
        world.pass(1);
        other.logout(json!({})).expect("a logout");
        world.bus.deliver();
        assert!(page.session().is_none(), "{storage}");
        world.pass(1);
        shown.relay(&response);
        let error = call.finish().expect_err("an error");
        assert_eq!(error.code, Code::Aborted, "{storage}");
        assert!(page.session().is_none(), "{storage}");
    }
}
