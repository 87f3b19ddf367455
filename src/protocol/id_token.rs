//! The ID Token and its validation, step by step:
//! [OpenID Connect Core section 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation).

use std::fmt;

use super::base64url;
use super::jose::{CompactJws, SigningAlgorithm, VerifiedJws};
use super::json::{self, Object, Value};
use super::oauth_error::quoted;
use super::secret::Secret;
use super::text::decimal;
use super::time::UnixTime;

/// The values that an id_token is checked against. All of them were fixed before the token was asked for.
pub struct Expectations<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub trusted_audiences: &'a [String],
    /// The person, where the session has one.
    pub sub: Option<&'a str>,
    /// `None` where no nonce was sent.
    pub nonce: Option<&'a Secret>,
    pub allow_missing_nonce: bool,
    pub max_age: Option<u32>,
    pub essential_acr: Option<&'a [String]>,
    /// The access token, for `at_hash`.
    pub access_token: Option<&'a str>,
    /// Whether `access_token` is the hash itself: a worker has the token.
    pub is_hash: bool,
    pub now: UnixTime,
    pub clock_tolerance: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimError {
    Missing(&'static str),
    Invalid(&'static str, &'static str),
    /// An audience beside this client that the settings do not name.
    TokenTarget(String),
    /// Seconds since it expired, and seconds since it was issued, where that is longer than clocks may differ.
    Expired(i64, Option<i64>),
    /// The claim, and the seconds until it would be good.
    NotYetValid(&'static str, i64),
    Nonce,
    AtHash,
    /// Seconds since the user authenticated.
    AuthTimeTooOld(i64),
    AcrNotMet,
    /// The token is about another person than the user who signed in.
    Subject,
}

/// The age of a placeholder: a provider that has no time of the login sends 0 or another time that lies more than ten years back.
pub fn is_no_login(seconds_ago: i64) -> bool {
    seconds_ago > 10 * 365 * 86_400
}

impl ClaimError {
    /// `what` has the claims: an `id_token` or a `userinfo response`.
    pub fn describe(&self, what: &str) -> String {
        let alone = String::new;
        let (before, detail, after) = match self {
            Self::Missing(claim) => (" has no ", String::from(*claim), "."),
            Self::Invalid(claim, problem) => ("'s ", [*claim, *problem].join(" "), "."),
            Self::TokenTarget(audience) => ("'s aud has an audience that is not trusted: \"", quoted(audience), "\"."),
            Self::Expired(ago, None) => (" expired ", decimal(*ago), " s ago by this device's clock."),
            Self::Expired(ago, Some(age)) => (
                " expired ",
                [
                    &decimal(*ago),
                    "s ago by this device's clock. If it was issued just now, that clock is",
                    &decimal(*age),
                ]
                .join(" "),
                " s ahead of the provider's.",
            ),
            Self::NotYetValid("iat", ahead) => (
                "'s iat lies ",
                decimal(*ahead),
                " s in the future by this device's clock, so that clock is at least as much behind the provider's.",
            ),
            Self::NotYetValid(claim, ahead) => {
                ("'s ", [*claim, "lies", &decimal(*ahead)].join(" "), " s in the future by this device's clock.")
            }
            Self::Nonce => ("'s nonce is not the one of this login.", alone(), ""),
            Self::AtHash => ("'s at_hash does not belong to the access token.", alone(), ""),
            Self::AuthTimeTooOld(ago) if is_no_login(*ago) => {
                ("'s auth_time is not the time of a login: it lies more than ten years back.", alone(), "")
            }
            Self::AuthTimeTooOld(ago) => {
                let ago = decimal(*ago);
                return ["The user authenticated ", &ago, " s ago, longer than max_age allows."].concat();
            }
            Self::AcrNotMet => ("'s acr is none of those demanded.", alone(), ""),
            Self::Subject => (" is about somebody else than the user who signed in.", alone(), ""),
        };
        ["The ", what, before, &detail, after].concat()
    }
}

/// The values that a stored id_token is checked against, without the network.
pub struct Restoring<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub trusted_audiences: &'a [String],
    pub algorithms: &'a [SigningAlgorithm],
    /// For `at_hash`; `None` where another one has taken the place of that which the id_token came with.
    pub access_token: Option<&'a str>,
    pub is_hash: bool,
}

/// The claims of an id_token that passed every step. No `Deserialize`: the only makers are [`validate`] and, for a session
/// that was stored after validation, [`IdTokenClaims::restored`].
#[derive(Clone, PartialEq)]
pub struct IdTokenClaims {
    claims: Object,
}

/// The claims hold the nonce, and a person's data: `Debug` shows their names only.
impl fmt::Debug for IdTokenClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.claims.keys()).finish()
    }
}

