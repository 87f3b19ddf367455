//! `oidcc-client-config-certification-test-plan`, the key rotation of the dynamic plan, and how metadata is found and kept.

use oidc_client_wasm::error::Error;
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::metadata::ServerMetadata;
use std::rc::Rc;

use crate::support::*;

pub const OPENID: &str = "/.well-known/openid-configuration";
pub const RFC_8414: &str = "/.well-known/oauth-authorization-server";

fn load(page: &Page) -> Running<Result<Rc<ServerMetadata>, Error>> {
    let client = page.client();
    Running::start(async move { client.server_metadata(false).await })
}

#[track_caller]
pub fn refuses_to_begin(world: &Rc<World>, verdict: [&'static str; 3]) -> Error {
    let tab = world.tab();
    let error = tab.open(HOME).login().expect_err("no authorization request may be made");
    assert_error(&error, verdict);
    assert_eq!(tab.storage.keys_of("transaction"), Vec::<String>::new());
    error
}

#[track_caller]
pub fn refuses_metadata(lie: impl Fn(&FakeProvider), verdict: [&'static str; 3]) -> Error {
    let world = World::new();
    lie(&world.provider);
    refuses_to_begin(&world, verdict)
}

#[test]
fn discovery_openid_config() {
    let world = World::new();
    world.tab().open(HOME).login().expect("a login");
    assert_eq!(world.network.sent()[0].url, format!("{ISSUER}{OPENID}"));
    assert_eq!(world.network.count(), 1);
}

#[test]
fn discovery_jwks_uri_keys() {
    let world = World::new();
    world.provider.metadata.tell(set("jwks_uri", json!("https://id.example.com/keys/1f83")));
    let jwks = json!({ "keys": [world.provider.key.borrow().jwk()] });
    world.network.serve("https://id.example.com/keys/1f83", 200, &jwks.to_string());
    world.tab().sign_in();
    assert_eq!(world.network.sent_to("/jwks").len(), 0);
}

#[test]
fn discovery_issuer_mismatch() {
    refuses_metadata(|op| op.metadata.tell(spoil("issuer", "INVALID")), ["issuer_mismatch", "rejected", "metadata"]);
}

#[test]
fn an_issuer_that_differs_by_a_slash() {
    refuses_metadata(|op| op.metadata.tell(spoil("issuer", "/")), ["issuer_mismatch", "rejected", "metadata"]);
    let world = World::with(json!({ "issuer": format!("{ISSUER}/") }));
    refuses_to_begin(&world, ["issuer_mismatch", "rejected", "metadata"]);
}

#[test]
fn signing_key_rotation_just_before_signing() {
    let (world, tab) = World::new().signed_in_tab();
    let url = tab.come_back();
    world.provider.sign_with(SigningKey::new("RS256", 1, Some("key-1")));
    tab.open(&url).expect_login();
    assert_eq!(world.network.sent_to("/jwks").len(), 2);
}

#[test]
fn signing_key_rotation() {
    let (world, tab) = World::new().with_tab();
    for (index, kid) in ["key-a", "key-b"].into_iter().enumerate() {
        world.provider.sign_with(SigningKey::new("RS256", index, Some(kid)));
        tab.sign_in();
        assert_eq!(world.network.sent_to("/jwks").len(), index + 1);
    }
}

#[test]
fn a_new_key_under_the_old_kid_is_fetched_too() {
    let (world, tab) = World::new().signed_in_tab();
    world.provider.sign_with(SigningKey::new("RS256", 1, Some("key-0")));
    tab.sign_in();
}

#[test]
fn the_well_known_location_of_rfc_8414_is_asked_second() {
    for status in [400, 401, 403, 404, 410] {
        let world = World::new();
        world.provider.answer_at(OPENID, status, "{}");
        world.provider.answer_at(RFC_8414, 200, world.provider.published_metadata().to_string());
        world.tab().sign_in();
        assert_eq!(world.network.sent()[1].url, format!("{ISSUER}{RFC_8414}"));
    }
}

#[test]
fn a_failing_server_is_not_asked_elsewhere() {
    for status in [500, 502, 503, 429] {
        let world = World::new();
        world.provider.answer_at(OPENID, status, "{}");
        world.provider.answer_at(RFC_8414, 200, world.provider.published_metadata().to_string());
        let error = refuses_to_begin(&world, ["http_status", "environment", "metadata"]);
        assert_eq!((error.status, error.retryable), (Some(status), true));
        assert_eq!(world.network.count(), 1);
    }
}

#[test]
fn where_neither_location_answers_the_first_refusal_is_reported() {
    let world = World::whose_provider(|op| op.answer_at(OPENID, 403, "{}"));
    let error = refuses_to_begin(&world, ["http_status", "environment", "metadata"]);
    assert_eq!((error.status, error.retryable), (Some(403), false));
}

#[test]
fn a_network_fault_does_not_fall_through() {
    for (fault, code) in [(HttpError::Network, "network"), (HttpError::Timeout, "timeout")] {
        let world = World::new();
        world.network.cut(OPENID, fault);
        let error = refuses_to_begin(&world, [code, "environment", "metadata"]);
        assert!(error.retryable);
        assert_eq!(world.network.count(), 1);
    }
}

#[test]
fn documents_that_are_no_metadata_are_refused() {
    for body in ["", "[]", "\"text\"", "<html>", "{\"issuer\":", r#"{"issuer":"https://id.example.com","issuer":"x"}"#]
    {
        refuses_metadata(|op| op.answer_at(OPENID, 200, body), ["invalid_metadata", "rejected", "metadata"]);
    }
    for lie in [set("issuer", Value::Null), set("issuer", json!(1)), set("token_endpoint", json!(["x"]))] {
        let lie = Rc::new(lie);
        let told = |op: &FakeProvider| {
            let lie = lie.clone();
            op.metadata.tell(move |metadata| lie(metadata));
        };
        refuses_metadata(told, ["invalid_metadata", "rejected", "metadata"]);
    }
    let padded = |op: &FakeProvider| op.metadata.tell(set("padding", json!("x".repeat(2 << 20))));
    refuses_metadata(padded, ["invalid_metadata", "rejected", "metadata"]);
}

#[test]
fn http_is_accepted_on_loopback() {
    for issuer in ["http://localhost:4000", "http://127.0.0.1:4000", "http://[::1]:4000"] {
        let world = World::with(json!({ "issuer": issuer }));
        let provider = Rc::new(FakeProvider::new(issuer, world.clock.clone(), world.secrets.clone()));
        world.network.connect(&provider);
        let tab = world.tab();
        let url = tab.open(HOME).login().expect("a login");
        tab.open(&provider.authorize(&url)).expect_login();
    }
}

#[test]
fn endpoints_that_are_missing_are_named() {
    let missing = |name: &'static str| move |op: &FakeProvider| op.metadata.tell(without(name));
    refuses_metadata(missing("authorization_endpoint"), ["missing_authorize_url", "usage", "authorize"]);
    refuses_metadata(missing("token_endpoint"), ["missing_access_token_url", "usage", "authorize"]);
    refuses_metadata(missing("jwks_uri"), ["missing_jwks_uri", "usage", "authorize"]);
}

#[test]
fn a_provider_without_s256_is_refused() {
    let lie = |op: &FakeProvider| op.metadata.tell(set("code_challenge_methods_supported", json!(["plain"])));
    refuses_metadata(lie, ["not_supported_by_provider", "usage", "metadata"]);
}

/// An aborted click on "sign in": the next one does not wait for what nobody polls any more, nor hears that its time is over.
#[test]
fn a_fetch_that_everybody_has_given_up_is_begun_anew() {
    let (world, page) = World::new().at_home();
    world.network.hold();
    drop(load(&page));
    world.network.let_go();
    load(&page).finish().expect("metadata");
    assert_eq!(world.network.count(), 2);
}

/// RFC 9126 section 5: it takes no other request, and this client makes no such one.
#[test]
fn a_provider_that_wants_pushed_requests_only_is_refused() {
    let world = World::whose_provider(|op| op.metadata.tell(set("require_pushed_authorization_requests", json!(true))));
    let error = world.tab().open(HOME).login().expect_err("nobody is sent away");
    assert_error(&error, ["not_supported_by_provider", "usage", "authorize"]);
}

/// The next login is not to fail by what was wrong a moment ago.
#[test]
fn a_document_that_is_not_enough_for_a_login_is_not_remembered() {
    type Lie = fn(&FakeProvider);
    let lies: [(&str, Lie); 4] = [
        ("missing_authorize_url", |op| op.metadata.tell(without("authorization_endpoint"))),
        ("missing_access_token_url", |op| op.metadata.tell(without("token_endpoint"))),
        ("missing_jwks_uri", |op| op.metadata.tell(without("jwks_uri"))),
        ("unsupported_algorithm", |op| op.metadata.tell(set("id_token_signing_alg_values_supported", json!(["none"])))),
    ];
    for (code, lie) in lies {
        let (world, tab) = World::new().with_tab();
        lie(&world.provider);
        let begun = tab.open(HOME).login();
        let error = match begun {
            Err(error) => error,
            Ok(url) => tab.open(&world.provider.authorize(&url)).handle_redirect().expect_err("a rejection"),
        };
        assert_eq!(error.code.as_str(), code);
        world.provider.repent();
        assert!(tab.sign_in().session().is_some(), "{code}: an honest login at once");
    }
}

#[test]
fn explicit_settings_win() {
    let elsewhere = json!({ "metadata": { "end_session_endpoint": "https://id.example.com/elsewhere" } });
    let world = World::with(elsewhere);
    let metadata = load(&world.tab().open(HOME)).finish().expect("metadata");
    assert_eq!(metadata.end_session_endpoint(), Some("https://id.example.com/elsewhere"));
    assert_eq!(metadata.token_endpoint(), Ok("https://id.example.com/token"));
}

#[test]
fn without_discovery_nothing_is_fetched() {
    let at = |path: &str| format!("{ISSUER}{path}");
    let world = World::with(json!({
        "issuer": null,
        "authorizeUrl": at("/auth"),
        "accessTokenUrl": at("/token"),
        "metadata": { "issuer": ISSUER, "jwks_uri": at("/jwks"), "authorization_response_iss_parameter_supported": true },
    }));
    world.tab().sign_in();
    assert_eq!(world.network.sent_to("-configuration").len(), 0);
    assert_eq!(world.network.count(), 2, "the token request and the keys");
}

#[test]
fn a_metadata_document_at_its_own_url() {
    let world = World::with(json!({ "issuer": null, "serverMetadataUrl": format!("{ISSUER}{OPENID}") }));
    world.tab().sign_in();

    // The same document at the well-known location of another host is not that host's.
    let elsewhere = "https://mirror.example/.well-known/openid-configuration";
    let world = World::with(json!({ "issuer": null, "serverMetadataUrl": elsewhere }));
    world.network.serve(elsewhere, 200, &world.provider.published_metadata().to_string());
    refuses_to_begin(&world, ["issuer_mismatch", "rejected", "metadata"]);
}

#[test]
fn any_number_of_callers_make_one_request() {
    let (world, page) = World::new().at_home();
    world.network.hold();
    let mut callers: Vec<_> = (0..10).map(|_| load(&page)).collect();
    assert_eq!(world.network.in_flight().len(), 1);
    world.network.release(OPENID);
    assert!(callers.iter_mut().all(Running::advance));
    assert_eq!(world.network.count(), 1);
}

#[test]
fn a_caller_that_goes_away_does_not_leave_the_others_waiting() {
    let (world, page) = World::new().at_home();
    world.network.hold();
    let first = load(&page);
    let mut second = load(&page);
    drop(first);
    assert_eq!(world.network.in_flight().len(), 1);
    world.network.release(OPENID);
    assert!(second.advance());
    assert_eq!(world.network.count(), 1);
}

#[test]
fn metadata_is_kept_for_an_hour_across_documents() {
    let (world, tab) = World::new().with_tab();
    tab.open(HOME).login().expect("a login");
    world.pass(3599);
    tab.open(HOME).login().expect("a login");
    assert_eq!(world.network.count(), 1, "fresh at 3599 s");
    let page = tab.open(HOME);
    page.login().expect("a login");
    world.pass(1);
    page.login().expect("a login");
    assert_eq!(world.network.count(), 2, "not at 3600 s, and counted from when it was fetched, not read");
}

#[test]
fn metadata_is_kept_for_an_hour_in_one_document() {
    let (world, page) = World::new().at_home();
    for (seconds, requests) in [(0, 1), (3599, 1), (1, 2), (0, 2)] {
        world.pass(seconds);
        page.login().expect("a login");
        assert_eq!(world.network.count(), requests);
    }
}

#[test]
fn a_clock_that_was_set_back_makes_metadata_stale() {
    let (world, tab) = World::new().with_tab();
    tab.open(HOME).login().expect("a login");
    world.pass(-10);
    tab.open(HOME).login().expect("a login");
    assert_eq!(world.network.count(), 2);
}

#[test]
fn force_asks_again_and_a_failure_leaves_the_old_in_place() {
    let (world, page) = World::new().at_home();
    page.login().expect("a login");
    world.network.cut("", HttpError::Network);
    let client = page.client();
    let forced = now(async move { client.server_metadata(true).await });
    assert_error(&forced.expect_err("no network"), ["network", "environment", "metadata"]);
    page.login().expect("a login with what is remembered");
    assert_eq!(world.network.count(), 2);
}

#[test]
fn a_failure_is_not_kept() {
    let (world, page) = World::new().at_home();
    world.network.cut(OPENID, HttpError::Network);
    page.login().expect_err("no network");
    world.network.mend();
    page.login().expect("a login");
}

#[test]
fn metadata_in_storage_is_checked_as_if_it_came_from_the_network() {
    let edits: [fn(&mut Value); 8] = [
        |record| record["v"] = json!(2),
        |record| record["source"] = json!("https://evil.example"),
        |record| record["document"]["issuer"] = json!("https://evil.example"),
        |record| record["document"]["token_endpoint"] = json!("http://evil.example/token"),
        |record| record["document"]["token_endpoint"] = json!("javascript:alert(1)"),
        |record| record["document"] = json!([]),
        |record| record["fetched_at"] = json!(i64::MAX),
        |record| record["fetched_at"] = json!("now"),
    ];
    for edit in edits {
        let (world, tab) = World::new().with_tab();
        tab.open(HOME).login().expect("a login");
        tab.storage.edit(&key_of("metadata", "demo"), edit);
        tab.open(HOME).login().expect("a login");
        assert_eq!(world.network.count(), 2, "an edited record is not used");
    }
}

#[test]
fn settings_that_change_apply_to_what_is_remembered() {
    let (world, tab) = World::new().with_tab();
    tab.open(HOME).login().expect("a login");
    world.change_settings(json!({ "metadata": { "authorization_endpoint": "https://id.example.com/auth2" } }));
    let url = tab.open(HOME).login().expect("a login");
    assert!(url.starts_with("https://id.example.com/auth2?"));
    assert_eq!(world.network.count(), 1);
}

#[test]
fn metadata_works_without_storage() {
    let (world, tab) = World::new().with_tab();
    tab.storage.blocked.set(true);
    let page = tab.open(HOME);
    load(&page).finish().expect("metadata");
    load(&page).finish().expect("metadata");
    assert_eq!(world.network.count(), 1, "remembered in the page");
}
