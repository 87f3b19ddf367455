//! What a developer can do about each code, in one sentence.

use super::Code;

pub fn of(code: Code) -> Option<&'static str> {
    use Code::*;
    Some(match code {
        ConfigInvalid => "Correct what the message names; docs/settings.md lists every setting.",
        ClientExists => "Choose another name, or pass { overwrite: true }.",
        ClientSecretInBrowser => {
            "Remove it and register the app as a public client with PKCE; for a provider that demands a value of public clients all the same, there is the setting insecureClientSecret."
        }
        OAuth1Unsupported => "Use a provider that speaks OAuth 2.0, or keep this one on a server.",
        FormPostUnsupported => "Use responseMode \"query\" or \"fragment\".",
        MissingAuthorizeUrl => "Set issuer, serverMetadataUrl or authorizeUrl.",
        MissingAccessTokenUrl => "Set issuer, serverMetadataUrl or accessTokenUrl.",
        MissingJwksUri => "Set metadata.jwks_uri or jwks, or drop the scope openid.",
        ReservedParameter => {
            "Leave it out: the client sets it. Use appState to carry data, maxAge and scope for those parameters."
        }
        InvalidRedirectUri => {
            "Give the absolute URL that is registered at the provider, e.g. new URL(\"/callback\", location.origin)."
        }
        EndSessionNotSupported => "Pass { fallback: \"local\" } to sign out of this page only.",
        NotSupportedByProvider => {
            "The message says what is missing; ask the provider's operator to enable it, or set its URL in metadata."
        }
        MissingToken => "Start a login first; for a refresh token, ask for it in the scope (often offline_access).",
        OriginNotAllowed => "Add the API's origin to apiOrigins, or pass { withholdToken: true } to send no token.",
        WasmLoadFailed => {
            "Check that the folder verifier/ of the package is served beside its JavaScript (or pass the URL of its .wasm file as the option verifierWasm), and that the page's Content-Security-Policy allows 'wasm-unsafe-eval' in script-src and its place in connect-src."
        }
        StorageUnavailable => {
            "Ask the user to allow site data for this page; a login cannot be completed safely without it."
        }
        StorageFull => "Free some of this origin's sessionStorage.",
        Network => {
            "Check the connection, that the provider runs, that it allows this origin by CORS, and that the page's Content-Security-Policy lists it in connect-src."
        }
        Timeout => "Try again, or raise requestTimeout.",
        Aborted => return None,
        CryptoUnavailable => {
            "Leave the option verifier at \"auto\", or serve the page over https or from localhost: browsers offer WebCrypto only there."
        }
        HttpStatus => "See status; the provider's log will say more.",
        PageLeaving => {
            "Show the user that the page stayed, and start the login again when the user asks for it; do not start it again by a timer."
        }
        PageStayed => {
            "Tell the user that the provider may still know them, and offer logoutRedirect() again: it works without a session."
        }
        AuthorizationRefused => "See error and error_description; offer the user another try.",
        TokenRefused => "See error and error_description; start a new login.",
        RefreshRefused => "Start a new login, with prompt \"none\" first so that nobody is asked without need.",
        UserinfoRefused => "See error and status; the access token may lack a scope.",
        SubjectMismatch => {
            "Sign out and start a new login: the provider spoke of somebody else than the signed-in user."
        }
        TokenExpired => "Start a new login, with prompt \"none\" first so that nobody is asked without need.",
        LoginRequired => "Start a login without prompt \"none\".",
        InteractionRequired => "Start a login without prompt \"none\" so that the user can answer.",
        MissingState | MismatchingState => "This page did not ask for this response in this tab; start a new login.",
        InvalidSession => {
            "Start a new login. Where several apps share this origin and the name of a client, give each a storagePrefix."
        }
        InvalidState | ExpiredState => "Start again: a response is good once and for ten minutes.",
        IssuerMismatch => {
            "Compare the issuer setting with the provider's, to the letter, slashes included; otherwise treat it as an attack."
        }
        InvalidMetadata => {
            "Check the issuer or serverMetadataUrl; the provider's document does not follow the specification."
        }
        InvalidKeyId | BadSignature => {
            "The provider's keys and tokens do not fit together; if it persists, ask its operator."
        }
        ExpiredToken | TokenNotYetValid => {
            "Check the clock of this device and of the provider; clockTolerance allows up to 300 seconds."
        }
        UnsupportedAlgorithm => "Have the provider sign with one of idTokenSigningAlgs (RS, PS, ES or EdDSA).",
        AuthTimeTooOld | AcrNotMet => "Start a new login so that the user authenticates as demanded.",
        _ => "Start a new login; if it persists, the provider does not follow the specification.",
    })
}