impl IdTokenClaims {
    /// The one exception to "claims come from a verified token": the session's own record in this tab's storage. The signature was checked
    /// before it was written. The checks without a key are made again: that the id_token has the form of one, that its issuer, its subject
    /// and its audience fit, and that the claims beside it are its own. So a record cannot name one person and prove another.
    pub fn restored(stored: &Object, id_token: &Secret, expected: &Restoring) -> Option<Self> {
        let jws = CompactJws::parse(id_token.expose(), expected.algorithms).ok()?;
        let payload = base64url::decode(id_token.expose().split('.').nth(1)?)?;
        let claims = json::parse_object(&payload).ok()?;
        check_parties(&claims, expected.issuer, expected.client_id, expected.trusted_audiences).ok()?;
        let has_dates = ["exp", "iat"].iter().all(|name| matches!(date(&claims, name), Ok(Some(_))));
        let is_bound = expected.access_token.is_none_or(|token| {
            let computed = at_hash(jws.algorithm(), token, expected.is_hash);
            text(&claims, "at_hash").is_ok_and(|claimed| claimed.is_none_or(|claimed| claimed == computed))
        });
        (claims == *stored && has_dates && is_bound).then_some(Self { claims })
    }

    pub fn as_object(&self) -> &Object {
        &self.claims
    }
}

fn at_hash(algorithm: SigningAlgorithm, token: &str, is_hash: bool) -> String {
    if is_hash { token.to_owned() } else { algorithm.half_hash(token) }
}

/// Steps 1, 6, 7 and 8 (encryption, signature, algorithm, MAC) are behind us: a [`VerifiedJws`] exists only after them.
pub fn validate(jws: VerifiedJws, expected: &Expectations) -> Result<IdTokenClaims, ClaimError> {
    let at_hash = expected.access_token.map(|token| at_hash(jws.algorithm(), token, expected.is_hash));
    let claims = jws.into_payload();
    let parties = || check_parties(&claims, expected.issuer, expected.client_id, expected.trusted_audiences);

    // OIDC Core section 12.2. This check comes first: a token of this provider for this client that is about another person ends the
    // session, even if other claims of the token are wrong.
    if expected.sub.is_some_and(|sub| claims.get("sub").is_some_and(|claimed| claimed != sub)) && parties().is_ok() {
        return Err(ClaimError::Subject);
    }
    // Section 2: iss, sub, aud, exp and iat are REQUIRED.
    for name in ["iss", "sub", "aud", "exp", "iat"] {
        if claims.get(name).is_none_or(Value::is_null) {
            return Err(ClaimError::Missing(name));
        }
    }
    parties()?;
    // Step 9: the current time MUST be before exp. Step 10: iat may reject tokens issued too far from now. The future is refused; the
    // past is bounded by exp and nonce. RFC 7519 section 4.1.5: nbf in the same way.
    let tolerance = i64::from(expected.clock_tolerance);
    check_times(&claims, &["iat", "nbf"], expected.now, tolerance)?;
    // IPSIE SL1 OpenID Connect Profile: the end of the session at this client. A date that cannot be read would be an end that never comes.
    // Both dates are of the provider's clock.
    let issued = date(&claims, "iat")?;
    if date(&claims, "session_expiry")?.is_some_and(|end| Some(end) <= issued) {
        return Err(ClaimError::Invalid("session_expiry", "is not after iat"));
    }
    // Step 11: the nonce MUST be the one that was sent.
    match (expected.nonce, claims.get("nonce")) {
        (None, _) => {}
        (Some(_), None | Some(Value::Null)) if expected.allow_missing_nonce => {}
        (Some(_), None | Some(Value::Null)) => return Err(ClaimError::Missing("nonce")),
        (Some(sent), Some(Value::String(nonce))) if sent.matches(nonce) => {}
        (Some(_), Some(_)) => return Err(ClaimError::Nonce),
    }
    // Step 12: where acr was asked for as essential, the value must be one of those.
    // A claim that no check was asked to rely on (acr, amr, auth_time, email_verified, …) may be anything.
    if let Some(values) = expected.essential_acr
        && !text(&claims, "acr")?.is_some_and(|acr| values.iter().any(|value| value == acr))
    {
        return Err(ClaimError::AcrNotMet);
    }
    // Step 13: where max_age was asked for, auth_time must be there and recent enough.
    if let Some(max_age) = expected.max_age {
        let auth_time = date(&claims, "auth_time")?.ok_or(ClaimError::Missing("auth_time"))?;
        // A time in the future would count as recent for too long.
        check_past(&claims, "auth_time", expected.now, tolerance)?;
        let age = expected.now.since(auth_time);
        if age > i64::from(max_age).saturating_add(tolerance) {
            return Err(ClaimError::AuthTimeTooOld(age));
        }
    }
    // Section 3.1.3.8: at_hash is optional in this flow; where it is present it must fit.
    if let Some(computed) = at_hash
        && text(&claims, "at_hash")?.is_some_and(|claimed| claimed != computed)
    {
        return Err(ClaimError::AtHash);
    }
    Ok(IdTokenClaims { claims })
}

