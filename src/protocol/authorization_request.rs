//! The authorization request ([RFC 6749 section 4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1),
//! [OIDC Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest), RFC 7636 section 4.3).

use super::text::decimal;
use std::fmt;

use super::base64url;
use super::config::{ClientConfig, ResponseMode};
use super::id_token_hint::IdTokenHint;
use super::json::{Object, Value, json};
use super::metadata::{MetadataError, ServerMetadata};
use super::pkce::CodeVerifier;
use super::secret::Secret;
use super::transaction::{LoginTransaction, Way};
use super::uri::append_query;

/// The parameters of one login, as `settings/params/authorize.rs` has checked them.
#[derive(Clone, Default)]
pub struct AuthorizeParams {
    pub way: Way,
    pub redirect_uri: Option<String>,
    pub scope: Option<Vec<String>>,
    pub max_age: Option<u32>,
    pub acr_values: Option<Vec<String>>,
    pub essential_acr: bool,
    pub claims: Option<Object>,
    pub resource: Option<Vec<String>>,
    pub id_token_hint: IdTokenHint,
    /// The id_token of the session at hand, for a login that must not ask the person anything.
    pub stored_id_token: Option<Secret>,
    /// The plain parameters, by wire name.
    pub plain: Vec<(&'static str, String)>,
    pub extra: Vec<(String, String)>,
}

/// The parameters hold an id_token and values of the app: `Debug` shows only names.
impl fmt::Debug for AuthorizeParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra = self.extra.iter().map(|(name, _)| name.as_str());
        f.debug_set().entries(self.plain.iter().map(|(name, _)| *name).chain(extra)).finish()
    }
}

/// Many servers take no URL beyond 8 KiB. A login without a hint is better than a login that no server reads.
const MAX_STORED_HINT: usize = 6 * 1024;

/// The random octets of one login; fresh ones for each.
pub struct LoginEntropy {
    pub state: [u8; 32],
    pub nonce: [u8; 32],
    pub code_verifier: [u8; 32],
}

#[derive(Clone)]
pub struct AuthorizationRequest {
    pub url: String,
    pub transaction: LoginTransaction,
}

/// The URL holds state and nonce: it stays out of `Debug`.
impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest").field("transaction", &self.transaction).finish_non_exhaustive()
    }
}

/// The reason why a request cannot be made: its parameters, or the provider's metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    NoRedirectUri,
    /// Only an id_token can prove that `max_age` was heeded.
    MaxAgeWithoutOpenid,
    /// Only an id_token can prove that the acr is one of those demanded.
    AcrWithoutOpenid,
    Metadata(MetadataError),
}

impl From<MetadataError> for RequestError {
    fn from(error: MetadataError) -> Self {
        Self::Metadata(error)
    }
}

impl AuthorizationRequest {
    pub fn build(
        client: &str,
        config: &ClientConfig,
        metadata: &ServerMetadata,
        mut params: AuthorizeParams,
        entropy: LoginEntropy,
    ) -> Result<Self, RequestError> {
        let endpoint = metadata.authorization_endpoint()?;
        metadata.token_endpoint()?;
        if metadata.requires_pushed_requests() {
            let what = "authorization requests that are not pushed (RFC 9126), and this client pushes none";
            return Err(MetadataError::NotSupported(what).into());
        }
        let of_way = match params.way {
            Way::Redirect => &None,
            Way::Popup => &config.popup_redirect_uri,
            Way::Silent => &config.silent_redirect_uri,
        };
        let configured = of_way.as_ref().or(config.redirect_uri.as_ref());
        let redirect_uri = params.redirect_uri.take().or_else(|| configured.cloned());
        let redirect_uri = redirect_uri.ok_or(RequestError::NoRedirectUri)?;
        let scope = params.scope.take().unwrap_or_else(|| config.scope.clone());
        let is_openid = ClientConfig::is_openid(&scope);
        if is_openid {
            // The issuer and the keys that an id_token is checked against must be known before the page leaves.
            metadata.required_issuer()?;
            if config.jwks.is_none() {
                metadata.jwks_uri()?;
            }
            metadata.check_algorithms(&config.id_token_signing_algs)?;
        } else if params.max_age.is_some() {
            return Err(RequestError::MaxAgeWithoutOpenid);
        } else if params.essential_acr {
            return Err(RequestError::AcrWithoutOpenid);
        }
        let code_verifier = CodeVerifier::from_random(entropy.code_verifier);
        let transaction = LoginTransaction {
            client: client.to_owned(),
            client_id: config.client_id.clone(),
            state: Secret::new([&*base64url::encode(&entropy.state), params.way.mark()].concat()),
            code_verifier: Secret::new(code_verifier.expose()),
            redirect_uri,
            response_mode: config.response_mode,
            issuer: metadata.issuer().map(String::from),
            place: config.place().map(String::from),
            iss_promised: metadata.promises_iss_parameter(),
            nonce: is_openid.then(|| Secret::new(base64url::encode(&entropy.nonce))),
            scope,
            max_age: params.max_age,
            essential_acr: params.acr_values.clone().filter(|_| params.essential_acr),
            app_state: None,
        };
        let url = url(endpoint, config, params, &transaction, &code_verifier.challenge_s256());
        Ok(Self { url, transaction })
    }
}

