//! The one error type that leaves the crate. Stage errors live beside their stage and know facts; only this file knows the
//! stable codes, who is to blame, and what a developer can do.
//!
//! No message holds a code, token, verifier, nonce or state, and the provider's own words stay in their own fields.

use crate::ports::{CryptoError, HttpError, StorageError};
use crate::protocol::authorization_request::RequestError;
use crate::protocol::authorization_response::ResponseError;
use crate::protocol::id_token::ClaimError;
use crate::protocol::jose::JoseError;
use crate::protocol::metadata::MetadataError;
use crate::protocol::oauth_error::ProviderError;
use crate::protocol::settings::{ConfigError, Problem};
use crate::protocol::token::TokenError;

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The developer: fix the call or the settings.
    Usage,
    /// Nobody, perhaps: network, storage, browser.
    Environment,
    /// The provider said no.
    Refused,
    /// This client refused what it was given.
    Rejected,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Environment => "environment",
            Self::Refused => "refused",
            Self::Rejected => "rejected",
        }
    }
}

macro_rules! codes {
    ($($kind:ident { $($code:ident = $text:literal,)* })*) => {
        /// The stable codes of the contract. They are never renamed and never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($($code,)*)* }

        impl Code {
            pub const ALL: &[Self] = &[$($(Self::$code,)*)*];

            pub fn as_str(self) -> &'static str {
                match self { $($(Self::$code => $text,)*)* }
            }

            pub fn kind(self) -> Kind {
                match self { $($(Self::$code)|* => Kind::$kind,)* }
            }
        }
    };
}

codes! {
    Usage {
        ConfigInvalid = "config_invalid",
        ClientExists = "client_exists",
        ClientSecretInBrowser = "client_secret_in_browser",
        OAuth1Unsupported = "oauth1_unsupported",
        FormPostUnsupported = "form_post_unsupported",
        MissingAuthorizeUrl = "missing_authorize_url",
        MissingAccessTokenUrl = "missing_access_token_url",
        MissingJwksUri = "missing_jwks_uri",
        ReservedParameter = "reserved_parameter",
        InvalidRedirectUri = "invalid_redirect_uri",
        EndSessionNotSupported = "end_session_not_supported",
        NotSupportedByProvider = "not_supported_by_provider",
    }
    Environment {
        StorageUnavailable = "storage_unavailable",
        StorageFull = "storage_full",
        Network = "network",
        Timeout = "timeout",
        Aborted = "aborted",
        CryptoUnavailable = "crypto_unavailable",
        HttpStatus = "http_status",
    }
    Refused {
        AuthorizationRefused = "authorization_refused",
        TokenRefused = "token_refused",
        LoginRequired = "login_required",
        InteractionRequired = "interaction_required",
    }
    Rejected {
        MissingState = "missing_state",
        MismatchingState = "mismatching_state",
        InvalidState = "invalid_state",
        ExpiredState = "expired_state",
        MissingCode = "missing_code",
        DuplicateParameter = "duplicate_parameter",
        IssuerMismatch = "issuer_mismatch",
        MissingIssuer = "missing_issuer",
        InvalidMetadata = "invalid_metadata",
        InvalidJwks = "invalid_jwks",
        InvalidTokenResponse = "invalid_token_response",
        UnsupportedTokenType = "unsupported_token_type",
        MissingIdToken = "missing_id_token",
        MalformedJwt = "malformed_jwt",
        UnsupportedAlgorithm = "unsupported_algorithm",
        UnsupportedCriticalHeader = "unsupported_critical_header",
        InvalidKeyId = "invalid_key_id",
        WeakKey = "weak_key",
        BadSignature = "bad_signature",
        MissingClaim = "missing_claim",
        InvalidClaim = "invalid_claim",
        ExpiredToken = "expired_token",
        TokenNotYetValid = "token_not_yet_valid",
        NonceMismatch = "nonce_mismatch",
        AtHashMismatch = "at_hash_mismatch",
        AuthTimeTooOld = "auth_time_too_old",
        AcrNotMet = "acr_not_met",
    }
}

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Config,
    Metadata,
    Authorize,
    Callback,
    Token,
    IdToken,
    Logout,
    Storage,
}

