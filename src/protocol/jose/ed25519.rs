//! The points that [RFC 8032](https://www.rfc-editor.org/rfc/rfc8032) leaves to a verifier of Ed25519. Engines treat them differently.

/// The y of the four points of order 8; those of the smaller orders are written down in the function.
const ORDER_8: [[u8; 32]; 2] = [
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// One of the eight points under which a signature can fit any text, in any spelling: as a key it tells no signer, and no
/// honest signature begins with it.
pub fn is_of_small_order(point: &[u8]) -> bool {
    let [first, middle @ .., last] = point else { return false };
    if point.len() != 32 {
        return false;
    }
    // Without the sign of x (section 5.1.2): a point and its opposite are of the same order.
    match (*first, last & 0x7f) {
        // 0 is of order 4, 1 is the neutral element.
        (0 | 1, 0) => middle.iter().all(|octet| *octet == 0),
        // p - 1 is of order 2; p and p + 1 are 0 and 1 again.
        (0xec..=0xee, 0x7f) => middle.iter().all(|octet| *octet == 0xff),
        (first, last) => ORDER_8.iter().any(|[f, m @ .., l]| (*f, m.as_slice(), *l) == (first, middle, last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(y: [u8; 32], sign: u8) -> [u8; 32] {
        let mut point = y;
        point[31] |= sign;
        point
    }

    fn near_p(first: u8) -> [u8; 32] {
        let mut y = [0xff; 32];
        (y[0], y[31]) = (first, 0x7f);
        y
    }

    fn small(first: u8) -> [u8; 32] {
        let mut y = [0; 32];
        y[0] = first;
        y
    }

    #[test]
    fn points_of_small_order_are_known_in_every_spelling() {
        for y in [small(0), small(1), near_p(0xec), near_p(0xed), near_p(0xee), ORDER_8[0], ORDER_8[1]] {
            for sign in [0, 0x80] {
                assert!(is_of_small_order(&with(y, sign)), "{y:?}");
                let mut another = with(y, sign);
                another[15] ^= 1;
                assert!(!is_of_small_order(&another), "{another:?}");
            }
        }
    }

    #[test]
    fn other_points_and_other_lengths_are_not() {
        for point in [&small(2)[..], &near_p(0xeb), &near_p(0xef), &[], &[0], &[0; 31], &[0; 33], &ORDER_8[0][..31]] {
            assert!(!is_of_small_order(point), "{point:?}");
        }
    }
}
