//! Several tabs of one origin: who hears of a logout, and who finds out later.

use std::rc::Rc;

use crate::support::*;
use oidc_client_wasm::protocol::json::json;

/// Two logins in two tabs.
pub fn signed_in_side_by_side(world: Rc<World>) -> (Rc<World>, Page, Page) {
    let (one, two) = (world.tab().sign_in(), world.tab().sign_in());
    world.pass(1);
    one.events.take();
    two.events.take();
    (world, one, two)
}

// ---------------------------------------------------------------- a logout

#[test]
fn a_logout_ends_the_session_of_the_same_person_in_another_tab() {
    for later in [0, 1] {
        let (world, one, two) = signed_in_side_by_side(World::new());
        world.bus.deliver();
        world.pass(later);
        one.logout(json!({})).expect("a logout");
        world.bus.deliver();
        assert!(two.session().is_none());
        assert_eq!(two.tab.stored_session("demo"), None, "nothing of it is left");
        assert_eq!(two.events.take(), ["logout other-tab"]);
        assert_eq!(one.events.take(), ["logout local"], "and nothing comes back");
        assert!(world.bus.announced().is_empty());
    }
}

/// Then the notice cannot tell them apart, but the message can.
#[test]
fn a_logout_in_the_second_of_the_login_is_heard() {
    let world = World::new();
    let (one, two) = (world.tab().sign_in(), world.tab().sign_in());
    one.logout(json!({})).expect("a logout");
    world.bus.deliver();
    assert!(two.session().is_none());
    assert_eq!(two.events.take(), ["login alice", "logout other-tab"]);
}

#[test]
fn a_logout_is_known_even_before_its_announcement_arrives() {
    let (world, one, two) = signed_in_side_by_side(World::new());
    one.logout(json!({})).expect("a logout");
    assert!(two.session().is_none());
    assert_error(&two.access_token().expect_err("left"), ["missing_token", "usage", "token"]);
    world.bus.deliver();
    assert_eq!(two.events.take(), ["logout other-tab"], "once");
}

/// Wherever storage breaks: who is signed out here is signed out in the other tabs, too.
#[test]
fn a_logout_that_breaks_on_its_way_does_not_end_one_tab_alone() {
    for at in 0..40 {
        let (_, one, two) = signed_in_side_by_side(World::new());
        one.login().expect("an open login, to be forgotten");
        one.tab.effects.inject(Fault { kind: Kind::Blocked, at, and_after: false });
        let result = one.logout(json!({}));
        if !one.tab.effects.recover() {
            assert!(result.is_ok() && at >= 5, "{at} operations are hardly all");
            return;
        }
        if one.session().is_none() {
            assert!(two.session().is_none(), "signed out here alone, by a fault at operation {at}");
        }
    }
    panic!("the logout never ends");
}

#[test]
fn a_logout_leaves_another_person_alone() {
    let (world, one) = World::new().signed_in();
    world.provider.sub.replace("bob".into());
    let two = world.tab().sign_in();
    world.pass(1);
    one.logout(json!({})).expect("a logout");
    world.bus.deliver();
    assert_eq!(two.sub().as_deref(), Some("bob"));
    assert_eq!(two.tab.reload().sub().as_deref(), Some("bob"));
    assert_eq!(two.events.take(), ["login bob"]);
}

#[test]
fn a_logout_leaves_the_same_person_at_another_provider_alone() {
    let (world, one) = World::new().signed_in();
    let elsewhere = world.another_provider("https://other.example");
    world.change_settings(json!({ "issuer": "https://other.example" }));
    let tab = world.tab();
    let url = tab.open(HOME).login().expect("a login");
    let two = tab.open(&elsewhere.authorize(&url));
    two.expect_login();
    world.pass(1);
    one.logout(json!({})).expect("a logout");
    world.bus.deliver();
    assert_eq!(two.sub().as_deref(), Some("alice"));
}

