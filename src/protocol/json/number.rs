//! Numbers of JSON ([RFC 8259 section 6](https://www.rfc-editor.org/rfc/rfc8259#section-6)), kept as they are written: a number that
//! goes on to JavaScript or into storage is the same digits, however many there are.

use std::fmt;

use crate::protocol::text::decimal;

/// The text of a number, and a comparison by its value: `1`, `1.0` and `10e-1` are equal.
#[derive(Clone)]
pub struct Number(Box<str>);

/// The digits of the smallest number that the type `double` rounds to infinity, 2^1024 - 2^970, as far as anything can depend on them.
const INFINITE: &[u8] = b"17976931348623158079";
/// The count of digits that this number has before the point.
const LARGEST_SCALE: i32 = 309;

impl Number {
    /// A number, and nothing beside it.
    pub fn parse(text: &str) -> Option<Self> {
        let number = Self::beginning_of(text)?;
        (number.0.len() == text.len() && number.is_finite()).then_some(number)
    }

    /// The number that a text begins with.
    pub(super) fn beginning_of(text: &str) -> Option<Self> {
        text.get(..length(text.as_bytes())?).map(|number| Self(number.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the type `double` has a value for it: `JSON.parse` makes `Infinity` of `1e999`.
    pub(super) fn is_finite(&self) -> bool {
        let Decimal { digits, scale, .. } = self.decimal();
        scale < LARGEST_SCALE || (scale == LARGEST_SCALE && digits.as_slice() < INFINITE)
    }

    /// The number as an integer, if it has no fraction: `10`, `10.0`, `1e1`.
    pub fn as_i64(&self) -> Option<i64> {
        let decimal = self.decimal();
        if decimal.has_fraction() { None } else { decimal.floor() }
    }

    /// The largest whole number that is not above this number.
    pub fn floor(&self) -> Option<i64> {
        self.decimal().floor()
    }

    fn decimal(&self) -> Decimal {
        let mut number = Decimal { is_negative: false, digits: Vec::new(), scale: 0 };
        let (mut is_below_point, mut exponent) = (false, None::<i32>);
        let mut is_tiny = false;
        for byte in self.0.bytes() {
            match (byte, &mut exponent) {
                (b'e' | b'E', _) => exponent = Some(0),
                (b'-', None) => number.is_negative = true,
                (b'-', Some(_)) => is_tiny = true,
                (b'.', _) => is_below_point = true,
                (b'0'..=b'9', Some(power)) => *power = power.saturating_mul(10).saturating_add(i32::from(byte - b'0')),
                (b'1'..=b'9', _) | (b'0', _) if byte > b'0' || !number.digits.is_empty() => {
                    number.digits.push(byte);
                    number.scale += i32::from(!is_below_point);
                }
                (b'0', _) => number.scale -= i32::from(is_below_point),
                _ => {}
            }
        }
        let power = exponent.unwrap_or(0);
        number.scale = number.scale.saturating_add(if is_tiny { -power } else { power });
        while number.digits.last() == Some(&b'0') {
            number.digits.pop();
        }
        if number.digits.is_empty() { Decimal { is_negative: false, scale: 0, ..number } } else { number }
    }
}

/// The value of a number: 0.DIGITS × 10^scale. Zero has no digits, and no number has a zero as its first or last digit.
#[derive(PartialEq)]
struct Decimal {
    is_negative: bool,
    /// ASCII.
    digits: Vec<u8>,
    scale: i32,
}

impl Decimal {
    fn has_fraction(&self) -> bool {
        i32::try_from(self.digits.len()).is_ok_and(|digits| digits > self.scale)
    }

    fn floor(&self) -> Option<i64> {
        let (mut whole, mut digits) = (0_i64, self.digits.iter());
        for _ in 0..self.scale {
            let digit = digits.next().map_or(0, |digit| i64::from(digit - b'0'));
            whole = whole.checked_mul(10)?.checked_add(if self.is_negative { -digit } else { digit })?;
        }
        whole.checked_sub(i64::from(self.is_negative && self.has_fraction()))
    }
}

/// The count of octets at the beginning of a text that are a number.
fn length(text: &[u8]) -> Option<usize> {
    let is = |at: usize, wanted: &[u8]| text.get(at).is_some_and(|byte| wanted.contains(byte));
    let digits = |from: usize| {
        let count = text.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then_some(from + count)
    };
    let first = usize::from(is(0, b"-"));
    let mut end = digits(first)?;
    if is(first, b"0") && end > first + 1 {
        return None;
    }
    if is(end, b".") {
        end = digits(end + 1)?;
    }
    if is(end, b"eE") {
        end = digits(end + 1 + usize::from(is(end + 1, b"+-")))?;
    }
    Some(end)
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.decimal() == other.decimal()
    }
}

impl Eq for Number {}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(decimal(number).into())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn a_number_is_kept_as_it_is_written() {
        for text in ["0", "-0", "1.50", "1E+2", "123456789012345678901234567890", "1e-400"] {
            assert_eq!(number(text).as_str(), text);
        }
        for text in ["", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1_0", " 1", "1 ", "Infinity", "NaN"] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn numbers_are_equal_by_value() {
        for same in
            [["1", "1.0"], ["10", "1e1"], ["-1.50", "-15E-1"], ["0", "-0.000"], ["0e9", "0"], ["1000e-3", "0.1e1"]]
        {
            assert_eq!(number(same[0]), number(same[1]));
        }
        for other in [["1", "-1"], ["1", "10"], ["0.1", "0.01"], ["9007199254740992", "9007199254740993"]] {
            assert_ne!(number(other[0]), number(other[1]));
        }
    }

    #[test]
    fn what_a_double_rounds_to_infinity_is_refused() {
        let largest =
            ["1.7976931348623157e308", "-1797693134862315.7e293", "0.00017976931348623158e312", "1e308", "0e999"];
        for text in largest {
            assert!(Number::parse(text).is_some() && text.parse::<f64>().unwrap().is_finite(), "{text}");
        }
        for text in ["1.7976931348623159e308", "-1e309", "1e999", "1e99999999999999999999", &"9".repeat(400)] {
            assert!(Number::parse(text).is_none() && text.parse::<f64>().unwrap().is_infinite(), "{text}");
        }
    }

    #[test]
    fn whole_numbers_and_what_lies_above_one() {
        let (most, least) = (i64::MAX.to_string(), i64::MIN.to_string());
        for (text, whole, floor) in [
            ("0", Some(0), Some(0)),
            ("-0.0", Some(0), Some(0)),
            ("12.9", None, Some(12)),
            ("-12.1", None, Some(-13)),
            ("0.9999999999999999999999", None, Some(0)),
            ("-1e-400", None, Some(-1)),
            ("1.7e9", Some(1_700_000_000), Some(1_700_000_000)),
            ("1200e-2", Some(12), Some(12)),
            (&most, Some(i64::MAX), Some(i64::MAX)),
            (&least, Some(i64::MIN), Some(i64::MIN)),
            ("9223372036854775808", None, None),
            ("1e300", None, None),
            ("0e2000000000", Some(0), Some(0)),
        ] {
            assert_eq!((number(text).as_i64(), number(text).floor()), (whole, floor), "{text}");
        }
    }
}
