//! The one error type that leaves the crate. Stage errors live beside their stage and know facts; only this file knows the
//! stable codes, who is to blame, and what a developer can do.
//!
//! No message holds a code, token, verifier, nonce or state, and the provider's own words stay in their own fields.

mod code;
mod remedy;

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

pub use code::{Code, Kind, Phase};

use crate::ports::{CryptoError, HttpError, StorageError};
use crate::protocol::authorization_request::RequestError;
use crate::protocol::authorization_response::ResponseError;
use crate::protocol::http::HttpResponse;
use crate::protocol::id_token::ClaimError;
use crate::protocol::jose::JoseError;
use crate::protocol::metadata::MetadataError;
use crate::protocol::oauth_error::ProviderError;
use crate::protocol::settings::{ConfigError, Problem};
use crate::protocol::token::TokenError;
use crate::protocol::userinfo::UserinfoError;

/// Boxed, because every `Result` of a flow carries it and hardly any ever holds one.
#[derive(Clone, Debug)]
pub struct Error(Box<Facts>);

#[derive(Clone, Debug)]
pub struct Facts {
    pub code: Code,
    pub phase: Phase,
    /// Our own words; one sentence, no secret, nothing of the provider's.
    pub message: String,
    pub retryable: bool,
    /// The provider's own words, verbatim.
    pub provider: Option<ProviderError>,
    pub status: Option<u16>,
    pub client_name: Option<String>,
    /// JSON text.
    pub app_state: Option<String>,
    pub cause: Option<Cause>,
    /// What helps in this very place, where the sentence for the code does not.
    remedy: Option<Cow<'static, str>>,
}

/// What code outside this crate threw (a hook of the app, `fetch`), or another [`Error`] that is told beside. `Debug` does not look
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
        let retryable = matches!(code, Code::Network | Code::Timeout | Code::WasmLoadFailed);
        let message = message.into();
        Self(Box::new(Facts {
            code,
            phase,
            message,
            retryable,
            provider: None,
            status: None,
            client_name: None,
            app_state: None,
            cause: None,
            remedy: None,
        }))
    }

    /// What an HTTP status means does not depend on who answered: 5xx, 408, 425 and 429 may pass, the rest will not.
    fn http_status(status: u16, phase: Phase, message: String) -> Self {
        let mut error = Self::new(Code::HttpStatus, phase, message);
        error.status = Some(status);
        error.retryable = HttpResponse::is_passing_fault(status);
        error
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

    /// What the app's own code threw.
    pub fn caused_by(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// A remedy for this place. It stands instead of the sentence that [`remedy`] has for the code.
    pub fn with_remedy(mut self, remedy: impl Into<Cow<'static, str>>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// What a developer can do about it.
    pub fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref().or_else(|| remedy::of(self.code))
    }
}

/// `map_err(in_phase(Phase::Token))`
pub fn in_phase<E: Into<Error>>(phase: Phase) -> impl Fn(E) -> Error {
    move |error| error.into().in_phase(phase)
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        let code = match &error.problem {
            Problem::ClientSecret => Code::ClientSecretInBrowser,
            Problem::OAuth1 => Code::OAuth1Unsupported,
            Problem::FormPost => Code::FormPostUnsupported,
            Problem::Reserved => Code::ReservedParameter,
            Problem::RedirectUri(_) => Code::InvalidRedirectUri,
            Problem::Missing if error.key == "redirectUri" => Code::InvalidRedirectUri,
            _ => Code::ConfigInvalid,
        };
        Self::new(code, Phase::Config, error.describe())
    }
}

impl From<MetadataError> for Error {
    fn from(error: MetadataError) -> Self {
        let code = match &error {
            MetadataError::Status(status) => return Self::http_status(*status, Phase::Metadata, error.describe()),
            MetadataError::NotAnObject(_) | MetadataError::Member(..) => Code::InvalidMetadata,
            MetadataError::NoAlgorithm(_) => Code::UnsupportedAlgorithm,
            MetadataError::IssuerMismatch { .. } => Code::IssuerMismatch,
            MetadataError::NoAuthorizationEndpoint => Code::MissingAuthorizeUrl,
            MetadataError::NoTokenEndpoint => Code::MissingAccessTokenUrl,
            MetadataError::NoJwksUri => Code::MissingJwksUri,
            MetadataError::NotSupported(_) | MetadataError::NoEndpoint(_) => Code::NotSupportedByProvider,
        };
        let described = Self::new(code, Phase::Metadata, error.describe());
        match remedy::of_metadata(&error) {
            Some(remedy) => described.with_remedy(remedy),
            None => described,
        }
    }
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Config(error) => error.into(),
            RequestError::Metadata(error) => error.into(),
        }
    }
}