#[test]
fn a_logout_leaves_another_client_of_the_same_person_alone() {
    let (world, one) = World::new().signed_in();
    let tab = world.tab();
    tab.sign_in();
    // Another client by its id, and another one by its name in the registry.
    tab.storage.edit(&key_of("session", "demo"), |record| {
        record["client_id"] = json!("another");
        record["claims"]["aud"] = json!("another");
        let payload = keys::base64url(record["claims"].to_string().as_bytes());
        record["token"]["id_token"] = json!(format!("eyJhbGciOiJSUzI1NiJ9.{payload}.e30"));
    });
    let record = tab.stored_session("demo").expect("a record");
    for name in ["demo", "second"] {
        tab.storage.put(&format!("oidc:session:{}", owned_name(name, "another", ISSUER)), &record);
    }
    tab.storage.drop_item(&key_of("session", "demo"));
    world.change_settings(json!({ "clientId": "another" }));
    let two = tab.reload();
    let second = two.register("second", world.settings.borrow().clone()).expect("a second client");
    world.pass(1);
    one.logout(json!({})).expect("a logout");
    world.bus.deliver();
    assert!(two.session().is_some() && second.session().is_some());
}

#[test]
fn a_registry_with_another_prefix_hears_nothing() {
    let (world, one) = World::new().signed_in();
    world.options.replace(json!({ "storagePrefix": "else" }));
    let two = world.tab().sign_in();
    world.pass(1);
    one.logout(json!({})).expect("a logout");
    world.bus.deliver();
    assert!(two.session().is_some());
}

#[test]
fn clear_signs_out_this_tab_alone() {
    let (world, one, two) = signed_in_side_by_side(World::new());
    world.bus.forget_announcements();
    one.clear();
    assert!(world.bus.announced().is_empty());
    assert!(one.session().is_none() && two.session().is_some());
    assert!(two.tab.reload().session().is_some());
    assert_eq!(one.events.take(), ["logout local"]);
}

#[test]
fn where_localstorage_is_blocked_the_announcement_is_enough() {
    let world = World::new();
    world.bus.has_no_tombstones.set(true);
    let (world, one, two) = signed_in_side_by_side(world);
    one.logout(json!({})).expect("a logout");
    world.bus.deliver();
    assert!(two.session().is_none());
    assert_eq!(two.events.take(), ["logout other-tab"]);
    assert!(two.tab.sign_in().session().is_some());
}

#[test]
fn a_refresh_that_is_heard_of_after_a_logout_is_nobodys() {
    let (world, one, two) = signed_in_side_by_side(World::new());
    let copy = two.tab.duplicate().open(HOME);
    copy.refresh().expect("a refresh");
    one.logout(json!({})).expect("a logout");
    world.bus.deliver();
    assert!(two.session().is_none());
    assert_eq!(two.events.take(), ["logout other-tab"], "and nothing of tokens");
}

// ---------------------------------------------------------------- tabs that sleep

#[test]
fn a_tab_that_slept_finds_out_when_it_wakes_up() {
    let (_, one, two) = signed_in_side_by_side(World::new());
    one.logout(json!({})).expect("a logout");
    two.oauth.wake_up();
    assert_eq!(two.tab.stored_session("demo"), None);
    assert_eq!(two.events.take(), ["logout other-tab"]);
    two.oauth.wake_up();
    assert!(two.events.take().is_empty(), "once");
}

#[test]
fn a_tab_that_was_closed_finds_out_when_it_is_restored() {
    let (world, one, two) = signed_in_side_by_side(World::new());
    let closed = two.tab.clone();
    drop(two);
    one.logout(json!({})).expect("a logout");
    // Somebody signs in again before the old tab is restored: its session is still of before.
    world.pass(5);
    let again = one.tab.sign_in();
    world.pass(5);
    let restored = closed.open(HOME);
    assert!(restored.session().is_none());
    assert!(again.session().is_some());
    restored.oauth.wake_up();
    assert_eq!(restored.events.take(), ["logout other-tab"]);
}

#[test]
fn nothing_happens_when_a_page_wakes_up_to_a_session_that_lasts() {
    let (world, one, two) = signed_in_side_by_side(World::new());
    for page in [&one, &two, &world.tab().open(HOME)] {
        page.oauth.wake_up();
        assert!(page.events.take().is_empty());
    }
    assert!(one.session().is_some() && two.session().is_some());
}

/// The age of a login is not that of its tokens.
#[test]
fn a_refresh_does_not_make_a_login_younger() {
    let (_, one, two) = signed_in_side_by_side(World::new());
    two.refresh().expect("a refresh");
    one.logout(json!({})).expect("a logout in the same second");
    assert!(two.session().is_none());
    assert!(two.tab.reload().session().is_none());
}

