//! The sessions that a tab is not given: of a person who has left, of a refresh token that is used up or refused, of no session at all.

use std::rc::Rc;

use crate::edited_session::is_a_session;
use crate::support::edits::{edits, value};
use crate::support::sharing::*;
use crate::support::*;
use oidc_client_wasm::protocol::json::{self, Value, json};
use oidc_client_wasm::protocol::secret::fingerprint;

// ---------------------------------------------------------------- signed out here

#[test]
fn a_tab_that_cleared_its_session_is_not_given_it_back() {
    for has_locks in [true, false] {
        let world = World::new();
        let one = with_a_session(&world);
        let two = new_tab(&world);
        talk(&world);
        two.clear();
        let tab = two.tab.clone();
        drop(two);
        world.bus.has_no_locks.set(!has_locks);
        for _ in 0..2 {
            let page = load(&tab);
            assert_eq!(ask_slowly(&page).0, 0, "it waits for nothing");
            talk(&world);
            assert!(page.session().is_none());
            assert!(page.events.take().is_empty());
        }
        assert!(one.session().is_some());
        // Until a login in this tab, after which a session is a session.
        drop(tab.sign_in());
        tab.storage.drop_item(&key_of("session", "demo"));
        let page = load(&tab);
        ask(&page);
        talk(&world);
        assert!(page.session().is_some());
    }
}

#[test]
fn a_later_login_elsewhere_counts_after_a_sign_out() {
    let world = World::new();
    let (one, two) = (with_a_session(&world), with_a_session(&world));
    world.pass(5);
    two.clear();
    two.events.take();
    // A login of the same second may have come before it.
    one.tab.sign_in();
    hear_of_login(&world);
    assert!(two.session().is_none());
    world.pass(1);
    let again = one.tab.sign_in();
    begin(&again);
    hear_of_login(&world);
    assert_eq!(two.session(), again.session());
    assert_eq!(two.events.take(), ["login alice of another tab"]);
    // Also if the tab was not awake when it came.
    two.clear();
    world.pass(1);
    let third = one.tab.sign_in();
    begin(&third);
    world.bus.forget_announcements();
    let page = load(&two.tab);
    ask(&page);
    talk(&world);
    assert_eq!(page.session(), third.session());
}

#[test]
fn a_logout_of_one_person_does_not_bring_the_session_of_another() {
    let world = World::new();
    world.provider.sub.replace("bob".into());
    let _bob = with_a_session(&world);
    world.provider.sub.replace("alice".into());
    let (alice, copy) = (with_a_session(&world), with_a_session(&world));
    world.pass(1);
    alice.logout(json!({})).expect("a logout");
    talk(&world);
    for tab in [&alice.tab, &copy.tab] {
        let page = load(tab);
        ask(&page);
        talk(&world);
        assert!(page.session().is_none());
    }
}

#[test]
fn a_clock_that_was_fast_at_the_sign_out_keeps_no_tab_out_for_ever() {
    let world = World::new();
    let (one, two) = (with_a_session(&world), with_a_session(&world));
    world.pass(86_400);
    two.clear();
    world.pass(-86_400);
    let again = one.tab.sign_in();
    hear_of_login(&world);
    assert_eq!(two.session(), again.session());
}

// ---------------------------------------------------------------- a logout while an answer is under way

#[test]
fn an_answer_of_before_a_logout_signs_nobody_in() {
    for (has_tombstones, seconds) in [(true, 0), (true, 1), (true, -86_400), (false, 0), (false, 1)] {
        let (world, one, two, answer) = answered();
        world.bus.has_no_tombstones.set(!has_tombstones);
        world.pass(seconds);
        one.logout(json!({})).expect("a logout");
        let ended = world.bus.announced();
        world.bus.deliver();
        two.oauth.on_message(answer.clone());
        assert!(two.session().is_none(), "{has_tombstones} {seconds}");
        // In the other order, the end is told.
        let (_, _, three, answer) = answered();
        three.oauth.on_message(answer);
        assert!(three.session().is_some());
        three.oauth.on_message(json::parse_record(ended[0].as_bytes()).expect("JSON"));
        assert!(three.session().is_none());
        assert_eq!(three.events.take(), ["login alice of another tab", "logout other-tab"]);
    }
}

