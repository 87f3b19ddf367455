//! The allow-list of signature algorithms ([RFC 7518 section 3.1](https://www.rfc-editor.org/rfc/rfc7518#section-3.1), RFC 8037, RFC 9864).
//! `none` and the HS family have no variant, so no code can ask for them.

use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::protocol::base64url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAlgorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    Es512,
    /// RFC 8037 names it `EdDSA`, RFC 9864 `Ed25519`; one algorithm, two names.
    Ed25519,
}

/// The kind of key that serves an algorithm (RFC 7518 section 6, RFC 8037 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    Rsa,
    /// With the curve and the octets of one coordinate.
    Ec(&'static str, usize),
    Okp(&'static str, usize),
}

impl SigningAlgorithm {
    pub const ALL: [Self; 10] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::Ed25519,
    ];

    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "EdDSA" => Some(Self::Ed25519),
            _ => Self::ALL.into_iter().find(|algorithm| algorithm.name() == name),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Ed25519 => "Ed25519",
        }
    }

    pub fn key_type(self) -> KeyType {
        match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => KeyType::Rsa,
            Self::Es256 => KeyType::Ec("P-256", 32),
            Self::Es384 => KeyType::Ec("P-384", 48),
            Self::Es512 => KeyType::Ec("P-521", 66),
            Self::Ed25519 => KeyType::Okp("Ed25519", 32),
        }
    }

    /// The bits of the algorithm's hash; Ed25519 uses SHA-512 inside (RFC 8032 section 5.1).
    pub fn hash_bits(self) -> u16 {
        match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 => 256,
            Self::Rs384 | Self::Ps384 | Self::Es384 => 384,
            Self::Rs512 | Self::Ps512 | Self::Es512 | Self::Ed25519 => 512,
        }
    }

    /// OIDC Core section 3.1.3.6: base64url of the left half of the hash that the id_token's `alg` uses.
    pub fn half_hash(self, value: &str) -> String {
        let digest = match self.hash_bits() {
            256 => Sha256::digest(value).to_vec(),
            384 => Sha384::digest(value).to_vec(),
            _ => Sha512::digest(value).to_vec(),
        };
        let (left, _) = digest.split_at(digest.len() / 2);
        base64url::encode(left)
    }
}

#[cfg(test)]
mod tests {
    use super::SigningAlgorithm;

    #[test]
    fn unsigned_and_mac_algorithms_have_no_variant() {
        for name in ["none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "RS1", "ES256K", "rs256", " RS256"]
        {
            assert_eq!(SigningAlgorithm::parse(name), None, "{name}");
        }
        for algorithm in SigningAlgorithm::ALL {
            assert_eq!(SigningAlgorithm::parse(algorithm.name()), Some(algorithm));
        }
        assert_eq!(SigningAlgorithm::parse("EdDSA"), Some(SigningAlgorithm::Ed25519));
    }

    #[test]
    fn at_hash_of_oidc_core_appendix_a() {
        let at_hash = SigningAlgorithm::Rs256.half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        assert_eq!(at_hash, "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
