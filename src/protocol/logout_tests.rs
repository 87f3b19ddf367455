use super::*;
use crate::protocol::json::{Value, json};
use crate::settings::{client, params};

fn build(params: Value, stored: Option<&str>) -> LogoutRequest {
    let settings = json!({ "clientId": "spa", "postLogoutRedirectUri": "https://app.example/bye?a=1" });
    let config = client::parse(settings).unwrap();
    let params = params::logout(params).unwrap();
    LogoutRequest::build("https://id.example.com/end?t=7", &config, params, stored.map(Secret::new).as_ref(), [7; 32])
        .unwrap()
}

fn names(request: &LogoutRequest) -> Vec<&str> {
    request.fields.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn the_url_is_byte_exact() {
    let state = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
    assert_eq!(
        build(json!({ "uiLocales": ["de", "en"], "logoutHint": "a&b", "params": { "x": "ü" } }), Some("h.p.s-_")).url(),
        format!(
            "https://id.example.com/end?t=7&id_token_hint=h.p.s-_&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye%3Fa%3D1\
             &state={state}&client_id=spa&logout_hint=a%26b&ui_locales=de+en&x=%C3%BC"
        )
    );
}

#[test]
fn the_hint_is_the_stored_token_or_what_the_caller_says() {
    let hint = |params: Value, stored| {
        build(params, stored).fields.iter().find(|(n, _)| n == "id_token_hint").map(|(_, v)| v.clone())
    };
    assert_eq!(hint(json!({}), Some("stored")), Some("stored".into()));
    assert_eq!(hint(json!({}), None), None);
    assert_eq!(hint(json!({ "idTokenHint": null }), Some("stored")), None);
    assert_eq!(hint(json!({ "idTokenHint": "given" }), Some("stored")), Some("given".into()));
}

#[test]
fn a_given_state_is_used_and_remembered() {
    let request = build(json!({ "state": "mine" }), None);
    assert!(request.expected_return.unwrap().state.matches("mine"));
    assert_eq!(request.fields[1], ("state".into(), "mine".into()));
}

#[test]
fn without_a_post_logout_uri_there_is_no_state() {
    let config = client::parse(json!({ "clientId": "spa" })).unwrap();
    let build = |params: Value| {
        LogoutRequest::build("https://id.example.com/end", &config, params::logout(params).unwrap(), None, [0; 32])
    };
    let request = build(json!({})).unwrap();
    assert_eq!(names(&request), ["client_id"]);
    assert!(request.expected_return.is_none());
    assert_eq!(build(json!({ "state": "mine" })).err(), Some(StateWithoutReturn));
}
