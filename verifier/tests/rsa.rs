//! Bounds of RSA: sizes of keys, of exponents and of signatures.

#[path = "support/vectors.rs"]
mod vectors;

use oidc_client_wasm_verifier::{PublicKey, UnsoundKey, verify};
use rsa::BigUint;
use vectors::{Vector, vectors};

const SCHEMES: [&str; 6] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

/// An odd number of exactly so many bits, all of them one.
fn modulus(bits: usize) -> Vec<u8> {
    ((BigUint::from(1_u8) << bits) - 1_u8).to_bytes_be()
}

fn judged(algorithm: &str, n: &[u8], e: &[u8], signature: &[u8]) -> Result<bool, UnsoundKey> {
    verify(algorithm, PublicKey { first: n, second: e }, b"header.payload", signature)
}

#[test]
fn a_modulus_has_2048_to_8192_bits() {
    for scheme in SCHEMES {
        for (bits, is_sound) in [(512, false), (1024, false), (2047, false), (2048, true), (8192, true), (8193, false)]
        {
            let signature = vec![1; usize::div_ceil(bits, 8)];
            let expected = if is_sound { Ok(false) } else { Err(UnsoundKey) };
            assert_eq!(judged(scheme, &modulus(bits), &[1, 0, 1], &signature), expected, "{scheme}, {bits} bits");
        }
    }
}

#[test]
fn zeros_before_a_modulus_make_it_no_longer() {
    let [short, long] = [2040, 2048].map(|bits| [vec![0; 300], modulus(bits)].concat());
    assert_eq!(judged("RS256", &short, &[1, 0, 1], &[1; 256]), Err(UnsoundKey));
    assert_eq!(judged("RS256", &long, &[1, 0, 1], &[1; 256]), Ok(false));
}

#[test]
fn an_exponent_is_odd_and_neither_one_nor_huge() {
    let n = modulus(2048);
    for unsound in [&[][..], &[0], &[1], &[0, 1], &[2], &[1, 0, 0], &[4, 0, 0, 0, 1], &[1; 256], &n] {
        assert_eq!(judged("PS256", &n, unsound, &[1; 256]), Err(UnsoundKey), "{unsound:?}");
    }
    for sound in [&[3][..], &[17], &[1, 0, 1], &[0, 1, 0, 1]] {
        assert_eq!(judged("PS256", &n, sound, &[1; 256]), Ok(false), "{sound:?}");
    }
}

#[test]
fn a_modulus_is_odd_and_not_nothing() {
    let mut even = modulus(2048);
    even[255] = 0xfe;
    for unsound in [&even[..], &[], &[0; 256]] {
        assert_eq!(judged("RS512", unsound, &[1, 0, 1], &[1; 256]), Err(UnsoundKey));
    }
}

fn verdict(vector: &Vector, signature: &[u8]) -> Result<bool, UnsoundKey> {
    let [first, second] = &vector.key;
    verify(vector.algorithm, PublicKey { first, second }, &vector.message, signature)
}

/// RFC 8017 section 8.1.2 step 1 and section 5.2.2 step 1. Each of these is the same number modulo n.
#[test]
fn a_signature_is_as_long_as_the_modulus_and_below_it() {
    let mut beyond = 0;
    let vectors = vectors();
    for scheme in SCHEMES {
        let good = |vector: &&Vector| vector.algorithm == scheme && vector.is_valid == Some(true);
        for vector in vectors.iter().filter(good).step_by(5) {
            // A text of arbitrary octets is none that a JWS signs.
            if std::str::from_utf8(&vector.message).is_err() {
                continue;
            }
            let signature = &vector.signature;
            let told = format!("{}: {}", vector.name, vector.comment);
            assert_eq!(verdict(vector, signature), Ok(true), "{told}");
            let n = BigUint::from_bytes_be(&vector.key[0]);
            let above = (BigUint::from_bytes_be(signature) + &n).to_bytes_be();
            beyond += usize::from(above.len() == signature.len());
            let longer = [&[0], signature.as_slice()].concat();
            let (shorter, cut) = (&signature[1..], &signature[..signature.len() - 1]);
            for other in [above.as_slice(), longer.as_slice(), shorter, cut, &vector.key[0]] {
                assert_eq!(verdict(vector, other), Ok(false), "{told}, with {} octets", other.len());
            }
        }
    }
    assert!(beyond > 10, "only {beyond} numbers above the modulus were as long as it");
}
