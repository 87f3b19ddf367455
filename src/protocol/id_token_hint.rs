//! `id_token_hint`: whom a request is about ([OIDC Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest),
//! RP-Initiated Logout section 2).

use serde_json::Value;

use super::secret::Secret;
use super::settings::{ConfigError, ConfigResult, Problem};

/// The parameter `idTokenHint` of a login or a logout.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum IdTokenHint {
    /// The stored id_token, byte for byte, where the request is one to send it with.
    #[default]
    Stored,
    /// `null`: the request has no hint.
    Nothing,
    Given(Secret),
}

impl IdTokenHint {
    /// Takes the parameter out. `null` means something here, so it is looked at before a reader treats it as absence.
    pub fn take(params: &mut Value) -> ConfigResult<Self> {
        match params.as_object_mut().and_then(|members| members.remove("idTokenHint")) {
            None => Ok(Self::Stored),
            Some(Value::Null) => Ok(Self::Nothing),
            Some(Value::String(hint)) if !hint.is_empty() => Ok(Self::Given(Secret::new(hint))),
            Some(_) => Err(ConfigError::new("idTokenHint", Problem::Expected("a non-empty string or null"))),
        }
    }

    pub fn or_stored(self, stored: Option<&Secret>) -> Option<Secret> {
        match self {
            Self::Stored => stored.cloned(),
            Self::Nothing => None,
            Self::Given(hint) => Some(hint),
        }
    }
}
