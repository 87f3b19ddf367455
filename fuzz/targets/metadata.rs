//! `protocol/metadata.rs`: a discovery document. What comes out of it can be sent to: every endpoint is https, or http on this
//! machine, as a browser reads it; and the issuer is the one that was asked.

use oidc_client_wasm::protocol::config::MetadataSource;
use oidc_client_wasm::protocol::http::HttpResponse;
use oidc_client_wasm::protocol::jose::SigningAlgorithm::{Es256, Rs256};
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::metadata::{self, ServerMetadata, Signed};
use oidc_client_wasm::settings::client;
use url::{Host, Url};

use super::input;

const ISSUER: &str = "https://id.example.com/tenant";

pub fn check(data: &[u8]) {
    let at = |path: &str| json!(format!("{ISSUER}/{path}"));
    let text = input::json_text(data, || {
        json!({
            "issuer": ISSUER, "authorization_endpoint": at("auth"), "token_endpoint": at("token"), "jwks_uri": at("jwks"),
            "userinfo_endpoint": at("userinfo"), "end_session_endpoint": at("end"), "check_session_iframe": at("iframe"),
            "id_token_signing_alg_values_supported": ["RS256", "none"], "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true, "mtls_endpoint_aliases": { "token_endpoint": at("") },
        })
    });
    let Ok(document) = metadata::response(&HttpResponse::new(200, text)) else { return };
    let source = MetadataSource::Issuer(ISSUER.into());
    if metadata::check_issuer(&source, &document, false).is_ok() {
        assert_eq!(document["issuer"], ISSUER);
    }
    if metadata::check_issuer(&source, &document, true).is_ok() && document["issuer"] != ISSUER {
        let found = document["issuer"].as_str().expect("a text");
        assert!(found.contains('{') && Url::parse(found).is_ok_and(|url| url.host_str() == Some("id.example.com")));
    }
    let config = client::parse(json!({ "clientId": "spa", "issuer": ISSUER })).expect("settings");
    let Ok(metadata) = ServerMetadata::assemble(&config, document) else { return };
    for (name, value) in metadata.members() {
        let is_url =
            name.ends_with("_endpoint") || ["jwks_uri", "issuer", "check_session_iframe"].contains(&name.as_str());
        if let Some(text) = value.as_str().filter(|text| is_url && !text.is_empty()) {
            assert!(Url::parse(text).is_err() || may_be_sent_to(text), "{name}");
        }
        assert!(!is_url || value.is_string() || value.is_null());
    }
    for (list, value) in [("code_challenge_methods_supported", "S256"), ("response_types_supported", "code")] {
        let values = metadata.members().get(list).and_then(Value::as_array);
        assert!(values.is_none_or(|values| values.contains(&json!(value))), "{list}");
    }
    for signed in [Signed::IdToken, Signed::Userinfo] {
        let narrowed = metadata.algorithms(signed, &[Rs256, Es256]).unwrap_or_default();
        assert!(narrowed.iter().all(|algorithm| [Rs256, Es256].contains(algorithm)));
    }
}

/// A URL that a browser cannot read is one that nothing is sent to.
fn may_be_sent_to(text: &str) -> bool {
    let url = Url::parse(text).expect("a URL");
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.').split('.').next_back() == Some("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    (url.scheme() == "https" || url.scheme() == "http" && is_here)
        && url.fragment().is_none()
        && (url.username(), url.password()) == ("", None)
}
