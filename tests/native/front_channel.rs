//! OpenID Connect Front-Channel Logout 1.0: the provider, or anybody else, loads a page of the app in a frame. The test of the browser
//! (`e2e/front-channel.test.js`) shows where the frame shares the storage of the tabs at all; here it does.

use std::rc::Rc;

use crate::support::*;
use crate::tabs::signed_in_side_by_side;
use oidc_client_wasm::protocol::json::json;

const SID: &str = "session-at-the-provider";

/// The document in the frame: a page of the app in a tab of its own, so it has no session.
fn frame(world: &Rc<World>) -> Page {
    world.tab().open(HOME)
}

fn ended(world: &World) -> usize {
    world.bus.tombstones(&key_of("ended", "demo")).map_or(0, |all| all.as_array().map_or(0, Vec::len))
}

#[test]
fn the_named_session_ends_in_every_tab_that_has_it() {
    let (world, one, two) = signed_in_side_by_side(World::new());
    let frame = frame(&world);
    assert!(frame.front_channel_logout(ISSUER, SID));
    world.bus.deliver();
    for page in [&one, &two] {
        assert!(page.session().is_none());
        assert_eq!(page.tab.stored_session("demo"), None, "nothing of it is left");
        assert_eq!(page.events.take(), ["logout front-channel"]);
    }
    assert!(frame.events.take().is_empty());
    assert_eq!(world.network.sent_to("/revoke").len(), 0, "no revocation");
    assert!(one.tab.departures.urls().is_empty(), "no navigation");
}

#[test]
fn the_session_of_the_frame_s_own_tab_ends_too() {
    let (world, page) = World::new().signed_in();
    page.events.take();
    let frame = page.tab.open(HOME);
    assert!(frame.front_channel_logout(ISSUER, SID));
    assert!(frame.session().is_none() && page.tab.reload().session().is_none());
    assert_eq!(frame.events.take(), ["logout front-channel"]);
    assert_eq!(ended(&world), 1, "for the tabs that sleep");
}

/// The first second of a login counts to the login; a message needs no date.
#[test]
fn a_tab_that_is_awake_hears_of_it_in_the_second_of_its_login() {
    let world = World::new();
    let page = world.tab().sign_in();
    assert!(frame(&world).front_channel_logout(ISSUER, SID));
    world.bus.deliver();
    assert!(page.session().is_none());
}

#[test]
fn a_tab_that_sleeps_finds_out_when_it_wakes_up() {
    let (world, one, two) = signed_in_side_by_side(World::new());
    let closed = two.tab.clone();
    drop(two);
    assert!(frame(&world).front_channel_logout(ISSUER, SID));
    world.bus.forget_announcements();
    assert!(one.session().is_none(), "before it wakes up");
    one.oauth.wake_up();
    assert_eq!(one.events.take(), ["logout front-channel"]);
    assert!(closed.open(HOME).session().is_none(), "nor a tab that is restored");
}

#[test]
fn another_session_of_the_same_person_goes_on() {
    let (world, one) = World::new().signed_in();
    world.provider.claims.tell(set("sid", json!("another")));
    let two = world.tab().sign_in();
    world.pass(1);
    assert!(frame(&world).front_channel_logout(ISSUER, "another"));
    world.bus.deliver();
    assert!(two.session().is_none());
    assert_eq!(one.sub().as_deref(), Some("alice"));
    assert_eq!(one.tab.reload().sub().as_deref(), Some("alice"));
}

