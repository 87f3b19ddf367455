//! `tokenStorage: "local"`: one session for all tabs, in localStorage.

use std::rc::Rc;

use crate::support::*;
use oidc_client_wasm::flow::awake;
use oidc_client_wasm::protocol::json::json;

fn world() -> Rc<World> {
    let world = World::new();
    world.options.replace(json!({ "tokenStorage": "local" }));
    world
}

/// Two tabs, both awake, of the one person who is signed in.
fn two_tabs() -> (Rc<World>, Page, Page) {
    let (world, one) = world().signed_in();
    let two = world.tab().open(HOME);
    world.bus.deliver();
    world.pass(1);
    one.events.take();
    (world, one, two)
}

/// A page as the skin begins it.
fn awake(tab: &Rc<Tab>) -> Page {
    let page = tab.open(HOME);
    awake::begin(&page.oauth, &page.client());
    page
}

fn stored(world: &World) -> Option<String> {
    world.bus.tombstones_text(&key_of("session", "demo"))
}

#[test]
fn every_tab_has_the_one_session_without_a_request() {
    let (world, one, two) = two_tabs();
    assert!(two.session().is_some() && two.session() == one.session());
    assert_eq!(one.tab.stored_session("demo"), None, "and sessionStorage has no copy");
    one.tab.die();
    two.tab.die();
    assert_eq!(world.tab().open(HOME).sub().as_deref(), Some("alice"), "a session that outlives every tab");
    assert_eq!(world.network.sent_to("/token").len(), 1, "the login");
}

#[test]
fn a_login_reaches_the_tabs_that_are_signed_out() {
    let world = world();
    let two = world.tab().open(HOME);
    let one = world.tab().sign_in();
    world.bus.deliver();
    assert_eq!(two.session(), one.session());
    assert_eq!(two.events.take(), ["login alice of another tab"]);
}

#[test]
fn another_person_takes_the_place_of_the_first_in_every_tab() {
    let (world, one, two) = two_tabs();
    two.tab.open_return_of("bob").expect_login();
    world.bus.deliver();
    assert_eq!(one.sub().as_deref(), Some("bob"));
    assert_eq!(one.events.take(), ["userchange alice bob", "login bob of another tab"]);
}

#[test]
fn a_logout_and_a_clear_are_those_of_every_tab() {
    for provider_is_told in [true, false] {
        let (world, one, two) = two_tabs();
        if provider_is_told {
            one.logout(json!({})).expect("a logout");
        } else {
            one.clear();
        }
        assert_eq!(stored(&world), None);
        assert!(two.session().is_none());
        world.bus.deliver();
        assert_eq!(two.events.take(), ["logout other-tab"], "once");
        assert_eq!(one.events.take(), ["logout local"]);
    }
}

/// A tab that was frozen hears of the logout after the same person has signed in again.
#[test]
fn a_logout_that_is_heard_late_ends_no_later_session() {
    let (world, one, two) = two_tabs();
    one.logout(json!({})).expect("a logout");
    world.pass(1);
    let again = one.tab.sign_in();
    two.events.take();
    world.bus.deliver();
    assert!(again.session().is_some() && two.session() == again.session());
    assert_eq!(two.events.take(), ["login alice of another tab"]);
}

#[test]
fn a_page_out_of_the_back_forward_cache_tells_what_changed_meanwhile() {
    let (world, one, two) = two_tabs();
    one.clear();
    assert!(world.bus.announced().is_empty(), "a page that sleeps hears no event either");
    two.oauth.wake_up();
    assert_eq!(two.events.take(), ["logout other-tab"]);
}

#[test]
fn a_refresh_is_one_for_all_tabs() {
    let (world, one, two) = two_tabs();
    world.pass(4000);
    world.network.hold();
    let (mut first, mut second) = (one.asking(), two.asking());
    assert!(!first.advance() && !second.advance());
    assert_eq!(world.network.in_flight().len(), 1, "one request for both tabs");
    world.network.let_go();
    assert!(first.advance());
    world.bus.deliver();
    assert_eq!(two.got(second).expect("a token"), one.got(first).expect("a token"));
    assert_eq!(world.network.sent_to("/token").len(), 2, "the login and one refresh");
    assert_eq!(two.events.take(), ["tokenupdate alice"], "once, although the message and the storage tell of it");
}

/// The message overtakes what the other process wrote: the page goes by the message and writes nothing.
#[test]
fn a_tab_that_still_reads_the_old_record_neither_redeems_the_old_token_nor_writes() {
    let (world, one, two) = two_tabs();
    world.bus.leave_behind(&two.tab);
    let token = one.refresh().expect("a refresh");
    let later = stored(&world);
    world.bus.deliver();
    assert_eq!(two.access_token().expect("a token"), token);
    assert_eq!(stored(&world), later);
    world.bus.catch_up();
    let token = one.refresh().expect("a refresh");
    assert_eq!(two.access_token().expect("a token"), token, "what is stored counts again");
    world.bus.deliver();
    two.refresh().expect("a refresh, which the provider would refuse with a token that was spent");
}

#[test]
fn where_local_storage_is_full_the_tabs_hear_of_the_new_tokens_all_the_same() {
    let (world, one, two) = two_tabs();
    world.bus.is_full.set(true);
    let token = one.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(one.access_token().expect("a token"), token);
    assert_eq!(two.access_token().expect("a token"), token);
    world.bus.is_full.set(false);
    two.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(world.tab().open(HOME).session(), one.session(), "and it is stored when there is room");
}

#[test]
fn where_local_storage_is_blocked_a_login_is_refused() {
    let world = world();
    world.bus.has_no_tombstones.set(true);
    let tab = world.tab();
    let page = tab.open(&tab.come_back());
    assert_error(&page.handle_redirect().expect_err("no place"), ["storage_unavailable", "environment", "storage"]);
    assert!(page.session().is_none());
}

#[test]
fn an_edited_record_is_dropped() {
    let (world, one, _) = two_tabs();
    let record = stored(&world).expect("a record").replace("alice", "bob");
    world.bus.put_tombstones(&key_of("session", "demo"), &record);
    assert!(one.session().is_none());
    let page = one.tab.reload();
    page.handle_redirect().expect("nothing to do");
    assert_eq!(page.events.take(), ["error invalid_session"]);
    assert_eq!(stored(&world), None);
}

/// An app that changes the option leaves no tokens where the option had them before.
#[test]
fn another_value_of_the_option_removes_what_the_one_before_left() {
    let (world, one, _) = two_tabs();
    world.options.replace(json!({}));
    assert!(awake(&one.tab).session().is_none());
    assert_eq!(stored(&world), None);
    let page = one.tab.sign_in();
    assert!(page.tab.stored_session("demo").is_some());
    world.options.replace(json!({ "tokenStorage": "local" }));
    assert!(awake(&one.tab).session().is_none());
    assert_eq!(one.tab.stored_session("demo"), None);
}
