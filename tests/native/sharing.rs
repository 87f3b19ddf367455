//! A tab without a session is given that of another tab: who asks, who answers, and who is told.

use std::rc::Rc;

use crate::support::sharing::*;
use crate::support::*;
use oidc_client_wasm::flow::awake;
use oidc_client_wasm::protocol::json::{Value, json};

// ---------------------------------------------------------------- a new tab

#[test]
fn a_new_tab_begins_with_the_session_of_another() {
    let world = World::new();
    let one = with_a_session(&world);
    let two = load(&world.tab());
    let (looks, questions) = ask_slowly(&two);
    assert!(looks <= 3 && questions.len() == 1, "{looks} {questions:?}");
    assert_eq!(two.session(), one.session());
    assert_eq!(two.events.take(), ["login alice of another tab"]);
    two.has_a_whole_session_or_none();
    assert!(two.tab.reload().session().is_some(), "it is stored");
    // From here on it is a copy as that of a duplicated tab.
    world.pass(1);
    two.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(two.session(), one.session());
    assert_eq!(one.events.take(), ["tokenupdate alice"]);
}

#[test]
fn a_tab_without_siblings_waits_for_nothing() {
    let world = World::new();
    let page = load(&world.tab());
    assert_eq!(ask_slowly(&page), (0, vec![]));
}

#[test]
fn a_tab_beside_tabs_that_are_signed_out_waits_for_nothing() {
    let world = World::new();
    let one = with_a_session(&world);
    let two = new_tab(&world);
    one.clear();
    two.clear();
    assert_eq!(ask_slowly(&load(&world.tab())), (0, vec![]));
}

#[test]
fn a_tab_with_a_session_asks_no_other() {
    let world = World::new();
    let one = with_a_session(&world);
    let _two = with_a_session(&world);
    assert_eq!(ask_slowly(&load(&one.tab)).1, Vec::<Value>::new());
}

/// Their answer counts when it comes.
#[test]
fn without_web_locks_a_tab_asks_and_does_not_wait() {
    let world = World::new();
    let one = with_a_session(&world);
    world.bus.has_no_locks.set(true);
    let two = load(&world.tab());
    let (looks, questions) = ask_slowly(&two);
    assert_eq!((looks, questions.len()), (0, 1));
    assert!(two.session().is_none());
    talk(&world);
    assert_eq!(two.session(), one.session());
    assert_eq!(two.events.take(), ["login alice of another tab"]);
}

#[test]
fn a_tab_that_does_not_answer_is_waited_for_half_a_second() {
    let world = World::new();
    let frozen = with_a_session(&world);
    world.bus.forget(&*frozen.tab);
    let two = load(&world.tab());
    let (looks, questions) = ask_slowly(&two);
    assert_eq!(looks, 50);
    assert!(two.session().is_none() && two.events.take().is_empty());
    let [first, every] = questions.as_slice() else { panic!("{questions:?}") };
    assert!(first["wants"].as_str().is_some_and(|name| name.starts_with(PRESENT)));
    assert_eq!(every["wants"], "");
}

#[test]
fn where_the_tab_that_is_asked_first_is_frozen_another_answers() {
    let world = World::new();
    let one = with_a_session(&world);
    let frozen = new_tab(&world);
    assert!(frozen.session().is_some());
    world.bus.forget(&*frozen.tab);
    let three = load(&world.tab());
    let (looks, questions) = ask_slowly(&three);
    assert!((11..=13).contains(&looks) && questions.len() == 2, "{looks} {questions:?}");
    assert_eq!(three.session(), one.session());
}

#[test]
fn an_answer_that_comes_late_is_taken() {
    let (_world, one, two, answer) = answered();
    assert!(two.session().is_none());
    two.oauth.on_message(answer.clone());
    two.oauth.on_message(answer);
    assert_eq!(two.session(), one.session());
    assert_eq!(two.events.take(), ["login alice of another tab"], "once");
}

