//! `settings/`: the settings of a client and the parameters of every verb: what a developer, or a settings file, may write. What is accepted is
//! safe to use, and makes a request that says what the protocol needs, once.

use oidc_client_wasm::protocol::authorization_request::{AuthorizationRequest, LoginEntropy};
use oidc_client_wasm::protocol::config::MetadataSource;
use oidc_client_wasm::protocol::json::{self, json};
use oidc_client_wasm::protocol::logout::LogoutRequest;
use oidc_client_wasm::protocol::metadata::ServerMetadata;
use oidc_client_wasm::protocol::uri::Uri;
use oidc_client_wasm::settings::client::{self, ClientSettings};
use oidc_client_wasm::settings::options::Options;
use oidc_client_wasm::settings::params;
use url::Url;

use super::input;

pub fn check(data: &[u8]) {
    let text = input::json_text(data, || {
        let at = |path: &str| json!(format!("https://id.example.com/{path}"));
        json!({
            "clientId": "spa", "serverMetadataUrl": at(".well-known/openid-configuration"), "scope": "openid email",
            "redirectUri": "https://app.example/", "authorizeParams": { "audience": "x" }, "apiOrigins": [at("")],
            "metadata": { "issuer": at(""), "authorization_endpoint": at("auth"), "token_endpoint": at("token"),
                "jwks_uri": at("jwks"), "end_session_endpoint": at("end?x=1") },
            "postLogoutRedirectUri": "https://app.example/bye", "resource": ["https://api.example/"],
            "client_kwargs": { "code_challenge_method": "S256", "prompt": "login" },
        })
    });
    let Ok(value) = json::parse(&text) else { return };
    let params = params::authorize(value.clone(), Default::default());
    let logout = params::logout(value.clone());
    let _ = (Options::from_json(value.clone()), params::parse_id_token(value.clone()));
    let _ = [true, false].map(|is_refresh| params::access_token(value.clone(), is_refresh));
    let Ok(config) = client::parse(value.clone()) else { return };

    assert!(!config.client_id.is_empty() && !config.id_token_signing_algs.is_empty());
    let urls = [
        config.refresh_token_url.as_deref(),
        config.api_base_url.as_deref(),
        match &config.metadata_source {
            MetadataSource::Issuer(url) | MetadataSource::Document { url, .. } => Some(url.as_str()),
            MetadataSource::Settings => None,
        },
    ];
    assert!(urls.into_iter().flatten().all(|url| Uri::parse_endpoint(url).is_ok()));
    assert!(config.api_origins.iter().all(|origin| Uri::parse_endpoint(origin).is_ok_and(|uri| uri.path.is_empty())));
    // Nothing put over settings leaves them as they are.
    let nothing = ClientSettings::read(json!({})).expect("no settings");
    let again = nothing.over(ClientSettings::read(value).expect("settings")).parse().expect("the same settings");
    assert_eq!(format!("{again:?}"), format!("{config:?}"));

    let Ok(metadata) = ServerMetadata::assemble(&config, json::Object::new()) else { return };
    let entropy = LoginEntropy { state: [1; 32], nonce: [2; 32], code_verifier: [3; 32] };
    let params = params.unwrap_or_default();
    if let Ok(request) = AuthorizationRequest::build("demo", &config, &metadata, params, entropy) {
        let endpoint = metadata.authorization_endpoint().expect("an endpoint");
        assert!(request.url.starts_with(endpoint));
        stands_once(&request.url, endpoint, &["response_type", "client_id", "state", "redirect_uri", "code_challenge"]);
        assert_eq!(request.transaction.nonce.is_some(), request.transaction.scope.contains(&"openid".into()));
    }
    let Some(endpoint) = metadata.end_session_endpoint() else { return };
    if let Ok(request) = LogoutRequest::build(endpoint, &config, logout.unwrap_or_default(), None, [4; 32]) {
        stands_once(&request.url(), endpoint, &["client_id"]);
    }
}

/// Beside what the provider's own endpoint may bring along.
fn stands_once(url: &str, endpoint: &str, names: &[&str]) {
    let count =
        |url: &str, name: &str| Url::parse(url).map(|url| url.query_pairs().filter(|(key, _)| key == name).count());
    for name in names {
        assert_eq!(count(url, name).ok(), count(endpoint, name).ok().map(|already| already + 1), "{name}");
    }
}
