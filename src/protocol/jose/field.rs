//! Arithmetic in the prime fields of [SP 800-186](https://doi.org/10.6028/NIST.SP.800-186), as on paper. How long it takes depends on the
//! numbers, so it is for public ones.

/// A whole number: its digits to the base 2³², the lowest first. Wide enough for the sum of two that are below the prime of P-521.
pub type Number = [u32; 18];

/// The numbers below this prime.
pub struct Field(pub Number);

impl Field {
    /// The number that is written down as these octets, the highest first, where it is below the prime.
    pub fn number(&self, octets: &[u8]) -> Option<Number> {
        let mut number = [0; 18];
        let mut digits = octets.rchunks(4);
        for digit in &mut number {
            *digit = digits.next().unwrap_or_default().iter().fold(0, |digit, octet| digit << 8 | u32::from(*octet));
        }
        (digits.next().is_none() && minus(&number, &self.0).is_none()).then_some(number)
    }

    pub fn sum(&self, a: &Number, b: &Number) -> Number {
        let (sum, _) = combined(a, b, 1);
        minus(&sum, &self.0).unwrap_or(sum)
    }

    pub fn difference(&self, a: &Number, b: &Number) -> Number {
        minus(a, b).unwrap_or_else(|| combined(&combined(a, &self.0, 1).0, b, -1).0)
    }

    /// Bit by bit, from the highest digit that is not zero.
    pub fn product(&self, a: &Number, b: &Number) -> Number {
        let mut product = [0; 18];
        for digit in b.iter().rev().skip_while(|digit| **digit == 0) {
            for bit in (0..u32::BITS).rev() {
                product = self.sum(&product, &product);
                if digit >> bit & 1 == 1 {
                    product = self.sum(&product, a);
                }
            }
        }
        product
    }

    /// Whether the number is the square of another, and not zero: its Jacobi symbol, by halving and by the law of reciprocity.
    pub fn is_square(&self, number: &Number) -> bool {
        let (mut a, mut n) = (*number, self.0);
        let mut is_square = true;
        while a != [0; 18] {
            let ([lowest, ..], [modulus, ..]) = (a, n);
            if lowest % 2 == 0 {
                halve(&mut a);
                is_square ^= matches!(modulus % 8, 3 | 5);
            } else if let Some(rest) = minus(&a, &n) {
                a = rest;
            } else {
                std::mem::swap(&mut a, &mut n);
                is_square ^= lowest % 4 == 3 && modulus % 4 == 3;
            }
        }
        // What is left is what both had in common. Of zero and the prime, that is the prime.
        is_square && n != self.0
    }
}

/// Unless it is below zero.
fn minus(a: &Number, b: &Number) -> Option<Number> {
    let (difference, carry) = combined(a, b, -1);
    (carry == 0).then_some(difference)
}

/// a + sign × b, and what is carried beyond the highest digit.
fn combined(a: &Number, b: &Number, sign: i64) -> (Number, i64) {
    let (mut result, mut carry) = (*a, 0);
    for (digit, other) in result.iter_mut().zip(b) {
        carry += i64::from(*digit) + sign * i64::from(*other);
        *digit = carry as u32;
        carry >>= u32::BITS;
    }
    (result, carry)
}

fn halve(number: &mut Number) {
    let mut above = 0;
    for digit in number.iter_mut().rev() {
        (*digit, above) = (*digit >> 1 | above << (u32::BITS - 1), *digit);
    }
}

#[cfg(test)]
#[path = "field_tests.rs"]
mod tests;