/// Any page can put the frame anywhere, a hundred times.
#[test]
fn a_forged_request_changes_nothing() {
    let (world, one, two) = signed_in_side_by_side(World::new());
    let sleeper = world.tab().sign_in();
    world.pass(1);
    two.logout(json!({})).expect("a logout, whose tombstone must stay");
    world.bus.forget_announcements();
    world.provider.claims.tell(set("sid", json!("another")));
    let again = world.tab().sign_in();
    let local = [key_of("ended", "demo"), key_of("sid", "demo")].map(|key| world.bus.tombstones(&key));
    let frame = frame(&world);
    for (iss, sid) in [
        (ISSUER, ""),
        (ISSUER, "session-at-the-provide"),
        (ISSUER, "session-at-the-provider "),
        (ISSUER, "Session-At-The-Provider"),
        ("https://id.example", SID),
        ("", SID),
        (&format!("{ISSUER}/"), "another"),
        (&ISSUER.to_uppercase(), "another"),
    ] {
        assert!(!frame.front_channel_logout(iss, sid), "{iss} {sid}");
    }
    for number in 0..100 {
        assert!(!frame.front_channel_logout(ISSUER, &number.to_string()));
    }
    world.bus.deliver();
    assert_eq!([key_of("ended", "demo"), key_of("sid", "demo")].map(|key| world.bus.tombstones(&key)), local);
    assert_eq!(again.sub().as_deref(), Some("alice"));
    assert!(one.session().is_none() && sleeper.session().is_none(), "the older logout is remembered");
    assert_eq!(world.network.sent_to("/end_session").len(), 0);
}

#[test]
fn a_url_that_does_not_name_one_session_ends_none() {
    let (world, page) = World::new().signed_in();
    world.pass(1);
    let frame = frame(&world);
    let iss = "iss=https%3A%2F%2Fid.example.com";
    for query in [
        "",
        "?",
        &format!("?{iss}"),
        &format!("?sid={SID}"),
        &format!("?{iss}&sid={SID}&sid={SID}"),
        &format!("?{iss}&{iss}&sid={SID}"),
        &format!("?{iss}&sid={SID}&sid=other"),
        &format!("#{iss}&sid={SID}"),
    ] {
        assert!(!frame.front_channel_logout_at(&format!("https://app.example/signed-out{query}")), "{query}");
    }
    world.bus.deliver();
    assert_eq!(page.sub().as_deref(), Some("alice"));
}

#[test]
fn another_client_and_another_provider_go_on() {
    let (world, one) = World::new().signed_in();
    let second = one.register("second", world.settings.borrow().clone()).expect("a second client");
    let elsewhere = world.another_provider("https://other.example");
    world.change_settings(json!({ "issuer": "https://other.example" }));
    let tab = world.tab();
    let url = tab.open(HOME).login().expect("a login");
    let two = tab.open(&elsewhere.authorize(&url));
    two.expect_login();
    world.pass(1);
    assert!(!two.front_channel_logout(ISSUER, SID), "that provider did not begin this session");
    world.bus.deliver();
    assert!(one.session().is_some() && two.session().is_some() && second.session().is_none());
}

/// Section 2: if the person is logged out already, the logout is considered to have succeeded. There is nothing to clear.
#[test]
fn a_session_that_is_over_is_not_ended_again() {
    let (world, page) = World::new().signed_in();
    let frame = frame(&world);
    world.pass(1);
    assert!(frame.front_channel_logout(ISSUER, SID));
    let tombstones = world.bus.tombstones(&key_of("ended", "demo"));
    world.pass(1);
    assert!(!frame.front_channel_logout(ISSUER, SID));
    assert_eq!(world.bus.tombstones(&key_of("ended", "demo")), tombstones);
    drop(page);
    let page = world.tab().sign_in();
    world.pass(1);
    page.logout(json!({})).expect("a logout");
    assert!(!frame.front_channel_logout(ISSUER, SID), "the provider tells of the logout that this client began");
}

/// A provider may go on with the `sid` of a session that was cleared here alone.
#[test]
fn a_later_login_with_the_same_sid_is_not_ended_by_it() {
    let (world, page) = World::new().signed_in();
    world.pass(1);
    assert!(frame(&world).front_channel_logout(ISSUER, SID));
    world.bus.deliver();
    world.pass(1);
    let again = page.tab.sign_in();
    again.oauth.wake_up();
    assert_eq!(again.sub().as_deref(), Some("alice"));
    assert!(again.tab.reload().session().is_some());
    world.pass(1);
    assert!(frame(&world).front_channel_logout(ISSUER, SID), "and can be ended in its turn");
}

#[test]
fn a_clock_set_back_after_it_does_not_lock_anybody_out() {
    let (world, page) = World::new().signed_in();
    assert!(frame(&world).front_channel_logout(ISSUER, SID));
    world.bus.deliver();
    world.pass(-86_400);
    assert!(page.tab.sign_in().session().is_some());
    assert!(page.tab.reload().session().is_some());
}

