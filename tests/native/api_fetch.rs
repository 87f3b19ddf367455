//! `fetch`: the token that goes with a request, the one repetition after a refusal, and a caller who stops waiting.

use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::leave::login;
use oidc_client_wasm::ports::{HttpError, Terms, Unsent};
use oidc_client_wasm::protocol::json::json;

use crate::support::api::{API, Abort, FakeAnswer, FakeApi, FakeRequest, INVALID_TOKEN};
use crate::support::*;

fn signed_in() -> (Rc<World>, Page, Rc<FakeApi>) {
    let (world, page) = World::with(json!({ "apiOrigins": [API] })).signed_in();
    world.network.take_sent();
    (world, page, Rc::default())
}

#[track_caller]
fn status(answer: Result<FakeAnswer, Error>) -> u16 {
    answer.expect("an answer").status
}

#[test]
fn a_request_goes_with_the_token_of_the_session() {
    let (world, page, api) = signed_in();
    assert_eq!(status(page.fetch(FakeRequest::to(&api))), 200);
    assert_eq!(*api.arrived.borrow(), [Some(format!("Bearer {}", page.held_access_token()))]);
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_request_of_another_origin_is_not_sent() {
    let (world, page, api) = signed_in();
    let terms = Terms { origin: "https://api.example.com.evil.test".into(), is_no_cors: false, withhold_token: false };
    let error = page.fetch(FakeRequest { terms, ..FakeRequest::to(&api) }).expect_err("another origin");
    assert_error(&error, ["origin_not_allowed", "usage", "request"]);
    assert!(api.arrived.borrow().is_empty());
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_mode_that_lets_no_header_pass_is_refused_before_a_token_is_asked_for() {
    let (world, page, api) = signed_in();
    world.pass(3600);
    let terms = |withhold_token| Terms { origin: API.into(), is_no_cors: true, withhold_token };
    let error = page.fetch(FakeRequest { terms: terms(false), ..FakeRequest::to(&api) }).expect_err("no-cors");
    assert_error(&error, ["config_invalid", "usage", "request"]);
    assert!(error.message.contains("no-cors") && api.arrived.borrow().is_empty());
    assert_eq!(status(page.fetch(FakeRequest { terms: terms(true), ..FakeRequest::to(&api) })), 200);
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_withheld_token_goes_nowhere_and_is_not_renewed() {
    let (world, page, api) = signed_in();
    let request = || {
        let terms = Terms { origin: "https://elsewhere.test".into(), is_no_cors: false, withhold_token: true };
        FakeRequest { terms, ..FakeRequest::to(&api) }
    };
    api.answer(401, Some(INVALID_TOKEN));
    assert_eq!(status(page.fetch(request())), 401);
    page.clear();
    assert_eq!(status(page.fetch(request())), 200, "nobody needs to be signed in");
    assert_eq!(*api.arrived.borrow(), [None, None]);
    assert_eq!(world.network.count(), 0);
}

// ---------------------------------------------------------------- the repetition

#[test]
fn a_refused_token_is_renewed_and_the_request_is_sent_once_more() {
    let (world, page, api) = signed_in();
    let first = page.held_access_token();
    api.answer(401, Some(INVALID_TOKEN));
    assert_eq!(status(page.fetch(FakeRequest::to(&api))), 200);
    assert_eq!(api.tokens(), [Some(first), Some(page.held_access_token())]);
    assert_eq!(api.discarded.get(), 1, "the body of the refusal is not read");
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn a_second_refusal_is_the_answer() {
    let (world, page, api) = signed_in();
    api.answer(401, Some(INVALID_TOKEN));
    api.answer(401, Some(INVALID_TOKEN));
    assert_eq!(status(page.fetch(FakeRequest::to(&api))), 401);
    assert_eq!((api.arrived.borrow().len(), api.discarded.get()), (2, 1));
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn a_refusal_for_another_reason_is_the_answer() {
    let (world, page, api) = signed_in();
    for (refusal, challenge) in
        [(401, None), (401, Some(r#"Bearer error="insufficient_scope""#)), (403, Some(INVALID_TOKEN)), (500, None)]
    {
        api.answer(refusal, challenge);
        assert_eq!(status(page.fetch(FakeRequest::to(&api))), refusal);
    }
    assert_eq!((api.arrived.borrow().len(), api.discarded.get()), (4, 0));
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_body_that_cannot_be_sent_again_is_not_sent_again_and_the_token_is_renewed() {
    let (world, page, api) = signed_in();
    let first = page.held_access_token();
    api.answer(401, Some(INVALID_TOKEN));
    let request = FakeRequest { is_repeatable: false, ..FakeRequest::to(&api) };
    assert_eq!(status(page.fetch(request)), 401);
    assert_eq!((api.arrived.borrow().len(), api.discarded.get()), (1, 0));
    assert_ne!(page.held_access_token(), first, "the next request has a token that is good");
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn a_token_that_was_replaced_while_the_request_was_under_way_costs_no_refresh() {
    let (world, page, api) = signed_in();
    api.is_slow.set(true);
    api.answer(401, Some(INVALID_TOKEN));
    let mut request = page.fetching(FakeRequest::to(&api), None);
    let fresh = page.refresh().expect("a refresh");
    world.network.take_sent();
    api.gate.open();
    request.advance();
    assert_eq!(status(request.finish()), 200);
    assert_eq!(api.tokens().last(), Some(&Some(fresh)));
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_refusal_stands_where_the_provider_gives_no_other_token() {
    let (world, page, api) = signed_in();
    world.network.cut("/token", HttpError::Network);
    api.answer(401, Some(INVALID_TOKEN));
    assert_eq!(status(page.fetch(FakeRequest::to(&api))), 401);
    assert_eq!((api.arrived.borrow().len(), api.discarded.get()), (1, 0));
    assert!(page.session().is_some());
}

#[test]
fn a_request_of_one_person_is_not_repeated_for_another() {
    let (_, tab) = World::with(json!({ "apiOrigins": [API] })).signed_in_tab();
    let page = tab.open_return_of("bob");
    let api: Rc<FakeApi> = Rc::default();
    api.is_slow.set(true);
    api.answer(401, Some(INVALID_TOKEN));
    let request = page.fetching(FakeRequest::to(&api), None);
    page.expect_login();
    assert_eq!(page.sub().as_deref(), Some("bob"));
    api.gate.open();
    assert_eq!(status(request.finish()), 401);
    assert_eq!(api.arrived.borrow().len(), 1);
}

#[test]
fn a_request_of_a_person_who_left_is_not_repeated() {
    let (world, page, api) = signed_in();
    api.is_slow.set(true);
    api.answer(401, Some(INVALID_TOKEN));
    let request = page.fetching(FakeRequest::to(&api), None);
    page.clear();
    api.gate.open();
    assert_eq!(status(request.finish()), 401);
    assert_eq!(api.arrived.borrow().len(), 1);
    assert_eq!(world.network.count(), 0);
}

// ---------------------------------------------------------------- what goes wrong

#[test]
fn a_request_without_an_answer_is_a_fault_of_the_network() {
    let (_world, page, api) = signed_in();
    api.fail(Unsent::Unanswered(Rc::new("thrown")));
    let error = fails_with(page.fetch(FakeRequest::to(&api)), ["network", "environment", "request"]);
    let cause = error.cause.as_ref().expect("a cause");
    assert_eq!(cause.0.downcast_ref::<&str>(), Some(&"thrown"));
}

#[test]
fn a_request_that_the_browser_does_not_take_is_a_mistake_of_the_developer() {
    let (_world, page, api) = signed_in();
    for unsent in [Unsent::Refused(Rc::new("thrown")), Unsent::Elsewhere] {
        api.fail(unsent);
        assert_error(&page.fetch(FakeRequest::to(&api)).expect_err("not sent"), ["config_invalid", "usage", "request"]);
    }
}

// ---------------------------------------------------------------- a caller who stops waiting

#[test]
fn a_signal_that_has_fired_lets_nothing_be_sent() {
    let (world, page, api) = signed_in();
    world.pass(3600);
    for (is_timeout, code) in [(false, "aborted"), (true, "timeout")] {
        let abort = Abort::default();
        abort.fire(is_timeout);
        let error = page.fetching(FakeRequest::to(&api), Some(&abort)).finish().expect_err("aborted");
        assert_error(&error, [code, "environment", "request"]);
        let cause = error.cause.as_ref().expect("a cause");
        assert_eq!(cause.0.downcast_ref::<&str>(), Some(&"the reason"));
    }
    assert!(api.arrived.borrow().is_empty());
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_caller_who_leaves_during_a_refresh_leaves_the_refresh_to_the_others() {
    let (world, page, api) = signed_in();
    let before = page.held_access_token();
    world.pass(3600);
    world.network.hold();
    let abort = Abort::default();
    let request = page.fetching(FakeRequest::to(&api), Some(&abort));
    let other = page.fetching(FakeRequest::to(&api), None);
    abort.fire(false);
    assert_error(&request.finish().expect_err("aborted"), ["aborted", "environment", "request"]);
    world.network.let_go();
    page.tab.run_background();
    assert_eq!(status(other.finish()), 200);
    assert_ne!(page.held_access_token(), before);
    assert_eq!(api.tokens(), [Some(page.held_access_token())]);
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn a_request_that_the_caller_aborts_is_no_fault_of_the_network() {
    let (_world, page, api) = signed_in();
    for (is_timeout, code) in [(false, "aborted"), (true, "timeout")] {
        let abort = Abort::default();
        abort.fire(is_timeout);
        api.fail(Unsent::Unanswered(Rc::new("AbortError")));
        let terms = Terms { origin: API.into(), is_no_cors: false, withhold_token: true };
        let request = FakeRequest { terms, ..FakeRequest::to(&api) };
        fails_with(page.fetching(request, Some(&abort)).finish(), [code, "environment", "request"]);
    }
}

#[test]
fn a_signal_that_fires_before_the_page_leaves_ends_a_login_and_a_later_one_does_not() {
    let (world, page) = World::new().at_home();
    let (early, late) = (Abort::default(), Abort::default());
    world.network.hold();
    let login = Running::start(login::authorize_redirect(&page.client(), json!({}), None, Some(early.clone())));
    early.fire(false);
    assert_error(&login.finish().expect_err("aborted"), ["aborted", "environment", "authorize"]);
    world.network.let_go();
    let login = Running::start(login::authorize_redirect(&page.client(), json!({}), None, Some(late.clone())));
    late.fire(false);
    let mut login = login;
    assert!(!login.advance(), "the page is leaving");
}
