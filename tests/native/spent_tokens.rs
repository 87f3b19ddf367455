//! A copy of a tab that slept through a refresh holds a refresh token that is spent. To redeem it would look like theft: it finds
//! a notice, asks the tabs that are awake, and otherwise leaves it alone.

use std::rc::Rc;

use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

/// A tab, and a copy of it that hears nothing of what it refreshes `times` times.
fn slept_through(world: Rc<World>, times: usize) -> (Rc<World>, Page, Page) {
    let (world, page) = world.signed_in();
    let copy = page.tab.duplicate().open(HOME);
    for _ in 0..times {
        world.pass(1);
        page.refresh().expect("a refresh");
        world.bus.forget_announcements();
    }
    page.events.take();
    world.network.take_sent();
    (world, page, copy)
}

#[test]
fn a_copy_that_slept_asks_and_is_given_the_tokens() {
    let (world, page, copy) = slept_through(World::new(), 1);
    assert_eq!(copy.refresh().expect("what the other one has"), page.held_access_token());
    assert_eq!(copy.session(), page.session());
    assert_eq!(world.network.count(), 0, "and nothing was sent");
    assert_eq!(copy.events.take(), ["tokenupdate alice"]);
    assert!(page.events.take().is_empty());
    // From here on they are copies like any others.
    world.pass(1);
    copy.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(copy.session(), page.session());
}

#[test]
fn a_copy_that_slept_through_many_refreshes_is_given_the_latest() {
    for times in [2, 16] {
        let (world, page, copy) = slept_through(World::new(), times);
        copy.refresh().expect("what the other one has");
        assert_eq!(copy.session(), page.session(), "{times} refreshes");
        assert_eq!(world.network.count(), 0);
    }
}

#[test]
fn what_is_remembered_of_spent_tokens_has_an_end() {
    let (world, page, _copy) = slept_through(World::new(), 20);
    let record = page.tab.stored_session("demo").expect("a session");
    assert_eq!(record["replaced"].as_array().map(Vec::len), Some(16));
    assert_eq!(world.bus.tombstones(&key_of("spent", "demo")).expect("notices").as_array().map(Vec::len), Some(16));
    assert!(page.tab.reload().session().is_some());
}

