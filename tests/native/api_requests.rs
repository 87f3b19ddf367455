//! Where an access token may go, and what happens when an API does not take it.

use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::tokens::api::Borrowed;
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::*;

#[track_caller]
fn borrow_for(page: &Page, origin: &str) -> Result<Borrowed, Error> {
    let (client, origin) = (page.client(), origin.to_owned());
    page.audited(now(async move { client.token_for(&origin).await }))
}

#[track_caller]
fn token_for(page: &Page, origin: &str) -> Result<String, Error> {
    borrow_for(page, origin).map(|borrowed| borrowed.token.access_token.expose().to_owned())
}

/// What a request to the provider's own API would be sent with.
#[track_caller]
fn borrow(page: &Page) -> Borrowed {
    borrow_for(page, ISSUER).expect("a token")
}

fn token_instead_of(page: &Page, rejected: Borrowed) -> Option<String> {
    let client = page.client();
    let token = now(async move { client.token_instead_of(&rejected).await });
    token.map(|token| token.access_token.expose().to_owned())
}

fn signed_in(settings: Value) -> (Rc<World>, Page) {
    let (world, page) = World::with(settings).signed_in();
    world.network.take_sent();
    (world, page)
}

// ---------------------------------------------------------------- origins

#[test]
fn the_token_goes_to_the_origins_of_the_settings() {
    let (world, page) = signed_in(json!({
        "apiBaseUrl": "https://api.example.com/v1/",
        "apiOrigins": ["https://files.example.com", "https://odd.example.com:8443", "http://localhost:3000"],
    }));
    for origin in [
        "https://api.example.com",
        "https://files.example.com",
        "https://odd.example.com:8443",
        "http://localhost:3000",
    ] {
        assert_eq!(token_for(&page, origin).expect(origin), page.held_access_token());
    }
    assert_eq!(world.network.count(), 0);
}

#[test]
fn the_token_goes_to_no_origin_that_only_looks_like_one() {
    let (world, page) = signed_in(json!({ "apiOrigins": ["https://api.example.com"] }));
    for origin in [
        "https://api.example.com.evil.test",
        "https://api.example.comevil.test",
        "https://evil.test",
        "https://example.com",
        "https://x.api.example.com",
        "https://api-example.com",
        "https://api.example.com:8443",
        "https://api.example.com:444",
        "http://api.example.com",
        "wss://api.example.com",
        "https://api.example.com/",
        "https://user@api.example.com",
        "https://api.example.co",
        "null",
        "",
    ] {
        let error = token_for(&page, origin).expect_err(origin);
        assert_error(&error, ["origin_not_allowed", "usage", "request"]);
    }
    assert_eq!(world.network.count(), 0, "nothing is sent, not even a refresh");
}

#[test]
fn an_origin_may_be_written_as_people_write_it() {
    for written in [
        "HTTPS://API.Example.COM",
        "https://api.example.com/",
        "https://api.example.com:443",
        "https://API.example.com:443/",
    ] {
        let (_world, page) = signed_in(json!({ "apiOrigins": [written] }));
        token_for(&page, "https://api.example.com").expect(written);
        token_for(&page, "https://api.example.com:444").expect_err(written);
    }
    let (_world, page) = signed_in(json!({ "apiBaseUrl": "https://API.example.com:443/V1/Users?x=1" }));
    token_for(&page, "https://api.example.com").expect("the origin of the base");
}

#[test]
fn what_is_no_origin_is_refused_in_the_settings() {
    for origins in [
        json!(["https://api.example.com/v1"]),
        json!(["https://api.example.com/?x"]),
        json!(["https://*.example.com"]),
        json!(["*"]),
        json!(["api.example.com"]),
        json!(["http://api.example.com"]),
        json!(["https://user@api.example.com"]),
        json!(["https://api.example.com/#x"]),
        json!([1]),
        json!("*"),
        json!({}),
    ] {
        let world = World::with(json!({ "apiOrigins": origins }));
        let error = Page::blank(&world.tab()).register("demo", world.settings.borrow().clone()).err();
        let error = error.unwrap_or_else(|| panic!("{origins} was taken"));
        assert_error(&error, ["config_invalid", "usage", "config"]);
        assert!(error.message.contains("apiOrigins"));
    }
}

#[test]
fn the_userinfo_endpoint_may_have_the_token() {
    let (world, page) = signed_in(json!({}));
    assert_eq!(token_for(&page, ISSUER).expect("the provider's own"), page.held_access_token());
    assert_eq!(world.network.count(), 0);
}

#[test]
fn another_host_of_the_provider_may_not_have_the_token() {
    let world = World::new();
    world.provider.metadata.tell(set("userinfo_endpoint", json!("https://users.example.com/userinfo")));
    let page = world.tab().sign_in();
    token_for(&page, "https://users.example.com").expect("userinfo is there");
    let error = token_for(&page, ISSUER).expect_err("nothing with a token is there");
    assert_error(&error, ["origin_not_allowed", "usage", "request"]);
}

