//! Functions that build, read and search texts: those of the standard library cost kilobytes of WebAssembly.

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

/// A whole number that is written in decimal digits and nothing else.
pub fn whole(text: &str) -> Option<u32> {
    let mut number = (!text.is_empty()).then_some(0_u32)?;
    for byte in text.bytes() {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number = number.checked_mul(10)?.checked_add(u32::from(digit))?;
    }
    Some(number)
}

/// Whether a text has another text, which is not empty, in it. Each place of the text is compared: the part is meant to be short.
pub fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len().max(1)).any(|bytes| bytes == part.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{contains, decimal, whole};

    #[test]
    fn only_digits_are_a_whole_number() {
        for (text, number) in [("0", Some(0)), ("007", Some(7)), ("4294967295", Some(u32::MAX))] {
            assert_eq!(whole(text), number);
        }
        for text in ["", "+1", "-1", "1.0", " 1", "1e3", "4294967296", "99999999999", "\u{661}"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn a_part_is_found_wherever_it_stands() {
        for part in ["a", "b", "abc", "bc", "c"] {
            assert!(contains("abc", part), "{part}");
        }
        for part in ["d", "ac", "abcd"] {
            assert!(!contains("abc", part), "{part}");
        }
    }

    #[test]
    fn a_number_is_written_as_the_standard_library_writes_it() {
        for number in [0, 7, 10, 404, -1, 1_800_000_000, i64::MAX, i64::MIN] {
            assert_eq!(decimal(number), number.to_string());
        }
    }
}