/// Refuses claims whose `exp` is over, and claims with a date in the future among those that `past` names. A date that is absent passes: a
/// caller that needs one asks for it first.
pub fn check_times(claims: &Object, past: &[&'static str], now: UnixTime, tolerance: i64) -> Result<(), ClaimError> {
    if let Some(exp) = date(claims, "exp")?
        && now.since(exp) >= tolerance
    {
        let age = date(claims, "iat").ok().flatten().map(|iat| now.since(iat)).filter(|age| *age > tolerance);
        return Err(ClaimError::Expired(now.since(exp), age));
    }
    past.iter().try_for_each(|name| check_past(claims, name, now, tolerance))
}

fn check_past(claims: &Object, name: &'static str, now: UnixTime, tolerance: i64) -> Result<(), ClaimError> {
    let ahead = date(claims, name)?.map_or(0, |at| at.since(now));
    if ahead > tolerance { Err(ClaimError::NotYetValid(name, ahead)) } else { Ok(()) }
}

/// Checks the issuer, the subject and the audience.
fn check_parties(
    claims: &Object,
    issuer: &str,
    client_id: &str,
    trusted_audiences: &[String],
) -> Result<(), ClaimError> {
    // Step 2: iss MUST exactly match the issuer.
    if text(claims, "iss")? != Some(issuer) {
        return Err(ClaimError::Invalid("iss", "is not the expected issuer"));
    }
    // Section 2: sub MUST NOT exceed 255 ASCII characters.
    if !text(claims, "sub")?.is_some_and(|sub| (1..=255).contains(&sub.len())) {
        return Err(ClaimError::Invalid("sub", "must have 1 to 255 bytes"));
    }
    // Step 3: aud MUST contain our client_id, and no audience we do not trust.
    check_audience(claims, client_id, trusted_audiences)?;
    // Steps 4 and 5: an azp, where there is one, is our client_id. That one be present beside several audiences is not
    // demanded: each further audience was already trusted by name.
    if text(claims, "azp")?.is_some_and(|azp| azp != client_id) {
        return Err(ClaimError::Invalid("azp", "is not this client"));
    }
    Ok(())
}

/// The claim `aud`: one audience, or a list of them.
pub fn audiences(claims: &Object) -> Result<Vec<&str>, ClaimError> {
    let mut audiences = Vec::new();
    let list = match claims.get("aud") {
        None => &[],
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    for audience in list {
        audiences.push(audience.as_str().ok_or(ClaimError::Invalid("aud", "is not a string or a list of strings"))?);
    }
    Ok(audiences)
}

fn check_audience(claims: &Object, client_id: &str, trusted_audiences: &[String]) -> Result<(), ClaimError> {
    let audiences = audiences(claims)?;
    if !audiences.contains(&client_id) {
        return Err(ClaimError::Invalid("aud", "does not contain this client"));
    }
    let is_trusted =
        |audience: &str| audience == client_id || trusted_audiences.iter().any(|trusted| trusted == audience);
    match audiences.into_iter().find(|audience| !is_trusted(audience)) {
        Some(stranger) => Err(ClaimError::TokenTarget(stranger.to_owned())),
        None => Ok(()),
    }
}

fn text<'a>(claims: &'a Object, name: &'static str) -> Result<Option<&'a str>, ClaimError> {
    json::optional_text(claims, name).map_err(|_| ClaimError::Invalid(name, "is not a string"))
}

/// A date among the claims; absent is fine, anything but seconds is not.
fn date(claims: &Object, name: &'static str) -> Result<Option<UnixTime>, ClaimError> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match UnixTime::from_numeric_date(value) {
            Some(date) => Ok(Some(date)),
            None => Err(ClaimError::Invalid(name, "is not a date in seconds")),
        },
    }
}

#[cfg(test)]
#[path = "id_token_tests.rs"]
mod tests;
