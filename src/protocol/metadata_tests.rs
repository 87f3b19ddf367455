use super::*;
use crate::protocol::json::json;
use crate::settings::client;

fn source(issuer: &str) -> MetadataSource {
    MetadataSource::Issuer(issuer.into())
}

fn answer(source: &MetadataSource, body: Value) -> Result<Object, MetadataError> {
    let document = response(&HttpResponse::new(200, body.to_string()))?;
    check_issuer(source, &document, false).map(|()| document)
}

fn assemble(extra: Value, discovered: Value) -> Result<ServerMetadata, MetadataError> {
    let mut settings = json!({ "clientId": "spa", "issuer": "https://id.example.com" });
    settings.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let config = client::parse(settings).unwrap();
    ServerMetadata::assemble(&config, discovered.as_object().unwrap().clone())
}

#[test]
fn discovery_openid_config_then_rfc_8414() {
    let urls = |issuer: &str| requests(&source(issuer)).into_iter().map(|request| request.url).collect::<Vec<_>>();
    assert_eq!(
        urls("https://id.example.com/tenant/"),
        [
            "https://id.example.com/tenant/.well-known/openid-configuration",
            "https://id.example.com/.well-known/oauth-authorization-server/tenant",
        ]
    );
    assert_eq!(urls("https://id.example.com")[1], "https://id.example.com/.well-known/oauth-authorization-server");
}

#[test]
fn discovery_issuer_mismatch() {
    for found in ["https://id.example.comINVALID", "https://id.example.com/", "HTTPS://id.example.com", ""] {
        let result = answer(&source("https://id.example.com"), json!({ "issuer": found }));
        assert!(matches!(result, Err(MetadataError::IssuerMismatch { .. })), "{found}");
    }
    for no_issuer in [json!({}), json!({ "issuer": 7 }), json!({ "issuer": null })] {
        assert!(matches!(answer(&source("https://id.example.com"), no_issuer), Err(MetadataError::Member(..))));
    }
}

#[test]
fn a_well_known_document_must_name_the_issuer_of_its_place() {
    let document =
        |url: &str, issuer: Option<&str>| MetadataSource::Document { url: url.into(), issuer: issuer.map(Into::into) };
    let place = "https://id.example.com/a/.well-known/openid-configuration";
    for issuer in ["https://id.example.com/a", "https://id.example.com/a/"] {
        assert!(answer(&document(place, None), json!({ "issuer": issuer })).is_ok(), "{issuer}");
    }
    assert!(answer(&document(place, None), json!({ "issuer": "https://id.example.com/b" })).is_err());
    // The settings may name another issuer, exactly.
    assert!(answer(&document(place, Some("https://x.example")), json!({ "issuer": "https://x.example" })).is_ok());
    assert!(
        answer(&document(place, Some("https://x.example")), json!({ "issuer": "https://id.example.com/a" })).is_err()
    );
    assert!(answer(&document("https://cdn.example/meta.json", None), json!({ "issuer": "https://x.example" })).is_ok());
}

#[test]
fn what_is_no_metadata_is_refused() {
    let of = |status, body: &str| response(&HttpResponse::new(status, body));
    assert_eq!(of(200, "<html>"), Err(MetadataError::NotAnObject(JsonError::default())));
    assert_eq!(of(200, r#"{"issuer":"https://a.example""#), Err(MetadataError::NotAnObject(JsonError::default())));
    assert_eq!(
        of(200, r#"{"issuer":"https://a.example","issuer":"https://b.example"}"#),
        Err(MetadataError::NotAnObject(JsonError { twice: Some("issuer".into()) }))
    );
    assert_eq!(of(500, "{}"), Err(MetadataError::Status(500)));
    assert_eq!(of(204, "{}"), Err(MetadataError::Status(204)));
}

#[test]
fn only_a_server_that_says_no_is_asked_elsewhere() {
    for (status, absent) in [(404, true), (410, true), (403, true), (429, false), (500, false), (200, false)] {
        assert_eq!(is_absent(&HttpResponse::new(status, "")), absent, "{status}");
    }
}

#[test]
fn hostile_endpoints_are_named() {
    for url in
        ["javascript:alert(1)", "/token", "http://id.example.com/t", "https://u:p@id.example.com/t", "https://x/#f"]
    {
        for name in
            ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint", "userinfo_endpoint"]
        {
            match assemble(json!({}), json!({ name: url })) {
                Err(MetadataError::Member(member, _)) => assert_eq!(member, name),
                other => panic!("{name} {url}: {other:?}"),
            }
        }
    }
    assert!(assemble(json!({}), json!({ "token_endpoint": 7 })).is_err());
    assert!(assemble(json!({}), json!({ "token_endpoint": "http://127.0.0.1:9/t" })).is_ok());
}

#[test]
fn an_empty_endpoint_is_an_absent_one() {
    let metadata =
        assemble(json!({}), json!({ "token_endpoint": "", "jwks_uri": "", "userinfo_endpoint": "" })).unwrap();
    assert_eq!(metadata.token_endpoint(), Err(MetadataError::NoTokenEndpoint));
    assert_eq!(metadata.jwks_uri(), Err(MetadataError::NoJwksUri));
    assert_eq!(metadata.userinfo_endpoint(), Err(MetadataError::NoEndpoint("userinfo_endpoint")));
}

#[test]
fn null_in_the_settings_takes_a_member_away() {
    let extra = json!({ "metadata": { "end_session_endpoint": null, "code_challenge_methods_supported": null } });
    let found =
        json!({ "end_session_endpoint": "https://x.example/out", "code_challenge_methods_supported": ["plain"] });
    let metadata = assemble(extra, found).unwrap();
    assert!(metadata.members().is_empty(), "{:?}", metadata.members());
}

#[test]
fn explicit_settings_win() {
    let extra = json!({
        "accessTokenUrl": "https://mine.example/token",
        "metadata": { "end_session_endpoint": "https://mine.example/logout" },
    });
    let found =
        json!({ "token_endpoint": "https://theirs.example/token", "end_session_endpoint": "https://theirs.example/x" });
    let metadata = assemble(extra, found).unwrap();
    assert_eq!(metadata.token_endpoint(), Ok("https://mine.example/token"));
    assert_eq!(metadata.end_session_endpoint(), Some("https://mine.example/logout"));
}

#[test]
fn a_provider_without_s256_is_refused_and_silence_is_not() {
    assert_eq!(
        assemble(json!({}), json!({ "code_challenge_methods_supported": ["plain"] })),
        Err(MetadataError::NotSupported("PKCE with S256"))
    );
    assert_eq!(
        assemble(json!({}), json!({ "code_challenge_methods_supported": [] })),
        Err(MetadataError::NotSupported("PKCE with S256"))
    );
    assert!(assemble(json!({}), json!({ "code_challenge_methods_supported": ["plain", "S256"] })).is_ok());
    assert!(assemble(json!({}), json!({})).is_ok());
}

#[test]
fn algorithms_are_the_intersection() {
    use SigningAlgorithm::{Ed25519, Es256, Rs256};
    let metadata =
        assemble(json!({}), json!({ "id_token_signing_alg_values_supported": ["none", "HS256", "RS256", "EdDSA"] }));
    assert_eq!(
        metadata.as_ref().unwrap().algorithms(Signed::IdToken, &[Es256, Rs256, Ed25519]),
        Ok(vec![Rs256, Ed25519])
    );
    let only_none = assemble(json!({}), json!({ "id_token_signing_alg_values_supported": ["none"] })).unwrap();
    assert_eq!(only_none.algorithms(Signed::IdToken, &SigningAlgorithm::ALL), Ok(vec![]));
}
