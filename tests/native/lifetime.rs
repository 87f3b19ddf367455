//! The end that a session has of itself: `sessionLifetime`, and the end that the provider states.

use std::rc::Rc;

use oidc_client_wasm::error::Code;
use oidc_client_wasm::flow::awake;
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::sharing::ask;
use crate::support::*;

const HOUR: i64 = 3600;

/// A page of a person who has just signed in, in a world with these options.
fn signed_in(options: Value) -> (Rc<World>, Page) {
    let world = World::new();
    world.options.replace(options);
    let (world, page) = world.signed_in();
    page.events.take();
    (world, page)
}

/// A page whose session ends an hour after the login.
fn with_max() -> (Rc<World>, Page) {
    signed_in(json!({ "sessionLifetime": { "max": HOUR } }))
}

/// A page whose session ends after ten minutes in which the person does nothing.
fn with_idle() -> (Rc<World>, Page) {
    signed_in(json!({ "sessionLifetime": { "idle": 600 } }))
}

/// A page whose provider states the end of the session in its id_tokens.
fn with_stated_end(seconds: i64) -> (Rc<World>, Page) {
    let world = World::new();
    let end = world.clock.get() + seconds;
    world.provider.claims.tell(set("session_expiry", json!(end)));
    let (world, page) = world.signed_in();
    page.events.take();
    (world, page)
}

/// A page as the skin begins it.
fn begun(tab: &Rc<Tab>) -> Page {
    let page = tab.open(HOME);
    awake::begin(&page.oauth, &page.client());
    page
}

/// The alarms ring until this much time has passed.
fn ring_for(world: &World, page: &Page, seconds: i64) {
    let end = world.clock.get() + seconds;
    while world.clock.get() < end {
        let next = page.tab.awake.alarms().into_iter().min().map_or(seconds, i64::from);
        world.clock.set(end.min(world.clock.get() + next.max(1)));
        page.tab.awake.ring();
    }
}

// ---------------------------------------------------------------- the age of the login

#[test]
fn a_session_ends_by_itself_when_its_time_is_over() {
    let (world, page) = with_max();
    ring_for(&world, &page, HOUR - 1);
    assert!(page.session().is_some());
    page.events.take();
    ring_for(&world, &page, 1);
    assert_eq!(page.events.take(), ["logout expired"]);
    assert_eq!(page.tab.stored_session("demo"), None, "and its tokens are gone");
    assert!(page.tab.awake.alarms().is_empty(), "there is nothing left to wait for");
    assert_eq!(page.access_token().unwrap_err().code, Code::MissingToken);
}

#[test]
fn a_session_whose_time_is_over_counts_no_more_before_any_alarm_rings() {
    let (world, page) = with_max();
    world.pass(HOUR);
    assert!(page.session().is_none(), "the device slept, and its timers with it");
    page.tab.awake.ring();
    page.tab.awake.ring();
    assert_eq!(page.events.take(), ["logout expired"], "once");
}

#[test]
fn a_refresh_does_not_lengthen_the_lifetime() {
    let (world, page) = with_max();
    world.pass(HOUR - 1);
    page.refresh().expect("a refresh");
    world.pass(1);
    assert!(page.session().is_none());
}

#[test]
fn a_record_is_no_session_after_its_end() {
    let (world, page) = with_max();
    world.pass(HOUR);
    let later = begun(&page.tab.duplicate());
    assert!(later.session().is_none());
    assert_eq!(later.tab.stored_session("demo"), None);
    assert_eq!(later.events.take(), ["logout expired"]);
}

#[test]
fn a_new_login_begins_a_new_lifetime() {
    let (world, page) = with_max();
    world.pass(HOUR);
    let page = page.tab.sign_in();
    world.pass(HOUR - 1);
    assert!(page.session().is_some());
}

#[test]
fn a_new_tab_gets_the_age_with_the_session_and_no_session_that_is_over() {
    let (world, one) = with_max();
    world.pass(HOUR - 10);
    let two = world.tab().open(HOME);
    ask(&two);
    assert!(two.session().is_some(), "a copy");
    world.pass(10);
    assert!(two.session().is_none());
    let three = world.tab().open(HOME);
    ask(&three);
    assert!(three.session().is_none() && one.session().is_none());
}

#[test]
fn each_tab_that_has_the_session_tells_its_end() {
    for storage in ["session", "local"] {
        let (world, one) = signed_in(json!({ "sessionLifetime": { "max": HOUR }, "tokenStorage": storage }));
        let two = if storage == "session" { begun(&one.tab.duplicate()) } else { begun(&world.tab()) };
        world.bus.deliver();
        one.events.take();
        two.events.take();
        world.pass(HOUR);
        one.tab.awake.ring();
        world.bus.deliver();
        two.tab.awake.ring();
        world.bus.deliver();
        assert_eq!(
            (one.events.take(), two.events.take()),
            (vec!["logout expired".into()], vec!["logout expired".into()]),
            "{storage}"
        );
    }
}