impl Phase {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Metadata => "metadata",
            Self::Authorize => "authorize",
            Self::Callback => "callback",
            Self::Token => "token",
            Self::IdToken => "id_token",
            Self::Logout => "logout",
            Self::Storage => "storage",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Error {
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
}

impl Error {
    pub fn new(code: Code, phase: Phase, message: impl Into<String>) -> Self {
        let retryable = matches!(code, Code::Network | Code::Timeout);
        Self {
            code,
            phase,
            message: message.into(),
            retryable,
            provider: None,
            status: None,
            client_name: None,
            app_state: None,
        }
    }

    /// What an HTTP status means does not depend on who answered: 5xx and 429 may pass, the rest will not.
    fn http_status(status: u16, phase: Phase, message: String) -> Self {
        let retryable = status >= 500 || status == 429;
        Self { status: Some(status), retryable, ..Self::new(Code::HttpStatus, phase, message) }
    }

    pub fn in_phase(self, phase: Phase) -> Self {
        Self { phase, ..self }
    }

    pub fn of_client(self, name: &str) -> Self {
        Self { client_name: Some(self.client_name.unwrap_or_else(|| name.to_owned())), ..self }
    }

    pub fn with_app_state(self, app_state: Option<&str>) -> Self {
        Self { app_state: self.app_state.or_else(|| app_state.map(String::from)), ..self }
    }

    /// What a developer can do about it.
    pub fn remedy(&self) -> Option<&'static str> {
        remedy(self.code)
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
            MetadataError::NotAnObject | MetadataError::Member(..) => Code::InvalidMetadata,
            MetadataError::IssuerMismatch { .. } => Code::IssuerMismatch,
            MetadataError::NoAuthorizationEndpoint => Code::MissingAuthorizeUrl,
            MetadataError::NoTokenEndpoint => Code::MissingAccessTokenUrl,
            MetadataError::NoJwksUri => Code::MissingJwksUri,
            MetadataError::NoS256 => Code::NotSupportedByProvider,
        };
        Self::new(code, Phase::Metadata, error.describe())
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
            ResponseError::Duplicate(name) => {
                rejected(Code::DuplicateParameter, &format!("The response has the parameter \"{name}\" more than once."))
            }
            ResponseError::MissingIssuer => {
                rejected(Code::MissingIssuer, "The provider promised an iss parameter in its response, but there is none.")
            }
            ResponseError::IssuerMismatch => {
                rejected(Code::IssuerMismatch, "The response comes from another issuer than the one this login began at.")
            }
            ResponseError::MissingCode => rejected(Code::MissingCode, "The response has neither a code nor an error."),
            ResponseError::Refused(words) => {
                // OIDC Core section 3.1.2.6 for the first four, RFC 6749 section 4.1.2.1 for the last two.
                let code = match words.error.as_str() {
                    "login_required" => Code::LoginRequired,
                    "interaction_required" | "consent_required" | "account_selection_required" => Code::InteractionRequired,
                    _ => Code::AuthorizationRefused,
                };
                let retryable = matches!(words.error.as_str(), "temporarily_unavailable" | "server_error");
                let error = rejected(code, "The provider refused the login.");
                Self { provider: Some(words), retryable, ..error }
            }
        }
    }
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        let message = error.describe();
        let code = match error {
            TokenError::Refused(words, status) => {
                let refused = Self::new(Code::TokenRefused, Phase::Token, message);
                return Self { provider: Some(words), status: Some(status), ..refused };
            }
            TokenError::Status(status) => return Self::http_status(status, Phase::Token, message),
            TokenError::Malformed(_) => Code::InvalidTokenResponse,
            TokenError::TokenType => Code::UnsupportedTokenType,
            TokenError::MissingIdToken => Code::MissingIdToken,
        };
        Self::new(code, Phase::Token, message)
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
        let code = match &error {
            ClaimError::Missing(_) => Code::MissingClaim,
            ClaimError::Invalid(..) => Code::InvalidClaim,
            ClaimError::Expired(_) => Code::ExpiredToken,
            ClaimError::NotYetValid(..) => Code::TokenNotYetValid,
            ClaimError::Nonce => Code::NonceMismatch,
            ClaimError::AtHash => Code::AtHashMismatch,
            ClaimError::AuthTimeTooOld(_) => Code::AuthTimeTooOld,
            ClaimError::AcrNotMet => Code::AcrNotMet,
        };
        Self::new(code, Phase::IdToken, error.describe())
    }
}