#[test]
fn a_session_without_a_sid_is_not_ended() {
    let world = World::whose_provider(|op| op.claims.tell(without("sid")));
    let page = world.tab().sign_in();
    world.pass(1);
    assert!(!frame(&world).front_channel_logout(ISSUER, SID));
    world.bus.deliver();
    assert!(page.session().is_some());
    assert_eq!(world.bus.tombstones(&key_of("sid", "demo")), None);
}

#[test]
fn a_sid_that_is_no_text_is_none() {
    for sid in [json!(1), json!(null), json!([SID]), json!({ "sid": SID })] {
        let world = World::whose_provider(|op| op.claims.tell(set("sid", sid.clone())));
        let page = world.tab().sign_in();
        world.pass(1);
        for text in ["1", "null", SID, &sid.to_string()] {
            assert!(!frame(&world).front_channel_logout(ISSUER, text), "{sid}");
        }
        world.bus.deliver();
        assert!(page.session().is_some());
    }
}

/// Then the tabs that are awake are reached by the message alone.
#[test]
fn where_localstorage_is_blocked_the_tabs_that_are_awake_hear_of_it() {
    let world = World::new();
    world.bus.has_no_tombstones.set(true);
    let (world, one, _two) = signed_in_side_by_side(world);
    assert!(!frame(&world).front_channel_logout(ISSUER, SID), "this context cannot know");
    world.bus.deliver();
    assert!(one.session().is_none());
    assert_eq!(one.events.take(), ["logout front-channel"]);
}

#[test]
fn a_login_on_its_way_is_ended_with_its_session() {
    let (world, page) = World::new().signed_in();
    let callback = page.tab.come_back();
    world.pass(1);
    let again = page.tab.open(&callback);
    let handling = again.handling();
    world.pass(1);
    assert!(frame(&world).front_channel_logout(ISSUER, SID));
    assert!(again.handled(handling.finish()).is_ok() || again.session().is_none());
}

/// Any script of the origin may write the messages: the worst is that a person signs in again.
#[test]
fn a_message_ends_the_session_that_it_names_and_tells_no_reason_of_its_own() {
    let world = World::new();
    for (reason, told) in [("front-channel", "front-channel"), ("refresh-rejected", "other-tab"), ("x", "other-tab")] {
        let page = world.tab().sign_in();
        page.events.take();
        let record = page.tab.stored_session("demo").expect("a record");
        for stranger in [json!("who"), json!(null), json!(""), json!(1)] {
            page.oauth.on_message(json!({ "client": client_key("demo"), "ended": stranger, "reason": reason }));
            assert!(page.session().is_some());
        }
        let message = json!({ "client": client_key("demo"), "ended": record["provider_session"], "reason": reason });
        page.oauth.on_message(message);
        assert!(page.session().is_none());
        assert_eq!(page.events.take(), [format!("logout {told}")]);
    }
}

#[test]
fn localstorage_names_neither_the_person_nor_the_sid() {
    let (world, _page) = World::new().signed_in();
    world.pass(1);
    for board in ["sid", "ended"] {
        let text = world.bus.tombstones_text(&key_of(board, "demo")).unwrap_or_default();
        for name in ["alice", "example.com", CLIENT_ID, SID] {
            assert!(!text.contains(name), "{text}");
        }
        frame(&world).front_channel_logout(ISSUER, SID);
    }
}

#[test]
fn seventeen_sessions_are_not_all_remembered_and_those_awake_are_reached_all_the_same() {
    let (world, first) = World::new().signed_in();
    for number in 0..17 {
        world.pass(1);
        world.provider.claims.tell(set("sid", json!(format!("sid-{number}"))));
        world.tab().sign_in();
    }
    let known = world.bus.tombstones(&key_of("sid", "demo")).expect("a list");
    assert_eq!(known.as_array().map(Vec::len), Some(16));
    let frame = frame(&world);
    assert!(!frame.front_channel_logout(ISSUER, SID));
    world.bus.deliver();
    assert!(first.session().is_none());
    assert!(frame.front_channel_logout(ISSUER, "sid-16"));
}