#[test]
fn a_tab_that_hears_of_the_end_in_another_tab_gives_the_reason_of_the_end() {
    let (world, one) = signed_in(json!({ "sessionLifetime": { "idle": 60 }, "tokenStorage": "local" }));
    let two = begun(&world.tab());
    world.pass(60);
    one.tab.awake.ring();
    world.bus.deliver();
    assert_eq!(two.events.take(), ["logout idle"], "the alarm of this tab has not rung");
}

#[test]
fn a_page_that_looks_for_another_reason_tells_the_end_once() {
    for storage in ["session", "local"] {
        let (world, page) = signed_in(json!({ "sessionLifetime": { "max": HOUR }, "tokenStorage": storage }));
        world.pass(HOUR);
        page.oauth.stored_elsewhere();
        page.oauth.nudged(&format!("oidc:{}", client_key("demo")), "local");
        page.tab.awake.ring();
        assert_eq!(page.events.take(), ["logout expired"], "{storage}");
    }
}

#[test]
fn a_page_that_is_shown_again_looks_at_the_end() {
    let (world, page) = with_max();
    awake::live_among_tabs(&page.oauth);
    world.pass(HOUR);
    page.tab.awake.come_back();
    assert_eq!(page.events.take(), ["logout expired"]);
}

#[test]
fn a_clock_that_is_set_back_does_not_lengthen_a_session_without_bound() {
    for (back, lasts) in [(300, true), (301, false), (10 * 365 * 86_400, false)] {
        let (world, page) = with_max();
        world.pass(-back);
        assert_eq!(page.session().is_some(), lasts, "{back} s back");
    }
    let (world, page) = signed_in(json!({}));
    world.pass(-86_400);
    assert!(page.session().is_some(), "a session without an end has nothing to lengthen");
}

#[test]
fn tokens_that_arrive_after_the_end_are_given_back() {
    let (world, page) = with_max();
    world.pass(HOUR - 1);
    world.network.hold();
    let refreshing = page.asking_for(json!({ "force": true }));
    world.pass(1);
    world.network.let_go();
    assert_eq!(page.got(refreshing).unwrap_err().code, Code::MissingToken);
    page.tab.run_background();
    assert_eq!(world.network.sent_to("/revoke").len(), 1);
    page.tab.awake.ring();
    assert_eq!(page.tab.stored_session("demo"), None);
    assert_eq!(page.events.take(), ["logout expired"]);
}

#[test]
fn storage_that_refuses_to_forget_makes_no_busy_timer() {
    let (world, page) = with_max();
    world.pass(HOUR);
    begun(&page.tab);
    page.tab.storage.blocked.set(true);
    page.tab.awake.ring();
    page.tab.storage.blocked.set(false);
    assert!(page.tab.awake.alarms().iter().all(|seconds| *seconds > 0));
    assert!(page.session().is_none());
}

// ---------------------------------------------------------------- the idle time

#[test]
fn a_session_ends_when_the_person_does_nothing() {
    let (world, page) = with_idle();
    ring_for(&world, &page, 599);
    assert!(page.session().is_some());
    ring_for(&world, &page, 1);
    assert_eq!(page.events.take(), ["logout idle"]);
    assert_eq!(page.tab.stored_session("demo"), None);
}

#[test]
fn an_activity_begins_the_idle_time_anew() {
    let (world, page) = with_idle();
    for _ in 0..10 {
        ring_for(&world, &page, 400);
        page.client().touch();
    }
    ring_for(&world, &page, 599);
    assert!(page.session().is_some());
    page.events.take();
    ring_for(&world, &page, 1);
    assert_eq!(page.events.take(), ["logout idle"]);
}

#[test]
fn an_activity_counts_in_every_tab_and_after_a_reload() {
    for storage in ["session", "local", "memory"] {
        let (world, one) = signed_in(json!({ "sessionLifetime": { "idle": 600 }, "tokenStorage": storage }));
        let two = world.tab().open(HOME);
        ask(&two);
        assert!(two.session().is_some(), "{storage}");
        world.pass(400);
        one.client().touch();
        world.pass(400);
        assert!(two.session().is_some(), "{storage}");
        if storage != "memory" {
            assert!(one.tab.reload().session().is_some(), "{storage}");
        }
        world.pass(200);
        assert!(two.session().is_none(), "{storage}");
    }
}

