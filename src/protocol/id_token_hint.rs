//! `id_token_hint`: the person of a request ([OIDC Core section
//! 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest), RP-Initiated Logout section 2).

use super::secret::Secret;

/// The hint of a login or a logout.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum IdTokenHint {
    /// The stored id_token, byte for byte, if such a request sends it.
    #[default]
    Stored,
    /// The request has no hint.
    Nothing,
    Given(Secret),
}

impl IdTokenHint {
    pub fn or_stored(self, stored: Option<&Secret>) -> Option<Secret> {
        match self {
            Self::Stored => stored.cloned(),
            Self::Nothing => None,
            Self::Given(hint) => Some(hint),
        }
    }
}