#[test]
fn one_of_fifty_tabs_answers_and_the_others_do_not_read_the_answer() {
    let world = World::new();
    let mut tabs = vec![with_a_session(&world)];
    for _ in 1..50 {
        let next = load(&world.tab());
        let held = world.bus.held(PRESENT).expect("locks");
        let answers: Vec<_> = tabs.iter().flat_map(|tab| answers_to(tab, held.last().expect("a lock"))).collect();
        assert_eq!(answers.len(), 1);
        let text = answers[0].to_string();
        assert!(tabs.iter().all(|tab| !tab.oauth.needs(&text)) && next.oauth.needs(&text));
        ask(&next);
        assert!(next.session().is_some());
        tabs.push(next);
    }
}

#[test]
fn two_tabs_that_open_at_once_both_begin_with_the_session() {
    let world = World::new();
    let one = with_a_session(&world);
    let (two, three) = (load(&world.tab()), load(&world.tab()));
    world.network.is_slow.set(true);
    let mut asking = [Running::new(awake::ask(&two.oauth)), Running::new(awake::ask(&three.oauth))];
    while asking.iter_mut().any(Running::step) {}
    for page in [&two, &three] {
        assert_eq!(page.session(), one.session());
        assert_eq!(page.events.take(), ["login alice of another tab"]);
    }
}

#[test]
fn of_two_people_the_tab_gets_one_whole_session() {
    let world = World::new();
    let alice = with_a_session(&world);
    world.provider.sub.replace("bob".into());
    let bob = with_a_session(&world);
    for locks in [true, false] {
        world.bus.has_no_locks.set(!locks);
        let three = new_tab(&world);
        talk(&world);
        assert!(three.session() == alice.session() || three.session() == bob.session());
        assert_eq!(three.events.take().len(), 1);
        three.has_a_whole_session_or_none();
    }
    assert_eq!((alice.sub().as_deref(), bob.sub().as_deref()), (Some("alice"), Some("bob")));
}

#[test]
fn share_session_false_neither_asks_nor_answers_nor_shows_a_session() {
    let world = World::new();
    let sharing = with_a_session(&world);
    world.options.replace(json!({ "shareSession": false }));
    let two = load(&world.tab());
    assert_eq!(ask_slowly(&two), (0, vec![]));
    let alone = with_a_session(&world);
    assert_eq!(world.bus.held(PRESENT).map(|held| held.len()), Some(1), "that of the first tab");
    assert!(alone.tab.sign_in().session().is_some());
    assert!(!world.bus.announced().iter().any(|text| text.contains("gives")));
    assert_eq!(answers_to(&alone, ""), Vec::<Value>::new());
    world.bus.forget_announcements();
    // Neither does a message reach it that it did not ask for.
    two.oauth.on_message(json!({ "gives": "x", "client": client_key("demo"), "session": sharing.tab.stored_session("demo").expect("a record") }));
    assert!(two.session().is_none());
}

#[test]
fn another_client_another_provider_and_another_prefix_are_not_answered() {
    for change in [json!({ "clientId": "another" }), json!({ "issuer": "https://other.example" })] {
        let world = World::new();
        let _one = with_a_session(&world);
        world.change_settings(change.clone());
        let two = load(&world.tab());
        assert_eq!(ask_slowly(&two), (0, vec![]), "{change}");
        assert!(two.session().is_none(), "{change}");
    }
    let world = World::new();
    let _one = with_a_session(&world);
    world.options.replace(json!({ "storagePrefix": "else" }));
    assert_eq!(ask_slowly(&load(&world.tab())), (0, vec![]));
}

#[test]
fn two_registries_of_a_page_each_tell_the_login_once() {
    let world = World::new();
    let _one = with_a_session(&world);
    let two = load(&world.tab());
    let beside = two.another_registry(json!({}));
    begin(&beside);
    ask(&two);
    ask(&beside);
    for page in [&two, &beside] {
        assert_eq!(page.events.take(), ["login alice of another tab"]);
    }
}

