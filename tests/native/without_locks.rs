//! Pages without Web Locks (plain http): a lease in localStorage lets one tab at a time refresh, and where two tabs send all the same, the
//! slower one goes on with what the faster one got.

use std::cell::Cell;
use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::tokens;
use oidc_client_wasm::protocol::http::HttpResponse;
use oidc_client_wasm::protocol::json::json;
use oidc_client_wasm::protocol::token::Token;
use oidc_client_wasm::settings::params::{self, TokenOptions};

use crate::support::*;

type Asking = Running<Result<Rc<Token>, Error>>;

/// Two tabs with one session whose access token has expired, in a browser where everything takes a turn.
fn two_tabs() -> (Rc<World>, Page, Page) {
    let (world, tab) = World::new().with_tab();
    world.bus.has_no_locks.set(true);
    world.provider.is_suite.set(false);
    world.provider.lifetime.set(100);
    let page = tab.sign_in();
    let copy = tab.duplicate().open(HOME);
    world.pass(100);
    page.events.take();
    world.network.take_sent();
    world.network.is_slow.set(true);
    (world, page, copy)
}

fn asking(page: &Page) -> Asking {
    let client = page.client();
    Running::new(async move { tokens::get::access_token(&client, &Default::default()).await })
}

/// Steps of both, side by side, until both are done.
#[track_caller]
fn run(world: &World, pages: [&Page; 2], asked: &mut [Asking; 2]) {
    for _ in 0..5000 {
        let mut has_moved = false;
        for (page, asking) in pages.iter().zip(asked.iter_mut()) {
            has_moved |= asking.step() | page.tab.step_background();
        }
        if asked.iter().all(Running::is_done) {
            world.bus.deliver();
            return;
        }
        if !has_moved {
            world.bus.deliver();
        }
    }
    panic!("it never ends");
}

#[track_caller]
fn ask_side_by_side(world: &World, one: &Page, two: &Page, ahead: usize) -> [Result<String, Error>; 2] {
    let mut asked = [asking(one), asking(two)];
    for _ in 0..ahead {
        asked[0].step();
        one.tab.step_background();
    }
    run(world, [one, two], &mut asked);
    let [first, second] = asked;
    [one.got(first), two.got(second)]
}

#[test]
fn tabs_that_refresh_at_once_send_one_request() {
    // However far the first tab is when the second one begins.
    for ahead in 0..20 {
        let (world, one, two) = two_tabs();
        let [first, second] = ask_side_by_side(&world, &one, &two, ahead);
        assert_eq!(first.expect("a token"), second.expect("a token"), "{ahead} steps ahead");
        assert_eq!(world.network.sent_to("/token").len(), 1, "{ahead} steps ahead");
        assert_eq!(one.session(), two.session());
        assert!(world.provider.honours(&one.held_refresh_token()));
        assert_eq!(world.bus.tombstones(&key_of("lease", "demo")), Some(json!([])), "the lease is given back");
    }
}

#[test]
fn tabs_that_insist_refresh_one_after_the_other() {
    let (world, one, two) = two_tabs();
    let forced = |page: &Page| {
        let client = page.client();
        let options = TokenOptions { force: true, ..Default::default() };
        Running::new(async move { tokens::get::access_token(&client, &options).await })
    };
    let mut asked = [forced(&one), forced(&two)];
    run(&world, [&one, &two], &mut asked);
    let [first, second] = asked;
    one.got(first).expect("a token");
    two.got(second).expect("a token");
    assert_eq!(one.session(), two.session());
    assert!(world.provider.honours(&one.held_refresh_token()), "no refresh token was redeemed twice");
}

#[test]
fn a_lease_of_a_tab_that_died_ends_by_itself() {
    let (world, one, two) = two_tabs();
    let mut dying = asking(&one);
    while world.network.count() == 0 {
        dying.step();
        one.tab.step_background();
    }
    let lease = world.bus.tombstones(&key_of("lease", "demo")).expect("a lease");
    assert_eq!(lease[0][1], world.clock.get());
    one.tab.die();
    std::mem::forget(dying);
    // Its browser is gone; nobody gives the lease back.
    world.pass(6);
    world.bus.put_tombstones(&key_of("lease", "demo"), &lease.to_string());
    let mut surviving = asking(&two);
    let mut steps = 0;
    while !surviving.is_done() {
        surviving.step();
        two.tab.step_background();
        steps += 1;
        assert!(steps < 40, "it waits for the dead");
    }
}

/// A clock that was set back must not make a lease last for years.
#[test]
fn a_lease_from_the_future_does_not_count() {
    let (world, one, _) = two_tabs();
    let later = world.clock.get() + 1_000_000;
    world.bus.put_tombstones(&key_of("lease", "demo"), &json!([["somebody", later]]).to_string());
    let mut asked = asking(&one);
    for _ in 0..40 {
        asked.step();
        one.tab.step_background();
    }
    assert!(asked.is_done(), "it waits for a lease that is none");
    one.got(asked).expect("a token");
}

#[test]
fn whatever_else_lies_in_its_place_is_no_lease() {
    for text in ["", "null", "{}", "[[]]", "[[1,2]]", r#"["x",1]"#, "[", r#"[["x","now"]]"#] {
        let (world, one, _) = two_tabs();
        world.network.is_slow.set(false);
        world.bus.put_tombstones(&key_of("lease", "demo"), text);
        one.access_token().expect("a token");
        assert_eq!(world.bus.tombstones(&key_of("lease", "demo")), Some(json!([])), "{text}");
    }
}

