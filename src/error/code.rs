//! The stable words of every error: its code, its kind, its remedy, and its phase.

/// The kind of an error: the party that has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The developer: fix the call or the settings.
    Usage,
    /// The environment (network, storage, browser): the fault may pass by itself.
    Environment,
    /// The provider refused.
    Refused,
    /// This client refused a response or a value that it was given.
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
    ($($kind:ident { $($code:ident = $text:literal $($retryable:ident)?: $remedy:expr;)* })*) => {
        /// The stable codes of the contract. They are never renamed and never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($($code,)*)* }

        impl Code {
            pub const ALL: &[Self] = &[$($(Self::$code,)*)*];

            fn row(self) -> &'static Row {
                match self {
                    $($(Self::$code => const { &Row {
                        text: $text, kind: Kind::$kind, is_retryable: false $(|| $retryable)?, remedy: $remedy,
                    } },)*)*
                }
            }
        }
    };
}

/// The entry of the table for a code.
struct Row {
    text: &'static str,
    kind: Kind,
    is_retryable: bool,
    remedy: &'static str,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        self.row().text
    }

    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// Whether the same call may succeed later, unless the error itself says so.
    pub fn is_retryable(self) -> bool {
        self.row().is_retryable
    }

    /// The remedy, an action for the developer; empty where no action helps.
    pub fn remedy(self) -> &'static str {
        self.row().remedy
    }
}

const RETRYABLE: bool = true;
const START_AGAIN: &str = "Start a new login. If the error persists, the provider does not follow the specification.";

