//! The token request and its answer ([RFC 6749 sections 4.1.3, 5.1 and 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3),
//! RFC 7636 section 4.5), and the token as it is kept.

use super::authorization_response::CodeGrant;
use super::config::ClientConfig;
use super::credential::{self, Credential};
use super::http::{HttpRequest, HttpResponse};
use super::json::{self, JsonError, Object, Value, put_value};
use super::oauth_error::ProviderError;
use super::record::Members;
use super::secret::Secret;
use super::text::{contains, decimal, whole};
use super::time::UnixTime;
use super::uri;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// The provider refused, with or without a fitting status.
    Refused(ProviderError, u16),
    /// An HTTP error without OAuth words.
    Status(u16),
    Malformed(&'static str),
    NotAnObject(JsonError),
    TokenType,
    /// OIDC Core section 3.1.3.3: a token response to a request with `openid` has an id_token.
    MissingIdToken,
}

impl TokenError {
    pub fn describe(&self) -> String {
        match self {
            Self::Refused(..) => "The provider refused the token request.".into(),
            Self::Status(status) => ["The token endpoint answered with HTTP ", &decimal(*status), "."].concat(),
            Self::Malformed(why) => ["The token response is not acceptable: ", why, "."].concat(),
            Self::NotAnObject(why) => ["The token response is not acceptable: it ", &why.describe(), "."].concat(),
            Self::TokenType => "The token response has a token_type other than Bearer.".into(),
            Self::MissingIdToken => "The scope openid was asked for, but no id_token came.".into(),
        }
    }
}

/// Redeems a code. A POST form without any header of our own is a CORS "simple request": no preflight.
pub fn code_request(token_endpoint: &str, config: &ClientConfig, grant: &CodeGrant) -> HttpRequest {
    let mut form = config.form(&[
        ("grant_type", "authorization_code"),
        ("code", grant.code.expose()),
        ("redirect_uri", &grant.transaction().redirect_uri),
        ("code_verifier", grant.code_verifier.expose()),
    ]);
    form.extend(uri::as_texts(&config.access_token_params));
    HttpRequest::post_form(token_endpoint, form)
}

/// The id_token that an answer must, may or must not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdTokenRule {
    /// OIDC Core section 3.1.3.3: the answer to a code that `openid` was asked for.
    Required,
    /// OIDC Core section 12.2: the answer to a refresh may have one.
    Optional,
    /// Plain OAuth 2.0: an id_token that was not asked for is dropped.
    Dropped,
}

impl IdTokenRule {
    pub fn of_login(scope: &[String]) -> Self {
        if ClientConfig::is_openid(scope) { Self::Required } else { Self::Dropped }
    }
}

/// A token response that is well formed. Its id_token has not been looked at.
#[derive(Clone, Debug)]
pub struct TokenResponse {
    pub token: Token,
    /// The id_token, taken out of the token until it is verified.
    pub id_token: Option<Secret>,
}

/// A token as it is kept. `Debug` shows no secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub access_token: Secret,
    pub token_type: String,
    pub expires_at: Option<UnixTime>,
    pub scope: Option<String>,
    pub refresh_token: Option<Secret>,
    /// The id_token, which was verified.
    pub id_token: Option<Secret>,
    /// Members of the answer that this client does not know, handed through.
    pub extra: Extra,
}

/// Unknown members may be secrets of a provider's own (`device_secret`, …): `Debug` shows their names only.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(pub Object);

impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The longest life is sixty-eight years. A longer life is a mistake, as are NaN, infinity and a negative life.
const MAX_LIFETIME: u32 = 2_147_483_647;
/// Tokens of real providers reach some kilobytes; sessionStorage holds five megabytes for all.
const MAX_TOKEN: usize = 128 * 1024;

pub const NO_ACCESS_TOKEN: &str = "it has no access_token";
pub const NO_TOKEN_TYPE: &str = "it has no token_type";
const REFRESH_TOKEN: &str = "refresh_token";