#[test]
fn an_activity_does_not_bring_back_a_session_that_is_over() {
    let (world, page) = with_idle();
    world.pass(600);
    page.client().touch();
    assert!(page.session().is_none());
    page.tab.awake.ring();
    assert_eq!(page.events.take(), ["logout idle"]);
}

#[test]
fn a_thousand_activities_are_written_seldom() {
    let (world, page) = with_idle();
    let key = key_of("active", "demo");
    let mut written = Vec::new();
    for _ in 0..1000 {
        page.client().touch();
        written.push(world.bus.tombstones_text(&key));
        world.clock.set(world.clock.get() + i64::from(written.len() % 100 == 0));
    }
    written.dedup();
    assert_eq!(written.len(), 2, "in ten seconds");
    page.client().touch();
    world.pass(599);
    assert!(page.session().is_some(), "the page itself knows the last one");
}

#[test]
fn an_activity_counts_in_its_page_where_local_storage_is_blocked() {
    let (world, page) = with_idle();
    world.bus.has_no_tombstones.set(true);
    world.pass(400);
    page.client().touch();
    world.pass(400);
    assert!(page.session().is_some());
    world.pass(200);
    assert!(page.session().is_none());
}

#[test]
fn activities_without_an_idle_time_leave_no_trace() {
    let (world, page) = with_max();
    page.client().touch();
    assert_eq!(world.bus.tombstones_text(&key_of("active", "demo")), None);
}

#[test]
fn an_activity_of_another_login_is_not_that_of_this_login() {
    let (world, one) = with_idle();
    let two = world.tab().open_return_of("bob");
    two.expect_login();
    world.pass(400);
    two.client().touch();
    world.pass(200);
    assert!(one.session().is_none());
    assert_eq!(two.sub().as_deref(), Some("bob"));
}

#[test]
fn the_earlier_end_counts_and_gives_its_reason() {
    let (world, page) = signed_in(json!({ "sessionLifetime": { "max": 1000, "idle": 600 } }));
    world.pass(500);
    page.client().touch();
    ring_for(&world, &page, 500);
    assert_eq!(page.events.take(), ["logout expired"]);
}

// ---------------------------------------------------------------- the end that the provider states

#[test]
fn a_session_ends_when_the_provider_said() {
    let (world, page) = with_stated_end(900);
    world.pass(899);
    assert!(page.session().is_some());
    ring_for(&world, &page, 1);
    assert_eq!(page.events.take(), ["logout expired"]);
}

#[test]
fn the_earliest_of_the_ends_counts() {
    let (world, page) = with_stated_end(900);
    let options = json!({ "sessionLifetime": { "max": 800 } });
    world.options.replace(options);
    let page = begun(&page.tab);
    world.pass(799);
    assert!(page.session().is_some());
    world.pass(1);
    assert!(page.session().is_none());
}

#[test]
fn an_id_token_of_a_refresh_may_state_another_end_and_takes_none_away() {
    let (world, page) = with_stated_end(900);
    world.provider.claims.stop();
    world.pass(100);
    page.refresh().expect("a refresh");
    world.pass(799);
    assert!(page.session().is_some());
    let end = world.clock.get() + 100;
    world.provider.claims.tell(set("session_expiry", json!(end)));
    page.refresh().expect("a refresh");
    world.pass(99);
    assert!(begun(&page.tab.duplicate()).session().is_some(), "also in the record");
    world.pass(1);
    assert!(page.session().is_none());
}

#[test]
fn an_end_that_is_no_date_or_is_over_refuses_the_login() {
    for end in [json!("2030-01-01"), json!(-1), json!(1_800_000_000_000_i64), json!(1_700_000_000), json!(true)] {
        let world = World::new();
        let told = end.clone();
        world.provider.claims.tell(set("session_expiry", told));
        let (_world, page) = world.coming_back();
        assert_eq!(page.handle_redirect().unwrap_err().code, Code::InvalidClaim, "{end}");
        assert!(page.session().is_none());
    }
    let world = World::new();
    world.provider.claims.tell(set("session_expiry", Value::Null));
    assert!(world.tab().sign_in().session().is_some(), "null is absence");
}

#[test]
fn a_record_whose_end_is_no_date_is_no_session() {
    for end in [json!("soon"), json!(-1), json!(1.5), json!(true)] {
        let (_world, page) = with_stated_end(900);
        page.tab.storage.edit(&key_of("session", "demo"), |record| record["ends_at"] = end.clone());
        assert!(page.tab.reload().session().is_none(), "{end}");
    }
}
