//! The errors about a session that several verbs share.

use crate::error::{Code, Error, Phase};

pub(in crate::flow) fn signed_out() -> Error {
    Error::new(Code::MissingToken, Phase::Token, "No user is signed in.")
}

pub(in crate::flow) fn expired() -> Error {
    let message = "The access token has expired, and there is no refresh token to renew it.";
    Error::new(Code::TokenExpired, Phase::Token, message)
}

pub(in crate::flow) fn no_refresh_token() -> Error {
    // OIDC Core section 11: a provider ignores offline_access without the prompt, unless other conditions allow it.
    Error::new(Code::MissingToken, Phase::Refresh, "The provider gave no refresh token.").with_remedy(
        "Start a login with the scope that the provider demands for a refresh token, often offline_access. Some providers give \
         one for offline_access only with prompt: \"consent\" (OpenID Connect Core 1.0, section 11).",
    )
}
