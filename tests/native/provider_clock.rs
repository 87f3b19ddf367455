//! The end of a session that the provider states by its own clock, on a device whose clock is wrong.

use std::rc::Rc;

use oidc_client_wasm::protocol::json::json;

use crate::support::*;

/// A world whose clock is that of the provider, and whose id_tokens state the end of the session in five minutes. They live for two hours: a
/// clock that is ahead by more than that refuses them.
fn world(skew: i64) -> Rc<World> {
    let world = World::new();
    let now = world.clock.get();
    world.provider.claims.tell(set("exp", json!(now + 7200)));
    world.provider.claims.tell(set("session_expiry", json!(now + 300)));
    world.skew.set(skew);
    world
}

/// The session lasts so many seconds more, and no longer.
fn lasts(world: &World, page: &Page, seconds: i64, what: &str) {
    world.pass(seconds - 1);
    assert!(page.session().is_some(), "{what}");
    world.pass(1);
    assert!(page.session().is_none(), "{what}");
}

#[test]
fn a_stated_end_comes_after_the_same_time_where_the_clock_of_the_device_is_wrong() {
    for skew in [0, 600, 900, -60] {
        let (world, page) = world(skew).signed_in();
        lasts(&world, &page, 300, &format!("{skew} s"));
    }
}

#[test]
fn a_clock_that_is_ahead_by_more_than_fifteen_minutes_takes_its_part_of_a_stated_end() {
    let (world, page) = world(1000).signed_in();
    lasts(&world, &page, 200, "a hundred seconds more than fifteen minutes");
}

#[test]
fn an_id_token_of_a_refresh_states_its_end_by_the_same_clock() {
    let (world, page) = world(600).signed_in();
    world.pass(100);
    let end = world.clock.get() + 400;
    world.provider.claims.tell(set("session_expiry", json!(end)));
    page.refresh().expect("a refresh");
    lasts(&world, &page, 400, "the end that the refresh brought");
}
