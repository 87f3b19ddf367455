//! The conversion of each stage error to an [`Error`]: its code, its phase, its message, and further details.

use std::rc::Rc;

use super::{Cause, Code, Error, Phase, remedy};
use crate::ports::{CryptoError, StorageError};
use crate::protocol::authorization_request::RequestError;
use crate::protocol::authorization_response::ResponseError;
use crate::protocol::id_token::ClaimError;
use crate::protocol::jose::JoseError;
use crate::protocol::logout::StateWithoutReturn;
use crate::protocol::metadata::MetadataError;
use crate::protocol::saved_request::Changed;
use crate::protocol::token::TokenError;
use crate::protocol::userinfo::UserinfoError;
use crate::settings::mistake::{ConfigError, Problem};

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
        let openid = Problem::Expected("used with the scope openid: only an id_token can prove it");
        let (key, problem) = match error {
            RequestError::Metadata(error) => return error.into(),
            RequestError::NoRedirectUri => ("redirectUri", Problem::Missing),
            RequestError::MaxAgeWithoutOpenid => ("maxAge", openid),
            RequestError::AcrWithoutOpenid => ("essentialAcr", openid),
        };
        ConfigError::new(key, problem).into()
    }
}

impl From<StateWithoutReturn> for Error {
    fn from(_: StateWithoutReturn) -> Self {
        let what = "given together with postLogoutRedirectUri: nothing else brings it back";
        ConfigError::new("state", Problem::Expected(what)).into()
    }
}

impl From<Changed> for Error {
    fn from(part: Changed) -> Self {
        let key = match part {
            Changed::Url => "url",
            Changed::State => "state",
            Changed::Nonce => "nonce",
            Changed::CodeVerifier => "codeVerifier",
        };
        ConfigError::new(key, Problem::Expected("what createAuthorizationUrl returned, unchanged")).into()
    }
}

impl From<ResponseError> for Error {
    fn from(error: ResponseError) -> Self {
        let rejected = |code, message: &str| Self::new(code, Phase::Callback, message);
        match error {
            ResponseError::Duplicate(name) => rejected(
                Code::DuplicateParameter,
                &["The response has the parameter \"", name, "\" more than once."].concat(),
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