impl From<ResponseError> for Error {
    fn from(error: ResponseError) -> Self {
        let rejected = |code, message: &str| Self::new(code, Phase::Callback, message);
        match error {
            ResponseError::Duplicate(name) => rejected(
                Code::DuplicateParameter,
                &format!("The response has the parameter \"{name}\" more than once."),
            ),
            ResponseError::MissingIssuer => rejected(
                Code::MissingIssuer,
                "The provider promised an iss parameter in its response, but there is none.",
            ),
            ResponseError::IssuerMismatch => rejected(
                Code::IssuerMismatch,
                "The response comes from another issuer than the one this login began at.",
            ),
            ResponseError::MissingCode => rejected(Code::MissingCode, "The response has neither a code nor an error."),
            ResponseError::Refused(words) => {
                let mut error = Self::refused_login(&words.error, "The provider refused the login.");
                error.provider = Some(words);
                error
            }
            ResponseError::RefusedWithoutIssuer(code) => {
                let message =
                    "The provider refused the login, in a response without the iss parameter that it promised.";
                let beside = Self::from(ResponseError::MissingIssuer);
                Self::refused_login(code, message).caused_by(Cause(Rc::new(beside)))
            }
        }
    }
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        let (message, remedy) = (error.describe(), remedy::of_token(&error));
        let code = match error {
            TokenError::Refused(words, status) => {
                let mut refused = Self::new(Code::TokenRefused, Phase::Token, message);
                refused.provider = Some(words);
                refused.status = Some(status);
                return refused;
            }
            TokenError::Status(status) => return Self::http_status(status, Phase::Token, message),
            TokenError::Malformed(_) | TokenError::NotAnObject(_) => Code::InvalidTokenResponse,
            TokenError::TokenType => Code::UnsupportedTokenType,
            TokenError::MissingIdToken => Code::MissingIdToken,
        };
        let described = Self::new(code, Phase::Token, message);
        match remedy {
            Some(remedy) => described.with_remedy(remedy),
            None => described,
        }
    }
}

impl From<JoseError> for Error {
    fn from(error: JoseError) -> Self {
        let code = match &error {
            JoseError::Malformed(_) => Code::MalformedJwt,
            JoseError::Algorithm(_) => Code::UnsupportedAlgorithm,
            JoseError::Critical => Code::UnsupportedCriticalHeader,
            JoseError::KeySet => Code::InvalidJwks,
            JoseError::UnknownKey | JoseError::AmbiguousKey => Code::InvalidKeyId,
            JoseError::WeakKey(_) => Code::WeakKey,
            JoseError::Signature => Code::BadSignature,
        };
        Self::new(code, Phase::IdToken, error.describe())
    }
}

impl From<ClaimError> for Error {
    fn from(error: ClaimError) -> Self {
        Self::claim(&error, "id_token", Phase::IdToken)
    }
}

impl From<UserinfoError> for Error {
    fn from(error: UserinfoError) -> Self {
        let message = error.describe();
        match error {
            UserinfoError::Refused(words, status) => {
                let mut refused = Self::new(Code::UserinfoRefused, Phase::Userinfo, message);
                refused.provider = words;
                refused.status = Some(status);
                refused
            }
            UserinfoError::Status(status) => Self::http_status(status, Phase::Userinfo, message),
            UserinfoError::NotAnObject(_) => Self::new(Code::InvalidTokenResponse, Phase::Userinfo, message),
        }
    }
}

impl Error {
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
            Some(status) => format!("The token could not be revoked: HTTP {status}."),
            None => "The token could not be revoked.".into(),
        };
        error
    }

    /// A claim that is not what it must be, in what has the claims.
    pub fn claim(error: &ClaimError, what: &str, phase: Phase) -> Self {
        let code = match error {
            ClaimError::Missing(_) => Code::MissingClaim,
            ClaimError::Invalid(..) | ClaimError::TokenTarget(_) => Code::InvalidClaim,
            ClaimError::Expired(_) => Code::ExpiredToken,
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

    /// The token endpoint's answer to a refresh: a fault that may pass is no refusal, whatever words came with it.
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
        let (code, message) = match fault {
            HttpError::Network => (Code::Network, format!("The {what} could not be reached.")),
            HttpError::Timeout => (Code::Timeout, format!("The {what} did not answer in time.")),
            HttpError::TooLarge if phase == Phase::Metadata => {
                (Code::InvalidMetadata, format!("The {what} answered with too much."))
            }
            HttpError::TooLarge if phase == Phase::IdToken => {
                (Code::InvalidJwks, format!("The {what} answered with too much."))
            }
            HttpError::TooLarge => (Code::InvalidTokenResponse, format!("The {what} answered with too much.")),
        };
        let error = Self::new(code, phase, message);
        match (code, phase) {
            (Code::Network, Phase::Metadata) => error.with_remedy(remedy::NO_METADATA),
            _ => error,
        }
    }

    pub fn key_set_status(status: u16) -> Self {
        Self::http_status(status, Phase::IdToken, format!("The provider's keys could not be had: HTTP {status}."))
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        let (code, message) = match error {
            StorageError::Unavailable => {
                (Code::StorageUnavailable, "The browser does not let this page use sessionStorage.")
            }
            StorageError::Full => (Code::StorageFull, "sessionStorage is full."),
        };
        Self::new(code, Phase::Storage, message)
    }
}

impl From<CryptoError> for Error {
    fn from(error: CryptoError) -> Self {
        let code = match error {
            CryptoError::Key => Code::WeakKey,
            CryptoError::NotLoaded => Code::WasmLoadFailed,
            CryptoError::Random | CryptoError::Subtle | CryptoError::Algorithm(_) => Code::CryptoUnavailable,
        };
        Self::new(code, Phase::IdToken, error.describe())
    }
}
