//! Lies about a logout and about a revocation: whoever has left stays away, and what was not revoked is not forgotten.

use crate::logout::logged_out;
use crate::revocation::keeps_everything;
use crate::support::*;
use oidc_client_wasm::protocol::json::json;

const INVALID: [&str; 3] = ["invalid_state", "rejected", "logout"];
const MISSING: [&str; 3] = ["missing_state", "rejected", "logout"];
const DUPLICATE: [&str; 3] = ["duplicate_parameter", "rejected", "logout"];

// ---------------------------------------------------------------- the response

#[test]
fn a_response_that_is_almost_ours() {
    let (world, tab) = World::new().with_tab();
    let genuine = logged_out(&world, &tab);
    let (_, state) = genuine.split_once("state=").expect("a state");
    for (label, query, verdict) in [
        ("an empty state", "?state=".to_owned(), INVALID),
        ("a state in capitals", format!("?state={}", state.to_uppercase()), INVALID),
        ("a state cut short", format!("?state={}", &state[..40]), INVALID),
        ("one more", format!("?state={state}A"), INVALID),
        ("a NUL after", format!("?state={state}%00"), INVALID),
        ("a megabyte", format!("?state={}", "A".repeat(1 << 20)), MISSING),
        ("another name", format!("?State={state}"), MISSING),
        ("in the fragment", format!("#state={state}"), INVALID),
        ("nothing but a code", "?code=x".into(), MISSING),
        ("nothing at all", String::new(), MISSING),
    ] {
        let _row = row(label);
        let page = tab.open(&format!("{POST_LOGOUT_URI}{query}"));
        let before = tab.storage.snapshot();
        assert_eq!(page.handle_redirect().expect("nothing of ours"), None);
        assert_error(&page.validate_logout_response().expect_err("not ours"), verdict);
        assert_eq!(tab.storage.snapshot(), before, "the genuine one is still expected");
        assert!(page.session().is_none());
    }
    tab.open(&genuine).validate_logout_response().expect("the genuine one");
}

#[test]
fn a_response_with_a_parameter_twice() {
    let (world, tab) = World::new().with_tab();
    let genuine = logged_out(&world, &tab);
    for more in ["state=x", "st%61te=", "iss=a&iss=a", "error=a&error=b", "code=a&code=b"] {
        let _row = row(more);
        fails_with(tab.open(&format!("{genuine}&{more}")).validate_logout_response(), DUPLICATE);
        assert_eq!(tab.url(), POST_LOGOUT_URI);
    }
    tab.open(&genuine).validate_logout_response().expect("the genuine one");
}

/// A code under the state of a logout, tokens beside it: nobody is signed in by them, and they do not stay in sight.
#[test]
fn a_login_smuggled_into_a_logout() {
    for more in [
        "&code=stolen&iss=https%3A%2F%2Fid.example.com",
        "&access_token=a&id_token=a.b.c",
        "#access_token=a&id_token=a.b.c",
    ] {
        let _row = row(more);
        let (world, tab) = World::new().with_tab();
        let genuine = logged_out(&world, &tab);
        world.network.take_sent();
        let page = tab.open(&format!("{genuine}{more}"));
        page.validate_logout_response().expect("a logout");
        assert!(page.session().is_none() && tab.reload().session().is_none());
        assert_eq!(world.network.count(), 0, "nothing is redeemed");
        assert_eq!(tab.url(), POST_LOGOUT_URI);
    }
}

// ---------------------------------------------------------------- the endpoint

/// Fetched anew for a logout, metadata that does not hold together sends nobody anywhere, and nobody is signed out for nothing.
#[test]
fn an_end_session_endpoint_of_no_good() {
    for url in [
        "javascript:alert(1)",
        "http://id.example.com/end",
        "https://id.example.com@evil.example/end",
        "//evil.example/end",
    ] {
        let _row = row(url);
        let (world, tab) = World::new().signed_in_tab();
        tab.storage.drop_item(&key_of("metadata", "demo"));
        world.provider.metadata.tell(set("end_session_endpoint", json!(url)));
        let page = tab.reload();
        fails_with(page.logout(json!({})), ["invalid_metadata", "rejected", "metadata"]);
        assert!(page.session().is_some());
        assert!(tab.storage.keys_of("transaction").is_empty());
    }
}

/// The id_token is for the provider that gave it, and is not carried to another one that the document names meanwhile.
#[test]
fn an_issuer_that_changes_before_the_logout() {
    let place = "https://id.example.com/metadata.json";
    let (world, tab) = World::with(json!({ "serverMetadataUrl": place, "issuer": null })).with_tab();
    world.network.serve(place, 200, &world.provider.published_metadata().to_string());
    tab.sign_in();
    let mut other = world.provider.published_metadata();
    other["issuer"] = json!("https://evil.example");
    other["end_session_endpoint"] = json!("https://evil.example/end");
    world.network.serve(place, 200, &other.to_string());
    tab.storage.drop_item(&tab.storage.keys_of("metadata").remove(0));
    let request = tab.reload().logout(json!({})).expect("a logout").expect("a request");
    assert!(!request.fields.iter().any(|(name, _)| name == "id_token_hint"), "{request:?}");
}

// ---------------------------------------------------------------- revocation

#[test]
fn a_revocation_that_was_none() {
    for (status, body, verdict) in [
        (301, "", ["http_status", "environment", "token"]),
        (302, "", ["http_status", "environment", "token"]),
        (400, "<html>", ["http_status", "environment", "token"]),
        (400, r#"{"error":1}"#, ["http_status", "environment", "token"]),
        (400, r#"{"error":"a","error":"b"}"#, ["http_status", "environment", "token"]),
        (400, r#"{"error":"unsupported_token_type"}"#, ["token_refused", "refused", "token"]),
        (401, r#"{"error":"invalid_client"}"#, ["token_refused", "refused", "token"]),
        (404, "", ["http_status", "environment", "token"]),
        (503, r#"{"error":"unsupported_token_type"}"#, ["http_status", "environment", "token"]),
    ] {
        let _row = row(format!("{status} {body}"));
        let error = keeps_everything(|world| world.provider.answer_at("/revoke", status, body), verdict);
        assert_eq!((error.status, error.retryable), (Some(status), status == 503));
    }
    let long = |world: &World| world.provider.answer_at("/revoke", 200, vec![b' '; (1 << 20) + 1]);
    keeps_everything(long, ["invalid_token_response", "rejected", "token"]);
}

/// RFC 7009 section 2.2: "The content of the response body is ignored by the client".
#[test]
fn what_a_good_status_comes_with_is_ignored() {
    for (status, body) in [(200, "<html>"), (200, r#"{"error":"invalid_grant"}"#), (204, ""), (200, "\u{0}")] {
        let _row = row(format!("{status} {body}"));
        let (world, page) = World::new().signed_in();
        world.provider.answer_at("/revoke", status, body);
        page.revoke(None).expect("revoked");
        assert_eq!(page.token().get("refresh_token"), None);
    }
}
