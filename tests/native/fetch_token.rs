//! `fetchToken`: the app brings its tokens itself, in place of the session's.

use std::cell::Cell;
use std::future::{pending, ready};
use std::rc::Rc;

use futures_util::FutureExt;
use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::protocol::json::{Value, json};

use crate::functions::{is_thrown, thrown, world_with};
use crate::support::*;

/// A world whose clients bring their tokens themselves, and how often they were asked.
fn bringing(token: impl Fn(usize) -> Result<Value, Error> + 'static) -> (Rc<World>, Rc<Cell<usize>>) {
    let calls = Rc::new(Cell::new(0));
    let counted = calls.clone();
    let fetch_token = move |name: &str| {
        assert_eq!(name, "demo");
        counted.set(counted.get() + 1);
        std::future::ready(token(counted.get())).boxed_local()
    };
    let world = world_with(Functions { fetch_token: Some(Rc::new(fetch_token)), ..Functions::default() });
    (world, calls)
}

#[test]
fn a_token_from_elsewhere_needs_no_session_and_no_request() {
    let (world, calls) = bringing(|call| Ok(json!({ "access_token": format!("brought-{call}") })));
    let page = world.tab().open(HOME);
    assert_eq!(page.access_token().expect("a token"), "brought-1");
    assert_eq!(page.refresh().expect("a token"), "brought-2", "nothing of it is kept");
    assert_eq!((calls.get(), world.network.count()), (2, 0));
    assert!(page.session().is_none());
    assert!(page.events.take().is_empty());
}

#[test]
fn callers_at_the_same_time_share_one_call() {
    let calls = Rc::new(Cell::new(0));
    let (counted, gate) = (calls.clone(), Rc::new(Gate::default()));
    let held = gate.clone();
    let fetch_token = move |_: &str| {
        counted.set(counted.get() + 1);
        let held = held.clone();
        async move {
            held.opened().await;
            Ok(json!({ "access_token": "brought" }))
        }
        .boxed_local()
    };
    let world = world_with(Functions { fetch_token: Some(Rc::new(fetch_token)), ..Functions::default() });
    let page = world.tab().open(HOME);
    let asked: Vec<_> = (0..10).map(|_| page.asking()).collect();
    gate.open();
    for asking in asked {
        assert_eq!(page.got(asking).expect("a token"), "brought");
    }
    assert_eq!(calls.get(), 1);
    assert_eq!(page.access_token().expect("a token"), "brought");
    assert_eq!(calls.get(), 2, "a later caller asks anew");
}

/// A world whose app never answers when it is asked for the first time, and how often it was asked.
fn silent_once() -> (Rc<World>, Rc<Cell<usize>>) {
    let calls = Rc::new(Cell::new(0));
    let counted = calls.clone();
    let fetch_token = move |_: &str| {
        counted.set(counted.get() + 1);
        match counted.get() {
            1 => pending().boxed_local(),
            _ => ready(Ok(json!({ "access_token": "brought" }))).boxed_local(),
        }
    };
    (world_with(Functions { fetch_token: Some(Rc::new(fetch_token)), ..Functions::default() }), calls)
}

#[test]
fn who_waits_for_a_token_from_elsewhere_waits_as_long_as_for_a_request() {
    let (world, calls) = silent_once();
    let page = world.tab().open(HOME);
    let asked: Vec<_> = (0..3).map(|_| page.asking()).collect();
    assert_eq!(world.limits.borrow().as_slice(), [30_000], "one limit for the one call");
    world.patience.open();
    for asking in asked {
        let error = page.got(asking).expect_err("nobody answers");
        assert_error(&error, ["timeout", "environment", "token"]);
        assert!(error.retryable);
    }
    assert_eq!(page.access_token().expect("a token"), "brought");
    assert_eq!(calls.get(), 2);
}