/// Another script of the origin may keep the lease for ever: then this tab goes on by itself when its patience has run out.
#[test]
fn a_lease_that_somebody_else_keeps_delays_a_refresh_and_no_more() {
    let (world, one, _) = two_tabs();
    world.network.is_slow.set(false);
    let kept = json!([["somebody", world.clock.get()]]).to_string();
    world.bus.put_tombstones(&key_of("lease", "demo"), &kept);
    one.access_token().expect("a token");
    assert_eq!(
        world.bus.tombstones(&key_of("lease", "demo")).map(|lease| lease.to_string()),
        Some(kept),
        "it is not ours to give back"
    );
}

#[test]
fn where_localstorage_is_blocked_a_tab_by_itself_refreshes() {
    let (world, one, _) = two_tabs();
    world.network.is_slow.set(false);
    world.bus.has_no_tombstones.set(true);
    one.access_token().expect("a token");
    world.random_fault.set(true);
    world.bus.has_no_tombstones.set(false);
    one.refresh().expect("without random numbers, too");
}

/// With locks no lease is needed.
#[test]
fn a_browser_with_locks_writes_no_lease() {
    let (world, one, _) = two_tabs();
    world.network.is_slow.set(false);
    world.bus.has_no_locks.set(false);
    one.access_token().expect("a token");
    assert_eq!(world.bus.tombstones(&key_of("lease", "demo")), None);
}

// ---------------------------------------------------------------- both send all the same

/// Neither lock nor lease, nor notices of spent refresh tokens.
fn unprotected() -> (Rc<World>, Page, Page) {
    let (world, one, two) = two_tabs();
    world.bus.has_no_tombstones.set(true);
    (world, one, two)
}

/// The provider has rotated for the first, and refuses the second.
#[test]
fn the_slower_tab_goes_on_with_the_tokens_of_the_faster_one() {
    for ahead in 0..4 {
        let (world, one, two) = unprotected();
        let [first, second] = ask_side_by_side(&world, &one, &two, ahead);
        assert_eq!(first.expect("a token"), second.expect("the same"), "{ahead} steps ahead");
        assert_eq!(world.network.sent_to("/token").len(), 2, "both have sent");
        assert_eq!(one.session(), two.session());
        assert!(!two.events.take().iter().any(|event| event.starts_with("logout") || event.starts_with("error")));
    }
}

/// The refusal arrives first, when the answer with the tokens is still on its way or being judged.
#[test]
fn a_refusal_that_arrives_before_the_other_tabs_tokens_ends_nothing() {
    for status in [400, 401] {
        let (world, one, two) = unprotected();
        // The first request comes to nothing, and only then does the provider rotate.
        world.provider.rotates.set(false);
        let (first, provider) = (Cell::new(true), Rc::downgrade(&world.provider));
        world.provider.wire.tell(move |(path, answer)| {
            if path == "/token" && first.replace(false) {
                provider.upgrade().expect("the provider").rotates.set(true);
                *answer = HttpResponse::new(status, r#"{"error":"invalid_grant"}"#);
            }
        });
        let [first, second] = ask_side_by_side(&world, &one, &two, 0);
        first.expect("a token");
        second.expect("a token");
        assert_eq!(one.session(), two.session());
        assert!(world.provider.honours(&one.held_refresh_token()) && world.provider.honours(&one.held_access_token()));
        assert!(one.events.take().iter().all(|event| event == "tokenupdate alice"));
    }
}

/// The other tab asked for a token of another scope: it has a new refresh token for this one, and no access token.
#[test]
fn a_refused_refresh_is_tried_again_with_the_refresh_token_that_another_tab_got() {
    let (world, one, two) = unprotected();
    world.provider.detects_reuse.set(false);
    let options = params::access_token(json!({ "scope": "files" }), false).expect("options");
    let client = one.client();
    let mut asked = [Running::new(async move { tokens::get::access_token(&client, &options).await }), asking(&two)];
    run(&world, [&one, &two], &mut asked);
    let [beside, renewed] = asked;
    assert_ne!(one.got(beside).expect("a token"), two.got(renewed).expect("a token"));
    let sent = world.network.sent_to("/token");
    let redeemed: Vec<&str> = sent.iter().map(|sent| sent.field("refresh_token")).collect();
    assert!(redeemed.len() == 3 && redeemed[0] == redeemed[1] && redeemed[1] != redeemed[2], "{redeemed:?}");
    assert!(two.events.take().iter().all(|event| event == "tokenupdate alice"));
    assert!(world.provider.honours(&two.held_refresh_token()));
}

#[test]
fn a_fault_after_which_another_tab_has_the_tokens_is_none() {
    for status in [500, 429] {
        let (world, one, two) = two_tabs();
        world.network.is_slow.set(false);
        world.bus.has_no_locks.set(false);
        world.network.hold();
        let asked = one.asking();
        // The other tab, whose lock this one's patience has outlasted.
        let renewed = {
            world.bus.has_no_locks.set(true);
            let asked = two.asking();
            world.network.let_go();
            two.got(asked).expect("a token")
        };
        world.provider.answer_at("/token", status, "");
        assert_eq!(one.got(asked).expect("the other tab's token"), renewed);
        assert!(one.events.take().iter().all(|event| event == "tokenupdate alice"));
    }
}

#[test]
fn where_no_tab_has_anything_a_no_is_a_no() {
    for has_no_locks in [false, true] {
        let (world, one, _two) = two_tabs();
        world.network.is_slow.set(false);
        world.bus.has_no_locks.set(has_no_locks);
        world.provider.forget_everybody();
        fails_with(one.access_token(), ["refresh_refused", "refused", "refresh"]);
        assert!(one.session().is_none());
        assert_eq!(one.events.take(), ["logout refresh-rejected", "error refresh_refused"]);
        assert_eq!(world.network.sent_to("/token").len(), 1);
    }
}
