//! The one error type that leaves the crate. The errors of a stage stand beside that stage and hold facts. Only this folder has the stable
//! codes, the kind of each error, and its remedy.
//!
//! No message holds a code, token, verifier, nonce or state, and the provider's own words stay in their own fields.

mod code;
mod convert;
mod remedy;

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

pub use code::{Code, Kind, Phase};

use crate::ports::HttpError;
use crate::protocol::http::HttpResponse;
use crate::protocol::id_token::ClaimError;
use crate::protocol::oauth_error::ProviderError;
use crate::protocol::text::decimal;
use crate::protocol::token::TokenError;

/// Boxed, because every `Result` of a flow carries it and hardly any ever holds one.
#[derive(Clone, Debug)]
pub struct Error(Box<Facts>);

#[derive(Clone, Debug)]
pub struct Facts {
    pub code: Code,
    pub phase: Phase,
    /// One sentence of this client, without a secret and without words of the provider.
    pub message: String,
    pub retryable: bool,
    /// The provider's own words, verbatim.
    pub provider: Option<ProviderError>,
    pub status: Option<u16>,
    pub client_name: Option<String>,
    /// JSON text.
    pub app_state: Option<String>,
    pub cause: Option<Cause>,
    /// A remedy for this error, where the sentence for the code does not help.
    remedy: Option<Cow<'static, str>>,
}

/// A value that code outside this crate threw (a hook of the app, `fetch`), or another [`Error`] beside this one. `Debug` does not look
/// inside.
#[derive(Clone)]
pub struct Cause(pub Rc<dyn Any>);

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cause")
    }
}

impl Deref for Error {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}

impl Error {
    pub fn new(code: Code, phase: Phase, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Facts {
            code,
            phase,
            message,
            retryable: code.is_retryable(),
            provider: None,
            status: None,
            client_name: None,
            app_state: None,
            cause: None,
            remedy: None,
        }))
    }

    /// The meaning of an HTTP status is the same at every endpoint: 5xx, 408, 425 and 429 may pass, other statuses will not.
    fn http_status(status: u16, phase: Phase, message: String) -> Self {
        let mut error = Self::new(Code::HttpStatus, phase, message);
        error.status = Some(status);
        error.retryable = HttpResponse::is_passing_fault(status);
        error
    }

    /// OIDC Core section 3.1.2.6 for the first four words, RFC 6749 section 4.1.2.1 for the last two.
    fn refused_login(word: &str, message: &str) -> Self {
        let code = match word {
            "login_required" => Code::LoginRequired,
            "interaction_required" | "consent_required" | "account_selection_required" => Code::InteractionRequired,
            _ => Code::AuthorizationRefused,
        };
        let mut error = Self::new(code, Phase::Callback, message);
        error.retryable = matches!(word, "temporarily_unavailable" | "server_error");
        error
    }

    /// The revocation endpoint's answer.
    pub fn revocation(error: TokenError) -> Self {
        let mut error = Self::from(error);
        if error.code == Code::TokenRefused {
            error = error.with_remedy(
                "See error and error_description. Some providers deny revocation to public clients: allow it for this client at the provider, or sign out with logoutRedirect, which needs no revocation.",
            );
        }
        error.message = match error.status {
            Some(status) => ["The token could not be revoked: HTTP ", &decimal(status), "."].concat(),
            None => "The token could not be revoked.".into(),
        };
        error
    }

    /// The error of a wrong claim; `what` names the document that has the claims.
    pub fn claim(error: &ClaimError, what: &str, phase: Phase) -> Self {
        let code = match error {
            ClaimError::Missing(_) => Code::MissingClaim,
            ClaimError::Invalid(..) | ClaimError::TokenTarget(_) => Code::InvalidClaim,
            ClaimError::Expired(..) => Code::ExpiredToken,
            ClaimError::NotYetValid(..) => Code::TokenNotYetValid,
            ClaimError::Nonce => Code::NonceMismatch,
            ClaimError::AtHash => Code::AtHashMismatch,
            ClaimError::AuthTimeTooOld(_) => Code::AuthTimeTooOld,
            ClaimError::AcrNotMet => Code::AcrNotMet,
            ClaimError::Subject => Code::SubjectMismatch,
        };
        let described = Self::new(code, phase, error.describe(what));
        match remedy::of_claim(error) {
            Some(remedy) => described.with_remedy(remedy),
            None => described,
        }
    }

    /// The error of the token endpoint's answer to a refresh. A fault that may pass is no refusal, even if the answer has the words of one.
    pub fn refresh(error: TokenError) -> Self {
        match error {
            TokenError::Refused(words, status) if HttpResponse::is_passing_fault(status) => {
                let mut error = Self::from(TokenError::Status(status)).in_phase(Phase::Refresh);
                error.provider = Some(words);
                error
            }
            TokenError::Refused(words, status) => Self::refresh_refused(status, Some(words)),
            TokenError::Status(status) if HttpResponse::is_refusal(status) => Self::refresh_refused(status, None),
            other => Self::from(other).in_phase(Phase::Refresh),
        }
    }

    fn refresh_refused(status: u16, words: Option<ProviderError>) -> Self {
        let mut refused = Self::new(Code::RefreshRefused, Phase::Refresh, "The provider refused the refresh token.");
        refused.provider = words;
        refused.status = Some(status);
        refused
    }

    /// A port's HTTP fault; `what` was asked, `phase` says for what.
    pub fn http(fault: HttpError, phase: Phase, what: &str) -> Self {
        let too_large = match phase {
            Phase::Metadata => Code::InvalidMetadata,
            Phase::IdToken => Code::InvalidJwks,
            _ => Code::InvalidTokenResponse,
        };
        let (code, failed) = match fault {
            HttpError::Network => (Code::Network, " could not be reached."),
            HttpError::Timeout => (Code::Timeout, " did not answer in time."),
            HttpError::TooLarge => (too_large, " answered with too much."),
        };
        let error = Self::new(code, phase, ["The ", what, failed].concat());
        match (code, phase) {
            (Code::Network, Phase::Metadata) => error.with_remedy(remedy::NO_METADATA),
            _ => error,
        }
    }

    pub fn key_set_status(status: u16) -> Self {
        Self::http_status(
            status,
            Phase::IdToken,
            ["The provider's keys could not be had: HTTP ", &decimal(status), "."].concat(),
        )
    }

    pub fn in_phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    pub fn of_client(mut self, name: &str) -> Self {
        self.client_name.get_or_insert_with(|| name.to_owned());
        self
    }

    pub fn with_app_state(mut self, app_state: Option<&str>) -> Self {
        if self.app_state.is_none() {
            self.app_state = app_state.map(String::from);
        }
        self
    }

    /// The error of a value that the app's own code threw.
    pub fn caused_by(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// A remedy for this place. It stands instead of the sentence that the table has for the code.
    pub fn with_remedy(mut self, remedy: impl Into<Cow<'static, str>>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The remedy: an action for the developer.
    pub fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref().or(Some(self.code.remedy())).filter(|remedy| !remedy.is_empty())
    }
}

/// `map_err(in_phase(Phase::Token))`
pub fn in_phase<E: Into<Error>>(phase: Phase) -> impl Fn(E) -> Error {
    move |error| error.into().in_phase(phase)
}
