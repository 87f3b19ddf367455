//! Whether a public key is a point of its curve ([SP 800-186](https://doi.org/10.6028/NIST.SP.800-186) section 3.2.1, [RFC
//! 8032](https://www.rfc-editor.org/rfc/rfc8032#section-5.1.3) section 5.1.3). A verifier must check that, and engines differ: some take
//! any two numbers and find every signature wrong, one crashes. So this client checks it by itself.

use super::field::{Field, Number};

/// SP 800-186 section 3.2.1: y² = x³ - 3x + b.
struct ShortWeierstrass {
    field: Field,
    b: Number,
}

static P256: ShortWeierstrass = ShortWeierstrass {
    field: Field(hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")),
    b: hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
};
static P384: ShortWeierstrass = ShortWeierstrass {
    field: Field(hex(
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    )),
    b: hex("b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef"),
};
static P521: ShortWeierstrass = ShortWeierstrass {
    field: Field(hex(
        "1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    )),
    b: hex(
        "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    ),
};
/// RFC 8032 section 5.1: the curve -x² + y² = 1 + dx²y² with d = -121665/121666.
static FIELD_25519: Field = Field(hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"));

/// Whether `x` and `y`, big endian, are a point of this curve: SEC 1 section 3.2.2.1, without the point at infinity, which has no
/// coordinates.
pub fn is_on_curve(curve: &str, x: &[u8], y: &[u8]) -> bool {
    let ShortWeierstrass { field, b } = match curve {
        "P-256" => &P256,
        "P-384" => &P384,
        "P-521" => &P521,
        _ => return false,
    };
    let (Some(x), Some(y)) = (field.number(x), field.number(y)) else { return false };
    // x³ - 3x + b = (x² - 3)x + b
    let factor = field.difference(&field.product(&x, &x), &small(3));
    field.product(&y, &y) == field.sum(&field.product(&factor, &x), b)
}

/// Whether these octets are those of a point: RFC 8032 section 5.1.3. The octets give only the sign of x, so an x must exist: a square root
/// of (y² - 1) / (dy² + 1), and not zero, which has no sign and belongs to two points of small order.
pub fn is_ed25519_point(octets: &[u8]) -> bool {
    let Ok(mut y) = <[u8; 32]>::try_from(octets) else { return false };
    y.reverse();
    y[0] &= 0x7f;
    let field = &FIELD_25519;
    let Some(y) = field.number(&y) else { return false };
    let (squared, d_numerator, d_denominator) = (field.product(&y, &y), small(121_665), small(121_666));
    // Both were multiplied by the denominator of d.
    let dividend = field.product(&field.difference(&squared, &small(1)), &d_denominator);
    let divisor = field.difference(&d_denominator, &field.product(&squared, &d_numerator));
    // A fraction is a square where the product of its parts is one.
    field.is_square(&field.product(&dividend, &divisor))
}

const fn small(number: u32) -> Number {
    let mut digits = [0; 18];
    digits[0] = number;
    digits
}

/// At compile time.
const fn hex(text: &str) -> Number {
    let mut number = [0; 18];
    let mut digits: &mut [u32] = &mut number;
    let mut rest = text.as_bytes();
    while let [digit, above @ ..] = digits {
        let mut shift = 0;
        while let ([head @ .., last], 0..u32::BITS) = (rest, shift) {
            let value = if *last <= b'9' { *last - b'0' } else { *last - b'a' + 10 };
            *digit |= (value as u32) << shift;
            (rest, shift) = (head, shift + 4);
        }
        digits = above;
    }
    number
}

#[cfg(test)]
#[path = "point_tests.rs"]
mod tests;