/// The URL of the request, with the parameters in a fixed order: the protocol's own, then registered ones, then those of the call, where the
/// later wins.
fn url(
    endpoint: &str,
    config: &ClientConfig,
    params: AuthorizeParams,
    transaction: &LoginTransaction,
    code_challenge: &str,
) -> String {
    let mut query = Query(Vec::new());
    let scope = transaction.scope.join(" ");
    query.set("response_type", Some("code"));
    query.set("client_id", Some(&config.client_id));
    query.set("redirect_uri", Some(&transaction.redirect_uri));
    query.set("scope", Some(&*scope).filter(|scope| !scope.is_empty()));
    query.set("state", Some(transaction.state.expose()));
    query.set("nonce", transaction.nonce.as_ref().map(Secret::expose));
    query.set("code_challenge", Some(code_challenge));
    query.set("code_challenge_method", Some("S256"));
    query.set("response_mode", (transaction.response_mode == ResponseMode::Fragment).then_some("fragment"));
    for (name, value) in config.authorize_params.iter().chain(&params.extra) {
        query.set(name, Some(value));
    }
    for (name, value) in &params.plain {
        query.set(name, Some(value));
    }
    // OIDC Core section 3.1.2.1: with prompt=none an id_token_hint SHOULD be present. The hint is the id_token of the session at hand.
    let wants_stored = query.get("prompt") == Some("none") && query.get("id_token_hint").is_none();
    let is_short = |id_token: &&Secret| id_token.expose().len() <= MAX_STORED_HINT;
    let stored = params.stored_id_token.as_ref().filter(|_| wants_stored).filter(is_short);
    let hint = params.id_token_hint.or_stored(stored);
    let max_age = params.max_age.map(decimal);
    let acr_values = params.acr_values.as_ref().map(|values| values.join(" "));
    let claims = claims_parameter(params.claims, transaction.essential_acr.as_ref());
    query.set("id_token_hint", hint.as_ref().map(Secret::expose));
    query.set("max_age", max_age.as_deref());
    query.set("acr_values", acr_values.as_deref());
    query.set("claims", claims.as_deref());
    // RFC 8707 section 2: `resource` is the one parameter that may stand more than once.
    for resource in params.resource.as_ref().unwrap_or(&config.resource) {
        query.0.push(("resource", resource));
    }
    append_query(endpoint, query.0)
}

/// The parameters of a query, in their order.
struct Query<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Query<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(taken, _)| *taken == name).map(|(_, value)| *value)
    }

    /// Puts a value in the place of the parameter's earlier value, or behind all parameters; `None` changes nothing.
    #[inline(never)]
    fn set(&mut self, name: &'a str, value: Option<&'a str>) {
        let Some(value) = value else { return };
        match self.0.iter_mut().find(|(taken, _)| *taken == name) {
            Some((_, place)) => *place = value,
            None => self.0.push((name, value)),
        }
    }
}

/// OIDC Core section 5.5.1.1: an essential acr is asked for in the `claims` parameter; `acr_values` alone is a wish.
fn claims_parameter(claims: Option<Object>, essential_acr: Option<&Vec<String>>) -> Option<String> {
    let Some(values) = essential_acr else { return Some(claims?.to_text()) };
    let mut claims = claims.unwrap_or_default();
    let mut id_token = match claims.remove("id_token") {
        Some(Value::Object(id_token)) => id_token,
        _ => Object::new(),
    };
    id_token.put("acr", json!({ "essential": true, "values": values }));
    claims.put("id_token", Value::Object(id_token));
    Some(claims.to_text())
}

#[cfg(test)]
#[path = "authorization_request_tests.rs"]
mod tests;
