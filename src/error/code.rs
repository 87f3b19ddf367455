//! The stable words of every error: its code, who has to act, and what was being done.

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
        MissingToken = "missing_token",
        OriginNotAllowed = "origin_not_allowed",
    }
    Environment {
        WasmLoadFailed = "wasm_load_failed",
        StorageUnavailable = "storage_unavailable",
        StorageFull = "storage_full",
        Network = "network",
        Timeout = "timeout",
        Aborted = "aborted",
        CryptoUnavailable = "crypto_unavailable",
        HttpStatus = "http_status",
        PageLeaving = "page_leaving",
        PageStayed = "page_stayed",
    }
    Refused {
        AuthorizationRefused = "authorization_refused",
        TokenRefused = "token_refused",
        RefreshRefused = "refresh_refused",
        UserinfoRefused = "userinfo_refused",
        LoginRequired = "login_required",
        InteractionRequired = "interaction_required",
    }
    Rejected {
        MissingState = "missing_state",
        MismatchingState = "mismatching_state",
        InvalidState = "invalid_state",
        InvalidSession = "invalid_session",
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
        SubjectMismatch = "subject_mismatch",
        TokenExpired = "token_expired",
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
    Userinfo,
    Refresh,
    Logout,
    /// A request to an API.
    Request,
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
            Self::Userinfo => "userinfo",
            Self::Refresh => "refresh",
            Self::Logout => "logout",
            Self::Request => "request",
            Self::Storage => "storage",
        }
    }
}
