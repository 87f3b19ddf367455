//! Several tabs of one origin: a refresh in one of them, its copies that adopt the tokens, and what a forged message does.

use std::rc::Rc;

use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::{self, Value, json};

use crate::support::*;
use crate::tabs::signed_in_side_by_side;

/// Two tabs with the same session, both awake: the second is a copy of the first.
fn signed_in_twice(world: Rc<World>) -> (Rc<World>, Page, Page) {
    let (world, page) = world.signed_in();
    let copy = page.tab.duplicate().open(HOME);
    world.pass(1);
    page.events.take();
    (world, page, copy)
}

#[test]
fn a_duplicated_tab_adopts_what_the_other_one_refreshed() {
    let (world, one, two) = signed_in_twice(World::new());
    let token = one.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(two.session(), one.session());
    assert_eq!(two.events.take(), ["tokenupdate alice"]);
    assert_eq!(two.tab.reload().session(), one.session(), "and stored it");
    assert_eq!(two.access_token().expect("a token"), token);
    assert_eq!(world.network.sent_to("/token").len(), 2, "the login and one refresh");
    assert!(world.bus.announced().is_empty(), "what was heard is not announced again");
}

#[test]
fn the_copy_refreshes_with_the_token_that_it_adopted() {
    let (world, one, two) = signed_in_twice(World::new());
    one.refresh().expect("a refresh");
    world.bus.deliver();
    // The provider of the tests fails a refresh token that comes twice.
    let token = two.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(one.access_token().expect("a token"), token);
}

#[test]
fn a_copy_that_asks_while_the_request_is_in_flight_waits_for_its_answer() {
    let (world, one, two) = signed_in_twice(World::whose_provider(|op| op.lifetime.set(100)));
    world.pass(100);
    world.network.hold();
    let mut first = one.asking();
    let mut second = two.asking();
    assert!(!first.advance() && !second.advance());
    assert_eq!(world.network.in_flight().len(), 1, "one request for both tabs");
    world.network.let_go();
    assert!(first.advance());
    assert!(!second.advance(), "until the announcement had time to arrive");
    world.bus.deliver();
    assert_eq!(two.got(second).expect("a token"), one.got(first).expect("a token"));
    assert_eq!(world.network.sent_to("/token").len(), 2);
}

#[test]
fn a_copy_that_asks_before_the_announcement_arrives_sends_nothing() {
    let (world, one, two) = signed_in_twice(World::whose_provider(|op| op.lifetime.set(100)));
    world.pass(100);
    let token = one.access_token().expect("a token");
    let mut asking = two.asking();
    assert!(!asking.advance());
    world.bus.deliver();
    assert_eq!(two.got(asking).expect("a token"), token);
    assert_eq!(world.network.sent_to("/token").len(), 2);
}

#[test]
fn copies_that_insist_refresh_one_after_the_other() {
    let (world, one, two) = signed_in_twice(World::new());
    world.network.hold();
    let mut asked = [one.asking_for(json!({ "force": true })), two.asking_for(json!({ "force": true }))];
    for _ in 0..4 {
        if !world.network.in_flight().is_empty() {
            assert_eq!(world.network.in_flight().len(), 1);
            world.network.release("/token");
        }
        for asking in &mut asked {
            asking.advance();
        }
        world.bus.deliver();
    }
    let [first, second] = asked;
    assert!(one.got(first).is_ok() && two.got(second).is_ok());
    assert_eq!(one.session(), two.session());
}

#[test]
fn a_tab_that_gave_up_waiting_does_not_keep_the_others_out() {
    let (world, one, two) = signed_in_twice(World::new());
    world.network.cut("/token", HttpError::Network);
    one.refresh().expect_err("no network");
    world.network.mend();
    two.refresh().expect("the lock is free, with nothing to wait for");
}

#[test]
fn tabs_with_logins_of_their_own_do_not_wait_for_each_other() {
    let (world, one, two) = signed_in_side_by_side(World::new());
    world.network.hold();
    let asked = [one.asking_for(json!({ "force": true })), two.asking_for(json!({ "force": true }))];
    assert_eq!(world.network.in_flight().len(), 2);
    world.network.let_go();
    let [first, second] = asked;
    assert_ne!(one.got(first).expect("a token"), two.got(second).expect("a token"));
    let before = (one.session(), two.session());
    world.bus.deliver();
    assert_eq!((one.session(), two.session()), before, "what replaces another token is not theirs");
}

