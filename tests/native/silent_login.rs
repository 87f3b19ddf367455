//! A login with `prompt: "none"`: whom the provider is asked about (OIDC Core section 3.1.2.1).

use std::rc::Rc;

use crate::support::verbs::ClientVerbs;
use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

/// The `id_token_hint` of a login that begins with these parameters.
#[track_caller]
fn hint(tab: &Rc<Tab>, params: Value) -> Option<String> {
    let url = tab.open(HOME).login_with(params, None).expect("a login");
    let hints: Vec<String> =
        query(&url).into_iter().filter(|(name, _)| name == "id_token_hint").map(|(_, hint)| hint).collect();
    assert!(hints.len() < 2, "one hint at most");
    hints.into_iter().next()
}

fn query(url: &str) -> Vec<(String, String)> {
    url::Url::parse(url).expect("a URL").query_pairs().into_owned().collect()
}

#[test]
fn a_silent_login_has_the_id_token_of_the_session_as_its_hint() {
    let tab = World::new().tab();
    assert_eq!(hint(&tab, json!({ "prompt": "none" })), None, "without a session");
    let id_token = tab.sign_in().token()["id_token"].as_str().expect("an id_token").to_owned();
    assert_eq!(hint(&tab, json!({ "prompt": "none" })), Some(id_token.clone()));
    assert_eq!(hint(&tab, json!({ "params": { "prompt": "none" } })), Some(id_token));
    let client = tab.open(HOME).client();
    let request =
        now(async move { client.create_authorization_url(json!({ "prompt": "none" })).await }).expect("a URL");
    assert!(query(&request.url).iter().any(|(name, _)| name == "id_token_hint"));
}

#[test]
fn the_hint_of_a_login_can_be_left_out_or_given() {
    let tab = World::new().tab();
    tab.sign_in();
    assert_eq!(hint(&tab, json!({ "prompt": "none", "idTokenHint": null })), None);
    assert_eq!(hint(&tab, json!({ "prompt": "none", "idTokenHint": "a.b.c" })).as_deref(), Some("a.b.c"));
    assert_eq!(hint(&tab, json!({ "idTokenHint": "a.b.c" })).as_deref(), Some("a.b.c"));
    let own = json!({ "prompt": "none", "params": { "id_token_hint": "d.e.f" } });
    assert_eq!(hint(&tab, own).as_deref(), Some("d.e.f"));
}

#[test]
fn a_login_that_may_ask_the_person_has_no_hint() {
    let tab = World::new().tab();
    tab.sign_in();
    for params in
        [json!({}), json!({ "prompt": "login" }), json!({ "prompt": "select_account" }), json!({ "prompt": "consent" })]
    {
        assert_eq!(hint(&tab, params), None);
    }
}

/// Another provider does not learn who is signed in here.
#[test]
fn the_hint_goes_to_the_provider_that_gave_the_id_token() {
    let (world, tab) = World::new().signed_in_tab();
    let elsewhere = json!({ "metadata": {
        "issuer": "https://other.example", "authorization_endpoint": "https://other.example/auth",
        "token_endpoint": "https://other.example/token", "jwks_uri": "https://other.example/jwks",
    }, "issuer": null });
    world.change_settings(elsewhere);
    assert_eq!(hint(&tab, json!({ "prompt": "none" })), None);
}

#[test]
fn a_session_that_has_ended_gives_no_hint() {
    let tab = World::new().tab();
    let page = tab.sign_in();
    page.logout(json!({})).expect("a logout");
    assert_eq!(hint(&tab, json!({ "prompt": "none" })), None);
}

/// Many servers take no URL beyond 8 KiB.
#[test]
fn an_id_token_that_is_too_long_for_a_url_is_no_hint_unless_it_is_given() {
    let tab = World::whose_provider(|op| op.claims.tell(set("groups", json!("g".repeat(8_000))))).tab();
    let id_token = tab.sign_in().token()["id_token"].as_str().expect("an id_token").to_owned();
    assert_eq!(hint(&tab, json!({ "prompt": "none" })), None);
    assert_eq!(hint(&tab, json!({ "prompt": "none", "idTokenHint": id_token })), Some(id_token));
}
