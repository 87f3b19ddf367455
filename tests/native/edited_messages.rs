//! What another tab says, edited in every way: believed only where it would be believed from storage, about the same person, in the
//! place of the refresh token that this tab holds.

use std::rc::Rc;

use crate::edited_session::is_a_session;
use crate::support::edits::{edits, value};
use crate::support::*;
use oidc_client_wasm::protocol::json::{self, Value, json};

/// Two copies of a session; what the first said to the second, which has not heard it yet; and its record before.
fn refreshed() -> (Rc<World>, Page, Page, Value) {
    let world = World::whose_provider(|op| op.sign_with(SigningKey::new("Ed25519", 0, Some("key-0"))));
    let one = world.tab().sign_in();
    let two = one.tab.duplicate().open(HOME);
    world.pass(1);
    world.bus.forget_announcements();
    one.refresh().expect("a refresh");
    let message = json::parse_record(world.bus.announced()[0].as_bytes()).expect("JSON");
    world.bus.forget_announcements();
    (world, one, two, message)
}

#[test]
fn a_hand_over_changed_in_every_way() {
    let (_world, one, two, message) = refreshed();
    let (key, before) = (&key_of("session", "demo"), two.tab.storage.snapshot());
    let session = two.session();
    let mut adopted = 0;
    for edit in edits(&message) {
        let Some(edited) = value(&edit.of(&message)) else { continue };
        two.tab.storage.put_text(key, &before[key]);
        two.oauth.on_message(edited.clone());
        if two.session() == session {
            assert_eq!(two.tab.storage.snapshot(), before, "{}", edit.what);
            continue;
        }
        adopted += 1;
        assert!(is_a_session(&edited["session"]), "{}", edit.what);
        assert_eq!(
            (&edited["client"], &edited["replaces"]),
            (&message["client"], &message["replaces"]),
            "{}",
            edit.what
        );
        assert_eq!(two.sub(), one.sub(), "{}", edit.what);
        assert_eq!(two.tab.stored_session("demo").map(|record| is_a_session(&record)), Some(true), "{}", edit.what);
    }
    assert!(adopted > 20, "what is opaque is believed of a tab that knew the replaced token");
    two.tab.sign_in();
}

#[test]
fn a_question_and_an_end_changed_in_every_way() {
    let (world, one, two, message) = refreshed();
    let session = one.session();
    for message in [
        json!({ "client": client_key("demo"), "asks": message["replaces"] }),
        json!({ "client": client_key("demo"), "ended": "who" }),
    ] {
        for edit in edits(&message) {
            let Some(edited) = value(&edit.of(&message)) else { continue };
            // A member of its own beside the question is no matter.
            let is_genuine =
                edited["client"] == client_key("demo") && edited["asks"] == message["asks"] && edited.is_object();
            one.oauth.on_message(edited);
            assert_eq!(one.session(), session, "{}", edit.what);
            let is_answered = world.bus.forget_announcements() > 0;
            assert!(!is_answered || is_genuine, "{}: an answer to who does not know the replaced token", edit.what);
        }
    }
    drop(two);
}

/// Everything that one kind of record or message may look like, in the place of every other kind.
#[test]
fn records_of_one_kind_in_the_place_of_another() {
    let (world, one, two, message) = refreshed();
    one.login().expect("a login in the making");
    let tab = one.tab.clone();
    let mut records: Vec<Value> = tab.storage.all_keys().iter().filter_map(|key| tab.storage.peek(key)).collect();
    records
        .extend(["ended", "answered", "spent"].iter().filter_map(|board| world.bus.tombstones(&key_of(board, "demo"))));
    records.push(message);
    let genuine = tab.storage.snapshot();
    assert!(records.len() >= 7, "{} kinds are hardly all", records.len());
    for key in tab.storage.all_keys() {
        let own = tab.storage.peek(&key).expect("a record");
        for record in records.iter().filter(|record| **record != own) {
            tab.storage.put(&key, record);
            let page = tab.open(HOME);
            let is_session = key.starts_with("oidc:session:");
            assert_eq!(page.session().is_none(), is_session, "{key}: {record}");
            page.login().expect("a login all the same");
            tab.storage.put_text(&key, &genuine[&key]);
        }
    }
    for record in &records {
        let session = two.session();
        if record.get("replaces").is_none() {
            two.oauth.on_message(record.clone());
            assert_eq!(two.session(), session);
        }
    }
    for board in ["ended", "answered", "spent"] {
        for record in &records {
            world.bus.put_tombstones(&key_of(board, "demo"), &record.to_string());
            let page = tab.sign_in();
            page.refresh().expect("a refresh");
            world.bus.deliver();
        }
    }
}