/// Without rotation every tab holds the same refresh token for good, so an older answer fits as well as the newest.
#[test]
fn a_tab_that_slept_does_not_bring_an_older_token_back() {
    let (world, sleeper, two) = signed_in_twice(World::whose_provider(|op| op.rotates.set(false)));
    world.bus.forget_announcements();
    let newer = two.refresh().expect("a refresh");
    // The announcement never arrives: the first tab sleeps.
    assert_eq!(world.bus.forget_announcements(), 1);
    world.pass(60);
    sleeper.access_token_for(json!({ "scope": "files" })).expect("a token beside the session's");
    world.bus.deliver();
    assert_eq!(two.held_access_token(), newer);
}

/// A clock that is corrected by a few seconds must not leave a copy with a refresh token that has been used.
#[test]
fn a_copy_adopts_a_rotated_token_although_the_clock_was_set_back() {
    let (world, one, two) = signed_in_twice(World::new());
    world.pass(-5);
    one.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(two.held_refresh_token(), one.held_refresh_token());
}

#[test]
fn a_token_of_another_scope_changes_no_other_tab_but_its_refresh_token() {
    let (world, one, two) = signed_in_twice(World::new());
    let before = two.held_access_token();
    one.access_token_for(json!({ "scope": "email" })).expect("a token");
    world.bus.deliver();
    assert_eq!(two.held_access_token(), before);
    assert_eq!(two.held_refresh_token(), one.held_refresh_token());
    two.refresh().expect("a refresh with the rotated token");
}

/// Old browsers, and pages that are no secure context: then whoever is faster is heard by the other.
#[test]
fn without_locks_a_copy_that_was_slower_goes_on_with_the_tokens_of_the_faster_one() {
    let world = World::new();
    world.bus.has_no_locks.set(true);
    world.provider.lifetime.set(100);
    let (world, one, two) = signed_in_twice(world);
    world.pass(100);
    world.network.hold();
    let (first, second) = (one.asking(), two.asking());
    assert_eq!(world.network.in_flight().len(), 2);
    world.provider.is_suite.set(false);
    world.network.let_go();
    let token = one.got(first).expect("a token");
    world.bus.deliver();
    // The provider has seen the token twice; whatever it says to the second one, the first one's answer stands.
    let _ = two.got(second);
    assert_eq!(two.session(), one.session());
    assert_eq!(two.held_access_token(), token);
    assert!(!two.events.take().iter().any(|event| event.starts_with("logout")));
}

// ---------------------------------------------------------------- what anybody on the origin could write

#[test]
fn forged_announcements_change_nothing() {
    let (world, one, two) = signed_in_twice(World::new());
    world.bus.forget_announcements();
    one.refresh().expect("a refresh");
    let genuine: Value = json::parse_record(world.bus.announced()[0].as_bytes()).expect("JSON");
    world.bus.forget_announcements();
    let before = two.session();
    type Forge = fn(&mut Value);
    let forgeries: [(&str, Forge); 13] = [
        ("another client_id", |message| message["session"]["client_id"] = json!("another")),
        ("another person", |message| message["session"]["claims"]["sub"] = json!("mallory")),
        ("another issuer", |message| message["session"]["issuer"] = json!("https://evil.example")),
        ("claims of another issuer", |message| message["session"]["claims"]["iss"] = json!("https://evil.example")),
        ("no identity", |message| {
            message["session"]["claims"] = Value::Null;
            without("id_token")(&mut message["session"]["token"]);
        }),
        ("another version", |message| message["session"]["v"] = json!(1)),
        ("no access token", |message| without("access_token")(&mut message["session"]["token"])),
        ("an unknown refresh token", |message| message["replaces"] = json!("guessed")),
        ("an empty refresh token", |message| message["replaces"] = json!("")),
        ("another client's name", |message| message["client"] = json!("another")),
        ("no client", |message| without("client")(message)),
        ("no object", |message| *message = json!(["replaces"])),
        ("a text", |message| *message = json!(message.to_string())),
    ];
    for (what, forge) in forgeries {
        let mut message = genuine.clone();
        forge(&mut message);
        two.oauth.on_message(message);
        assert_eq!(two.session(), before, "{what}");
        assert!(two.events.take().is_empty(), "{what}");
    }
    two.oauth.on_message(genuine);
    assert_eq!(two.session(), one.session(), "the genuine one would have been believed");
}

#[test]
fn a_message_to_a_tab_without_a_session_signs_nobody_in() {
    let (world, one, two) = signed_in_twice(World::new());
    two.clear();
    one.refresh().expect("a refresh");
    world.bus.deliver();
    assert!(two.session().is_none());
    assert_eq!(two.events.take(), ["logout local"]);
}