/// Reads the answer to [`code_request`] or to a refresh. `scope` is what was asked for: RFC 6749 section 5.1 lets the provider leave it out
/// where it granted just that.
pub fn response(
    response: &HttpResponse,
    now: UnixTime,
    scope: &[String],
    rule: IdTokenRule,
) -> Result<TokenResponse, TokenError> {
    let body = response.json_object();
    // Section 5.2. Some providers refuse with status 200; an answer with an `error` is never a token.
    if let Some(refusal) = body.as_ref().ok().and_then(ProviderError::from_json) {
        return Err(TokenError::Refused(refusal, response.status));
    }
    if !response.is_success() {
        return Err(TokenError::Status(response.status));
    }
    let mut body = body.map_err(TokenError::NotAnObject)?;
    if body.remove("error").is_some_and(|error| json::is_present(&error)) {
        return Err(TokenError::Malformed("it has an error that is not a string"));
    }
    let access_token = take_token(&mut body, "access_token", "its access_token is not a string of visible characters")?;
    let access_token = access_token.ok_or(TokenError::Malformed(NO_ACCESS_TOKEN))?;
    let token_type = match body.remove("token_type") {
        Some(Value::String(name)) if credential::is_token_type(&name) => name,
        Some(Value::String(_)) => return Err(TokenError::TokenType),
        _ => return Err(TokenError::Malformed(NO_TOKEN_TYPE)),
    };
    let expires_at = match body.get("expires_in").filter(|value| json::is_present(value)) {
        None => None,
        Some(value) => {
            Some(now.plus(lifetime(value).ok_or(TokenError::Malformed("its expires_in is no number of seconds"))?))
        }
    };
    let granted = match body.remove("scope").filter(json::is_present) {
        None => None,
        // Any characters of the refresh token are harmless, and a refused answer may lose a rotated refresh token.
        Some(Value::String(granted)) => Some(granted),
        Some(_) => return Err(TokenError::Malformed("its scope is not a string")),
    };
    let refresh_token =
        take_token(&mut body, REFRESH_TOKEN, "its refresh_token is not a string of visible characters")?;
    // The reader of the JWS checks the characters and the length of the id_token. Plain OAuth 2.0 does not use one.
    let id_token =
        body.remove("id_token").filter(|id_token| rule != IdTokenRule::Dropped && json::is_present(id_token));
    let id_token = match id_token {
        None => None,
        Some(Value::String(text)) => Some(Secret::new(text)),
        Some(_) => return Err(TokenError::Malformed("its id_token is not a string")),
    };
    let id_token = match rule {
        IdTokenRule::Required => Some(id_token.ok_or(TokenError::MissingIdToken)?),
        IdTokenRule::Optional | IdTokenRule::Dropped => id_token,
    };
    // These two names are this client's to give; a provider's member of that name must not pass for a checked value.
    body.remove("expires_at");
    body.remove("userinfo");
    let scope = granted.or_else(|| (!scope.is_empty()).then(|| scope.join(" ")));
    let token =
        Token { access_token, token_type, expires_at, scope, refresh_token, id_token: None, extra: Extra(body) };
    Ok(TokenResponse { token, id_token })
}

/// The refresh token of a success, for where the answer is refused for what stands beside it: the provider has rotated all the same.
pub fn rotated(response: &HttpResponse) -> Option<Secret> {
    let text = json::lone_text(json::without_byte_order_mark(&response.body), REFRESH_TOKEN)
        .filter(|_| response.is_success())?;
    is_token(REFRESH_TOKEN, &text).then(|| Secret::new(text))
}

