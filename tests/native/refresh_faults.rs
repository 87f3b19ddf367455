//! Refreshes that fail: what passes leaves everybody signed in, a definitive no signs out once, and storage may break at any
//! moment.

use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::http::{HttpRequest, HttpResponse};
use oidc_client_wasm::protocol::json::{self, json};

use crate::support::*;

/// Signed in, with metadata and keys at hand.
fn signed_in(world: Rc<World>) -> (Rc<World>, Page) {
    world.provider.lifetime.set(100);
    let page = world.tab().sign_in();
    page.events.take();
    (world, page)
}

/// The session and everything in storage stay as they were.
#[track_caller]
pub fn keeps_everybody_signed_in(lie: impl Fn(&World), verdict: [&'static str; 3], retryable: bool) -> Error {
    let (world, page) = signed_in(World::new());
    world.pass(80);
    // What fails here never reached the provider, or would have changed nothing there.
    world.provider.rotates.set(false);
    lie(&world);
    // Metadata that may name an endpoint that is gone is marked.
    let records = || {
        let mut records = page.tab.storage.snapshot();
        records.retain(|key, _| !key.starts_with("oidc:metadata:"));
        records
    };
    let (before, stored) = (page.session(), records());
    assert!(before.is_some());
    let error = fails_with(page.refresh(), verdict);
    assert_eq!(error.retryable, retryable);
    assert_eq!(error.client_name.as_deref(), Some("demo"));
    assert_eq!(page.session(), before);
    assert_eq!(records(), stored);
    assert_eq!(page.events.take(), [format!("error {}", verdict[0])], "told once, and nobody signed out");
    // Twenty seconds are left: enough for a caller who asks for nothing in particular, where it may be a passing fault.
    let asked = page.access_token();
    assert_eq!(asked.is_ok(), retryable);
    if let Ok(token) = asked {
        assert_eq!(token, page.held_access_token());
    }
    page.access_token_for(json!({ "minValidity": 30 })).expect_err("what one insists on is not there");
    world.pass(20);
    page.access_token().expect_err("an expired token is nobody's");
    // The provider comes to its senses.
    world.provider.repent();
    world.network.mend();
    error
}

fn answer(status: u16, body: &'static str) -> impl Fn(&World) {
    move |world| world.provider.answer_at("/token", status, body)
}

// ---------------------------------------------------------------- what may pass

#[test]
fn the_network_may_come_back() {
    keeps_everybody_signed_in(
        |world| world.network.cut("/token", HttpError::Network),
        ["network", "environment", "refresh"],
        true,
    );
    keeps_everybody_signed_in(
        |world| world.network.cut("/token", HttpError::Timeout),
        ["timeout", "environment", "refresh"],
        true,
    );
}

#[test]
fn a_provider_in_trouble_signs_nobody_out() {
    for status in [500, 502, 503, 429, 408, 425] {
        for body in [
            "",
            "<html>Bad Gateway</html>",
            r#"{"error":"server_error"}"#,
            r#"{"error":"temporarily_unavailable","error_description":"later"}"#,
            // Whatever it says: with such a status it is not an answer about the token.
            r#"{"error":"invalid_grant"}"#,
            r#"{"error":"invalid_client"}"#,
        ] {
            let error =
                keeps_everybody_signed_in(answer(status, body), ["http_status", "environment", "refresh"], true);
            assert_eq!(error.status, Some(status));
            let words = json::parse_record(body.as_bytes()).ok().map(|body| body["error"].clone());
            assert_eq!(error.provider.as_ref().map(|words| json!(words.error)), words, "the words are handed on");
        }
    }
}

#[test]
fn unreachable_metadata_signs_nobody_out() {
    let (world, page) = World::whose_provider(|op| op.lifetime.set(86_420)).signed_in();
    world.pass(86_400);
    world.network.cut("", HttpError::Network);
    assert_eq!(page.access_token().expect("good for twenty seconds"), page.held_access_token());
    assert_error(&page.refresh().expect_err("no network"), ["network", "environment", "metadata"]);
    assert!(page.session().is_some());
}

#[test]
fn a_token_that_expired_while_its_refresh_failed_is_not_handed_out() {
    let (world, page) = signed_in(World::new());
    world.pass(80);
    world.network.hold();
    let asking = page.asking();
    world.pass(30);
    world.network.cut("/token", HttpError::Timeout);
    world.network.let_go();
    assert_error(&page.got(asking).expect_err("expired by now"), ["timeout", "environment", "refresh"]);
}

#[test]
fn a_token_of_who_left_while_its_refresh_failed_is_not_handed_out() {
    let (world, page) = signed_in(World::new());
    world.pass(80);
    world.network.hold();
    let asking = page.asking();
    page.clear();
    world.network.cut("/token", HttpError::Network);
    world.network.let_go();
    page.got(asking).expect_err("nobody is signed in any more");
}

#[test]
fn an_answer_that_is_too_long_signs_nobody_out() {
    keeps_everybody_signed_in(
        |world| world.provider.answer_at("/token", 200, vec![b' '; (1 << 20) + 1]),
        ["invalid_token_response", "rejected", "refresh"],
        false,
    );
}

// ---------------------------------------------------------------- what is no answer

#[test]
fn an_answer_that_is_no_token_response_signs_nobody_out() {
    for body in [
        "<html><title>Sign in to the hotel's network</title></html>",
        "",
        "null",
        "[]",
        "{}",
        r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#,
        r#"{"token_type":"Bearer","expires_in":60}"#,
        r#"{"access_token":"","token_type":"Bearer"}"#,
        r#"{"access_token":"a\r\nX-Smuggled: 1","token_type":"Bearer"}"#,
        r#"{"access_token":"a"}"#,
        r#"{"access_token":"a","token_type":"Bearer","expires_in":-1}"#,
        r#"{"access_token":"a","token_type":"Bearer","expires_in":"soon"}"#,
        r#"{"access_token":"a","token_type":"Bearer","scope":["a"]}"#,
    ] {
        keeps_everybody_signed_in(answer(200, body), ["invalid_token_response", "rejected", "refresh"], false);
    }
}

#[test]
fn another_token_type_signs_nobody_out() {
    keeps_everybody_signed_in(
        |world| world.provider.token.tell(set("token_type", json!("DPoP"))),
        ["unsupported_token_type", "rejected", "refresh"],
        false,
    );
}

#[test]
fn a_scope_that_is_refused_signs_nobody_out() {
    for error in ["invalid_scope", "invalid_target", "invalid_request", "temporarily_unavailable", "something_new"] {
        let body = json!({ "error": error, "error_description": "in the provider's words" }).to_string();
        let refused = keeps_everybody_signed_in(
            move |world| world.provider.answer_at("/token", 400, body.clone()),
            ["refresh_refused", "refused", "refresh"],
            false,
        );
        let words = refused.provider.as_ref().expect("the provider's words");
        assert_eq!(words.error, error);
        assert_eq!(words.error_description.as_deref(), Some("in the provider's words"));
        assert_eq!(refused.status, Some(400));
    }
}

/// RFC 6749 section 5.2: a refusal has status 400 or 401. What calls itself a success is none, and half of it may be right.
#[test]
fn a_refusal_that_calls_itself_a_success_signs_nobody_out() {
    let refused = ["refresh_refused", "refused", "refresh"];
    for status in [200, 201] {
        keeps_everybody_signed_in(answer(status, r#"{"error":"invalid_grant"}"#), refused, false);
    }
    keeps_everybody_signed_in(|world| world.provider.token.tell(set("error", json!("invalid_grant"))), refused, false);
}

// ---------------------------------------------------------------- a definitive no

#[test]
fn a_definitive_no_signs_out_once() {
    for (status, error) in [
        (400, "invalid_grant"),
        (401, "invalid_client"),
        (400, "unauthorized_client"),
        (400, "unsupported_grant_type"),
        (400, "login_required"),
        (400, "interaction_required"),
        (400, "consent_required"),
        (400, "account_selection_required"),
    ] {
        let (world, page) = signed_in(World::new());
        world.pass(80);
        world.provider.answer_at("/token", status, json!({ "error": error }).to_string());
        world.network.hold();
        let callers = [page.asking(), page.asking_for(json!({ "force": true })), page.asking()];
        world.network.let_go();
        for caller in callers {
            let refused = fails_with(page.got(caller), ["refresh_refused", "refused", "refresh"]);
            assert_eq!(refused.provider.as_ref().map(|words| words.error.as_str()), Some(error));
        }
        assert!(page.session().is_none());
        assert_eq!(page.tab.stored_session("demo"), None);
        assert_eq!(page.events.take(), ["logout refresh-rejected", "error refresh_refused"]);
        assert_error(&page.access_token().expect_err("nobody"), ["missing_token", "usage", "token"]);
        world.provider.repent();
        page.tab.sign_in();
    }
}

/// Glewlwyd answers a dead refresh token with 400 and an empty body.
#[test]
fn a_refusal_without_a_word_signs_out_once() {
    for status in [400, 401, 402, 403, 406, 409, 415, 418, 422, 451, 499] {
        for body in
            ["", "<html>Bad Request</html>", "{}", "[]", r#"{"message":"no"}"#, r#"{"error":{"code":7}}"#, "null"]
        {
            let (world, page) = signed_in(World::new());
            world.pass(80);
            world.provider.answer_at("/token", status, body);
            let refused = page.access_token_for(json!({ "force": true })).expect_err("a refusal");
            assert_error(&refused, ["refresh_refused", "refused", "refresh"]);
            assert_eq!((refused.status, refused.retryable), (Some(status), false));
            assert!(refused.provider.is_none(), "there were no words");
            assert!(page.session().is_none() && page.tab.stored_session("demo").is_none());
            assert_eq!(page.events.take(), ["logout refresh-rejected", "error refresh_refused"]);
            // No doomed request at each call of an API.
            let sent = world.network.count();
            assert_error(&page.access_token().expect_err("nobody"), ["missing_token", "usage", "token"]);
            assert_error(&page.userinfo().expect_err("nobody"), ["missing_token", "usage", "token"]);
            assert_eq!(world.network.count(), sent);
            assert_eq!(page.events.take(), [""; 0]);
        }
    }
}

#[test]
fn a_refusal_of_a_token_beside_the_session_ends_it_too() {
    let (world, page) = signed_in(World::new());
    world.provider.answer_at("/token", 400, "");
    fails_with(page.access_token_for(json!({ "scope": "files" })), ["refresh_refused", "refused", "refresh"]);
    assert!(page.session().is_none());
}

#[test]
fn a_provider_that_has_forgotten_everybody_is_believed() {
    let (world, page) = signed_in(World::new());
    world.provider.is_suite.set(false);
    world.provider.forget_everybody();
    assert_error(&page.refresh().expect_err("forgotten"), ["refresh_refused", "refused", "refresh"]);
    assert!(page.session().is_none());
}

#[test]
fn a_stolen_refresh_token_ends_the_session_of_its_owner() {
    let (world, page) = signed_in(World::new());
    let stolen = page.held_refresh_token();
    page.refresh().expect("a refresh");
    world.provider.is_suite.set(false);
    let fields = [("grant_type", "refresh_token"), ("refresh_token", stolen.as_str()), ("client_id", CLIENT_ID)];
    let thief = HttpRequest::post_form(format!("{ISSUER}/token"), fields);
    assert_eq!(world.provider.answer(&thief).status, 400, "it was used before");
    page.refresh().expect_err("and the provider trusts nobody any more");
    assert!(page.session().is_none());
    assert_eq!(page.events.take(), ["tokenupdate alice", "logout refresh-rejected", "error refresh_refused"]);
}

#[test]
fn a_no_to_an_older_refresh_token_leaves_the_next_login_alone() {
    let (world, tab) = World::new().signed_in_tab();
    let page = tab.open_return_of("bob");
    world.provider.wire.tell(|(path, answer)| {
        if path == "/token" && !String::from_utf8_lossy(&answer.body).contains("id_token") {
            *answer = HttpResponse::new(400, r#"{"error":"invalid_grant"}"#);
        }
    });
    world.provider.refreshes_id_tokens.set(false);
    world.network.hold();
    let handling = page.handling();
    let asking = page.asking_for(json!({ "force": true }));
    world.network.let_go();
    page.handled(handling.finish()).expect("bob's login");
    assert_error(&page.got(asking).expect_err("refused"), ["refresh_refused", "refused", "refresh"]);
    assert_eq!(page.sub().as_deref(), Some("bob"));
    assert!(!page.events.take().iter().any(|event| event.starts_with("logout")));
}
