//! Many callers, callers that lose interest, and what happens to a session while its refresh is under way.

use std::future::pending;
use std::rc::Rc;

use futures_util::FutureExt;

use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::flow::tokens::get;
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::json;

use crate::support::*;

/// Signed in, the access token expired (metadata and keys have not), and nothing is answered before it is released.
fn in_need(world: &Rc<World>) -> Page {
    world.provider.lifetime.set(100);
    let page = world.tab().sign_in();
    page.events.take();
    world.pass(100);
    world.network.take_sent();
    world.network.hold();
    page
}

#[test]
fn a_thousand_callers_make_one_request() {
    let world = World::new();
    let page = in_need(&world);
    let callers: Vec<_> = (0..1000).map(|_| page.asking()).collect();
    assert_eq!(world.network.in_flight(), [format!("{ISSUER}/token")]);
    world.network.let_go();
    let token = page.held_access_token();
    let tokens: Vec<String> = callers.into_iter().map(|caller| page.got(caller).expect("a token")).collect();
    assert_ne!(tokens[0], token);
    assert!(tokens.iter().all(|token| *token == page.held_access_token()));
    assert_eq!(world.network.sent_to("/token").len(), 1);
    assert_eq!(page.events.take(), ["tokenupdate alice"], "once for all");
}

#[test]
fn a_thousand_callers_share_one_failure() {
    let world = World::new();
    let page = in_need(&world);
    let callers: Vec<_> = (0..1000).map(|_| page.asking()).collect();
    world.network.cut("/token", HttpError::Network);
    world.network.let_go();
    for caller in callers {
        assert_error(&page.got(caller).expect_err("no network"), ["network", "environment", "refresh"]);
    }
    assert_eq!(world.network.sent_to("/token").len(), 1);
    assert_eq!(page.events.take(), ["error network"], "once for all");
}

#[test]
fn after_a_failure_the_next_caller_tries_again() {
    let world = World::new();
    let page = in_need(&world);
    world.network.let_go();
    world.network.cut("/token", HttpError::Timeout);
    assert_error(&page.access_token().expect_err("no answer"), ["timeout", "environment", "refresh"]);
    world.network.mend();
    page.access_token().expect("a token");
}

#[test]
fn every_sort_of_caller_shares_a_refresh() {
    let world = World::new();
    let page = in_need(&world);
    let callers = [
        page.asking(),
        page.asking_for(json!({ "force": true })),
        page.asking_for(json!({ "minValidity": 10 })),
        page.asking_for(json!({ "scope": [], "resource": [] })),
    ];
    world.network.let_go();
    for caller in callers {
        assert_eq!(page.got(caller).expect("a token"), page.held_access_token());
    }
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

// ---------------------------------------------------------------- tokens beside the session's

#[test]
fn a_token_of_another_scope_comes_after_the_refresh_under_way_and_leaves_the_session_alone() {
    let world = World::new();
    let page = in_need(&world);
    let mut first = page.asking();
    let mut second = page.asking_for(json!({ "scope": "files" }));
    let mut third = page.asking_for(json!({ "resource": "https://api.example" }));
    assert_eq!(world.network.in_flight(), [format!("{ISSUER}/token")], "one at a time: two would look like theft");
    for _ in 0..3 {
        world.network.release("/token");
        // Each gives its lock up when other tabs have had time to hear of it.
        world.bus.deliver();
        page.tab.run_background();
        first.advance();
        second.advance();
        third.advance();
        assert!(world.network.in_flight().len() <= 1);
    }
    let tokens = [first, second, third].map(|caller| page.got(caller).expect("a token"));
    assert_eq!(tokens[0], page.held_access_token());
    assert!(tokens[0] != tokens[1] && tokens[1] != tokens[2] && tokens[0] != tokens[2]);
    assert_eq!(page.token()["scope"], "openid email");
    let sent = world.network.sent_to("/token");
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[1].field("scope"), "files");
    assert_eq!(sent[2].field("resource"), "https://api.example");
}

