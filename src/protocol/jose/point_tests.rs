use super::*;
use crate::protocol::base64url;
use crate::protocol::jose::{SigningAlgorithm, examples};
use crypto_bigint::{Encoding, U576};

fn coordinates(algorithm: SigningAlgorithm) -> (String, Vec<u8>, Vec<u8>) {
    let key = examples::key(algorithm);
    let octets = |name: &str| base64url::decode(key[name].as_str().unwrap()).unwrap();
    (key["crv"].as_str().unwrap().to_owned(), octets("x"), octets("y"))
}

#[test]
fn base_points_are_points_of_their_curves_and_of_no_other() {
    let all = [SigningAlgorithm::Es256, SigningAlgorithm::Es384, SigningAlgorithm::Es512].map(coordinates);
    for (curve, x, y) in &all {
        for (other, ..) in &all {
            assert_eq!(is_on_curve(other, x, y), curve == other, "{curve} {other}");
        }
        assert!(!is_on_curve("secp256k1", x, y));
        assert!(!is_on_curve(curve, y, x), "{curve}, swapped");
    }
}

#[test]
fn no_point_is_so_after_any_bit_was_changed() {
    for (curve, x, y) in [SigningAlgorithm::Es256, SigningAlgorithm::Es384, SigningAlgorithm::Es512].map(coordinates) {
        for at in 0..x.len() {
            for bit in 0..8 {
                let changed = |octets: &[u8]| {
                    let mut octets = octets.to_vec();
                    octets[at] ^= 1 << bit;
                    octets
                };
                assert!(!is_on_curve(&curve, &changed(&x), &y) && !is_on_curve(&curve, &x, &changed(&y)));
            }
        }
    }
}

#[test]
fn a_coordinate_is_below_the_prime() {
    // P-256's: x + p says the same number, and is another spelling of the same point.
    for (curve, octets) in [("P-256", 32), ("P-384", 48), ("P-521", 66)] {
        let (zero, huge) = (vec![0; octets], vec![0xff; octets]);
        for (x, y) in [(&zero, &zero), (&huge, &huge), (&zero, &huge), (&vec![0xff; 73], &zero), (&vec![], &vec![])] {
            assert!(!is_on_curve(curve, x, y), "{curve}");
        }
    }
    let p521 = U576::ONE.shl_vartime(521).wrapping_sub(&U576::ONE);
    let (_, x, y) = coordinates(SigningAlgorithm::Es512);
    let sum = p521.wrapping_add(&U576::from_be_slice(&[&[0; 6], x.as_slice()].concat())).to_be_bytes();
    assert!(is_on_curve("P-521", &x, &y) && !is_on_curve("P-521", &sum[6..], &y));
}

#[test]
fn half_of_all_octets_are_a_point_of_ed25519() {
    let point = base64url::decode(examples::key(SigningAlgorithm::Ed25519)["x"].as_str().unwrap()).unwrap();
    let signed = |sign: u8| {
        let mut point = point.clone();
        point[31] ^= sign;
        point
    };
    assert!(is_ed25519_point(&signed(0)) && is_ed25519_point(&signed(0x80)));
    // y = 4/5 is the base point (RFC 8032 section 5.1): 0x66 everywhere, but 0x58 first.
    let mut base = [0x66; 32];
    base[0] = 0x58;
    assert!(is_ed25519_point(&base));
    let small = |first: u8| {
        let mut y = [0; 32];
        y[0] = first;
        y
    };
    // Which of the small ones have an x, by the formula in whole numbers, worked out elsewhere.
    let points: Vec<u8> = (0..=255).filter(|first| is_ed25519_point(&small(*first))).collect();
    assert_eq!(points.get(..12), Some(&[0, 3, 4, 5, 6, 9, 10, 14, 15, 16, 18, 19][..]));
}

#[test]
fn octets_of_ed25519_have_one_spelling() {
    // p + 3 is a spelling of 3.
    let mut y = [0xff; 32];
    (y[0], y[31]) = (0xf0, 0x7f);
    assert!(!is_ed25519_point(&y));
    for octets in [&[][..], &[9; 31], &[9; 33]] {
        assert!(!is_ed25519_point(octets));
    }
}
