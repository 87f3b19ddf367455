//! A page that is awake: the alarm of its token, and what it hears of the other tabs and of itself.

use std::cell::RefCell;
use std::rc::Rc;

use oidc_client_wasm::flow::awake;
use oidc_client_wasm::flow::events::Event;
use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::protocol::json::json;

use crate::support::verbs::ClientVerbs;
use crate::support::*;

const DAY: i64 = 86_400;

/// A page whose token lasts for so many seconds.
fn signed_in_for(lifetime: i64) -> (Rc<World>, Page) {
    let (world, page) = World::whose_provider(|op| op.lifetime.set(lifetime)).signed_in();
    page.events.take();
    (world, page)
}

/// What a registration is followed by.
fn begin(page: &Page) {
    awake::begin(&page.oauth, &page.client());
}

// ---------------------------------------------------------------- the alarm

#[test]
fn the_alarm_is_set_for_the_moment_when_the_token_counts_as_expiring() {
    let (world, page) = signed_in_for(3600);
    assert_eq!(page.tab.awake.alarms(), [3540]);
    world.pass(3540);
    page.tab.awake.ring();
    assert_eq!(page.events.take(), [format!("expiring {}", world.clock.get() + 60)]);
    assert!(page.tab.awake.alarms().is_empty(), "once");
}

#[test]
fn a_page_that_finds_a_session_sets_the_alarm_of_its_token() {
    let (world, before) = signed_in_for(3600);
    world.pass(3550);
    let page = before.tab.duplicate().open(HOME);
    begin(&page);
    assert_eq!(page.tab.awake.alarms(), [0], "at once: the token is expiring already");
    page.tab.awake.ring();
    assert_eq!(page.events.take(), [format!("expiring {}", world.clock.get() + 50)]);
}

#[test]
fn the_alarm_of_a_token_that_was_replaced_is_switched_off() {
    let (world, page) = signed_in_for(3600);
    world.pass(100);
    for _ in 0..50 {
        page.refresh().expect("a refresh");
    }
    assert_eq!(page.tab.awake.alarms(), [3540], "one alarm, however many tokens came");
    page.events.take();
    world.pass(3540);
    page.tab.awake.ring();
    assert_eq!(page.events.take().len(), 1);
}

#[test]
fn an_alarm_waits_for_a_day_at_most_and_is_set_again() {
    let (world, page) = signed_in_for(3 * DAY);
    for _ in 0..2 {
        assert_eq!(page.tab.awake.alarms(), [DAY as u32]);
        world.pass(DAY);
        page.tab.awake.ring();
        assert!(page.events.take().is_empty(), "not yet");
    }
    assert_eq!(page.tab.awake.alarms(), [DAY as u32 - 60]);
    world.pass(DAY - 60);
    page.tab.awake.ring();
    assert_eq!(page.events.take().len(), 1);
}

#[test]
fn an_alarm_that_rings_too_early_is_set_again() {
    let (world, page) = signed_in_for(3600);
    // The clock was set back meanwhile.
    world.pass(-1000);
    page.tab.awake.ring();
    assert!(page.events.take().is_empty());
    assert_eq!(page.tab.awake.alarms(), [4540]);
}

#[test]
fn an_alarm_of_a_session_that_ended_tells_nothing() {
    let (world, page) = signed_in_for(3600);
    page.clear();
    page.events.take();
    world.pass(3600);
    page.tab.awake.ring();
    assert!(page.events.take().is_empty());
}

#[test]
fn an_alarm_of_a_client_that_lost_its_name_tells_nothing() {
    for is_overwritten in [true, false] {
        let (world, page) = signed_in_for(3600);
        let before = page.client();
        if is_overwritten {
            let settings = json!({ "clientId": "another" });
            page.oauth.register("demo", settings, Functions::default(), true).expect("settings");
        } else {
            assert!(page.oauth.unregister("demo"));
        }
        world.pass(3600);
        page.tab.awake.ring();
        assert!(page.events.take().is_empty());
        assert!(before.session().is_some());
    }
}

#[test]
fn a_token_without_a_known_end_has_no_alarm() {
    let page = World::whose_provider(|op| op.token.tell(without("expires_in"))).tab().sign_in();
    begin(&page);
    assert!(page.tab.awake.alarms().is_empty());
}