#[test]
fn a_token_beside_is_used_again_until_its_own_end() {
    let world = World::new();
    let page = world.tab().sign_in();
    let options = || json!({ "scope": "files" });
    world.provider.lifetime.set(100);
    let first = page.access_token_for(options()).expect("a token");
    world.bus.deliver();
    world.pass(70);
    assert_eq!(page.access_token_for(options()).expect("a token"), first);
    world.pass(1);
    assert_ne!(page.access_token_for(options()).expect("a token"), first);
    assert_eq!(world.network.sent_to("/token").len(), 3);
}

#[test]
fn a_token_beside_is_gone_with_the_session() {
    let world = World::new();
    let page = world.tab().sign_in();
    page.access_token_for(json!({ "scope": "files" })).expect("a token");
    page.clear();
    let nobody = page.access_token_for(json!({ "scope": "files" }));
    assert_error(&nobody.expect_err("left"), ["missing_token", "usage", "token"]);
}

#[test]
fn a_token_beside_is_not_handed_to_the_next_person() {
    let world = World::new();
    let tab = world.tab();
    tab.sign_in();
    world.provider.sub.replace("bob".into());
    let page = tab.open(&tab.come_back());
    let of_alice = page.access_token_for(json!({ "scope": "files" })).expect("a token");
    world.bus.deliver();
    page.expect_login();
    assert_eq!(page.sub().as_deref(), Some("bob"));
    assert_ne!(page.access_token_for(json!({ "scope": "files" })).expect("a token"), of_alice);
}

/// Two registries of one document share the session; each has tokens beside it.
#[test]
fn a_token_beside_is_not_handed_to_who_signs_in_through_another_registry() {
    for signs_out_first in [true, false] {
        let world = World::new();
        let tab = world.tab();
        tab.sign_in();
        world.provider.sub.replace("bob".into());
        let page = tab.open(&tab.come_back());
        let twin = page.another_registry(json!({}));
        let of_alice = page.access_token_for(json!({ "scope": "files" })).expect("a token");
        world.bus.deliver();
        if signs_out_first {
            page.tab.storage.drop_item(&key_of("session", "demo"));
        }
        twin.expect_login();
        assert_eq!(page.sub().as_deref(), Some("bob"));
        assert_ne!(page.access_token_for(json!({ "scope": "files" })).expect("a token"), of_alice);
    }
}

#[test]
fn a_page_holds_sixteen_tokens_beside_at_most() {
    let world = World::new();
    let page = world.tab().sign_in();
    let ask = |number: usize| {
        let token = page.access_token_for(json!({ "scope": format!("scope-{number}") })).expect("a token");
        world.bus.deliver();
        token
    };
    let tokens: Vec<String> = (0..17).map(ask).collect();
    assert_eq!(ask(16), tokens[16]);
    assert_eq!(ask(1), tokens[1]);
    assert_ne!(ask(0), tokens[0], "the oldest gave way");
}

// ---------------------------------------------------------------- callers that lose interest

