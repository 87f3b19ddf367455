//! What the worker of `tokenStorage: "worker"` is told to forget when a session ends or another login takes its place.

use std::rc::Rc;

use oidc_client_wasm::flow::leave::logout::sign_out_here;
use oidc_client_wasm::flow::leave::windows::{Window, authorize_in};
use oidc_client_wasm::protocol::json::json;

use crate::support::*;

/// From now on the provider gives these tokens.
fn gives(world: &World, access_token: &str, refresh_token: &str) {
    world.provider.token.tell(set("access_token", json!(access_token)));
    world.provider.token.tell(set("refresh_token", json!(refresh_token)));
    // A handle is what `at_hash` has.
    world.provider.claims.tell(set("at_hash", json!(access_token)));
}

fn signed_in() -> (Rc<World>, Page) {
    let world = World::with(json!({ "silentRedirectUri": REDIRECT_URI }));
    world.options.replace(json!({ "tokenStorage": "worker" }));
    gives(&world, "access-1", "refresh-1");
    world.signed_in()
}

fn silent_login(page: &Page) {
    page.world().pass(2);
    let call = Running::start(authorize_in(Window::Frame, &page.client(), json!({}), None));
    let shown = page.tab.windows.last();
    shown.relay(&page.world().provider.authorize(&shown.url));
    page.audited(call.finish()).expect("a login");
}

fn forgotten(page: &Page) -> Vec<String> {
    page.tab.forgotten.take()
}

#[test]
fn the_end_of_a_session_names_its_refresh_token() {
    let (_, page) = signed_in();
    sign_out_here(&page.client()).expect("a sign-out");
    assert_eq!(forgotten(&page), ["refresh-1"]);
}

#[test]
fn a_login_with_other_tokens_ends_those_of_the_login_before() {
    let (world, page) = signed_in();
    gives(&world, "access-2", "refresh-2");
    silent_login(&page);
    assert_eq!(forgotten(&page), ["refresh-1"]);
}

#[test]
fn a_login_that_brings_the_same_access_token_ends_the_other_token_alone() {
    let (world, page) = signed_in();
    gives(&world, "access-1", "refresh-2");
    silent_login(&page);
    assert_eq!(forgotten(&page), ["refresh-1"]);
}

#[test]
fn a_login_that_brings_the_same_tokens_ends_nothing() {
    let (_, page) = signed_in();
    silent_login(&page);
    assert!(forgotten(&page).is_empty());
}