/// It slept through the logout, and its clock was fast at the login: the tombstone must count all the same.
#[test]
fn a_tab_that_slept_through_a_logout_gives_its_session_to_nobody() {
    for skew in [0, 86_400] {
        let world = World::new();
        world.pass(skew);
        let one = with_a_session(&world);
        let sleeper = one.tab.duplicate().open(HOME);
        begin(&sleeper);
        world.pass(1 - skew);
        one.logout(json!({})).expect("a logout");
        world.bus.forget_announcements();
        let two = new_tab(&world);
        assert!(two.session().is_none() && sleeper.session().is_none(), "{skew}");
    }
}

#[test]
fn the_logout_of_another_person_does_not_spoil_an_answer() {
    let (world, one, two, answer) = answered();
    two.oauth.on_message(json!({ "client": client_key("demo"), "ended": "another person" }));
    two.oauth.on_message(answer);
    assert_eq!(two.session(), one.session());
    drop(world);
}

// ---------------------------------------------------------------- a session that is none

#[test]
fn a_copy_whose_refresh_token_was_used_up_is_neither_given_nor_taken() {
    let (world, one, two, answer) = answered();
    let slept = one.tab.duplicate().open(HOME);
    begin(&slept);
    world.pass(1);
    one.refresh().expect("a refresh");
    world.bus.forget_announcements();
    two.oauth.on_message(answer);
    assert!(two.session().is_none(), "the answer was sent before the refresh");
    world.bus.forget(&*one.tab);
    let three = new_tab(&world);
    assert!(three.session().is_none() && slept.session().is_some());
}

#[test]
fn an_answer_changed_in_every_way() {
    let (world, one, two, message) = answered();
    let mut taken = 0;
    for edit in edits(&message) {
        let Some(edited) = value(&edit.of(&message)) else { continue };
        two.oauth.on_message(edited.clone());
        if two.session().is_none() {
            assert_eq!(two.tab.stored_session("demo"), None, "{}", edit.what);
            continue;
        }
        taken += 1;
        assert!(is_a_session(&edited["session"]), "{}", edit.what);
        assert_eq!(&edited["client"], &message["client"], "{}", edit.what);
        assert!(edited["gives"].is_string(), "{}", edit.what);
        assert_eq!(two.sub(), one.sub(), "{}", edit.what);
        two.tab.storage.drop_item(&key_of("session", "demo"));
    }
    assert!(taken > 20, "what is opaque is believed");
    drop(world);
}

#[test]
fn a_question_changed_in_every_way_gets_one_answer_or_none() {
    let world = World::new();
    let one = with_a_session(&world);
    let held = world.bus.held(PRESENT).expect("locks");
    for message in [
        json!({ "wants": held[0], "client": client_key("demo") }),
        json!({ "wants": "", "client": client_key("demo") }),
    ] {
        for edit in edits(&message) {
            let Some(edited) = value(&edit.of(&message)) else { continue };
            let session = one.session();
            one.oauth.on_message(edited.clone());
            assert_eq!(one.session(), session, "{}", edit.what);
            let answers = world.bus.forget_announcements();
            let is_ours = edited.is_object() && edited["client"] == client_key("demo");
            assert!(answers == 0 || answers == 1 && is_ours && edited["wants"].is_string(), "{}", edit.what);
        }
    }
}

#[test]
fn a_tab_whose_storage_takes_nothing_is_not_signed_in_by_halves() {
    for kind in [Kind::Blocked, Kind::Full] {
        let (world, _one, two, answer) = answered();
        two.tab.effects.inject(Fault { kind, at: 0, and_after: true });
        two.oauth.on_message(answer.clone());
        two.tab.effects.recover();
        assert!(two.session().is_none() && two.events.take().is_empty(), "{kind:?}");
        two.oauth.on_message(answer);
        assert!(two.session().is_some(), "{kind:?}");
        drop(world);
    }
}