#[test]
fn a_caller_that_lost_interest_does_not_lose_the_rotated_token() {
    let world = World::new();
    let page = in_need(&world);
    let before = page.held_refresh_token();
    drop(page.asking());
    world.network.let_go();
    page.tab.run_background();
    let after = page.held_refresh_token();
    assert_ne!(after, before);
    assert!(world.provider.honours(&after) && !world.provider.honours(&before));
    assert_eq!(page.events.take(), ["tokenupdate alice"]);
    page.access_token().expect("the token that came");
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn one_caller_that_lost_interest_does_not_disturb_the_others() {
    let world = World::new();
    let page = in_need(&world);
    let (first, second) = (page.asking(), page.asking());
    drop(first);
    world.network.let_go();
    page.tab.run_background();
    assert_eq!(page.got(second).expect("a token"), page.held_access_token());
}

// ---------------------------------------------------------------- the session changes meanwhile

#[test]
fn signing_out_during_a_refresh_drops_its_answer() {
    let world = World::new();
    let page = in_need(&world);
    world.bus.forget_announcements();
    let asking = page.asking();
    page.clear();
    world.network.let_go();
    assert_error(&page.got(asking).expect_err("left"), ["missing_token", "usage", "token"]);
    assert_eq!(page.tab.stored_session("demo"), None);
    assert_eq!(page.events.take(), ["logout local"]);
    assert!(world.bus.announced().is_empty(), "nobody is told of tokens of nobody");
}

#[test]
fn a_logout_in_another_tab_during_a_refresh_drops_its_answer() {
    let world = World::new();
    let page = in_need(&world);
    let asking = page.asking();
    page.tab.duplicate().open(HOME).logout(json!({})).expect("a logout");
    world.network.let_go();
    assert_error(&page.got(asking).expect_err("left"), ["missing_token", "usage", "token"]);
    assert!(page.session().is_none());
    world.bus.deliver();
    assert_eq!(page.tab.stored_session("demo"), None);
}

#[test]
fn another_login_during_a_refresh_is_not_overwritten_by_its_answer() {
    let world = World::new();
    let tab = world.tab();
    tab.sign_in();
    world.provider.sub.replace("bob".into());
    let page = tab.open(&tab.come_back());
    world.pass(10);
    world.network.hold();
    let asking = page.asking_for(json!({ "force": true }));
    let handling = page.handling();
    world.network.let_go();
    page.handled(handling.finish()).expect("a login");
    // The answer is nobody's any more; and who asked as alice is not given bob's token instead.
    assert_error(&page.got(asking).expect_err("alice has left"), ["missing_token", "usage", "token"]);
    assert_eq!(page.sub().as_deref(), Some("bob"));
    let id_token = page.token()["id_token"].clone();
    assert_eq!(page.token()["userinfo"]["sub"], "bob");
    assert_eq!(page.tab.reload().token()["id_token"], id_token);
}

#[test]
fn an_answer_that_comes_after_another_login_is_dropped() {
    let world = World::new();
    let tab = world.tab();
    tab.sign_in();
    world.provider.sub.replace("bob".into());
    let page = tab.open(&tab.come_back());
    page.events.take();
    // The refresh waits for a lock that a copy of the tab holds; the login overtakes it.
    let copy = tab.duplicate().open(HOME);
    world.network.hold();
    let first = copy.asking_for(json!({ "force": true }));
    let second = page.asking_for(json!({ "force": true }));
    let handling = page.handling();
    world.network.let_go();
    page.handled(handling.finish()).expect("a login");
    let of_bob = page.session();
    copy.got(first).expect("a refresh of the copy's own");
    world.bus.deliver();
    let _ = page.got(second);
    assert_eq!(page.session(), of_bob, "bob's tokens are bob's");
    assert_eq!(copy.sub().as_deref(), Some("alice"));
}

// ---------------------------------------------------------------- a token at hand

/// The face answers a call without options by this alone.
#[test]
fn a_session_whose_token_needs_no_waiting_is_the_one_that_a_caller_would_be_given() {
    for (lifetime, passed, is_good) in
        [(3600, 0, true), (3600, 3570, true), (3600, 3571, false), (3600, 3600, false), (40, 20, true), (40, 21, false)]
    {
        let world = World::new();
        world.provider.lifetime.set(lifetime);
        let page = world.tab().sign_in();
        world.pass(passed);
        let (client, session) = (page.client(), get::session_of_token(&page.client()));
        let good = session.filter(|session| get::is_good(&client, session));
        let token = good.map(|session| session.token().access_token.expose().to_owned());
        let held = page.held_access_token();
        assert_eq!(token, is_good.then(|| held.clone()), "{passed} of {lifetime} seconds");
        assert_eq!(page.access_token().expect("a token") == held, is_good);
    }
}

#[test]
fn a_token_from_elsewhere_is_asked_for_and_nobody_has_a_token_at_hand_who_is_signed_out() {
    let world = World::new();
    let page = world.tab().sign_in();
    page.clear();
    assert!(get::session_of_token(&page.client()).is_none());
    let page = world.tab().sign_in();
    let functions = Functions { fetch_token: Some(Rc::new(|_| pending().boxed_local())), ..Functions::default() };
    page.oauth.register("demo", json!({}), functions, true).expect("settings");
    assert!(page.session().is_some());
    assert!(get::session_of_token(&page.client()).is_none());
}
