use super::*;
use crate::protocol::form;
use crate::protocol::uri::Uri;
use crate::settings::{client, params};

fn config(extra: Value) -> ClientConfig {
    let mut settings = json!({
        "clientId": "spa",
        "issuer": "https://id.example.com",
        "redirectUri": "https://app.example/cb?x=1",
    });
    settings.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    client::parse(settings).unwrap()
}

fn try_build(settings: Value, params: Value, discovered: Value) -> Result<AuthorizationRequest, RequestError> {
    let config = config(settings);
    let metadata = ServerMetadata::assemble(&config, discovered.as_object().unwrap().clone()).unwrap();
    let params = params::authorize(params, Default::default()).unwrap();
    let entropy = LoginEntropy { state: [1; 32], nonce: [2; 32], code_verifier: [3; 32] };
    AuthorizationRequest::build("demo", &config, &metadata, params, entropy)
}

fn provider() -> Value {
    json!({
        "issuer": "https://id.example.com",
        "authorization_endpoint": "https://id.example.com/auth?tenant=7",
        "token_endpoint": "https://id.example.com/token",
        "jwks_uri": "https://id.example.com/jwks",
    })
}

fn build(settings: Value, params: Value) -> (AuthorizationRequest, Vec<(String, String)>) {
    let request = try_build(settings, params, provider()).unwrap();
    let query = form::decode(Uri::parse(&request.url).unwrap().query.unwrap());
    (request, query)
}

fn value<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found: Vec<_> = query.iter().filter(|(key, _)| key == name).collect();
    assert!(found.len() <= 1, "{name} is sent {} times", found.len());
    found.first().map(|(_, value)| value.as_str())
}

#[test]
fn the_request_has_what_the_specifications_demand() {
    let (request, query) = build(json!({}), json!({}));
    assert_eq!(value(&query, "tenant"), Some("7"), "the endpoint's own query is kept");
    assert_eq!(value(&query, "response_type"), Some("code"));
    assert_eq!(value(&query, "client_id"), Some("spa"));
    assert_eq!(value(&query, "redirect_uri"), Some("https://app.example/cb?x=1"));
    assert_eq!(value(&query, "scope"), Some("openid"));
    assert_eq!(value(&query, "code_challenge_method"), Some("S256"));
    let verifier = CodeVerifier::parse(request.transaction.code_verifier.expose()).unwrap();
    assert_eq!(value(&query, "code_challenge"), Some(verifier.challenge_s256().as_str()));
    assert_eq!(value(&query, "state").map(str::len), Some(43), "32 octets");
    assert_eq!(value(&query, "nonce").map(str::len), Some(43), "32 octets");
    assert_eq!(value(&query, "response_mode"), None);
    assert!(!request.url.contains(request.transaction.code_verifier.expose()));
}

#[test]
fn without_openid_there_is_no_nonce() {
    let (request, query) = build(json!({ "scope": "email" }), json!({}));
    assert_eq!(value(&query, "nonce"), None);
    assert!(request.transaction.nonce.is_none());
}

#[test]
fn a_call_wins_over_registered_parameters() {
    let registered =
        json!({ "authorizeParams": { "prompt": "consent", "audience": "a" }, "resource": "https://r.example" });
    let (_, query) = build(
        registered,
        json!({ "prompt": "none", "params": { "audience": "b", "x": "1" }, "scope": ["openid", "email"] }),
    );
    assert_eq!(value(&query, "prompt"), Some("none"));
    assert_eq!(value(&query, "audience"), Some("b"));
    assert_eq!(value(&query, "x"), Some("1"));
    assert_eq!(value(&query, "scope"), Some("openid email"));
    assert_eq!(value(&query, "resource"), Some("https://r.example"));
}

#[test]
fn every_plain_parameter_has_its_wire_name() {
    let (request, query) = build(
        json!({}),
        json!({
            "redirectUri": "https://app.example/other",
            "loginHint": "a@b", "idTokenHint": "x.y.z", "display": "popup", "uiLocales": ["de", "en"], "maxAge": 0,
            "acrValues": ["silver", "gold"], "claims": { "userinfo": { "email": null } },
            "authorizationDetails": [{ "type": "t" }], "resource": ["https://a.example", "https://b.example"],
        }),
    );
    for (name, expected) in [
        ("redirect_uri", "https://app.example/other"),
        ("login_hint", "a@b"),
        ("id_token_hint", "x.y.z"),
        ("display", "popup"),
        ("ui_locales", "de en"),
        ("max_age", "0"),
        ("acr_values", "silver gold"),
        ("claims", r#"{"userinfo":{"email":null}}"#),
        ("authorization_details", r#"[{"type":"t"}]"#),
    ] {
        assert_eq!(value(&query, name), Some(expected), "{name}");
    }
    assert_eq!(query.iter().filter(|(name, _)| name == "resource").count(), 2);
    assert_eq!(request.transaction.max_age, Some(0));
    assert_eq!(request.transaction.essential_acr, None, "acr_values alone is a wish");
}

#[test]
fn an_essential_acr_finds_room_among_other_claims() {
    for claims in [json!({ "id_token": null }), json!({ "userinfo": { "email": null } }), json!({ "id_token": {} })] {
        let params = json!({ "acrValues": "gold", "essentialAcr": true, "claims": claims });
        let (request, query) = build(json!({}), params);
        let asked: Value = crate::protocol::json::parse(value(&query, "claims").unwrap().as_bytes()).unwrap();
        assert_eq!(asked["id_token"]["acr"], json!({ "essential": true, "values": ["gold"] }));
        assert_eq!(request.transaction.essential_acr, Some(vec!["gold".to_owned()]));
    }
}

#[test]
fn an_essential_acr_is_asked_for_and_remembered() {
    let (request, query) = build(json!({}), json!({ "acrValues": "gold", "essentialAcr": true }));
    assert_eq!(value(&query, "claims"), Some(r#"{"id_token":{"acr":{"essential":true,"values":["gold"]}}}"#));
    assert_eq!(request.transaction.essential_acr, Some(vec!["gold".to_owned()]));
}

/// Only an id_token can prove that they were heeded.
#[test]
fn demands_on_the_login_need_the_scope_openid() {
    for (params, error) in [
        (json!({ "maxAge": 5 }), RequestError::MaxAgeWithoutOpenid),
        (json!({ "acrValues": "gold", "essentialAcr": true }), RequestError::AcrWithoutOpenid),
    ] {
        assert_eq!(try_build(json!({ "scope": "email" }), params, provider()).err(), Some(error));
    }
}

#[test]
fn nobody_is_sent_away_when_the_answer_could_not_be_judged() {
    let without = |name: &str| {
        let mut provider = provider();
        provider.as_object_mut().unwrap().remove(name);
        try_build(json!({}), json!({}), provider).unwrap_err()
    };
    assert_eq!(without("authorization_endpoint"), RequestError::Metadata(MetadataError::NoAuthorizationEndpoint));
    assert_eq!(without("token_endpoint"), RequestError::Metadata(MetadataError::NoTokenEndpoint));
    assert_eq!(without("jwks_uri"), RequestError::Metadata(MetadataError::NoJwksUri));
    assert!(matches!(without("issuer"), RequestError::Metadata(MetadataError::Member(..))));
}
