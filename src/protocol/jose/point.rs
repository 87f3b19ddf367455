//! Whether a public key is a point of its curve ([SP 800-186](https://doi.org/10.6028/NIST.SP.800-186) section 3.2.1,
//! [RFC 8032](https://www.rfc-editor.org/rfc/rfc8032#section-5.1.3) section 5.1.3). A verifier is to know, and engines answer
//! differently: some take any two numbers and find every signature wrong, one crashes. So none is asked.

use crypto_bigint::modular::runtime_mod::{DynResidue, DynResidueParams};
use crypto_bigint::{Encoding, U576};

/// Wide enough for the widest field: one size for all, because each would bring code of its own.
type Number = U576;
type Field = DynResidueParams<{ Number::LIMBS }>;
type Element = DynResidue<{ Number::LIMBS }>;

/// SP 800-186 section 3.2.1: y² = x³ - 3x + b.
struct ShortWeierstrass {
    field: Field,
    b: Number,
}

const P256: ShortWeierstrass = ShortWeierstrass {
    field: field(power(256).wrapping_sub(&power(224)).wrapping_add(&power(192)).wrapping_add(&power(96)), 1),
    b: hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
};
const P384: ShortWeierstrass = ShortWeierstrass {
    field: field(power(384).wrapping_sub(&power(128)).wrapping_sub(&power(96)).wrapping_add(&power(32)), 1),
    b: hex("b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef"),
};
const P521: ShortWeierstrass = ShortWeierstrass {
    field: field(power(521), 1),
    b: hex(
        "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    ),
};
/// RFC 8032 section 5.1: the curve -x² + y² = 1 + dx²y² with d = -121665/121666.
const FIELD_25519: Field = field(power(255), 19);

/// Whether `x` and `y`, big endian, are a point of this curve: SEC 1 section 3.2.2.1, without the point at infinity, which has no
/// coordinates.
pub fn is_on_curve(curve: &str, x: &[u8], y: &[u8]) -> bool {
    let curve = match curve {
        "P-256" => P256,
        "P-384" => P384,
        "P-521" => P521,
        _ => return false,
    };
    let (Some(x), Some(y)) = (element(x, curve.field), element(y, curve.field)) else { return false };
    let constant = |number: Number| DynResidue::new(&number, curve.field);
    y.square() == x.square().sub(&constant(Number::from_u8(3))).mul(&x).add(&constant(curve.b))
}

/// Whether these octets are those of a point: RFC 8032 section 5.1.3. Of its x only the sign is told, so there must be one: a
/// square root of (y² - 1) / (dy² + 1), and not zero, which has no sign and belongs to two points of small order.
pub fn is_ed25519_point(octets: &[u8]) -> bool {
    let Ok(mut y) = <[u8; 32]>::try_from(octets) else { return false };
    y.reverse();
    y[0] &= 0x7f;
    let Some(y) = element(&y, FIELD_25519) else { return false };
    let constant = |number: u32| DynResidue::new(&Number::from_u32(number), FIELD_25519);
    let (squared, d_numerator, d_denominator) = (y.square(), constant(121_665), constant(121_666));
    // A fraction is a square where the product of its parts is one. Both were multiplied by the denominator of d.
    let product = squared.sub(&constant(1)).mul(&d_denominator).mul(&d_denominator.sub(&d_numerator.mul(&squared)));
    // Euler's criterion: 1 for a square, -1 for none, 0 for zero.
    product.pow(&FIELD_25519.modulus().shr_vartime(1)) == constant(1)
}

fn element(octets: &[u8], field: Field) -> Option<Element> {
    let mut padded = [0; Number::BYTES];
    padded.get_mut(Number::BYTES.checked_sub(octets.len())?..)?.copy_from_slice(octets);
    let number = Number::from_be_bytes(padded);
    (number < *field.modulus()).then(|| DynResidue::new(&number, field))
}

/// At compile time, the numbers that depend on the prime, too.
const fn field(above: Number, by: u8) -> Field {
    DynResidueParams::new(&above.wrapping_sub(&Number::from_u8(by)))
}

const fn power(of_two: usize) -> Number {
    Number::ONE.shl_vartime(of_two)
}

const fn hex(digits: &str) -> Number {
    let mut rest = digits.as_bytes();
    let mut number = Number::ZERO;
    while let [digit, tail @ ..] = rest {
        let value = if *digit <= b'9' { *digit - b'0' } else { *digit - b'a' + 10 };
        number = number.shl_vartime(4).wrapping_add(&Number::from_u8(value));
        rest = tail;
    }
    number
}

#[cfg(test)]
#[path = "point_tests.rs"]
mod tests;