#[test]
fn a_browser_without_randomness_shows_no_session_and_does_not_fail() {
    let world = World::new();
    let tab = world.tab();
    drop(tab.sign_in());
    world.random_fault.set(true);
    let page = load(&tab);
    assert!(page.session().is_some());
    assert!(ask_slowly(&load(&world.tab())).1.is_empty());
}

// ---------------------------------------------------------------- a refresh that is refused

/// The tab whose refresh is refused, a copy that is awake, and one that sleeps.
fn refused() -> (Rc<World>, [Page; 3]) {
    let world = World::new();
    let one = with_a_session(&world);
    let (copy, sleeper) = (new_tab(&world), new_tab(&world));
    for page in [&copy, &sleeper] {
        page.events.take();
    }
    world.bus.forget(&*sleeper.tab);
    world.provider.answer_at("/token", 400, r#"{"error":"invalid_grant"}"#);
    one.refresh().expect_err("refused");
    assert_eq!(one.events.take(), ["logout refresh-rejected", "error refresh_refused"]);
    world.provider.repent();
    world.network.take_sent();
    (world, [one, copy, sleeper])
}

#[test]
fn a_definitive_refusal_ends_every_copy_of_the_session() {
    let (world, [one, copy, _]) = refused();
    world.bus.deliver();
    assert!(copy.session().is_none());
    assert_eq!(copy.events.take(), ["logout refresh-rejected"]);
    assert!(world.network.sent_to("/token").is_empty());
    for tab in [&one.tab, &copy.tab, &world.tab()] {
        let page = load(tab);
        ask(&page);
        assert!(page.session().is_none(), "no tab brings it back");
    }
    // A login is a login, even where the provider gives the same refresh token again.
    let again = one.tab.sign_in();
    again.refresh().expect("a refresh");
}

#[test]
fn a_copy_that_slept_through_a_refusal_hands_its_session_to_nobody() {
    let (world, [.., sleeper]) = refused();
    let page = new_tab(&world);
    assert!(page.session().is_none());
    assert_eq!(answers_to(&sleeper, ""), Vec::<Value>::new());
    assert_error(&sleeper.refresh().expect_err("used up"), ["token_expired", "rejected", "refresh"]);
}

#[test]
fn a_refusal_leaves_another_login_and_another_token_alone() {
    let world = World::new();
    let (one, other) = (with_a_session(&world), with_a_session(&world));
    for refused in ["", "guessed", "null"] {
        one.oauth.on_message(json!({ "refused": refused, "client": client_key("demo") }));
        assert!(one.session().is_some() && one.events.take().is_empty());
    }
    world.provider.answer_at("/token", 400, r#"{"error":"invalid_grant"}"#);
    one.refresh().expect_err("refused");
    world.bus.deliver();
    assert!(other.session().is_some());
}

/// Without locks two tabs may redeem one refresh token at once: the answer to a tab's own request decides about its session.
#[test]
fn a_refresh_under_way_is_not_ended_by_the_refusal_of_another_tab() {
    let world = World::new();
    let one = with_a_session(&world);
    let copy = new_tab(&world);
    let refused = fingerprint(&one.held_refresh_token());
    world.network.hold();
    let asking = copy.asking_for(json!({ "force": true }));
    copy.oauth.on_message(json!({ "refused": refused, "client": client_key("demo") }));
    assert!(copy.session().is_some());
    world.network.let_go();
    copy.got(asking).expect("a token");
    assert!(copy.session().is_some());
}

/// Where the refresh token is not rotated, the same one goes on.
#[test]
fn a_refresh_token_that_the_provider_takes_is_good_again() {
    let world = World::whose_provider(|op| op.rotates.set(false));
    let page = with_a_session(&world);
    world.network.hold();
    let asking = page.asking_for(json!({ "force": true }));
    let refused = json!([[fingerprint(&page.held_refresh_token()), 1_800_000_000]]);
    world.bus.put_tombstones(&key_of("spent", "demo"), &refused.to_string());
    world.network.let_go();
    page.got(asking).expect("a token");
    assert_eq!(world.bus.tombstones(&key_of("spent", "demo")), Some(json!([])));
    page.refresh().expect("another refresh");
}
