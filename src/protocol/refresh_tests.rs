use super::*;
use crate::protocol::base64url;
use crate::protocol::id_token::Restoring;
use crate::protocol::jose::SigningAlgorithm;
use crate::protocol::json::{Value, json};
use crate::protocol::oauth_error::ProviderError;
use crate::settings::client;

fn config(extra: Value) -> ClientConfig {
    let mut settings = json!({ "clientId": "spa" });
    settings.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    client::parse(settings).unwrap()
}

fn form(extra: Value, audience: &TokenTarget) -> String {
    request("https://id.example/token", &config(extra), &Secret::new("r"), audience).form.unwrap()
}

fn claims(value: Value) -> IdTokenClaims {
    let mut claims = json!({ "iss": "https://id.example", "sub": "alice", "aud": "spa", "exp": 9, "iat": 8, "nonce": "n", "auth_time": 7 });
    for (name, value) in value.as_object().unwrap() {
        claims[name.as_str()] = value.clone();
    }
    let Value::Object(mut claims) = claims else { panic!("an object") };
    claims.retain(|_, value| !value.is_null());
    let issuer = claims["iss"].as_str().unwrap().to_owned();
    let audiences: Vec<String> = id_token::audiences(&claims).unwrap().into_iter().map(String::from).collect();
    let client_id = claims.get("azp").and_then(Value::as_str).unwrap_or(&audiences[0]).to_owned();
    let payload = base64url::encode(Value::Object(claims.clone()).to_string().as_bytes());
    let expected = Restoring {
        issuer: &issuer,
        client_id: &client_id,
        trusted_audiences: &audiences,
        algorithms: &SigningAlgorithm::ALL,
        access_token: None,
        is_hash: false,
    };
    IdTokenClaims::restored(&claims, &Secret::new(format!("eyJhbGciOiJSUzI1NiJ9.{payload}.AA")), &expected).unwrap()
}

fn judge(original: Value, refreshed: Value) -> Result<(), ClaimError> {
    check_same_login(&claims(refreshed), claims(original).as_object())
}

#[test]
fn the_request_has_the_token_and_the_client_and_no_scope() {
    let plain = form(json!({ "scope": "openid" }), &TokenTarget::default());
    assert_eq!(plain, "grant_type=refresh_token&refresh_token=r&client_id=spa");
}

#[test]
fn a_narrower_scope_resources_and_extra_parameters_are_sent() {
    let audience =
        TokenTarget { scope: vec!["a".into(), "b".into()], resource: vec!["https://x/".into(), "https://y/".into()] };
    let extra = json!({ "refreshTokenParams": { "tenant": "t" }, "insecureClientSecret": "s" });
    assert_eq!(
        form(extra, &audience),
        "grant_type=refresh_token&refresh_token=r&client_id=spa&client_secret=s&scope=a+b\
         &resource=https%3A%2F%2Fx%2F&resource=https%3A%2F%2Fy%2F&tenant=t"
    );
}

#[test]
fn only_definitive_words_are_final() {
    let is_final = |error: &str, status| {
        let words = ProviderError { error: error.into(), error_description: None, error_uri: None };
        is_final(&TokenError::Refused(words, status))
    };
    for error in ["invalid_grant", "invalid_client", "unauthorized_client", "interaction_required"] {
        assert!(is_final(error, 400) && is_final(error, 401), "{error}");
        assert!(!is_final(error, 200), "{error} with a success");
        assert!(!is_final(error, 429) && !is_final(error, 503), "{error} with what may pass");
    }
    for error in ["invalid_scope", "invalid_target", "invalid_request", "temporarily_unavailable", "server_error", ""] {
        assert!(!is_final(error, 400), "{error}");
    }
}

#[test]
fn the_same_login_with_other_dates_is_accepted() {
    assert_eq!(judge(json!({}), json!({ "iat": 9, "exp": 10, "at_hash": "x" })), Ok(()));
    assert_eq!(judge(json!({}), json!({ "nonce": null, "auth_time": null })), Ok(()));
    assert_eq!(judge(json!({}), json!({ "aud": ["spa"] })), Ok(()));
    assert_eq!(judge(json!({ "aud": ["spa", "api"] }), json!({ "aud": ["api", "spa"] })), Ok(()));
}

#[test]
fn another_login_is_refused_by_the_claim_that_differs() {
    let other = |claim| ClaimError::Invalid(claim, "is not that of the login");
    for (refreshed, error) in [
        (json!({ "sub": "bob" }), ClaimError::Subject),
        (json!({ "iss": "https://evil.example" }), other("iss")),
        (json!({ "aud": ["spa", "api"] }), other("aud")),
        (json!({ "azp": "spa" }), other("azp")),
        (json!({ "auth_time": 8 }), other("auth_time")),
        (json!({ "nonce": "m" }), ClaimError::Nonce),
    ] {
        assert_eq!(judge(json!({}), refreshed.clone()), Err(error), "{refreshed}");
    }
    assert_eq!(judge(json!({ "azp": "spa" }), json!({})), Err(other("azp")));
}
