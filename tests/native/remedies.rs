//! An error names what helps in its place: where the provider is in order and a setting would do, the remedy names the setting.

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::callback::find;
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::json;

use crate::support::verbs::ClientVerbs;
use crate::support::*;

#[track_caller]
fn says(error: &Error, parts: &[&str]) {
    let text = format!("{} {}", error.message, error.remedy().unwrap_or_default());
    for part in parts {
        assert!(text.contains(part), "{text:?} names {part}");
    }
    assert!(!text.contains("does not follow the specification"), "{text:?} blames the provider");
}

#[test]
fn an_audience_of_a_sibling_app_is_named_with_the_setting_that_trusts_it() {
    let lie = |op: &FakeProvider| op.claims.tell(set("aud", json!([CLIENT_ID, "sibling-app"])));
    let error = rejects_login(lie, ["invalid_claim", "rejected", "id_token"]);
    says(&error, &["sibling-app", "trustedAudiences"]);
    let long = |op: &FakeProvider| op.claims.tell(set("aud", json!([CLIENT_ID, "x\r\n".repeat(1_000)])));
    let error = rejects_login(long, ["invalid_claim", "rejected", "id_token"]);
    assert!(error.message.len() < 300 && error.message.is_ascii(), "{}", error.message);
}

#[test]
fn an_audience_without_this_client_points_to_the_client_id() {
    let lie = |op: &FakeProvider| op.claims.tell(set("aud", json!("another")));
    says(&rejects_login(lie, ["invalid_claim", "rejected", "id_token"]), &["clientId"]);
}

/// The person is not sent away for a login that cannot end well.
#[test]
fn metadata_with_hs256_alone_is_told_before_the_person_leaves() {
    for list in [json!(["HS256"]), json!(["none", "HS256"]), json!([])] {
        let world = World::new();
        world.provider.metadata.tell(set("id_token_signing_alg_values_supported", list.clone()));
        let error = world.tab().open(HOME).login().expect_err("no login");
        assert_error(&error, ["unsupported_algorithm", "rejected", "authorize"]);
        says(&error, &["RS256", "secret"]);
        assert!(!error.message.contains("RS256"), "RS256 is not to blame: {}", error.message);
        assert_eq!(error.message.contains("HS256"), list != json!([]));
    }
}

#[test]
fn a_login_without_an_access_token_asks_for_the_scope_of_an_api() {
    let error =
        rejects_login(|op| op.token.tell(without("access_token")), ["invalid_token_response", "rejected", "token"]);
    says(&error, &["access_token", "scope", "B2C"]);
}

#[test]
fn a_missing_token_type_points_to_the_hook() {
    let error =
        rejects_login(|op| op.token.tell(without("token_type")), ["invalid_token_response", "rejected", "token"]);
    says(&error, &["token_type", "tokenResponse", "Bearer"]);
}

#[test]
fn a_member_that_stands_twice_is_named() {
    let twice = r#"{"scope":1,"x":{"device":1,"device":2}}"#;
    let error = rejects_login(|op| op.answer_at("/token", 200, twice), ["invalid_token_response", "rejected", "token"]);
    says(&error, &["\"device\"", "twice", "duplicate"]);
    let world = World::whose_provider(|op| op.answer_at("/.well-known/openid-configuration", 200, twice));
    let error = world.tab().open(HOME).login().expect_err("no metadata");
    says(&error, &["\"device\"", "twice", "duplicate"]);
    let page = World::new().tab().sign_in();
    page.world().provider.answer_at("/userinfo", 200, twice);
    let error = page.userinfo().expect_err("no claims");
    assert!(error.message.contains("\"device\" twice"), "{}", error.message);
    let error = oidc_client_wasm::flow::settings_file::parse(twice.as_bytes()).expect_err("no settings");
    says(&error, &["\"device\"", "twice", "docs/settings.md"]);
}

/// Slack answers so, with status 200.
#[test]
fn a_userinfo_answer_with_an_error_keeps_its_words() {
    let page = World::new().tab().sign_in();
    page.world().provider.answer_at(
        "/userinfo",
        200,
        r#"{"ok":false,"error":"missing_scope","error_description":"x"}"#,
    );
    let error = fails_with(page.userinfo(), ["userinfo_refused", "refused", "userinfo"]);
    let words = error.provider.as_ref().expect("words");
    assert_eq!((words.error.as_str(), words.error_description.as_deref()), ("missing_scope", Some("x")));
    assert_eq!(error.status, Some(200));
}

