//! No code, token, verifier, nonce or state in any `Debug` output, message or remedy. Every test of this suite passes its errors
//! and results through the same search (`support/secrets.rs`); here are the values that pass through no error.

use oidc_client_wasm::error::Code;
use oidc_client_wasm::protocol::http::{HttpRequest, HttpResponse};
use oidc_client_wasm::protocol::jose::{CompactJws, JwkSet, SigningAlgorithm};
use oidc_client_wasm::protocol::json::json;
use oidc_client_wasm::protocol::pkce::CodeVerifier;
use oidc_client_wasm::protocol::time::UnixTime;
use oidc_client_wasm::protocol::token;
use oidc_client_wasm::protocol::transaction::{Transaction, TransactionRecord};
use oidc_client_wasm::settings::{client, params};

use crate::support::verbs::ClientVerbs;
use crate::support::*;

#[test]
fn an_authorization_request_shows_neither_its_url_nor_its_transaction() {
    let world = World::new();
    let client = world.tab().open(HOME).client();
    let request = now(async move { client.create_authorization_url(json!({})).await }).expect("a request");
    assert!(world.secrets.found_in(&request.url).is_some(), "the search finds what it looks for");
    world.secrets.audit("an authorization request", &request);
    let record = TransactionRecord::new(Transaction::Login(request.transaction), UnixTime(0));
    world.secrets.audit("a stored transaction", &record);
}

#[test]
fn a_session_and_its_parts_show_nothing() {
    let world = World::new();
    world.provider.token.tell(set("device_secret", json!("a-secret-of-the-provider-s-own")));
    world.secrets.remember("device secret", "a-secret-of-the-provider-s-own");
    let session = world.tab().sign_in().session().expect("a session");
    let everything = session.token().to_json(session.claims()).to_text();
    assert!(world.secrets.found_in(&everything).is_some(), "the search finds what it looks for");
    world.secrets.audit("a session", &session);
    world.secrets.audit("a token", session.token());
}

#[test]
fn a_logout_shows_neither_hint_nor_state() {
    let (world, page) = World::new().signed_in();
    let hint = world.provider.id_tokens.borrow()[0].clone();
    let given = params::logout(json!({ "idTokenHint": hint, "state": hint })).expect("parameters");
    world.secrets.audit("logout parameters", &given);
    let request = page.logout(json!({})).expect("a logout").expect("a request");
    assert!(world.secrets.found_in(&request.url()).is_some(), "the search finds what it looks for");
    world.secrets.audit("a logout request", &request);
    world.secrets.audit("what is expected back", &request.expected_return);
}

#[test]
fn parameters_of_a_login_show_no_hint() {
    let world = World::new();
    world.tab().sign_in();
    let hint = world.provider.id_tokens.borrow()[0].clone();
    let params = params::authorize(json!({ "idTokenHint": hint }), Default::default()).expect("parameters");
    world.secrets.audit("authorize parameters", &params);
}

#[test]
fn requests_and_responses_show_no_body() {
    let secrets = support_secrets();
    let request = HttpRequest::post_form("https://id.example.com/token", [("code", SECRET), ("code_verifier", SECRET)]);
    secrets.audit("a request", &request);
    let response = HttpResponse::new(200, format!(r#"{{"access_token":"{SECRET}"}}"#));
    secrets.audit("a response", &response);
    let openid = ["openid".to_owned()];
    let body = json!({ "access_token": SECRET, "id_token": SECRET, "refresh_token": SECRET, "token_type": "Bearer", "x": SECRET });
    let response = HttpResponse::new(200, body.to_string());
    secrets.audit(
        "a token response",
        &token::response(&response, UnixTime(0), &openid, token::IdTokenRule::Required).expect("a token"),
    );
    secrets.audit("a verifier", &CodeVerifier::parse(SECRET).expect("a verifier"));
}

#[test]
fn a_verified_token_shows_no_claims() {
    let secrets = support_secrets();
    let key = SigningKey::new("ES256", 0, None);
    let header = json!({ "alg": "ES256" });
    let text = key.sign(header.as_object().expect("an object"), json!({ "nonce": SECRET }).to_string().as_bytes());
    let jws = CompactJws::parse(&text, &SigningAlgorithm::ALL).expect("a JWS");
    let keys = json!({ "keys": [key.jwk()] });
    let keys = JwkSet::from_json(keys.as_object().expect("an object")).expect("keys");
    let check = jws.check(&keys).expect("a key");
    secrets.audit("a verified token", &check.conclude(keys::verify(&check) == Ok(true)).expect("a signature"));
}

/// A provider may quote what it was sent. Its words stay in their own fields, and those fields out of sight.
#[test]
fn a_provider_that_quotes_secrets_in_its_refusal() {
    let (world, tab) = World::new().with_tab();
    let url = tab.open(HOME).login().expect("a login");
    let state = front_channel::read_params(&url)["state"].clone();
    world.provider.response.tell(set_param("error_description", &format!("state {state} expired")));
    world.provider.response.tell(set_param("error_uri", &format!("https://id.example.com/?state={state}")));
    // The search happens on every error that a page hands out.
    let error = tab.open(&world.provider.refuse(&url, "access_denied")).handle_redirect().expect_err("a refusal");
    let words = error.provider.clone().expect("words").error_description.expect("a description");
    assert!(words.contains(&state), "verbatim where the app looks for them");
}

#[test]
fn a_client_shows_no_secret_of_its_settings() {
    let config = client::parse(json!({ "clientId": CLIENT_ID, "issuer": ISSUER })).expect("settings");
    support_secrets().audit("settings", &config);
}

#[test]
fn every_code_has_a_remedy_without_placeholders_or_is_the_callers_own_doing() {
    for code in Code::ALL {
        let error = oidc_client_wasm::error::Error::new(*code, oidc_client_wasm::error::Phase::Token, "x.");
        match error.remedy() {
            Some(remedy) => {
                assert!(remedy.ends_with('.') && !remedy.contains(['{', '}']) || remedy.contains("{ "), "{remedy}")
            }
            None => assert_eq!(*code, Code::Aborted),
        }
    }
}

const SECRET: &str = "k7mP2vQ9xR4tY8wZ1aB5cD3eF6gH0jL_k7mP2vQ9xR4";

fn support_secrets() -> crate::support::secrets::Secrets {
    let secrets = crate::support::secrets::Secrets::default();
    secrets.remember("secret", SECRET);
    secrets
}
