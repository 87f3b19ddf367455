//! For tests: sound public keys, and tokens that have everything but a signature.

use super::{JwkSet, KeyType, SigningAlgorithm};
use crate::protocol::base64url;
use crate::protocol::json::{Value, json};

/// The base point of a curve is a point of it (SP 800-186 section 3.2.1), and so is the key of RFC 8037 appendix A.2.
pub fn key(algorithm: SigningAlgorithm) -> Value {
    let ec = |crv: &str, x: &str, y: &str| json!({ "kty": "EC", "crv": crv, "x": x, "y": y });
    match algorithm.key_type() {
        KeyType::Rsa => json!({ "kty": "RSA", "n": base64url::encode(&[0xff; 256]), "e": "AQAB" }),
        KeyType::Ec("P-256", _) => {
            ec("P-256", "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU")
        }
        KeyType::Ec("P-384", _) => ec(
            "P-384",
            "qofKIr6LBTeOscce8yCtdG4dO2KLp5uYWfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3",
            "NhfeSpYmLG9dnpi_kpLcKfj0Hb0omhR86doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f",
        ),
        KeyType::Ec(..) => ec(
            "P-521",
            "AMaFjga3BATpzZ4-y2YjlbRCnGSBOQU_tSH4KK9ga009uqFLXnfv51ko_h3BJ6L_qN4zSLPBhWpCm_l-fjHC5b1m",
            "ARg5KWp4mjvABFyKX7QsfRvZmPVESVebRGgXr70XJz5mLJfucple9CZAxVC5AT-tB2E1PHCGonLCQIi-lHaf0WZQ",
        ),
        KeyType::Okp(..) => {
            json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
        }
    }
}

/// One key for every algorithm.
pub fn key_set() -> JwkSet {
    use SigningAlgorithm::{Ed25519, Es256, Es384, Es512, Rs256};
    let keys = json!({ "keys": Vec::from([Rs256, Es256, Es384, Es512, Ed25519].map(key)) });
    JwkSet::from_json(keys.as_object().unwrap()).unwrap()
}

/// A signature could look like this one.
pub fn token(algorithm: SigningAlgorithm, header: &str, payload: &str) -> String {
    let octets = match algorithm.key_type() {
        KeyType::Rsa => 256,
        KeyType::Ec(_, octets) | KeyType::Okp(_, octets) => 2 * octets,
    };
    [header.as_bytes(), payload.as_bytes(), &vec![1; octets]].map(base64url::encode).join(".")
}