#[test]
fn a_revocation_that_is_refused_does_not_ask_for_a_new_login() {
    let page = World::new().tab().sign_in();
    page.world().provider.answer_at("/revoke", 400, r#"{"error":"unauthorized_client"}"#);
    let error = fails_with(page.revoke(None), ["token_refused", "refused", "token"]);
    says(&error, &["revo", "public clients"]);
    assert!(!error.remedy().unwrap_or_default().contains("new login"));
}

#[test]
fn an_auth_time_of_zero_is_no_time_of_a_login() {
    let (world, tab) = World::whose_provider(|op| op.claims.tell(set("auth_time", json!(0)))).with_tab();
    let url = tab.open(HOME).login_with(json!({ "maxAge": 60 }), None).expect("a login");
    let error = tab.open(&world.provider.authorize(&url)).handle_redirect().expect_err("too old");
    assert_error(&error, ["auth_time_too_old", "rejected", "id_token"]);
    says(&error, &["auth_time", "maxAge"]);
    assert!(!error.message.contains(" s ago"), "{}", error.message);
}

#[test]
fn an_error_page_without_cors_and_the_table_of_settings_are_named() {
    let remedy = |code| Error::new(code, oidc_client_wasm::error::Phase::Token, "x.").remedy().map(String::from);
    let network = remedy(oidc_client_wasm::error::Code::Network).expect("a remedy");
    assert!(network.contains("error page") && network.contains("CORS"), "{network}");
    assert!(remedy(oidc_client_wasm::error::Code::ConfigInvalid).is_some_and(|text| text.contains("docs/settings.md")));
}

/// A wrong issuer is often an error page without CORS headers, which is all that the browser tells.
#[test]
fn metadata_and_keys_that_cannot_be_reached_are_named_by_their_url() {
    let world = World::with(json!({ "issuer": null, "serverMetadataUrl": format!("{ISSUER}/metadata?key=s3cret") }));
    world.network.cut("/metadata?key=s3cret", HttpError::Network);
    let error = fails_with(world.tab().open(HOME).login(), ["network", "environment", "metadata"]);
    says(&error, &["https://id.example.com/metadata could not be reached", "Check the setting issuer", "CORS"]);
    assert!(!error.message.contains("s3cret"), "{}", error.message);
    let (world, tab) = World::new().with_tab();
    world.network.cut("/jwks", HttpError::Timeout);
    let url = tab.open(HOME).login().expect("a login");
    let error = tab.open(&world.provider.authorize(&url)).handle_redirect().expect_err("no keys");
    says(&error, &["https://id.example.com/jwks did not answer in time"]);
}

#[test]
fn a_missing_refresh_token_names_the_scope_and_the_prompt() {
    let page = World::whose_provider(|op| op.token.tell(without("refresh_token"))).tab().sign_in();
    let error = page.refresh().expect_err("no refresh token");
    assert_error(&error, ["missing_token", "usage", "refresh"]);
    says(&error, &["offline_access", "prompt: \"consent\""]);
}

/// A page that forgot `handleRedirect()` is told so, and not to start another login.
#[test]
fn a_response_that_the_page_did_not_read_is_named_where_nobody_is_signed_in() {
    let (world, tab) = World::new().with_tab();
    let url = tab.open(HOME).login().expect("a login");
    let callback = world.provider.authorize(&url);
    let page = tab.open(&callback);
    assert!(page.client().has_unread_response());
    let error = page.client().advise(page.refresh().expect_err("nobody is signed in"));
    assert_error(&error, ["missing_token", "usage", "token"]);
    assert_eq!(error.remedy(), Some(find::UNREAD_RESPONSE));
    // Neither a response of another login nor one that was read.
    for elsewhere in [HOME, "https://app.example/callback?code=x&state=another"] {
        let page = tab.open(elsewhere);
        assert!(!page.client().has_unread_response(), "{elsewhere}");
        let error = page.client().advise(page.refresh().expect_err("nobody is signed in"));
        assert_ne!(error.remedy(), Some(find::UNREAD_RESPONSE), "{elsewhere}");
    }
    let page = tab.open(&callback);
    page.expect_login();
    assert!(!page.client().has_unread_response());
}

#[test]
fn a_refused_userinfo_of_a_session_that_ended_asks_for_a_new_login() {
    let page = World::new().tab().sign_in();
    let world = page.world();
    crate::userinfo::challenge(&world.provider, 401, "Bearer error=\"invalid_token\"", "");
    world.provider.answer_at("/token", 400, r#"{"error":"invalid_grant"}"#);
    let error = fails_with(page.userinfo(), ["userinfo_refused", "refused", "userinfo"]);
    assert!(page.session().is_none());
    says(&error, &["The session has ended", "new login"]);
}