#[test]
fn a_reloaded_page_can_still_answer() {
    let (world, page, copy) = slept_through(World::new(), 2);
    let page = page.tab.reload();
    assert_eq!(copy.refresh().expect("a token"), page.held_access_token());
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_copy_whose_token_is_still_good_asks_nobody() {
    let (world, _page, copy) = slept_through(World::new(), 1);
    assert_eq!(copy.access_token().expect("good for an hour"), copy.held_access_token());
    assert!(world.bus.announced().is_empty());
}

#[test]
fn where_nobody_answers_a_spent_token_is_left_alone() {
    let (world, page, copy) = slept_through(World::new(), 1);
    drop(page);
    let before = copy.session();
    assert_error(&copy.refresh().expect_err("nobody is there"), ["token_expired", "rejected", "refresh"]);
    assert_eq!(world.network.count(), 0, "it would have looked like theft");
    assert_eq!(copy.session(), before, "nobody is signed out for it");
    assert_eq!(copy.events.take(), ["error token_expired"]);
    // What is left of the access token's life can be used.
    world.pass(3580);
    assert_eq!(copy.access_token().expect("twenty seconds"), copy.held_access_token());
    world.pass(20);
    copy.access_token().expect_err("over");
    copy.tab.sign_in().refresh().expect("the next login has tokens of its own");
}

#[test]
fn who_left_does_not_answer() {
    let (world, page, copy) = slept_through(World::new(), 1);
    page.clear();
    copy.refresh().expect_err("nobody is there");
    assert_eq!(world.network.count(), 0);
}

#[test]
fn who_has_nothing_to_do_with_it_does_not_answer() {
    let (world, page, copy) = slept_through(World::new(), 1);
    let stranger = world.tab().sign_in();
    drop(page);
    copy.refresh().expect_err("nobody who knows");
    assert_ne!(copy.session(), stranger.session());
}

#[test]
fn a_logout_meanwhile_is_no_answer() {
    let (world, page, copy) = slept_through(World::new(), 1);
    page.logout(json!({})).expect("a logout");
    assert_error(&copy.refresh().expect_err("left"), ["missing_token", "usage", "token"]);
    assert_eq!(world.network.count(), 0);
}

#[test]
fn without_rotation_no_token_is_spent() {
    let (world, page, copy) = slept_through(World::whose_provider(|op| op.rotates.set(false)), 2);
    drop(page);
    copy.refresh().expect("it works again and again");
    assert_eq!(world.network.sent_to("/token").len(), 1);
    assert_eq!(world.bus.tombstones(&key_of("spent", "demo")), None);
}

/// The provider has rotated, whatever came of the rest of its answer.
#[test]
fn an_answer_that_was_rejected_spends_what_it_replaces() {
    let (world, page) = World::new().signed_in();
    world.provider.token.tell(set("token_type", json!("mac")));
    page.refresh().expect_err("no bearer token");
    assert_eq!(world.bus.tombstones(&key_of("spent", "demo")).expect("notices").as_array().map(Vec::len), Some(1));
    world.provider.token.tell(without("refresh_token"));
    page.refresh().expect_err("no bearer token");
    assert_eq!(world.bus.tombstones(&key_of("spent", "demo")).expect("notices").as_array().map(Vec::len), Some(1));
}

/// Storage was full when the successor came, and the page that held it is gone.
#[test]
fn a_page_that_lost_the_successor_does_not_try_the_spent_one() {
    let (world, page) = World::new().signed_in();
    page.tab.storage.full.set(true);
    page.refresh().expect("a refresh");
    world.bus.deliver();
    page.tab.storage.full.set(false);
    let tab = page.tab.clone();
    drop(page);
    world.network.take_sent();
    let page = tab.reload();
    assert_error(&page.refresh().expect_err("lost"), ["token_expired", "rejected", "refresh"]);
    assert_eq!(world.network.count(), 0);
}

// ---------------------------------------------------------------- what anybody on the origin could write

#[test]
fn notices_are_fingerprints() {
    let (world, _page, copy) = slept_through(World::new(), 1);
    let notice = world.bus.tombstones(&key_of("spent", "demo")).expect("a notice").to_string();
    assert!(!notice.contains(&copy.held_refresh_token()));
    assert_eq!(world.secrets.found_in(&notice), None);
}

#[test]
fn a_notice_that_was_edited_spends_nothing() {
    let (world, page) = World::new().signed_in();
    for notice in [json!(null), json!("spent"), json!([["x", 1]]), json!([[]]), json!({}), json!([[1, "x"], [null]])] {
        world.bus.bury(&key_of("spent", "demo"), &notice.to_string(), &world.secrets);
        page.refresh().expect("a refresh");
        world.bus.deliver();
    }
}

#[test]
fn a_question_is_answered_only_to_who_knows_the_replaced_token() {
    let (world, page, copy) = slept_through(World::new(), 1);
    for question in [
        json!({ "client": client_key("demo"), "asks": "" }),
        json!({ "client": client_key("demo"), "asks": copy.held_refresh_token() }),
        json!({ "client": client_key("demo"), "asks": page.held_refresh_token() }),
        json!({ "client": client_key("demo"), "asks": null }),
        json!({ "client": client_key("demo"), "asks": ["x"] }),
        json!({ "client": "another", "asks": "x" }),
    ] {
        page.oauth.on_message(question.clone());
        assert!(world.bus.announced().is_empty(), "{question}");
    }
}

/// An answer must not be a question again.
#[test]
fn many_copies_that_ask_at_once_come_to_rest() {
    let (world, page) = World::whose_provider(|op| op.lifetime.set(100)).signed_in();
    let copies: Vec<Page> = (0..5).map(|_| page.tab.duplicate().open(HOME)).collect();
    world.pass(100);
    page.refresh().expect("a refresh");
    world.bus.forget_announcements();
    world.network.take_sent();
    let asked: Vec<_> = copies.iter().map(Page::asking).collect();
    for _ in 0..10 {
        world.bus.deliver();
    }
    assert!(world.bus.announced().is_empty(), "the tabs talk without end");
    for (copy, asked) in copies.iter().zip(asked) {
        assert_eq!(copy.got(asked).expect("a token"), page.held_access_token());
        assert_eq!(copy.session(), page.session());
    }
    assert_eq!(world.network.count(), 0);
}

#[test]
fn an_edited_history_is_no_session() {
    for history in [json!(null), json!("x"), json!([1]), json!({})] {
        let tab = World::new().tab();
        tab.sign_in().refresh().expect("a refresh");
        tab.storage.edit(&key_of("session", "demo"), |record: &mut Value| record["replaced"] = history.clone());
        assert!(tab.reload().session().is_none(), "{history}");
    }
}
