//! `autoRenew`: the access token is renewed ahead of its end.

use std::rc::Rc;

use oidc_client_wasm::flow::awake;
use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::json;

use crate::support::*;

/// A page whose token lasts for so many seconds.
fn signed_in_for(lifetime: i64) -> (Rc<World>, Page) {
    let world = World::whose_provider(|op| op.lifetime.set(lifetime));
    world.options.replace(json!({ "autoRenew": true }));
    let (world, page) = world.signed_in();
    awake::live_among_tabs(&page.oauth);
    page.events.take();
    world.network.take_sent();
    (world, page)
}

fn refreshes(world: &World) -> usize {
    world.network.sent_to("/token").len()
}

/// The one alarm that is set rings at its time. Its seconds.
#[track_caller]
fn ring_next(world: &World, page: &Page) -> i64 {
    let [seconds] = page.tab.awake.alarms()[..] else { panic!("{:?} is not one alarm", page.tab.awake.alarms()) };
    world.pass(i64::from(seconds));
    page.tab.awake.ring();
    page.tab.run_background();
    i64::from(seconds)
}

/// The alarms ring until there is a renewal, or so much time has passed. The time that passed.
fn ring_until_renewed(world: &World, page: &Page, longest: i64) -> Option<i64> {
    let (begin, before) = (world.clock.get(), refreshes(world));
    while refreshes(world) == before {
        ring_next(world, page);
        if world.clock.get() - begin > longest {
            return None;
        }
    }
    Some(world.clock.get() - begin)
}

#[test]
fn a_token_is_renewed_before_it_counts_as_expiring() {
    let (world, page) = signed_in_for(3600);
    for _ in 0..3 {
        let after = ring_until_renewed(&world, &page, 3600).expect("a renewal");
        assert!((3510..=3540).contains(&after), "{after}");
        assert_eq!(page.events.take(), ["tokenupdate alice"], "and no token is told to be expiring");
    }
    assert_eq!(page.tab.awake.alarms().len(), 1, "one timer");
}

#[test]
fn tabs_renew_at_different_moments_and_once_for_all() {
    let (world, one) = signed_in_for(400);
    let mut tabs: Vec<_> = (0..10).map(|_| one.tab.duplicate().open(HOME)).collect();
    for page in &tabs {
        awake::begin(&page.oauth, &page.client());
    }
    let mut moments: Vec<_> = tabs.iter().flat_map(|page| page.tab.awake.alarms()).collect();
    moments.sort_unstable();
    moments.dedup();
    assert!(moments.len() > 4 && moments.iter().all(|at| (310..=340).contains(at)), "{moments:?}");
    tabs.push(one);
    world.pass(340);
    for page in &tabs {
        page.tab.awake.ring();
        page.tab.run_background();
        world.bus.deliver();
    }
    assert_eq!(refreshes(&world), 1);
}

#[test]
fn without_the_option_nothing_is_renewed() {
    let (world, page) = World::new().signed_in();
    world.network.take_sent();
    world.pass(3590);
    page.tab.awake.ring();
    page.tab.run_background();
    assert_eq!(refreshes(&world), 0);
}

#[test]
fn a_token_without_a_refresh_token_or_an_end_is_told_as_ever_and_not_renewed() {
    for without_what in ["refresh_token", "expires_in"] {
        let world = World::whose_provider(|op| op.token.tell(without(without_what)));
        world.options.replace(json!({ "autoRenew": true }));
        let (world, page) = world.signed_in();
        page.events.take();
        world.network.take_sent();
        world.pass(3550);
        page.tab.awake.ring();
        page.tab.run_background();
        assert_eq!(refreshes(&world), 0, "{without_what}");
        assert_eq!(page.events.take().len(), usize::from(without_what == "refresh_token"), "{without_what}");
        assert!(page.tab.awake.alarms().is_empty(), "{without_what}");
    }
}

#[test]
fn a_device_that_slept_beyond_the_end_renews_when_the_person_is_back() {
    let (world, page) = signed_in_for(3600);
    world.pass(8 * 3600);
    page.tab.awake.come_back();
    assert_eq!(ring_next(&world, &page), 0, "at once");
    assert_eq!(refreshes(&world), 1);
}

#[test]
fn a_page_that_comes_out_of_the_back_forward_cache_renews() {
    let (world, page) = signed_in_for(3600);
    page.tab.awake.fall_asleep();
    world.pass(4000);
    page.tab.awake.wake_up();
    ring_next(&world, &page);
    assert_eq!(refreshes(&world), 1);
}

#[test]
fn offline_there_is_no_timer_and_the_network_brings_the_renewal() {
    let (world, page) = signed_in_for(3600);
    page.tab.awake.is_offline.set(true);
    page.tab.awake.ring();
    world.pass(3540);
    page.tab.awake.ring();
    assert_eq!(page.events.take().len(), 1, "expiring");
    assert!(page.tab.awake.alarms().is_empty());
    world.pass(3600);
    page.tab.awake.is_offline.set(false);
    page.tab.awake.come_back();
    ring_next(&world, &page);
    assert_eq!(refreshes(&world), 1);
}