#[test]
fn two_clients_of_a_page_are_asked_for_side_by_side() {
    let world = World::new();
    let one = with_a_session(&world);
    let record = one.tab.stored_session("demo").expect("a record");
    one.tab.storage.put(&key_of("session", "second"), &record);
    let second = one.register("second", world.settings.borrow().clone()).expect("settings");
    awake::begin(&one.oauth, &second);
    let two = load(&world.tab());
    let copy = two.register("second", world.settings.borrow().clone()).expect("settings");
    let (looks, questions) = ask_slowly(&two);
    assert!(looks <= 4, "{looks}");
    assert!(questions.len() >= 2);
    assert!(two.session().is_some() && copy.session().is_some());
}

#[test]
fn tokens_in_memory_come_from_another_tab_after_a_reload_and_only_those_of_the_same_person() {
    let world = World::new();
    world.options.replace(json!({ "tokenStorage": "memory" }));
    let one = world.tab().sign_in();
    begin(&one);
    assert!(!world.bus.announced().iter().any(|text| text.contains("gives")), "a login tells no token unasked");
    let two = new_tab(&world);
    assert_eq!(two.session(), one.session());
    let reloaded = load(&two.tab);
    assert!(reloaded.session().is_none());
    drop(two);
    ask(&reloaded);
    assert_eq!(reloaded.session(), one.session());
    // Bob is left in another tab, and the identity of this one is that of Alice.
    world.provider.sub.replace("bob".into());
    let bob = world.tab().sign_in();
    begin(&bob);
    let tab = reloaded.tab.clone();
    drop((one, reloaded));
    let alice = load(&tab);
    ask(&alice);
    assert!(alice.session().is_none());
    assert_eq!(new_tab(&world).sub().as_deref(), Some("bob"));
}

#[test]
fn with_one_session_in_local_storage_no_tab_asks_or_hands_it_out() {
    let world = World::new();
    world.options.replace(json!({ "tokenStorage": "local" }));
    let one = world.tab().sign_in();
    begin(&one);
    assert_eq!(world.bus.held(PRESENT), Some(vec![]));
    assert_eq!(answers_to(&one, ""), Vec::<Value>::new());
    assert_eq!(ask_slowly(&load(&world.tab())).1, Vec::<Value>::new());
}

// ---------------------------------------------------------------- a response of its own

#[test]
fn a_page_at_which_a_login_comes_back_does_not_ask() {
    let world = World::new();
    let _one = with_a_session(&world);
    let page = world.tab().open_return_of("bob");
    begin(&page);
    assert_eq!(ask_slowly(&page), (0, vec![]));
    page.expect_login();
    assert_eq!(page.sub().as_deref(), Some("bob"));
    assert_eq!(page.events.take(), ["login bob"]);
}

#[test]
fn a_login_under_way_keeps_to_its_own() {
    let world = World::new();
    let one = with_a_session(&world);
    let page = world.tab().open_return_of("bob");
    let handling = page.oauth.handle_redirect(None);
    one.tab.sign_in();
    world.bus.deliver();
    assert!(page.session().is_none());
    now(handling).expect("an outcome");
    assert_eq!(page.sub().as_deref(), Some("bob"));
    assert_eq!(page.events.take(), ["login bob"]);
}

#[test]
fn a_url_with_the_response_of_another_app_keeps_no_page_from_asking() {
    let world = World::new();
    let one = with_a_session(&world);
    let page = world.tab().open(&format!("{HOME}?code=c&state=foreign"));
    begin(&page);
    ask(&page);
    assert_eq!(page.session(), one.session());
}

// ---------------------------------------------------------------- a login elsewhere