impl Error {
    /// A port's HTTP fault; `what` was asked, `phase` says for what.
    pub fn http(fault: HttpError, phase: Phase, what: &str) -> Self {
        let (code, message) = match fault {
            HttpError::Network => (Code::Network, format!("The {what} could not be reached.")),
            HttpError::Timeout => (Code::Timeout, format!("The {what} did not answer in time.")),
            HttpError::TooLarge if phase == Phase::Metadata => (Code::InvalidMetadata, format!("The {what} answered with too much.")),
            HttpError::TooLarge if phase == Phase::IdToken => (Code::InvalidJwks, format!("The {what} answered with too much.")),
            HttpError::TooLarge => (Code::InvalidTokenResponse, format!("The {what} answered with too much.")),
        };
        Self::new(code, phase, message)
    }

    pub fn key_set_status(status: u16) -> Self {
        Self::http_status(status, Phase::IdToken, format!("The provider's keys could not be had: HTTP {status}."))
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        let (code, message) = match error {
            StorageError::Unavailable => (Code::StorageUnavailable, "The browser does not let this page use sessionStorage."),
            StorageError::Full => (Code::StorageFull, "sessionStorage is full."),
        };
        Self::new(code, Phase::Storage, message)
    }
}

impl From<CryptoError> for Error {
    fn from(error: CryptoError) -> Self {
        let code = if error == CryptoError::Key { Code::WeakKey } else { Code::CryptoUnavailable };
        Self::new(code, Phase::IdToken, error.describe())
    }
}

fn remedy(code: Code) -> Option<&'static str> {
    use Code::*;
    Some(match code {
        ConfigInvalid => "Correct the named setting; the README lists all of them.",
        ClientExists => "Choose another name, or pass { overwrite: true }.",
        ClientSecretInBrowser => {
            "Remove it and register the app as a public client with PKCE; for a provider that demands a value all the same, the setting insecureClientSecret is planned."
        }
        OAuth1Unsupported => "Use a provider that speaks OAuth 2.0, or keep this one on a server.",
        FormPostUnsupported => "Use responseMode \"query\" or \"fragment\".",
        MissingAuthorizeUrl => "Set issuer, serverMetadataUrl or authorizeUrl.",
        MissingAccessTokenUrl => "Set issuer, serverMetadataUrl or accessTokenUrl.",
        MissingJwksUri => "Set metadata.jwks_uri or jwks, or drop the scope openid.",
        ReservedParameter => "Leave it out: the client sets it. Use appState to carry data, maxAge and scope for those parameters.",
        InvalidRedirectUri => "Give the absolute URL that is registered at the provider, e.g. new URL(\"/callback\", location.origin).",
        EndSessionNotSupported => "Pass { fallback: \"local\" } to sign out of this page only.",
        NotSupportedByProvider => "Ask the provider's operator to enable PKCE with S256.",
        StorageUnavailable => "Ask the user to allow site data for this page; a login cannot be completed safely without it.",
        StorageFull => "Free some of this origin's sessionStorage.",
        Network => {
            "Check the connection, that the provider runs, that it allows this origin by CORS, and that the page's Content-Security-Policy lists it in connect-src."
        }
        Timeout => "Try again, or raise requestTimeout.",
        Aborted => return None,
        CryptoUnavailable => "Serve the page over https or from localhost: browsers offer WebCrypto only there.",
        HttpStatus => "See status; the provider's log will say more.",
        AuthorizationRefused => "See error and error_description; offer the user another try.",
        TokenRefused => "See error and error_description; start a new login.",
        LoginRequired => "Start a login without prompt \"none\".",
        InteractionRequired => "Start a login without prompt \"none\" so that the user can answer.",
        MissingState | MismatchingState => "This page did not ask for this response in this tab; start a new login.",
        InvalidState | ExpiredState => "Start again: a response is good once and for ten minutes.",
        IssuerMismatch => "Compare the issuer setting with the provider's, to the letter, slashes included; otherwise treat it as an attack.",
        InvalidMetadata => "Check the issuer or serverMetadataUrl; the provider's document does not follow the specification.",
        InvalidKeyId | BadSignature => "The provider's keys and tokens do not fit together; if it persists, ask its operator.",
        ExpiredToken | TokenNotYetValid => "Check the clock of this device and of the provider; clockTolerance allows up to 300 seconds.",
        UnsupportedAlgorithm => "Have the provider sign with one of idTokenSigningAlgs (RS, PS, ES or EdDSA).",
        AuthTimeTooOld | AcrNotMet => "Start a new login so that the user authenticates as demanded.",
        _ => "Start a new login; if it persists, the provider does not follow the specification.",
    })
}