#[test]
fn a_fault_that_may_pass_is_tried_again_more_and_more_seldom() {
    let (world, page) = signed_in_for(3600);
    world.network.cut("/token", HttpError::Network);
    ring_until_renewed(&world, &page, 3600).expect("a first try");
    let mut waits = Vec::new();
    for _ in 0..12 {
        waits.push(ring_until_renewed(&world, &page, 3600).expect("another try"));
    }
    let bounds = [5, 10, 20, 40, 80, 160, 300, 300, 300, 300, 300, 300];
    assert!(waits.iter().zip(bounds).all(|(wait, longest)| (longest / 2..=longest).contains(wait)), "{waits:?}");
    assert!(page.session().is_some());
    world.network.mend();
    page.tab.awake.come_back();
    assert_eq!(ring_until_renewed(&world, &page, 10), Some(0), "at once, when the network is back");
    assert_eq!(ring_until_renewed(&world, &page, 3600).map(|after| after >= 3510), Some(true), "and then as ever");
}

#[test]
fn a_refusal_ends_the_session_and_a_failure_for_good_is_not_tried_again() {
    let (world, page) = signed_in_for(3600);
    world.provider.answer_at("/token", 400, r#"{"error":"invalid_grant"}"#);
    ring_until_renewed(&world, &page, 3600).expect("a renewal");
    assert!(page.events.take().contains(&"logout refresh-rejected".to_owned()));
    assert!(page.tab.awake.alarms().is_empty());

    let (world, page) = signed_in_for(3600);
    world.provider.rotates.set(false);
    world.provider.answer_at("/token", 200, "no JSON");
    ring_until_renewed(&world, &page, 3600).expect("a renewal");
    page.tab.awake.come_back();
    let before = refreshes(&world);
    for _ in 0..3 {
        world.pass(600);
        page.tab.awake.ring();
        page.tab.run_background();
    }
    assert_eq!(refreshes(&world), before);
    assert!(page.session().is_some());
    world.provider.repent();
    page.access_token().expect("the next call renews");
    ring_until_renewed(&world, &page, 3600).expect("and renewals begin anew");
}

#[test]
fn a_token_without_life_is_no_busy_timer() {
    for lifetime in [0, 1, 5] {
        let (world, page) = signed_in_for(lifetime);
        let begin = world.clock.get();
        while refreshes(&world) < 5 {
            ring_next(&world, &page);
        }
        assert!(world.clock.get() - begin >= 50, "{lifetime} s");
    }
}

#[test]
fn a_clock_that_was_set_back_has_the_token_renewed() {
    let (world, page) = signed_in_for(3600);
    world.pass(-7200);
    page.tab.awake.come_back();
    assert_eq!(ring_next(&world, &page), 0);
    assert_eq!(refreshes(&world), 1);
    assert!(ring_until_renewed(&world, &page, 3000).is_none(), "once");
}

#[test]
fn without_the_option_a_clock_that_was_set_back_has_the_next_call_renew() {
    let (world, page) = World::new().signed_in();
    world.network.take_sent();
    world.pass(-301);
    page.access_token().expect("a token");
    page.access_token().expect("a token");
    assert_eq!(refreshes(&world), 1);
    world.pass(-7200);
    world.network.cut("/token", HttpError::Network);
    page.access_token().expect("the token at hand, which may be good");
}

#[test]
fn a_renewal_under_way_sets_no_second_one() {
    let (world, page) = signed_in_for(3600);
    world.pass(3540);
    world.network.hold();
    page.tab.awake.ring();
    page.tab.awake.come_back();
    world.pass(600);
    page.tab.awake.ring();
    world.network.let_go();
    page.tab.run_background();
    assert_eq!(refreshes(&world), 1);
    assert_eq!(page.tab.awake.alarms().len(), 1);
}

#[test]
fn two_registries_of_a_page_renew_once() {
    let (world, page) = signed_in_for(3600);
    let other = page.another_registry(json!({ "autoRenew": true }));
    awake::begin(&other.oauth, &other.client());
    world.pass(3540);
    page.tab.awake.ring();
    page.tab.run_background();
    assert_eq!(refreshes(&world), 1);
}

#[test]
fn nothing_is_renewed_after_a_logout_or_for_a_client_that_lost_its_name() {
    let (world, page) = signed_in_for(3600);
    page.clear();
    assert!(page.tab.awake.alarms().is_empty());
    let (other, page) = signed_in_for(3600);
    page.oauth.register("demo", json!({ "clientId": "another" }), Functions::default(), true).expect("settings");
    other.pass(3540);
    page.tab.awake.ring();
    page.tab.run_background();
    assert_eq!((refreshes(&world), refreshes(&other)), (0, 0));
}

#[test]
fn a_session_that_is_over_is_not_renewed() {
    let world = World::new();
    world.options.replace(json!({ "autoRenew": true, "sessionLifetime": { "max": 3000 } }));
    let (world, page) = world.signed_in();
    world.network.take_sent();
    while !page.tab.awake.alarms().is_empty() {
        ring_next(&world, &page);
    }
    assert_eq!(refreshes(&world), 0);
    assert!(page.session().is_none());
}
