//! The form of a signature, which is checked before the verifier computes with it ([RFC
//! 8017](https://www.rfc-editor.org/rfc/rfc8017#section-8.2.2), RFC 7518, RFC 8032). Some engines reduce numbers that are too large, or
//! drop zeros in front of them, and then one signature has many spellings; others throw at a length that they do not expect.

use super::ed25519::is_of_small_order;
use super::{Jwk, KeyType, SigningAlgorithm};

/// RFC 8032 section 5.1: the order L of the group, big endian.
const ED25519_ORDER: [u8; 32] = [
    0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0xde, 0xf9, 0xde, 0xa2, 0xf7, 0x9c, 0xd6, 0x58, 0x12,
    0x63, 0x1a, 0x5c, 0xf5, 0xd3, 0xed,
];

/// Whether this can be a signature of a sound key at all.
pub fn is_well_formed(algorithm: SigningAlgorithm, key: &Jwk, signature: &[u8]) -> bool {
    match algorithm.key_type() {
        // RFC 8017 sections 8.1.2 and 8.2.2 step 1: as long as the modulus; section 5.2.2 step 1: and below it.
        KeyType::Rsa => {
            let [modulus, _] = key.public_octets(algorithm);
            signature.len() == modulus.len() && signature < modulus.as_slice()
        }
        // RFC 7518 section 3.4: R and S, each as long as a coordinate.
        KeyType::Ec(_, octets) => signature.len() == 2 * octets,
        // RFC 8032 section 5.1.7: S is below the order, little endian. No honest signer draws an R of small order.
        KeyType::Okp(_, octets) => match signature.split_at_checked(octets) {
            Some((r, s)) => s.len() == octets && s.iter().rev().lt(&ED25519_ORDER) && !is_of_small_order(r),
            None => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::base64url;
    use crate::protocol::jose::JwkSet;
    use crate::protocol::json::{Value, json};
    use SigningAlgorithm::{Ed25519, Es256, Es384, Es512, Ps512, Rs256};

    fn judge(algorithm: SigningAlgorithm, key: &Value, signature: &[u8]) -> bool {
        let keys = JwkSet::from_json(json!({ "keys": [key] }).as_object().unwrap()).unwrap();
        is_well_formed(algorithm, keys.keys.first().unwrap(), signature)
    }

    #[test]
    fn an_rsa_signature_is_as_long_as_the_modulus_and_below_it() {
        for zeros in [0, 1, 9] {
            let n = base64url::encode(&[vec![0; zeros], vec![0xf1; 256]].concat());
            let key = json!({ "kty": "RSA", "n": n, "e": "AQAB" });
            for algorithm in [Rs256, Ps512] {
                assert!(judge(algorithm, &key, &[0xf0; 256]) && judge(algorithm, &key, &[0; 256]));
                assert!(!judge(algorithm, &key, &[0xf1; 256]) && !judge(algorithm, &key, &[0xf2; 256]));
                assert!(!judge(algorithm, &key, &[1; 255]) && !judge(algorithm, &key, &[]));
                assert!(!judge(algorithm, &key, &[&[0], &[1; 256][..]].concat()), "a zero in front");
            }
        }
        assert!(!judge(Rs256, &json!({ "kty": "RSA" }), &[]), "no modulus");
    }

    #[test]
    fn an_ecdsa_signature_is_two_coordinates_long() {
        for (algorithm, octets) in [(Es256, 64), (Es384, 96), (Es512, 132)] {
            let judge = |octets: usize| judge(algorithm, &json!({ "kty": "EC" }), &vec![1; octets]);
            assert!(judge(octets) && !judge(octets - 1) && !judge(octets + 1) && !judge(0));
        }
    }

    #[test]
    fn an_ed25519_signature_has_an_s_below_the_order_and_an_r_of_its_order() {
        let judge = |r: [u8; 32], s: &[u8]| judge(Ed25519, &json!({ "kty": "OKP" }), &[&r, s].concat());
        let mut order = ED25519_ORDER;
        order.reverse();
        let mut below = order;
        below[0] -= 1;
        assert!(judge([9; 32], &below) && judge([9; 32], &[0; 32]));
        assert!(!judge([9; 32], &order) && !judge([9; 32], &[0xff; 32]));
        assert!(!judge([0; 32], &below), "an R of order 4");
        assert!(!judge([9; 32], &below[..31]) && !judge([9; 32], &[&below[..], &[0]].concat()) && !judge([9; 32], &[]));
    }
}
