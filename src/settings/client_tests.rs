use super::*;
use crate::protocol::json::json;
use crate::protocol::uri::UriError;

fn parse(settings: Value) -> ConfigResult<ClientConfig> {
    super::parse(settings)
}

fn refusal(settings: Value) -> (String, Problem) {
    let error = parse(settings.clone()).err().unwrap_or_else(|| panic!("must be refused: {settings}"));
    (error.key.clone(), error.problem)
}

#[test]
fn an_issuer_and_a_client_id_are_enough_and_mean_openid() {
    let config = parse(json!({ "issuer": "https://id.example.com", "clientId": "spa" })).unwrap();
    assert_eq!(config.metadata_source, MetadataSource::Issuer("https://id.example.com".into()));
    assert_eq!(config.scope, ["openid"]);
    assert_eq!(config.response_mode, ResponseMode::Query);
}

#[test]
fn an_authlib_entry_is_read_as_it_is() {
    let config = parse(json!({
        "client_id": "spa",
        "request_token_url": null,
        "authorize_url": "https://id.example.com/authorize",
        "access_token_url": "https://id.example.com/token",
        "api_base_url": "https://api.example.com/",
        "authorize_params": { "audience": "x" },
        "client_kwargs": { "scope": "user:email read", "code_challenge_method": "S256", "prompt": "consent" },
    }))
    .unwrap();
    assert_eq!(config.metadata_source, MetadataSource::Settings);
    assert_eq!(config.scope, ["user:email", "read"]);
    assert_eq!(config.explicit_metadata["authorization_endpoint"], "https://id.example.com/authorize");
    assert_eq!(config.explicit_metadata["token_endpoint"], "https://id.example.com/token");
    assert_eq!(config.authorize_params, [("audience".into(), "x".into()), ("prompt".into(), "consent".into())]);
}

#[test]
fn a_client_without_discovery_asks_for_no_scope_by_itself() {
    let config = parse(json!({ "clientId": "spa", "authorizeUrl": "https://a.example/x" })).unwrap();
    assert!(config.scope.is_empty());
}

#[test]
fn a_secret_is_refused_in_either_spelling_and_when_nested() {
    for key in ["clientSecret", "client_secret"] {
        assert_eq!(refusal(json!({ "clientId": "spa", key: "s" })), (key.into(), Problem::ClientSecret));
    }
    let nested = json!({ "clientId": "spa", "client_kwargs": { "client_secret": "s" } });
    assert_eq!(refusal(nested), ("client_kwargs.client_secret".into(), Problem::ClientSecret));
}

#[test]
fn oauth_1_is_refused() {
    let settings = json!({ "clientId": "spa", "request_token_url": "https://x.example/rt" });
    assert_eq!(refusal(settings), ("request_token_url".into(), Problem::OAuth1));
}

#[test]
fn mistakes_name_their_key() {
    let base = || json!({ "clientId": "spa" });
    for (key, value) in [
        ("isuer", json!("https://id.example.com")),
        ("issuer", json!("id.example.com")),
        ("issuer", json!("https://id.example.com/?x=1")),
        ("issuer", json!("http://id.example.com")),
        ("serverMetadataUrl", json!("javascript:alert(1)")),
        ("authorizeUrl", json!("/authorize")),
        ("accessTokenUrl", json!("https://u:p@id.example.com/token")),
        ("idTokenSigningAlgs", json!(["none"])),
        ("idTokenSigningAlgs", json!(["HS256"])),
        ("idTokenSigningAlgs", json!([])),
        ("jwks", json!({})),
        ("scope", json!(7)),
        ("allowMissingNonce", json!("yes")),
        ("apiOrigins", json!(["https://api.example.com/path"])),
        ("dpop", json!(true)),
        ("profile", json!("fapi2")),
        ("hooks", json!({})),
        ("insecureClientSecret", json!(1)),
        ("clientKwargs", json!("x")),
    ] {
        let mut settings = base();
        settings[key] = value.clone();
        assert_eq!(refusal(settings).0, key, "{value}");
    }
    assert_eq!(refusal(json!({})), ("clientId".into(), Problem::Missing));
    assert_eq!(refusal(json!({ "clientId": "" })).0, "clientId");
    assert_eq!(refusal(json!({ "clientID": "spa" })), ("clientID".into(), Problem::Unknown));
    assert_eq!(refusal(json!("x")).0, "settings");
    let nested = json!({ "clientId": "spa", "client_kwargs": { "verify": false } });
    assert_eq!(refusal(nested).0, "client_kwargs.verify");
    let bad_metadata = json!({ "clientId": "spa", "metadata": { "jwks_uri": "http://id.example.com/jwks" } });
    assert_eq!(refusal(bad_metadata).0, "metadata.jwks_uri");
}

#[test]
fn pkce_other_than_s256_is_refused() {
    let plain = json!({ "clientId": "spa", "client_kwargs": { "code_challenge_method": "plain" } });
    assert_eq!(refusal(plain).0, "client_kwargs.code_challenge_method");
}

#[test]
fn reserved_parameters_are_refused() {
    for name in RESERVED_AUTHORIZE_PARAMS {
        let settings = json!({ "clientId": "spa", "authorizeParams": { name: "x" } });
        assert_eq!(refusal(settings), (format!("authorizeParams.{name}"), Problem::Reserved));
    }
    for name in RESERVED_TOKEN_PARAMS {
        let settings = json!({ "clientId": "spa", "accessTokenParams": { name: "x" } });
        assert_eq!(refusal(settings), (format!("accessTokenParams.{name}"), Problem::Reserved));
    }
}

#[test]
fn response_modes() {
    let mode =
        |mode: &str| parse(json!({ "clientId": "spa", "responseMode": mode })).map(|config| config.response_mode);
    assert_eq!(mode("fragment"), Ok(ResponseMode::Fragment));
    assert_eq!(mode("form_post").unwrap_err().problem, Problem::FormPost);
    assert_eq!(mode("fragment.jwt").unwrap_err().problem, Problem::NotInThisVersion);
    assert!(mode("web_message").is_err());
}

#[test]
fn redirect_uris_are_absolute_and_have_no_fragment() {
    for (uri, why) in [("/callback", UriError::Malformed), ("https://app.example/#/cb", UriError::Fragment)] {
        let settings = json!({ "clientId": "spa", "redirectUri": uri });
        assert_eq!(refusal(settings), ("redirectUri".into(), Problem::RedirectUri(why)));
    }
}