#[test]
fn an_unknown_origin_is_looked_up_and_never_reached() {
    let (world, tab) = World::new().signed_in_tab();
    world.pass(3600);
    world.network.take_sent();
    let page = tab.reload();
    token_for(&page, "https://evil.test").expect_err("not allowed");
    let sent: Vec<String> = world.network.take_sent().into_iter().map(|sent| sent.url).collect();
    assert_eq!(sent, [format!("{ISSUER}/.well-known/openid-configuration")], "where userinfo is, and nothing else");
    world.pass(3600);
    world.network.cut("", HttpError::Network);
    let error = token_for(&tab.reload(), "https://evil.test").expect_err("nobody knows");
    assert!(["network", "origin_not_allowed"].contains(&error.code.as_str()), "{error:?}");
}

#[test]
fn without_a_session_no_origin_has_a_token() {
    let (world, page) = World::with(json!({ "apiOrigins": ["https://api.example.com"] })).at_home();
    fails_with(token_for(&page, "https://api.example.com"), ["missing_token", "usage", "token"]);
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_request_refreshes_an_expired_token_first() {
    let (world, page) = signed_in(json!({ "apiOrigins": ["https://api.example.com"] }));
    let before = page.held_access_token();
    world.pass(3600);
    assert_ne!(token_for(&page, "https://api.example.com").expect("a token"), before);
}

// ---------------------------------------------------------------- a token that an API rejects

#[test]
fn only_an_invalid_token_is_worth_a_new_one() {
    let page = World::new().tab().open(HOME);
    let client = page.client();
    for (status, challenge, expected) in [
        (401, Some(r#"Bearer error="invalid_token""#), true),
        (401, Some(r#"bearer realm="a, b", error=invalid_token"#), true),
        (401, Some(r#"Basic realm="x", Bearer error="invalid_token""#), true),
        (401, Some(r#"Bearer realm="x""#), false),
        (401, Some(r#"Bearer error="insufficient_scope""#), false),
        (401, Some(r#"Bearer error="invalid_token", error="insufficient_scope""#), false),
        (401, Some(r#"Basic error="invalid_token""#), false),
        (401, Some(r#"DPoP error="invalid_token""#), false),
        (401, Some(r#"Bearer error_description="error=\"invalid_token\"""#), false),
        (401, Some("invalid_token"), false),
        (401, Some(""), false),
        (401, None, false),
        (403, Some(r#"Bearer error="invalid_token""#), false),
        (200, Some(r#"Bearer error="invalid_token""#), false),
    ] {
        assert_eq!(client.is_worth_a_new_token(status, challenge), expected, "{status} {challenge:?}");
    }
}

#[test]
fn a_rejected_token_is_replaced_though_it_looks_good() {
    let (world, page) = signed_in(json!({}));
    let rejected = page.held_access_token();
    let token = token_instead_of(&page, borrow(&page)).expect("another token");
    assert_ne!(token, rejected);
    assert_eq!(token, page.held_access_token());
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn a_token_that_was_replaced_meanwhile_costs_no_request() {
    let (world, page) = signed_in(json!({}));
    let rejected = borrow(&page);
    let token = page.refresh().expect("a refresh");
    world.network.take_sent();
    assert_eq!(token_instead_of(&page, rejected), Some(token));
    assert_eq!(world.network.count(), 0);
}

#[test]
fn many_rejections_of_one_token_cost_one_request() {
    let (world, page) = signed_in(json!({}));
    let rejected: Vec<Borrowed> = (0..100).map(|_| borrow(&page)).collect();
    world.network.hold();
    let ask = |rejected: Borrowed| {
        let client = page.client();
        Running::start(async move { client.token_instead_of(&rejected).await })
    };
    let callers: Vec<_> = rejected.into_iter().map(ask).collect();
    world.network.let_go();
    for caller in callers {
        let token = caller.finish().expect("another token");
        assert_eq!(token.access_token.expose(), page.held_access_token());
    }
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn where_no_other_token_can_be_had_the_apis_answer_stands() {
    // No refresh token.
    let page = World::whose_provider(|op| op.is_generous.set(false)).tab().sign_in();
    assert_eq!(token_instead_of(&page, borrow(&page)), None);
    // The provider does not answer.
    let (world, page) = signed_in(json!({}));
    world.network.cut("/token", HttpError::Network);
    assert_eq!(token_instead_of(&page, borrow(&page)), None);
    assert!(page.session().is_some());
    world.network.mend();
    // The provider gives the same token again.
    let rejected = borrow(&page);
    let given = page.held_access_token();
    world.provider.refreshes_id_tokens.set(false);
    world.provider.token.tell(move |token| token["access_token"] = json!(given));
    assert_eq!(token_instead_of(&page, rejected), None);
}

#[test]
fn a_rejected_token_of_who_left_is_not_replaced() {
    let (_world, page) = signed_in(json!({}));
    let rejected = borrow(&page);
    page.clear();
    assert_eq!(token_instead_of(&page, rejected), None);
}

#[test]
fn what_one_person_began_is_not_repeated_as_another() {
    let (_, tab) = World::new().signed_in_tab();
    let page = tab.open_return_of("bob");
    let of_alice = borrow(&page);
    page.expect_login();
    assert_eq!(page.sub().as_deref(), Some("bob"));
    assert_eq!(token_instead_of(&page, of_alice), None);
}
