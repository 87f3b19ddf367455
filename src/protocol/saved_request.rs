//! `saveAuthorizeData`: an authorization URL that `createAuthorizationUrl` made comes back to be remembered. The URL itself gives every
//! value that the callback is checked against, so the record cannot differ from the request.

use super::config::{ClientConfig, ResponseMode};
use super::form;
use super::json::{self, Object, Value};
use super::metadata::ServerMetadata;
use super::pkce::CodeVerifier;
use super::secret::Secret;
use super::text::whole;
use super::transaction::LoginTransaction;
use super::uri::Uri;

/// What `createAuthorizationUrl` returned and the page hands back.
pub struct SavedRequest {
    pub url: String,
    pub state: String,
    pub nonce: Option<String>,
    pub code_verifier: String,
}

/// The part that differs from the result of `createAuthorizationUrl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Url,
    State,
    Nonce,
    CodeVerifier,
}

pub fn read(
    client: &str,
    config: &ClientConfig,
    metadata: &ServerMetadata,
    saved: SavedRequest,
) -> Result<LoginTransaction, Changed> {
    let SavedRequest { url, state, nonce, code_verifier } = saved;
    // The code and verifier of a URL for another provider would go to this provider.
    if !metadata.authorization_endpoint().is_ok_and(|endpoint| is_request_to(endpoint, &url)) {
        return Err(Changed::Url);
    }
    let query = Uri::parse(&url).ok().and_then(|uri| uri.query).ok_or(Changed::Url)?;
    let query = form::decode(query);
    let value = |name: &str| form::value(&query, name);
    let verifier = CodeVerifier::parse(&code_verifier).ok_or(Changed::CodeVerifier)?;
    if value("state") != Some(&state) {
        return Err(Changed::State);
    }
    if value("nonce") != nonce.as_deref() {
        return Err(Changed::Nonce);
    }
    if value("code_challenge") != Some(&verifier.challenge_s256()) || value("code_challenge_method") != Some("S256") {
        return Err(Changed::CodeVerifier);
    }
    let redirect_uri = value("redirect_uri").ok_or(Changed::Url)?;
    let scope: Vec<String> = value("scope").unwrap_or_default().split_ascii_whitespace().map(String::from).collect();
    if value("client_id") != Some(&config.client_id) || ClientConfig::is_openid(&scope) != nonce.is_some() {
        return Err(Changed::Url);
    }
    Ok(LoginTransaction {
        client: client.to_owned(),
        client_id: config.client_id.clone(),
        state: Secret::new(state),
        code_verifier: Secret::new(code_verifier),
        redirect_uri: redirect_uri.to_owned(),
        response_mode: if value("response_mode") == Some("fragment") {
            ResponseMode::Fragment
        } else {
            ResponseMode::Query
        },
        issuer: metadata.issuer().map(String::from),
        place: config.place().map(String::from),
        iss_promised: metadata.promises_iss_parameter(),
        nonce: nonce.map(Secret::new),
        scope,
        max_age: value("max_age").map(|text| whole(text).ok_or(Changed::Url)).transpose()?,
        essential_acr: essential_acr(value("claims")).ok_or(Changed::Url)?,
        app_state: None,
    })
}

/// Parameters were appended to the endpoint as it is, with a query of its own or without.
fn is_request_to(endpoint: &str, url: &str) -> bool {
    let is_joint = |rest: &str| rest.starts_with(['?', '&']) || endpoint.ends_with(['?', '&']);
    url.strip_prefix(endpoint).is_some_and(is_joint)
}

/// The acr values that the `claims` parameter calls essential; the outer `None` when the parameter cannot be read.
fn essential_acr(claims: Option<&str>) -> Option<Option<Vec<String>>> {
    let Some(claims) = claims else { return Some(None) };
    let claims: Object = json::parse_object(claims.as_bytes()).ok()?;
    let acr = claims.get("id_token").and_then(|id_token| id_token.get("acr"));
    Some(match acr {
        Some(acr) if acr.get("essential") == Some(&Value::Bool(true)) => acr.get("values").and_then(json::string_list),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::authorization_request::{AuthorizationRequest, LoginEntropy};
    use crate::protocol::json::json;
    use crate::settings::{client, params};

    fn made() -> (ClientConfig, ServerMetadata, AuthorizationRequest) {
        let settings = json!({
            "clientId": "spa", "scope": "openid email", "redirectUri": "https://app.example/cb", "responseMode": "fragment",
            "metadata": {
                "issuer": "https://id.example.com", "authorization_endpoint": "https://id.example.com/auth",
                "token_endpoint": "https://id.example.com/token", "jwks_uri": "https://id.example.com/jwks",
            },
        });
        let config = client::parse(settings).unwrap();
        let metadata = ServerMetadata::assemble(&config, Object::new()).unwrap();
        let params = json!({ "maxAge": 60, "acrValues": "gold", "essentialAcr": true });
        let params = params::authorize(params, Default::default()).unwrap();
        let entropy = LoginEntropy { state: [1; 32], nonce: [2; 32], code_verifier: [3; 32] };
        let request = AuthorizationRequest::build("demo", &config, &metadata, params, entropy).unwrap();
        (config, metadata, request)
    }

    fn data(request: &AuthorizationRequest) -> Value {
        json!({
            "url": request.url,
            "state": request.transaction.state.expose(),
            "nonce": request.transaction.nonce.as_ref().map(Secret::expose),
            "codeVerifier": request.transaction.code_verifier.expose(),
        })
    }

    #[test]
    fn what_was_made_is_remembered_whole() {
        let (config, metadata, request) = made();
        let saved = params::save_authorize_data(data(&request)).unwrap();
        assert_eq!(read("demo", &config, &metadata, saved), Ok(request.transaction));
    }

    #[test]
    fn what_was_changed_is_refused() {
        let (config, metadata, request) = made();
        for (key, value) in [
            ("state", json!("another")),
            ("nonce", json!("another")),
            ("nonce", json!(null)),
            ("codeVerifier", json!("x".repeat(43))),
            ("codeVerifier", json!("short")),
            ("url", json!("https://id.example.com/auth")),
            ("url", json!(request.url.replace("id.example.com", "other.example"))),
            ("url", json!(request.url.replace("/auth?", "/auth2?"))),
            ("url", json!("nonsense")),
            ("url", json!(null)),
            ("extra", json!(1)),
        ] {
            let mut changed = data(&request);
            changed[key] = value.clone();
            let saved = params::save_authorize_data(changed);
            let is_refused = saved.map_or(true, |saved| read("demo", &config, &metadata, saved).is_err());
            assert!(is_refused, "{key} {value}");
        }
    }
}
