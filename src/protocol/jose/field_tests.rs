use super::*;
use crypto_bigint::modular::runtime_mod::{DynResidue, DynResidueParams};
use crypto_bigint::{Encoding, U576};
use proptest::collection::vec;
use proptest::prelude::*;

/// Of P-521, P-256 and edwards25519, each two to the power of the first number without the second.
const PRIMES: [(usize, &str); 3] =
    [(521, "1"), (256, "fffffffeffffffffffffffffffffffff000000000000000000000001"), (255, "13")];

fn prime((power, less): (usize, &str)) -> U576 {
    U576::ONE.shl_vartime(power).wrapping_sub(&U576::from_be_hex(&format!("{less:0>144}")))
}

fn below(modulus: &U576, octets: &[u8]) -> U576 {
    U576::from_be_slice(octets).rem(&crypto_bigint::NonZero::new(*modulus).unwrap())
}

fn read(number: &U576) -> Number {
    Field([u32::MAX; 18]).number(&number.to_be_bytes()).unwrap()
}

proptest! {
    #[test]
    fn it_computes_as_another_does(which in 0..3usize, a in vec(any::<u8>(), 72), b in vec(any::<u8>(), 72)) {
        let modulus = prime(PRIMES[which]);
        let field = Field(read(&modulus));
        let params = DynResidueParams::new(&modulus);
        let [a, b] = [a, b].map(|octets| below(&modulus, &octets));
        let [theirs_a, theirs_b] = [a, b].map(|number| DynResidue::new(&number, params));
        let (a, b) = (read(&a), read(&b));
        prop_assert_eq!(field.sum(&a, &b), read(&theirs_a.add(&theirs_b).retrieve()));
        prop_assert_eq!(field.difference(&a, &b), read(&theirs_a.sub(&theirs_b).retrieve()));
        prop_assert_eq!(field.product(&a, &b), read(&theirs_a.mul(&theirs_b).retrieve()));
        // Euler's criterion: 1 for a square.
        let power = theirs_a.pow(&modulus.shr_vartime(1)).retrieve();
        prop_assert_eq!(field.is_square(&a), power == U576::ONE);
        prop_assert!(field.is_square(&field.product(&a, &a)) || a == [0; 18]);
    }
}

#[test]
fn numbers_at_the_edges() {
    for modulus in PRIMES.map(prime) {
        let field = Field(read(&modulus));
        let (zero, one) = (read(&U576::ZERO), read(&U576::ONE));
        let highest = read(&modulus.wrapping_sub(&U576::ONE));
        assert_eq!(field.sum(&highest, &one), zero);
        assert_eq!(field.difference(&zero, &one), highest);
        assert_eq!(field.difference(&zero, &zero), zero);
        assert_eq!(field.product(&highest, &highest), one);
        assert!(field.is_square(&one) && !field.is_square(&zero));
        assert_eq!(field.number(&modulus.to_be_bytes()), None);
        assert_eq!(field.number(&[&[0], &modulus.wrapping_sub(&U576::ONE).to_be_bytes()[..]].concat()), None);
        assert_eq!(field.number(&[]), Some(zero));
    }
}
