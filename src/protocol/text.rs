//! Building texts: values and functions of our own, without the formatting of the standard library, which costs kilobytes of WebAssembly.

/// A whole number in decimal digits.
pub fn decimal(number: impl Into<i64>) -> String {
    digits(number.into())
}

fn digits(number: i64) -> String {
    let mut rest = number.unsigned_abs();
    let mut backwards = Vec::new();
    loop {
        backwards.push(char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        backwards.push('-');
    }
    backwards.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn a_number_is_written_as_the_standard_library_writes_it() {
        for number in [0, 7, 10, 404, -1, 1_800_000_000, i64::MAX, i64::MIN] {
            assert_eq!(decimal(number), number.to_string());
        }
    }
}