#[test]
fn a_login_after_a_logout_is_not_ended_by_it() {
    let (world, one, two) = signed_in_side_by_side(World::new());
    one.logout(json!({})).expect("a logout");
    world.bus.deliver();
    for seconds in [0, 1] {
        world.pass(seconds);
        let page = two.tab.sign_in();
        assert_eq!(page.sub().as_deref(), Some("alice"), "{seconds} s later");
        // A message that was late, or sent again.
        page.oauth.wake_up();
        assert!(two.tab.reload().session().is_some());
    }
}

#[test]
fn a_clock_set_back_after_a_logout_does_not_lock_anybody_out() {
    let (world, one, _two) = signed_in_side_by_side(World::new());
    one.logout(json!({})).expect("a logout");
    world.bus.deliver();
    world.pass(-86_400);
    let page = one.tab.sign_in();
    assert!(page.session().is_some());
    assert!(one.tab.reload().session().is_some());
    world.pass(86_500);
    assert!(one.tab.reload().session().is_some(), "nor when the time comes round again");
}

#[test]
fn logouts_of_seventeen_people_are_not_all_remembered() {
    let (world, sleeper) = World::new().signed_in();
    for number in 0..17 {
        world.pass(1);
        world.provider.sub.replace(format!("person-{number}"));
        let page = world.tab().sign_in();
        world.pass(1);
        page.logout(json!({})).expect("a logout");
    }
    let notice = world.bus.tombstones(&key_of("ended", "demo")).expect("a notice");
    assert_eq!(notice.as_array().map(Vec::len), Some(16));
    assert!(sleeper.session().is_some());
}

#[test]
fn a_person_who_leaves_again_and_again_has_one_notice() {
    let world = World::new();
    for _ in 0..3 {
        world.pass(1);
        world.tab().sign_in().logout(json!({})).expect("a logout");
    }
    let notice = world.bus.tombstones(&key_of("ended", "demo")).expect("a notice");
    assert_eq!(notice.as_array().map(Vec::len), Some(1));
    assert_eq!(notice[0][1], json!(world.clock.get()), "the latest");
}

#[test]
fn a_notice_names_nobody() {
    let (world, page) = World::new().signed_in();
    page.logout(json!({})).expect("a logout");
    let notice = world.bus.tombstones(&key_of("ended", "demo")).expect("a notice").to_string();
    for name in ["alice", "example.com", CLIENT_ID] {
        assert!(!notice.contains(name), "{notice}");
    }
}

#[test]
fn a_notice_that_was_edited_is_no_notice() {
    let (world, one) = World::new().signed_in();
    world.pass(1);
    one.logout(json!({})).expect("a logout");
    let who = world.bus.tombstones(&key_of("ended", "demo")).expect("a notice")[0][0].clone();
    world.pass(1);
    let page = world.tab().sign_in();
    for notice in [
        json!(null),
        json!("ended"),
        json!({ "alice": 9_999_999_999i64 }),
        json!([["alice", 9_999_999_999i64]]),
        json!([[who, "soon"]]),
        json!([[who, -1]]),
        json!([[who, 1e300]]),
        json!([[who]]),
        json!([who]),
        json!([[], [[]], null]),
    ] {
        world.bus.bury(&key_of("ended", "demo"), &notice.to_string(), &world.secrets);
        page.oauth.wake_up();
        assert_eq!(page.sub().as_deref(), Some("alice"), "{notice}");
    }
    world.pass(1);
    page.logout(json!({})).expect("a logout all the same");
    let notice = world.bus.tombstones(&key_of("ended", "demo")).expect("a notice");
    assert_eq!(notice, json!([[who, world.clock.get()]]), "what is no notice is swept away");
}

#[test]
fn a_forged_end_of_nobody_ends_nobody() {
    let (_, one, _) = signed_in_side_by_side(World::new());
    for message in [
        json!({ "client": client_key("demo"), "ended": "alice" }),
        json!({ "client": client_key("demo"), "ended": "" }),
        json!({ "client": client_key("demo"), "ended": null }),
        json!({ "client": client_key("demo"), "ended": true }),
        json!({ "client": client_key("demo") }),
    ] {
        one.oauth.on_message(message.clone());
        assert_eq!(one.sub().as_deref(), Some("alice"), "{message}");
    }
    assert!(one.events.take().is_empty());
}
