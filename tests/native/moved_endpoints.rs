//! The provider moves an endpoint while its metadata is remembered: the endpoint is found again, at most one look a minute, and a session
//! is not lost on the way.

use std::rc::Rc;

use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::json;
use oidc_client_wasm::protocol::revocation::TokenKind;

use crate::support::*;

const DISCOVERY: &str = "/.well-known/openid-configuration";

fn looks(world: &World) -> usize {
    world.network.sent_to(DISCOVERY).len()
}

/// Signed in at a provider whose metadata is remembered; then these paths move.
fn moved(paths: &[&'static str], status: u16) -> (Rc<World>, Page) {
    let (world, page) = World::new().signed_in();
    page.events.take();
    world.provider.moved.replace(paths.to_vec());
    world.provider.gone.set(status);
    world.network.take_sent();
    (world, page)
}

#[test]
fn a_login_finds_the_token_endpoint_that_moved() {
    for status in [404, 405, 410] {
        let (world, page) = moved(&["/token"], status);
        let tab = page.tab.clone();
        for _ in 0..3 {
            tab.sign_in();
        }
        assert_eq!(looks(&world), 1, "one look, across pages");
        assert_eq!(world.network.sent_to(&format!("{ISSUER}/token")).len(), 1, "the old place was tried once");
    }
}

#[test]
fn a_refresh_finds_it_and_costs_no_session() {
    let (world, page) = moved(&["/token"], 404);
    let token = page.refresh().expect("a refresh at the new place");
    assert_eq!(page.held_access_token(), token);
    assert_eq!(page.events.take(), ["tokenupdate alice"]);
    page.tab.reload().refresh().expect("and after a reload");
    assert_eq!(looks(&world), 1);
}

#[test]
fn userinfo_revocation_and_keys_find_theirs() {
    let (world, page) = moved(&["/userinfo", "/revoke", "/jwks"], 404);
    page.userinfo().expect("the claims");
    page.revoke(Some(TokenKind::AccessToken)).expect("a revocation");
    assert_eq!(looks(&world), 1);
    let (world, page) = moved(&["/revoke"], 410);
    page.revoke(None).expect("a revocation");
    assert_eq!(looks(&world), 1);
    let (world, page) = moved(&["/jwks"], 404);
    world.pass(300);
    page.tab.sign_in();
    assert_eq!(looks(&world), 1);
}

#[test]
fn all_of_them_at_once() {
    let (world, page) = moved(&["/token", "/userinfo", "/revoke", "/jwks"], 404);
    world.pass(300);
    page.refresh().expect("a refresh");
    page.userinfo().expect("the claims");
    page.revoke(None).expect("a revocation");
    page.tab.sign_in();
    assert_eq!(looks(&world), 1);
}

/// Metadata says that the endpoint is where it always was: then the 404 is the endpoint's answer.
#[test]
fn an_endpoint_that_is_gone_and_has_not_moved_is_looked_for_once_a_minute() {
    let (world, page) = World::new().signed_in();
    world.provider.answer_at("/userinfo", 404, "");
    world.network.take_sent();
    let mut pages = vec![page];
    for _ in 0..10 {
        let page = pages[0].tab.reload();
        assert_error(&page.userinfo().expect_err("gone"), ["http_status", "environment", "userinfo"]);
        pages.push(page);
    }
    assert_eq!(looks(&world), 1, "across reloads");
    world.pass(60);
    pages[0].userinfo().expect_err("gone");
    assert_eq!(looks(&world), 2);
}

#[test]
fn a_refresh_that_the_endpoint_of_today_answers_with_404_is_refused() {
    let (world, page) = World::new().signed_in();
    world.provider.answer_at("/token", 404, "");
    fails_with(page.refresh(), ["refresh_refused", "refused", "refresh"]);
    assert!(page.session().is_none());
}

/// The endpoint may have moved, and the metadata cannot be had: then nothing is known, and nobody is signed out.
#[test]
fn while_the_metadata_cannot_be_had_nobody_is_signed_out() {
    let (world, page) = moved(&["/token"], 404);
    world.network.cut(DISCOVERY, HttpError::Network);
    for _ in 0..3 {
        fails_with(page.tab.reload().refresh(), ["http_status", "environment", "refresh"]);
    }
    assert!(page.session().is_some());
    assert_eq!(looks(&world), 1, "at most once a minute");
    world.network.mend();
    world.pass(60);
    page.tab.reload().refresh().expect("found");
}

#[test]
fn a_host_that_cannot_be_reached_has_the_next_call_look() {
    for fault in [HttpError::Network, HttpError::Timeout] {
        let (world, page) = moved(&["/token"], 404);
        world.network.cut(&format!("{ISSUER}/token"), fault);
        page.refresh().expect_err("unreachable");
        assert_eq!(looks(&world), 0, "what became of the request nobody knows: it is not sent again");
        page.tab.reload().refresh().expect("the next try");
        assert_eq!(looks(&world), 1);
    }
}

/// The metadata of another issuer is no place to send a code or a token to.
#[test]
fn another_issuer_is_given_nothing() {
    let (world, page) = moved(&["/token"], 404);
    world.provider.metadata.tell(set("issuer", json!("https://evil.example")));
    world.provider.metadata.tell(set("token_endpoint", json!("https://evil.example/token")));
    page.refresh().expect_err("another issuer's metadata");
    assert!(page.session().is_some());
    assert!(world.network.sent().iter().all(|sent| sent.url.starts_with(ISSUER)), "{:?}", world.network.sent());
}

#[test]
fn without_discovery_there_is_nowhere_to_look() {
    let world = World::new();
    let settings = world.provider.published_metadata();
    world.change_settings(json!({ "issuer": null, "metadata": settings }));
    let page = world.tab().sign_in();
    world.network.take_sent();
    world.provider.answer_at("/userinfo", 404, "");
    page.userinfo().expect_err("gone");
    assert_eq!(looks(&world), 0);
}

#[test]
fn where_storage_is_blocked_the_page_itself_remembers() {
    let (world, page) = moved(&["/userinfo"], 404);
    page.tab.storage.full.set(true);
    page.userinfo().expect("the claims");
    page.userinfo().expect("the claims");
    assert_eq!(looks(&world), 1);
}

/// A request that failed makes the metadata doubtful, no more: what discovery answers then must not cost what the remembered metadata
/// would have allowed.
#[test]
fn a_doubt_costs_nothing_where_discovery_refuses_its_document() {
    for (status, body) in [(403, "<h1>Blocked</h1>"), (404, ""), (200, "<h1>Log in to this network</h1>"), (200, "{}")]
    {
        let _row = row(format!("{status} {body}"));
        let (world, page) = World::new().signed_in();
        world.network.cut("/userinfo", HttpError::Network);
        page.userinfo().expect_err("unreachable");
        world.network.mend();
        world.network.take_sent();
        world.provider.answer_at(DISCOVERY, status, body);
        world.network.serve(&format!("{ISSUER}/.well-known/oauth-authorization-server"), 404, "");
        let page = page.tab.reload();
        page.login().expect("a login");
        page.userinfo().expect("the claims");
        page.refresh().expect("a refresh");
        page.logout(json!({})).expect("a logout").expect("a way to the provider");
        assert_eq!(looks(&world), 1, "at most once a minute");
    }
}

/// The metadata was asked for a moment ago, and not because of this request: the endpoint may have moved again since.
#[test]
fn an_endpoint_that_moves_again_within_a_minute_costs_no_session() {
    let (world, page) = moved(&["/userinfo"], 404);
    page.userinfo().expect("the claims");
    world.provider.moved.replace(vec!["/userinfo", "/token"]);
    fails_with(page.refresh(), ["http_status", "environment", "refresh"]);
    assert!(page.session().is_some());
    world.pass(60);
    page.refresh().expect("found");
    assert_eq!(looks(&world), 2);
}
