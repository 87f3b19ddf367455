//! `tokenStorage: "memory"`: the tokens are in the memory of a page, and sessionStorage has the identity.

use std::rc::Rc;

use crate::support::*;
use oidc_client_wasm::protocol::json::json;

fn world() -> Rc<World> {
    let world = World::new();
    world.options.replace(json!({ "tokenStorage": "memory" }));
    world
}

/// The texts of both storages, and of the messages that are on their way.
fn texts(page: &Page) -> String {
    let world = page.world();
    let mut texts: Vec<String> = page.tab.storage.snapshot().into_values().collect();
    texts.extend(
        ["session", "identity", "spent", "ended"]
            .map(|kind| world.bus.tombstones_text(&key_of(kind, "demo")).unwrap_or_default()),
    );
    texts.extend(world.bus.announced());
    texts.join("\n")
}

#[track_caller]
fn has_no_token(page: &Page) {
    let (texts, session) = (texts(page), page.session().expect("a session"));
    let token = session.token();
    assert!(!texts.contains(token.access_token.expose()), "an access token");
    assert!(!texts.contains(token.refresh_token.as_ref().expect("a refresh token").expose()), "a refresh token");
    assert!(!texts.contains("device_secret"), "a member of the provider's own");
    assert!(texts.contains(session.id_token().expect("an id_token").expose()), "and the id_token is there");
}

#[test]
fn neither_storage_nor_a_message_has_a_token_after_a_login_and_a_refresh() {
    let world = world();
    world.provider.change_answer_at("/token", |answer| {
        let body = String::from_utf8(answer.body.clone()).expect("text");
        answer.body = body.replacen('{', r#"{"device_secret":"device_secret",""#, 1).replacen("\"\"", "\"", 1).into();
    });
    let (world, page) = world.signed_in();
    has_no_token(&page);
    page.refresh().expect("a refresh");
    has_no_token(&page);
    world.pass(1);
    page.refresh().expect("another one");
    has_no_token(&page);
    assert!(page.session().expect("a session").token().extra.0.get("device_secret").is_some());
}

#[test]
fn after_a_reload_the_identity_is_left_and_no_session() {
    let (_, page) = world().signed_in();
    let page = page.tab.reload();
    assert!(page.session().is_none());
    page.handle_redirect().expect("nothing to do");
    assert!(page.events.take().is_empty(), "the record is no damaged session");
    assert_error(&page.access_token().expect_err("no token"), ["missing_token", "usage", "token"]);
    assert!(page.tab.storage.keys_of("identity:demo").len() == 1 && page.tab.stored_session("demo").is_none());
}

#[test]
fn the_identity_is_the_hint_of_a_logout_and_of_a_silent_login_after_a_reload() {
    let (_, page) = world().signed_in();
    let id_token = page.session().expect("a session").id_token().expect("an id_token").expose().to_owned();
    let page = page.tab.reload();
    let url = page.login_with(json!({ "prompt": "none" }), None).expect("a URL");
    assert!(url.contains(&format!("id_token_hint={id_token}")));
    let request = page.logout(json!({})).expect("a logout").expect("a request");
    assert!(request.url().contains(&format!("id_token_hint={id_token}")));
    assert!(page.tab.storage.keys_of("identity").is_empty(), "and the logout removes it");
}

#[test]
fn a_duplicated_tab_has_no_token_in_its_copy() {
    let (_, page) = world().signed_in();
    let copy = page.tab.duplicate().open(HOME);
    assert!(copy.session().is_none());
    assert!(page.session().is_some());
}

/// The page that comes out of the back/forward cache has the tokens of a person whom a later page of its tab has signed out.
#[test]
fn a_page_whose_tab_has_gone_on_without_it_has_no_session_any_more() {
    for signs_in_again in [false, true] {
        let (world, asleep) = world().signed_in();
        asleep.events.take();
        let later = asleep.tab.open(HOME);
        if signs_in_again {
            asleep.tab.open_return_of("bob").expect_login();
        } else {
            later.clear();
        }
        assert!(asleep.session().is_none());
        asleep.oauth.wake_up();
        assert_eq!(asleep.events.take(), ["logout local"]);
        drop(world);
    }
}

#[test]
fn a_record_of_an_identity_with_a_token_in_it_is_dropped() {
    let (_, page) = world().signed_in();
    page.tab.storage.edit(&key_of("identity", "demo"), |record| record["token"]["access_token"] = json!("planted"));
    assert!(page.session().is_none(), "the session belongs to the identity that it was stored with");
    let page = page.tab.reload();
    page.handle_redirect().expect("nothing to do");
    assert!(page.session().is_none());
    assert_eq!(page.events.take(), ["error invalid_session"]);
}

#[test]
fn where_storage_is_full_the_page_keeps_the_session_after_a_refresh() {
    let (_, page) = world().signed_in();
    page.tab.storage.full.set(true);
    let token = page.refresh().expect("a refresh");
    assert_eq!(page.access_token().expect("a token"), token);
    assert_eq!(page.events.take()[1..], ["error storage_full", "tokenupdate alice"]);
    page.tab.storage.full.set(false);
    page.refresh().expect("a refresh with the rotated token");
}

#[test]
fn no_other_mode_takes_an_identity_for_a_session() {
    let (world, page) = world().signed_in();
    for storage in ["session", "local"] {
        world.options.replace(json!({ "tokenStorage": storage }));
        let page = page.tab.reload();
        page.handle_redirect().expect("nothing to do");
        assert!(page.session().is_none());
        assert!(page.events.take().is_empty());
    }
}

/// Two tabs with one refresh token: the one that did not refresh asks for its successor when it needs a token.
#[test]
fn a_tab_with_a_copy_gets_the_new_tokens_when_it_asks() {
    let (world, one) = world().signed_in();
    let two = one.tab.duplicate().open(HOME);
    two.client().sessions.save(&*two.platform, &one.session().expect("a session")).expect("a copy");
    world.pass(1);
    let token = one.refresh().expect("a refresh");
    assert!(world.bus.announced().is_empty(), "no tab has asked");
    world.bus.deliver();
    world.pass(4000);
    assert_ne!(two.access_token().expect("a token"), "", "by the tab that has the successor");
    assert_ne!(two.session().expect("a session").token().access_token.expose(), token);
}
