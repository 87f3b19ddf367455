//! Remedies for errors of which more is known than the code.

use crate::protocol::id_token::{ClaimError, is_no_login};
use crate::protocol::metadata::MetadataError;
use crate::protocol::token::{NO_ACCESS_TOKEN, NO_TOKEN_TYPE, TokenError};

/// The remedy where the metadata could not be had and the browser does not tell why.
pub const NO_METADATA: &str = "Check the setting issuer (or serverMetadataUrl): a wrong URL often ends in an error page without CORS headers, which the browser hides. If the URL is right, check the connection, that the server runs, that it allows this origin by CORS, and that the page's Content-Security-Policy lists the server in connect-src.";

/// The remedy where the provider is in order and a setting helps.
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