#[test]
fn a_token_from_elsewhere_that_nobody_waits_for_any_more_holds_nobody_back() {
    let (world, _) = silent_once();
    let page = world.tab().open(HOME);
    drop((page.asking(), page.asking()));
    assert_eq!(page.access_token().expect("a token"), "brought");
}

#[test]
fn a_token_from_elsewhere_is_used_instead_of_the_sessions() {
    let (world, _) = bringing(|_| Ok(json!({ "access_token": "brought", "token_type": "bearer" })));
    let page = world.tab().sign_in();
    assert_eq!(page.access_token().expect("a token"), "brought");
    assert_ne!(page.held_access_token(), "brought");
    page.userinfo().expect_err("the provider does not know that token");
    let asked = world.network.sent_to("/userinfo");
    assert!(asked.iter().all(|sent| sent.bearer.as_deref() == Some("brought")));
    assert_eq!(world.network.sent_to("/token").len(), 1, "and the session is not refreshed for it");
}

#[test]
fn a_rejected_token_from_elsewhere_is_asked_for_once_more() {
    let (world, calls) = bringing(|call| Ok(json!({ "access_token": format!("brought-{call}") })));
    let page = world.tab().open(HOME);
    let error = page.userinfo().expect_err("the provider does not know it");
    assert_error(&error, ["userinfo_refused", "refused", "userinfo"]);
    let bearers: Vec<_> = world.network.sent_to("/userinfo").into_iter().map(|sent| sent.bearer).collect();
    assert_eq!(bearers, [Some("brought-1".to_owned()), Some("brought-2".to_owned())]);
    assert_eq!(calls.get(), 2);
}

#[test]
fn no_token_from_elsewhere_is_nobody_signed_in() {
    let (world, _) = bringing(|_| Ok(Value::Null));
    let page = world.tab().sign_in();
    assert_error(&page.access_token().expect_err("none"), ["missing_token", "usage", "token"]);
}

#[test]
fn a_token_from_elsewhere_may_have_expired() {
    for (brought, is_good) in [
        (json!({ "access_token": "a", "expires_at": 1_800_000_000 }), false),
        (json!({ "access_token": "a", "expires_at": 1_799_999_999.5 }), false),
        (json!({ "access_token": "a", "expires_at": 1_800_000_001 }), true),
        (json!({ "access_token": "a", "expires_in": 0 }), false),
        (json!({ "access_token": "a", "expires_in": 1 }), true),
        (json!({ "access_token": "a", "expires_at": null, "expires_in": null }), true),
    ] {
        let token = brought.clone();
        let (world, _) = bringing(move |_| Ok(token.clone()));
        match world.tab().open(HOME).access_token() {
            Ok(_) => assert!(is_good, "{brought}"),
            Err(error) if is_good => panic!("{brought}: {error:?}"),
            Err(error) => assert_error(&error, ["token_expired", "rejected", "token"]),
        }
    }
}

#[test]
fn what_is_no_token_from_elsewhere() {
    for (brought, code) in [
        (json!("a"), "invalid_token_response"),
        (json!([]), "invalid_token_response"),
        (json!({}), "invalid_token_response"),
        (json!({ "access_token": "" }), "invalid_token_response"),
        (json!({ "access_token": 1 }), "invalid_token_response"),
        (json!({ "access_token": "a\nb" }), "invalid_token_response"),
        (json!({ "access_token": "a", "token_type": "DPoP" }), "unsupported_token_type"),
        (json!({ "access_token": "a", "token_type": 1 }), "unsupported_token_type"),
    ] {
        let (world, _) = bringing(move |_| Ok(brought.clone()));
        fails_with(world.tab().open(HOME).access_token(), [code, "rejected", "token"]);
    }
}

#[test]
fn what_fetch_token_throws_comes_out_as_it_is() {
    let (world, _) = bringing(|_| Err(thrown()));
    let page = world.tab().open(HOME);
    let error = page.access_token().expect_err("thrown");
    is_thrown(&error.of_client("demo"));
}
