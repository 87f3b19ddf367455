//! Nothing waits for ever: a caller gets an error after `requestTimeout`, and the work that it waited for goes on.

use std::rc::Rc;

use oidc_client_wasm::error::{Code, Error};
use oidc_client_wasm::protocol::json::json;

use crate::support::verbs::ClientVerbs;
use crate::support::*;

/// Two tabs with the same session. The first redeems the refresh token and does not get on: its tab is frozen, say.
fn behind_a_frozen_tab() -> (Rc<World>, Page, Page) {
    let (world, frozen) = World::new().signed_in();
    let page = frozen.tab.duplicate().open(HOME);
    world.network.hold();
    assert!(!frozen.asking_for(json!({ "force": true })).advance());
    assert_eq!(world.network.in_flight().len(), 1);
    (world, frozen, page)
}

#[track_caller]
fn late(error: &Error, whom: &str) {
    assert_eq!((error.code, error.phase.as_str(), error.retryable), (Code::Timeout, "refresh", true), "{error:?}");
    assert!(error.message.contains(whom), "{}", error.message);
}

#[test]
fn a_caller_behind_a_frozen_tab_is_told_in_time_whom_it_waits_for() {
    let (world, _frozen, page) = behind_a_frozen_tab();
    let asking = page.asking_for(json!({ "force": true }));
    assert_eq!(world.limits.take(), [30_000, 30_000], "requestTimeout, in either tab");
    world.patience.open();
    late(&page.got(asking).expect_err("a limit"), "other tab");
    assert!(page.session().is_some() && page.events.take().is_empty(), "the refresh itself has not failed");
    assert_eq!(world.network.in_flight().len(), 1, "no token is redeemed twice");
}

#[test]
fn the_page_works_again_once_the_frozen_tab_thaws() {
    let (world, frozen, page) = behind_a_frozen_tab();
    let asking = page.asking_for(json!({ "force": true }));
    world.patience.open();
    page.got(asking).expect_err("a limit");
    world.network.let_go();
    frozen.tab.run_background();
    world.bus.deliver();
    page.tab.run_background();
    let token = page.access_token().expect("a token");
    assert_eq!(token, frozen.access_token().expect("a token"), "it is that of the tab that was frozen");
    page.refresh().expect("and it can be renewed");
}

#[test]
fn a_caller_without_demands_is_given_the_token_at_hand_where_that_still_works() {
    let (world, frozen) = World::whose_provider(|op| op.lifetime.set(100)).signed_in();
    let page = frozen.tab.duplicate().open(HOME);
    let token = page.held_access_token();
    // It counts as too short, and is not over.
    world.pass(80);
    world.network.hold();
    assert!(!frozen.asking().advance());
    let asking = page.asking();
    world.patience.open();
    assert_eq!(page.got(asking).expect("the token at hand"), token);
}

#[test]
fn a_slow_provider_is_named_and_its_answer_is_kept() {
    let (world, page) = World::new().signed_in();
    world.network.hold();
    let asking = page.asking_for(json!({ "force": true }));
    let before = page.held_access_token();
    world.patience.open();
    late(&page.got(asking).expect_err("a limit"), "token endpoint");
    world.network.let_go();
    page.tab.run_background();
    assert_ne!(page.held_access_token(), before);
}

#[test]
fn userinfo_ends_in_time_with_everything_that_it_waits_for() {
    let (world, _frozen, page) = behind_a_frozen_tab();
    world.pass(4000);
    world.network.let_go();
    world.network.hold();
    let asking = page.asking_userinfo();
    world.patience.open();
    let error = page.audited(asking.finish()).expect_err("a limit");
    assert_eq!(error.code, Code::Timeout, "{error:?}");
}

#[test]
fn the_second_try_of_a_request_to_an_api_waits_no_longer() {
    let (world, _frozen, page) = behind_a_frozen_tab();
    let borrowed = now({
        let client = page.client();
        async move { client.token_for("https://id.example.com").await }
    });
    let mut renewing = Running::start({
        let client = page.client();
        async move { client.token_instead_of(&borrowed.expect("a token")).await.is_none() }
    });
    assert!(!renewing.advance());
    world.patience.open();
    assert!(renewing.finish(), "the app gets the answer that refuses the token");
}

/// By then the other tab has either finished or will never finish.
#[test]
fn a_refresh_in_the_background_waits_for_the_longest_refresh_of_another_tab() {
    let (world, _frozen, page) = behind_a_frozen_tab();
    world.patiences.take();
    assert!(!page.asking_for(json!({ "force": true })).advance());
    assert_eq!(world.patiences.take(), [95], "three requests of requestTimeout, and some");
    world.bus.end_patience();
    page.tab.run_background();
    assert_eq!(world.network.in_flight().len(), 2, "this tab goes on by itself");
}

/// One listener, one call: the event of a refresh must not begin the next one.
#[test]
fn a_listener_of_tokenupdate_that_refreshes_gets_the_token_that_it_was_told() {
    use std::cell::RefCell;

    use oidc_client_wasm::flow::awake;
    use oidc_client_wasm::flow::events::Event;

    let (world, page) = World::new().signed_in();
    let asked = Rc::new(RefCell::new(Vec::new()));
    let (alias, keep) = (page.alias(), asked.clone());
    awake::listen(&page.oauth, move |_, event| {
        if matches!(event, Event::TokenUpdate { .. }) {
            keep.borrow_mut().push(alias.asking_for(json!({ "force": true })));
        }
    });
    let token = page.refresh().expect("a refresh");
    let told = asked.take();
    assert_eq!(told.len(), 1);
    for asking in told {
        assert_eq!(page.got(asking).expect("a token"), token);
    }
    assert_eq!(world.network.sent_to("/token").len(), 2, "the login and one refresh");
}
