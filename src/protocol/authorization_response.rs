//! The authorization response ([RFC 6749 section 4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)) and the logout
//! response, as they stand in the address bar; with the issuer check of
//! [RFC 9207 section 2.4](https://www.rfc-editor.org/rfc/rfc9207#section-2.4).

use super::config::ResponseMode;
use super::form;
use super::oauth_error::ProviderError;
use super::pkce::CodeVerifier;
use super::secret::Secret;
use super::text::contains;
use super::transaction::LoginTransaction;
use super::uri;

/// The parameters that a provider may put into a response. They are removed from the address bar, and one that stands there twice is an
/// error.
const PARAMETERS: [&str; 7] = ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"];
/// The parameters that a code flow never brings. In a response to this client, an attacker has added them: this client does not read them,
/// and removes them before other code of the page does.
const SMUGGLED: [&str; 3] = ["access_token", "refresh_token", "id_token"];
/// A URL of a browser is at most 2 MB; an honest response is a few kilobytes.
pub(super) const MAX_RESPONSE: usize = 64 * 1024;

/// The parameters of a URL that may be a response. They are not checked yet.
#[derive(Clone)]
pub struct RedirectResponse {
    mode: ResponseMode,
    params: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseError {
    /// RFC 6749 section 3.1: parameters must not be included more than once.
    Duplicate(&'static str),
    MissingIssuer,
    IssuerMismatch,
    MissingCode,
    Refused(ProviderError),
    /// A refusal without the issuer that was promised: the registered code that it has. Its words may be of another provider.
    RefusedWithoutIssuer(&'static str),
}

/// Refusals that a provider may answer with: RFC 6749 section 4.1.2.1, and OIDC Core section 3.1.2.6.
const REGISTERED: [&str; 16] = [
    "invalid_request",
    "unauthorized_client",
    "access_denied",
    "unsupported_response_type",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "interaction_required",
    "login_required",
    "account_selection_required",
    "consent_required",
    "invalid_request_uri",
    "invalid_request_object",
    "request_not_supported",
    "request_uri_not_supported",
    "registration_not_supported",
];

impl RedirectResponse {
    /// The candidates in a URL: its query and its fragment, where they have a `state`.
    pub fn read(url: &str) -> Vec<Self> {
        let (_, query, fragment) = uri::split(url);
        let mut candidates = Vec::new();
        for (mode, encoded) in [(ResponseMode::Query, query), (ResponseMode::Fragment, fragment)] {
            let params = form::decode(encoded.filter(|encoded| encoded.len() <= MAX_RESPONSE).unwrap_or_default());
            if form::value(&params, "state").is_some() {
                candidates.push(Self { mode, params });
            }
        }
        candidates
    }

    pub fn mode(&self) -> ResponseMode {
        self.mode
    }

    /// Every `state` it has: more than one is an error, but whose error depends on whether one of them is ours.
    pub fn states(&self) -> impl Iterator<Item = &str> {
        self.params.iter().filter(|(name, _)| name == "state").map(|(_, value)| value.as_str())
    }

    pub fn reject_duplicates(&self) -> Result<(), ResponseError> {
        match PARAMETERS.iter().find(|name| self.params.iter().filter(|(key, _)| key == *name).count() > 1) {
            Some(name) => Err(ResponseError::Duplicate(name)),
            None => Ok(()),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        form::value(&self.params, name)
    }

    /// A response of our state, and not of the issuer that was promised. A provider that forgets `iss` in its errors is common; the code of
    /// the refusal may be told, because a refusal has no effect, and an attacker who knows the state could refuse without `iss` anyway.
    fn without_issuer(&self) -> ResponseError {
        let is_error_alone = self.get("code").is_none_or(str::is_empty);
        let error = self.get("error").filter(|_| is_error_alone);
        let registered = REGISTERED.into_iter().find(|registered| Some(*registered) == error);
        registered.map_or(ResponseError::MissingIssuer, ResponseError::RefusedWithoutIssuer)
    }

    /// Judges the response against the transaction its state named, and gives the code inseparable from its verifier.
    pub fn accept(&self, transaction: LoginTransaction) -> Result<CodeGrant, ResponseError> {
        self.reject_duplicates()?;
        // RFC 9207 section 2.4, before anything else of the response is used: errors are bound to the issuer, too.
        match (self.get("iss"), &transaction.issuer) {
            (Some(iss), Some(issuer)) if !may_be_of(iss, issuer) => return Err(ResponseError::IssuerMismatch),
            (None, _) if transaction.iss_promised => return Err(self.without_issuer()),
            // A provider configured without an issuer has nothing to compare with; it has promised nothing either.
            _ => {}
        }
        // RFC 6749 section 4.1.2.1.
        if let Some(words) = ProviderError::read(|name| self.get(name)) {
            return Err(ResponseError::Refused(words));
        }
        let code = self.get("code").filter(|code| !code.is_empty()).ok_or(ResponseError::MissingCode)?;
        let code_verifier =
            CodeVerifier::parse(transaction.code_verifier.expose()).ok_or(ResponseError::MissingCode)?;
        let named_issuer = self.get("iss").map(String::from);
        let session_state = self.get("session_state").filter(|state| is_session_state(state)).map(String::from);
        Ok(CodeGrant { code: Secret::new(code), code_verifier, transaction, named_issuer, session_state })
    }
}

/// A provider of many tenants publishes a template (`https://login.example/{tenantid}/v2.0`). The claims of the id_token decide the issuer
/// that follows from it; until then the response must at least come from its host.
fn may_be_of(iss: &str, issuer: &str) -> bool {
    iss == issuer || contains(issuer, "{") && uri::is_same_origin(iss, issuer)
}

/// OpenID Connect Session Management 1.0 section 2: the value has no space, which parts it from the client id in the question.
fn is_session_state(state: &str) -> bool {
    !state.is_empty() && !contains(state, " ")
}

/// The URL without the response of this state, and without tokens: every other byte of query and fragment is kept. Parameters in the other
/// place with the same state were added by an attacker: this client does not read them, and removes them, too.
pub fn without_response(url: &str, mode: ResponseMode, state: &str) -> String {
    let (path, query, fragment) = uri::split(url);
    let mut url = path.to_owned();
    for (mark, part_mode, part) in [('?', ResponseMode::Query, query), ('#', ResponseMode::Fragment, fragment)] {
        let Some(part) = part else { continue };
        let is_smuggled = || form::decode(part).iter().any(|(name, value)| name == "state" && value == state);
        let is_response = part_mode == mode || is_smuggled();
        let mut kept = uri::without_params(part, &SMUGGLED);
        if is_response {
            kept = uri::without_params(&kept, &PARAMETERS);
        }
        if !kept.is_empty() || part.is_empty() && !is_response {
            url.push(mark);
            url.push_str(&kept);
        }
    }
    url
}

/// A code that may be redeemed: it came in a response that was accepted against the transaction it belongs to.
pub struct CodeGrant {
    pub(super) code: Secret,
    pub(super) code_verifier: CodeVerifier,
    transaction: LoginTransaction,
    named_issuer: Option<String>,
    session_state: Option<String>,
}

impl CodeGrant {
    /// The values that the id_token is checked against.
    pub fn transaction(&self) -> &LoginTransaction {
        &self.transaction
    }

    /// The state of the person's session at the provider ([OpenID Connect Session Management
    /// 1.0](https://openid.net/specs/openid-connect-session-1_0.html) section 2).
    pub fn session_state(&self) -> Option<&str> {
        self.session_state.as_deref()
    }

    /// Whether the response named this issuer, or named no issuer.
    pub fn is_from(&self, issuer: Option<&str>) -> bool {
        self.named_issuer.is_none() || issuer.is_none() || self.named_issuer.as_deref() == issuer
    }
}

#[cfg(test)]
#[path = "authorization_response_tests.rs"]
mod tests;