#[test]
fn a_login_reaches_the_tabs_that_are_signed_out() {
    let world = World::new();
    let (out, bob) = (new_tab(&world), world.tab().open_return_of("bob"));
    bob.expect_login();
    world.bus.forget_announcements();
    let alice = world.tab().open_return_of("alice");
    alice.expect_login();
    assert!(world.bus.announced().iter().all(|text| !text.contains("access_token")), "only an answer has tokens");
    hear_of_login(&world);
    assert_eq!(alice.events.take(), ["login alice"]);
    assert_eq!(out.session(), alice.session());
    assert_eq!(out.events.take(), ["login alice of another tab"]);
    assert_eq!(bob.sub().as_deref(), Some("bob"), "a tab with a session keeps it");
    assert_eq!(bob.events.take(), ["login bob"]);
}

#[test]
fn a_listener_that_signs_the_person_out_at_the_login_does_so_in_its_tab() {
    let world = World::new();
    let out = new_tab(&world);
    let page = world.tab().open_return_of("alice");
    let client = page.client();
    awake::listen(&page.oauth, move |_, _| {
        let _ = oidc_client_wasm::flow::leave::logout::sign_out_here(&client);
    });
    page.handle_redirect().expect("an outcome");
    assert!(page.session().is_none());
    hear_of_login(&world);
    assert!(out.session().is_none(), "the tab that it asks has no session any more");
    assert_eq!(page.tab.storage.keys_of("session:").len(), 0, "its own message does not come back");
}

// ---------------------------------------------------------------- the lock

fn held(world: &World) -> usize {
    world.bus.held(PRESENT).expect("locks").len()
}

#[test]
fn the_lock_is_held_as_long_as_there_is_a_session() {
    let world = World::new();
    let page = world.tab().sign_in();
    assert_eq!(held(&world), 1, "from the login on");
    begin(&page);
    page.refresh().expect("a refresh");
    assert_eq!(held(&world), 1, "once");
    page.clear();
    assert_eq!(held(&world), 0);
    let tab = page.tab.clone();
    drop(page);
    drop(tab.sign_in());
    let reloaded = tab.reload();
    begin(&reloaded);
    assert_eq!(held(&world), 1, "after a reload, too");
    world.pass(1);
    let other = with_a_session(&world);
    other.logout(json!({})).expect("a logout");
    world.bus.deliver();
    assert_eq!(held(&world), 0);
}

#[test]
fn a_client_that_is_unregistered_or_replaced_shows_no_session() {
    let world = World::new();
    let page = with_a_session(&world);
    let old = page.client();
    page.oauth.register("demo", json!({ "scope": "openid" }), Default::default(), true).expect("settings");
    begin(&page);
    assert_eq!(held(&world), 1, "the new object alone");
    assert!(!Rc::ptr_eq(&old, &page.client()));
    page.oauth.register("demo", json!({ "clientId": "another" }), Default::default(), true).expect("settings");
    begin(&page);
    assert_eq!(held(&world), 0);
    let page = with_a_session(&world);
    let client = page.client();
    assert_eq!(held(&world), 1);
    page.oauth.unregister("demo");
    assert_eq!(held(&world), 0);
    assert!(client.session().is_some());
}

#[test]
fn a_page_that_sleeps_holds_no_lock_and_one_that_wakes_up_takes_it_again_or_asks() {
    let world = World::new();
    let one = world.tab().sign_in();
    awake::live_among_tabs(&one.oauth);
    begin(&one);
    let two = world.tab().open(HOME);
    awake::live_among_tabs(&two.oauth);
    one.tab.awake.fall_asleep();
    assert_eq!(held(&world), 0);
    one.tab.awake.wake_up();
    assert_eq!(held(&world), 1);
    world.bus.forget_announcements();
    two.tab.awake.fall_asleep();
    two.tab.awake.wake_up();
    assert_eq!(two.session(), one.session());
    assert_eq!(two.events.take(), ["login alice of another tab"]);
}