#[test]
fn the_alarm_of_a_token_is_set_before_the_page_hears_of_the_token() {
    let (_world, page) = signed_in_for(3600);
    let (heard, tab) = (Rc::new(RefCell::new(Vec::new())), Rc::downgrade(&page.tab));
    let written = heard.clone();
    awake::listen(&page.oauth, move |_, event| {
        if matches!(event, Event::TokenUpdate { .. })
            && let Some(tab) = tab.upgrade()
        {
            written.borrow_mut().push(tab.awake.alarms());
        }
    });
    page.tab.world.pass(10);
    page.refresh().expect("a refresh");
    assert_eq!(*heard.borrow(), [[3540]]);
}

// ---------------------------------------------------------------- waking up

#[test]
fn a_client_that_is_registered_clears_away_a_session_that_ended_while_its_tab_slept() {
    let (world, one) = signed_in_for(3600);
    let copy = one.tab.duplicate();
    world.pass(1);
    one.logout(json!({})).expect("a logout");
    let page = copy.open(HOME);
    begin(&page);
    assert_eq!(page.tab.stored_session("demo"), None);
    assert!(page.tab.awake.alarms().is_empty(), "there is no token left to wait for");
    assert_eq!(page.events.take(), ["logout other-tab"]);
}

#[test]
fn a_page_that_wakes_up_looks_first_and_hears_after_that() {
    let (world, one) = signed_in_for(3600);
    let page = one.tab.duplicate().open(HOME);
    awake::live_among_tabs(&page.oauth);
    assert_eq!(page.tab.awake.channels(), 1);
    page.tab.awake.fall_asleep();
    world.pass(1);
    one.logout(json!({})).expect("a logout");
    let (heard, tab) = (Rc::new(RefCell::new(Vec::new())), Rc::downgrade(&page.tab));
    let written = heard.clone();
    awake::listen(&page.oauth, move |_, event| {
        let channels = tab.upgrade().map(|tab| tab.awake.channels());
        written.borrow_mut().push((matches!(event, Event::Logout(_)), channels));
    });
    page.tab.awake.wake_up();
    assert_eq!(*heard.borrow(), [(true, Some(0))], "told while the page hears nothing yet");
    assert_eq!(page.tab.awake.channels(), 1, "and hears again");
}

#[test]
fn a_page_hears_the_other_tabs_on_the_channel_of_its_prefix() {
    let (world, one) = signed_in_for(3600);
    let page = one.tab.duplicate().open(HOME);
    awake::live_among_tabs(&page.oauth);
    world.bus.forget(&*page.tab);
    one.refresh().expect("a refresh");
    let announced = world.bus.announced();
    let message = announced.last().expect("an announcement");
    page.tab.awake.say("another", message);
    assert!(page.events.take().is_empty());
    page.tab.awake.say("oidc", "no JSON");
    page.tab.awake.say("oidc", message);
    assert_eq!(page.events.take(), ["tokenupdate alice"]);
    assert_eq!(page.held_access_token(), one.held_access_token());
}

#[test]
fn a_nudge_makes_a_page_look() {
    let (world, page) = signed_in_for(3600);
    awake::live_among_tabs(&page.oauth);
    world.bus.forget(&*page.tab);
    page.another_copy().client().sign_out_here().expect("storage");
    assert!(page.events.take().is_empty(), "nobody has told it yet");
    page.tab.awake.nudge(&format!("oidc:{}", client_key("demo")), "local");
    assert_eq!(page.events.take(), ["logout local"]);
}

#[test]
fn a_registry_that_is_gone_hears_nothing() {
    let (_world, one) = signed_in_for(3600);
    let page = one.tab.duplicate().open(HOME);
    awake::live_among_tabs(&page.oauth);
    let (tab, registry) = (page.tab.clone(), Rc::downgrade(&page.oauth));
    drop(page);
    assert!(registry.upgrade().is_none(), "what the page hears does not keep the registry alive");
    tab.awake.say("oidc", "{}");
    tab.awake.nudge("", "local");
    tab.awake.wake_up();
    tab.awake.ring();
}