/// A token that the app brings itself (`fetchToken`), in the shape of the contract's `Token`. Its end is `expires_at`, else `expires_in`,
/// else unknown.
pub fn given(token: Value, now: UnixTime) -> Result<Token, TokenError> {
    let Value::Object(mut members) = token else { return Err(TokenError::Malformed("it is no object")) };
    let access_token =
        take_token(&mut members, "access_token", "its access_token is not a string of visible characters")?;
    let access_token = access_token.ok_or(TokenError::Malformed("it has no access_token"))?;
    match members.get("token_type").filter(|name| json::is_present(name)) {
        None => {}
        Some(Value::String(name)) if credential::is_token_type(name) => {}
        Some(_) => return Err(TokenError::TokenType),
    }
    let expires_at = members.get("expires_at").and_then(UnixTime::from_numeric_date);
    let expires_in = || members.get("expires_in").and_then(lifetime).map(|seconds| now.plus(seconds));
    Ok(Token {
        access_token,
        token_type: credential::TOKEN_TYPE.into(),
        expires_at: expires_at.or_else(expires_in),
        scope: None,
        refresh_token: None,
        id_token: None,
        extra: Extra::default(),
    })
}

/// RFC 6749 appendix A.12: tokens are visible ASCII. A line break in one could smuggle a header. An access token goes into one, where RFC
/// 6750 section 2.1 allows no spaces either: a token of spaces alone would be sent as an empty one.
fn take_token(body: &mut Object, name: &str, problem: &'static str) -> Result<Option<Secret>, TokenError> {
    match body.remove(name).filter(json::is_present) {
        None => Ok(None),
        Some(Value::String(text)) if is_token(name, &text) => Ok(Some(Secret::new(text))),
        Some(_) => Err(TokenError::Malformed(problem)),
    }
}

fn is_token(name: &str, text: &str) -> bool {
    let has_its_characters = is_printable(text) && (name != "access_token" || !contains(text, " "));
    (1..=MAX_TOKEN).contains(&text.len()) && has_its_characters
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

/// Seconds; some providers write the number as a string.
fn lifetime(value: &Value) -> Option<u32> {
    let seconds = match value {
        Value::String(text) => whole(text)?,
        value => u32::try_from(value.as_number()?.floor()?).ok()?,
    };
    (seconds <= MAX_LIFETIME).then_some(seconds)
}

impl Token {
    pub fn credential(&self) -> Credential {
        Credential::Bearer(self.access_token.clone())
    }

    /// The members that this client knows; `null` for a member that the token has not.
    fn own_members(&self) -> Object {
        let mut members = Object::new();
        put_value(&mut members, "access_token", &self.access_token.expose());
        put_value(&mut members, "token_type", &self.token_type);
        put_value(&mut members, "expires_at", &self.expires_at.map(|at| at.0));
        put_value(&mut members, "scope", &self.scope);
        put_value(&mut members, "refresh_token", &self.refresh_token.as_ref().map(Secret::expose));
        put_value(&mut members, "id_token", &self.id_token.as_ref().map(Secret::expose));
        members
    }

    /// The form for storage. The provider's own members stay apart, so that they cannot pass for members of this client.
    pub fn to_record(&self) -> Value {
        let mut record = self.own_members();
        put_value(&mut record, "extra", &self.extra.0);
        Value::Object(record)
    }

    /// As strict about tokens as when they came.
    pub fn from_record(record: &Value) -> Option<Self> {
        let record = Members::of(record)?;
        let token = Self {
            access_token: record.secret("access_token"),
            token_type: record.text("token_type"),
            expires_at: record.optional_date("expires_at"),
            scope: record.optional_text("scope"),
            refresh_token: record.optional_secret("refresh_token"),
            // The length of an id_token has its own limit: the code that restores the claims checks it as a JWS.
            id_token: record.optional_secret("id_token"),
            extra: Extra(record.optional_object("extra").unwrap_or_default()),
        };
        let is_good = is_token("access_token", token.access_token.expose())
            && credential::is_token_type(&token.token_type)
            && token.refresh_token.as_ref().is_none_or(|refresh| is_token(REFRESH_TOKEN, refresh.expose()));
        record.sound(token).filter(|_| is_good)
    }

    /// The contract's `Token`, for JavaScript: the provider's unknown members first, so that ours always win.
    pub fn to_json(&self, claims: Option<&Object>) -> Object {
        let mut members = self.extra.0.clone();
        let mut own = self.own_members();
        put_value(&mut own, "userinfo", &claims);
        own.retain(|_, value| !value.is_null());
        members.extend(own);
        members
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
