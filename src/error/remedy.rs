//! What a developer can do about each code.

use super::Code;
use crate::protocol::id_token::{ClaimError, is_no_login};
use crate::protocol::metadata::MetadataError;
use crate::protocol::token::{NO_ACCESS_TOKEN, NO_TOKEN_TYPE, TokenError};

pub fn of(code: Code) -> Option<&'static str> {
    use Code::*;
    Some(match code {
        ConfigInvalid => {
            "Correct the setting or parameter that the message names; docs/settings.md lists every setting."
        }
        ClientExists => "Choose another name, or pass { overwrite: true }.",
        ClientSecretInBrowser => {
            "Remove the secret and register the app as a public client with PKCE. If the provider demands a secret of public clients, use the setting insecureClientSecret."
        }
        OAuth1Unsupported => "Use a provider with OAuth 2.0, or use this provider on a server.",
        FormPostUnsupported => "Use responseMode \"query\" or \"fragment\".",
        MissingAuthorizeUrl => "Set issuer, serverMetadataUrl or authorizeUrl.",
        MissingAccessTokenUrl => "Set issuer, serverMetadataUrl or accessTokenUrl.",
        MissingJwksUri => "Set metadata.jwks_uri or jwks, or drop the scope openid.",
        ReservedParameter => {
            "Remove the parameter: the client sets it. Use appState to carry data, and the options maxAge and scope for the parameters of these names."
        }
        InvalidRedirectUri => {
            "Give the absolute URL that is registered at the provider, for example new URL(\"/callback\", location.origin)."
        }
        EndSessionNotSupported => "Pass { fallback: \"local\" } where a sign-out of this app is enough.",
        NotSupportedByProvider => {
            "Ask the operator of the provider to enable the feature that the message names, or set its URL in metadata."
        }
        MissingToken => {
            "Start a login first. For a refresh token, ask for the scope that the provider demands, often offline_access."
        }
        OriginNotAllowed => "Add the API's origin to apiOrigins, or pass { withholdToken: true } to send no token.",
        WasmLoadFailed => {
            "Check that the server serves the folder verifier/ of the package beside its JavaScript (or pass the URL of its .wasm file as the option verifierWasm), and that the page's Content-Security-Policy allows 'wasm-unsafe-eval' in script-src and the place of the file in connect-src."
        }
        StorageUnavailable => {
            "Ask the user to allow site data for this page; without site data the client cannot complete a login safely."
        }
        StorageFull => "Free some of the sessionStorage of this origin.",
        Network => {
            "Check the connection, that the server runs, that it allows this origin by CORS (also in its error pages), and that the page's Content-Security-Policy lists the server in connect-src."
        }
        Timeout => "Try again, or raise requestTimeout.",
        Aborted => return None,
        CryptoUnavailable => {
            "Leave the option verifier at \"auto\", or serve the page over https or from localhost: browsers offer WebCrypto only to such pages."
        }
        HttpStatus => "See status; the log of the server has the reason.",
        PageLeaving => {
            "Show the user that the page stayed, and start the login again when the user asks for it; do not start it again by a timer."
        }
        PageStayed => {
            "Tell the user that the session at the provider goes on, and offer logoutRedirect() again: this page still has the hint for the provider."
        }
        AuthorizationRefused => "See error and error_description, and offer the user another try.",
        TokenRefused => "See error and error_description, and start a new login.",
        RefreshRefused => {
            "Start a new login, first with prompt \"none\", so that the provider asks the user only if it must."
        }
        UserinfoRefused => "See error and status; the access token may lack a scope.",
        SubjectMismatch => {
            "Sign out and start a new login: the provider's answer is about another person than the signed-in user."
        }
        TokenExpired => {
            "Start a new login, first with prompt \"none\", so that the provider asks the user only if it must."
        }
        LoginRequired => "Start a login without prompt \"none\".",
        InteractionRequired => "Start a login without prompt \"none\" so that the user can answer.",
        MissingState | MismatchingState => "This tab began no login or logout that has this answer. Start a new login.",
        InvalidSession => {
            "Start a new login. If it happens again, another script of this origin writes the same storage key: give each app a storagePrefix."
        }
        InvalidState | ExpiredState => "Start again: an answer is valid once, and for ten minutes.",
        IssuerMismatch => {
            "Compare the setting issuer exactly with the provider's own issuer, also the slash at the end. If they are equal, treat the answer as an attack."
        }
        InvalidMetadata => {
            "Check the setting issuer or serverMetadataUrl. If the setting is right, the provider's document does not follow the specification."
        }
        InvalidKeyId | BadSignature => {
            "The provider's keys and tokens do not fit together. If the error persists, tell the operator of the provider."
        }
        ExpiredToken | TokenNotYetValid => {
            "Check the clock of this device and the clock of the provider; the option clockTolerance allows a difference of up to 300 seconds."
        }
        UnsupportedAlgorithm => "Let the provider sign with one of idTokenSigningAlgs (RS, PS, ES or EdDSA).",
        AuthTimeTooOld | AcrNotMet => "Start a new login, so that the user authenticates as the call demands.",
        _ => "Start a new login. If the error persists, the provider does not follow the specification.",
    })
}

/// Where the metadata could not be had, and the browser does not tell why.
pub const NO_METADATA: &str = "Check the setting issuer (or serverMetadataUrl): a wrong URL often ends in an error page without CORS headers, which the browser hides. If the URL is right, check the connection, that the server runs, that it allows this origin by CORS, and that the page's Content-Security-Policy lists the server in connect-src.";

/// Where the provider is in order and a setting helps.
pub fn of_claim(error: &ClaimError) -> Option<&'static str> {
    Some(match error {
        ClaimError::TokenTarget(_) => {
            "If that audience belongs to the same system as this app, list it in the setting trustedAudiences."
        }
        ClaimError::Invalid("aud" | "azp", _) => {
            "Compare the setting clientId with the client that the provider issued the token for."
        }
        ClaimError::AuthTimeTooOld(ago) if is_no_login(*ago) => {
            "The provider does not tell when the user authenticated. Leave maxAge out, or let the provider send a true auth_time."
        }
        _ => return None,
    })
}

pub fn of_metadata(error: &MetadataError) -> Option<&'static str> {
    Some(match error {
        MetadataError::NoAlgorithm(_) => {
            "At the provider, let it sign the id_tokens of this client with RS256, ES256 or another algorithm with a public key (HS256 needs a secret, which a browser cannot keep), and check idTokenSigningAlgs if it is set."
        }
        MetadataError::NotAnObject(why) if why.twice.is_some() => {
            "Ask the operator of the provider to write each member once: which of the two counts is not defined."
        }
        _ => return None,
    })
}

pub fn of_token(error: &TokenError) -> Option<&'static str> {
    Some(match error {
        TokenError::Malformed(NO_ACCESS_TOKEN) => {
            "Ask for the scope of an API: some providers (Azure AD B2C) give an access token only for such a scope, for example the client id itself or the URI of your API."
        }
        TokenError::Malformed(NO_TOKEN_TYPE) => {
            "If the provider leaves token_type out, add it by the hook tokenResponse: (body) => ({ ...body, token_type: \"Bearer\" })."
        }
        TokenError::NotAnObject(why) if why.twice.is_some() => {
            "Ask the operator of the provider to write each member once: which of the two counts is not defined."
        }
        _ => return None,
    })
}