// The table of the codes: the kind, the code, whether it is retryable, and the remedy. The anchor in docs/errors.md is the code itself.
// tests/codes.rs compares the table with the declarations, the error class, the page and the contract.
codes! {
    Usage {
        ConfigInvalid = "config_invalid":
            "Correct the setting or parameter that the message names; docs/settings.md lists every setting.";
        ClientExists = "client_exists": "Choose another name, or pass { overwrite: true }.";
        ClientSecretInBrowser = "client_secret_in_browser":
            "Remove the secret and register the app as a public client with PKCE. If the provider demands a secret of public clients, use the setting insecureClientSecret.";
        OAuth1Unsupported = "oauth1_unsupported": "Use a provider with OAuth 2.0, or use this provider on a server.";
        FormPostUnsupported = "form_post_unsupported": "Use responseMode \"query\" or \"fragment\".";
        MissingAuthorizeUrl = "missing_authorize_url": "Set issuer, serverMetadataUrl or authorizeUrl.";
        MissingAccessTokenUrl = "missing_access_token_url": "Set issuer, serverMetadataUrl or accessTokenUrl.";
        MissingJwksUri = "missing_jwks_uri": "Set metadata.jwks_uri or jwks, or drop the scope openid.";
        ReservedParameter = "reserved_parameter":
            "Remove the parameter: the client sets it. Use appState to carry data, and the options maxAge and scope for the parameters of these names.";
        InvalidRedirectUri = "invalid_redirect_uri":
            "Give the absolute URL that is registered at the provider, for example new URL(\"/callback\", location.origin).";
        EndSessionNotSupported = "end_session_not_supported":
            "Pass { fallback: \"local\" } where a sign-out of this app is enough.";
        NotSupportedByProvider = "not_supported_by_provider":
            "Ask the operator of the provider to enable the feature that the message names, or set its URL in metadata.";
        MissingToken = "missing_token":
            "Start a login first.";
        OriginNotAllowed = "origin_not_allowed":
            "Add the API's origin to apiOrigins, or pass { withholdToken: true } to send no token.";
    }
    Environment {
        WasmLoadFailed = "wasm_load_failed" RETRYABLE:
            "Check that the server serves the folder verifier/ of the package beside its JavaScript (or pass the URL of its .wasm file as the option verifierWasm), and that the page's Content-Security-Policy allows 'wasm-unsafe-eval' in script-src and the place of the file in connect-src.";
        WorkerLoadFailed = "worker_load_failed" RETRYABLE: "Serve worker.js of the package from the origin of the page, or give the URL of a copy as workerUrl.";
        StorageUnavailable = "storage_unavailable":
            "Ask the user to allow site data for this page; without site data the client cannot complete a login safely.";
        StorageFull = "storage_full": "Free some of the sessionStorage of this origin.";
        Network = "network" RETRYABLE:
            "Check the connection, that the server runs, that it allows this origin by CORS (also in its error pages), and that the page's Content-Security-Policy lists the server in connect-src.";
        Timeout = "timeout" RETRYABLE: "Try again, or raise requestTimeout.";
        Aborted = "aborted": "";
        CryptoUnavailable = "crypto_unavailable":
            "Leave the option verifier at \"auto\", or serve the page over https or from localhost: browsers offer WebCrypto only to such pages.";
        PopupBlocked = "popup_blocked":
            "Call authorizePopup in the handler of a click, before anything is awaited, or pass a window that was opened there as popup. Else use authorizeRedirect.";
        PopupClosed = "popup_closed": "Let the user start the login again.";
        HttpStatus = "http_status": "See status; the log of the server has the reason. After a 404 check the setting issuer.";
        PageLeaving = "page_leaving":
            "Show the user that the page stayed, and start the login again when the user asks for it; do not start it again by a timer.";
        PageStayed = "page_stayed":
            "Tell the user that the session at the provider goes on, and offer logoutRedirect() again: this page still has the hint for the provider.";
    }
    Refused {
        AuthorizationRefused = "authorization_refused":
            "See error and error_description, and offer the user another try.";
        TokenRefused = "token_refused": "See error and error_description, and start a new login.";
        RefreshRefused = "refresh_refused":
            "Start a new login, first with prompt \"none\", so that the provider asks the user only if it must.";
        UserinfoRefused = "userinfo_refused": "See error and status; the access token may lack a scope.";
        LoginRequired = "login_required":
            "Start a login without prompt \"none\". After authorizeSilent, try authorizeRedirect({ prompt: \"none\", appState }) before it: many browsers keep the provider's cookies from a frame.";
        InteractionRequired = "interaction_required":
            "Start a login without prompt \"none\" so that the user can answer.";
    }
    Rejected {
        MissingState = "missing_state": "This tab began no login or logout that has this answer. Start a new login.";
        MismatchingState = "mismatching_state":
            "This tab began no login or logout that has this answer. Start a new login.";
        InvalidState = "invalid_state": "Start again: an answer is valid once, and for ten minutes.";
        InvalidSession = "invalid_session":
            "Start a new login. If it happens again, another script of this origin writes the same storage key: give each app a storagePrefix.";
        ExpiredState = "expired_state": "Start again: an answer is valid once, and for ten minutes.";
        MissingCode = "missing_code": START_AGAIN;
        DuplicateParameter = "duplicate_parameter": START_AGAIN;
        IssuerMismatch = "issuer_mismatch":
            "Compare the setting issuer exactly with the provider's own issuer, also the slash at the end. If they are equal, treat the answer as an attack.";
        MissingIssuer = "missing_issuer": START_AGAIN;
        InvalidMetadata = "invalid_metadata":
            "Check the setting issuer or serverMetadataUrl. If the setting is right, the provider's document does not follow the specification.";
        InvalidJwks = "invalid_jwks": START_AGAIN;
        InvalidTokenResponse = "invalid_token_response": START_AGAIN;
        UnsupportedTokenType = "unsupported_token_type": START_AGAIN;
        MissingIdToken = "missing_id_token": START_AGAIN;
        MalformedJwt = "malformed_jwt": START_AGAIN;
        UnsupportedAlgorithm = "unsupported_algorithm":
            "Let the provider sign with one of idTokenSigningAlgs (RS, PS, ES or EdDSA).";
        UnsupportedCriticalHeader = "unsupported_critical_header": START_AGAIN;
        InvalidKeyId = "invalid_key_id":
            "The provider's keys and tokens do not fit together. If the error persists, tell the operator of the provider.";
        WeakKey = "weak_key": START_AGAIN;
        BadSignature = "bad_signature":
            "The provider's keys and tokens do not fit together. If the error persists, tell the operator of the provider.";
        MissingClaim = "missing_claim": START_AGAIN;
        InvalidClaim = "invalid_claim": START_AGAIN;
        ExpiredToken = "expired_token":
            "Check the clock of this device and the clock of the provider; the option clockTolerance allows a difference of up to 300 seconds.";
        TokenNotYetValid = "token_not_yet_valid":
            "Check the clock of this device and the clock of the provider; the option clockTolerance allows a difference of up to 300 seconds.";
        NonceMismatch = "nonce_mismatch": START_AGAIN;
        AtHashMismatch = "at_hash_mismatch": START_AGAIN;
        AuthTimeTooOld = "auth_time_too_old": "Start a new login, so that the user authenticates as the call demands.";
        AcrNotMet = "acr_not_met": "Start a new login, so that the user authenticates as the call demands.";
        SubjectMismatch = "subject_mismatch":
            "Sign out and start a new login: the provider's answer is about another person than the signed-in user.";
        TokenExpired = "token_expired":
            "Start a new login, first with prompt \"none\", so that the provider asks the user only if it must.";
    }
}

/// The phase: the work during which an error occurred.
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
