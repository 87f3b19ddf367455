//! RSASSA-PKCS1-v1_5 and RSASSA-PSS ([RFC 7518 sections 3.3 and 3.5](https://www.rfc-editor.org/rfc/rfc7518#section-3.3),
//! RFC 8017 section 8) by jsonwebtoken-rustcrypto, and around it what it does not look at: the sizes of key and signature, and
//! the length of the salt.

use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken_rustcrypto::{Algorithm, DecodingKey, crypto};
use rsa::{BigUint, RsaPublicKey};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::{PublicKey, UnsoundKey};

/// RFC 7518 section 3.3 demands 2048 bits; beyond 8192 a verification takes long and no provider needs it.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

#[derive(Clone, Copy)]
pub enum Scheme {
    Pkcs1v15(Hash),
    Pss(Hash),
}

#[derive(Clone, Copy)]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Scheme {
    pub fn parse(algorithm: &str) -> Option<Self> {
        Some(match algorithm {
            "RS256" => Self::Pkcs1v15(Hash::Sha256),
            "RS384" => Self::Pkcs1v15(Hash::Sha384),
            "RS512" => Self::Pkcs1v15(Hash::Sha512),
            "PS256" => Self::Pss(Hash::Sha256),
            "PS384" => Self::Pss(Hash::Sha384),
            "PS512" => Self::Pss(Hash::Sha512),
            _ => return None,
        })
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::Pkcs1v15(Hash::Sha256) => Algorithm::RS256,
            Self::Pkcs1v15(Hash::Sha384) => Algorithm::RS384,
            Self::Pkcs1v15(Hash::Sha512) => Algorithm::RS512,
            Self::Pss(Hash::Sha256) => Algorithm::PS256,
            Self::Pss(Hash::Sha384) => Algorithm::PS384,
            Self::Pss(Hash::Sha512) => Algorithm::PS512,
        }
    }
}

impl Hash {
    fn octets(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    fn digest(self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(text).to_vec(),
            Self::Sha384 => Sha384::digest(text).to_vec(),
            Self::Sha512 => Sha512::digest(text).to_vec(),
        }
    }
}

pub fn verify(scheme: Scheme, key: PublicKey<'_>, signing_input: &[u8], signature: &[u8]) -> Result<bool, UnsoundKey> {
    let (n, e) = (BigUint::from_bytes_be(key.first), BigUint::from_bytes_be(key.second));
    let is_odd = |octets: &[u8]| octets.last().is_some_and(|octet| octet % 2 == 1);
    if !BITS.contains(&n.bits()) || !is_odd(key.first) || !is_odd(key.second) {
        return Err(UnsoundKey);
    }
    // Refuses an exponent of one, or of more than 33 bits.
    let public = RsaPublicKey::new_with_max_size(n.clone(), e.clone(), *BITS.end()).map_err(|_| UnsoundKey)?;

    // RFC 8017 sections 8.1.2 and 8.2.2 step 1: as long as the modulus; section 5.2.2 step 1: and below it.
    let number = BigUint::from_bytes_be(signature);
    if signature.len() != n.bits().div_ceil(8) || number >= n {
        return Ok(false);
    }
    // What is signed is base64url and a point: always text (RFC 7515 section 5.2 step 8).
    let Ok(text) = std::str::from_utf8(signing_input) else { return Ok(false) };
    let key = DecodingKey::from_rsa(public).map_err(|_| UnsoundKey)?;
    let encoded = Base64UrlUnpadded::encode_string(signature);
    if !crypto::verify(&encoded, text, &key, scheme.algorithm()).unwrap_or(false) {
        return Ok(false);
    }
    Ok(match scheme {
        Scheme::Pkcs1v15(_) => true,
        Scheme::Pss(hash) => has_salt_of_hash_length(hash, &number.modpow(&e, &n).to_bytes_be(), n.bits()),
    })
}

/// RFC 7518 section 3.5: the salt is as long as the hash. The library takes any length, so the octet that begins the salt is
/// looked for in the one place where it may be (RFC 8017 section 9.1.2 steps 5 to 10).
fn has_salt_of_hash_length(hash: Hash, encoded: &[u8], modulus_bits: usize) -> bool {
    let em_bits = modulus_bits.saturating_sub(1);
    let em_length = em_bits.div_ceil(8);
    // As a number it lost its leading zeros.
    let mut em = vec![0; em_length.saturating_sub(encoded.len())];
    em.extend_from_slice(encoded);
    let Some(db_length) = em_length.checked_sub(hash.octets() + 1) else { return false };
    let Some((masked_db, rest)) = em.split_at_checked(db_length) else { return false };
    let Some((seed, _)) = rest.split_at_checked(hash.octets()) else { return false };
    let mut db: Vec<u8> = masked_db.iter().zip(mgf1(hash, seed, db_length)).map(|(octet, mask)| octet ^ mask).collect();
    if let Some(first) = db.first_mut() {
        *first &= 0xff >> (8 * em_length - em_bits);
    }
    let Some(zeros) = db_length.checked_sub(hash.octets() + 1) else { return false };
    match db.split_at_checked(zeros) {
        Some((padding, rest)) => padding.iter().all(|octet| *octet == 0) && rest.first() == Some(&1),
        None => false,
    }
}

/// RFC 8017 appendix B.2.1.
fn mgf1(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::new();
    for counter in 0_u32.. {
        if mask.len() >= length {
            break;
        }
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()].concat()));
    }
    mask
}

#[cfg(test)]
#[path = "rsa_tests.rs"]
mod tests;
