//! JSON Object Signing: which algorithms ([RFC 7518](https://www.rfc-editor.org/rfc/rfc7518), RFC 8037), which key
//! ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)), and the compact form ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515)),
//! with the policy of [RFC 8725](https://www.rfc-editor.org/rfc/rfc8725). The arithmetic itself is a port.

mod algorithm;
mod ed25519;
#[cfg(test)]
#[path = "example_tests.rs"]
pub mod examples;
mod field;
mod jwk;
mod jws;
mod point;
mod signature;

use crate::protocol::oauth_error::quoted;

pub use algorithm::{KeyType, SigningAlgorithm};
pub use jwk::{Jwk, JwkSet};
pub use jws::{CompactJws, SignatureCheck, VerifiedJws};
pub use signature::is_well_formed;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoseError {
    /// Not three strict base64url parts with a JSON object for a header, or too long.
    Malformed(&'static str),
    /// `none`, a MAC, an unknown algorithm, or an algorithm that this client or the provider does not allow.
    Algorithm(String),
    /// RFC 7515 section 4.1.11: an unknown critical member must be refused. This client knows no critical member.
    Critical,
    /// The document is not a JWK Set.
    KeySet,
    /// No key of the set fits the header.
    UnknownKey,
    /// Several keys fit where only one may.
    AmbiguousKey,
    /// RFC 7518 section 3.3: an RSA key of at least 2048 bits must be used; and other keys no honest provider publishes.
    WeakKey(&'static str),
    Signature,
}

impl JoseError {
    pub fn describe(&self) -> String {
        match self {
            Self::Malformed(why) => ["The token is not a well-formed JWS: ", why, "."].concat(),
            Self::Algorithm(name) => ["The signing algorithm \"", &quoted(name), "\" is not accepted."].concat(),
            Self::Critical => "The token has a critical header that this client does not understand.".into(),
            Self::KeySet => "The provider's key set is not a JWK Set.".into(),
            Self::UnknownKey => "None of the provider's keys fits the token's header.".into(),
            Self::AmbiguousKey => "Several of the provider's keys fit the token's header.".into(),
            Self::WeakKey(why) => ["The provider's signing key is not acceptable: ", why, "."].concat(),
            Self::Signature => "The token's signature is wrong.".into(),
        }
    }
}
