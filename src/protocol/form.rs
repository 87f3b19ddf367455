//! The pairs of a query, a fragment or a form body: `application/x-www-form-urlencoded`
//! ([URL Standard](https://url.spec.whatwg.org/#application/x-www-form-urlencoded) section 5, RFC 6749 appendix B).

pub fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        append(&mut text, name, value);
    }
    text
}

fn append(text: &mut String, name: &str, value: &str) {
    if !text.is_empty() {
        text.push('&');
    }
    append_encoded(text, name);
    text.push('=');
    append_encoded(text, value);
}

fn append_encoded(text: &mut String, part: &str) {
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"*-._".contains(&byte) {
            text.push(char::from(byte));
        } else if byte == b' ' {
            text.push('+');
        } else {
            text.push('%');
            for digit in [byte >> 4, byte & 0xf] {
                text.push(char::from(if digit < 10 { b'0' + digit } else { b'A' - 10 + digit }));
            }
        }
    }
}

pub fn decode(encoded: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for pair in encoded.split('&') {
        if !pair.is_empty() {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((decoded(name), decoded(value)));
        }
    }
    pairs
}

/// The first value of a name.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A `%` without two digits after it stands for itself, and octets that are no UTF-8 become U+FFFD.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = if *first == b'%' { escaped(after) } else { None };
        let (byte, after) = match (escaped, *first) {
            (Some(escaped), _) => escaped,
            (None, b'+') => (b' ', after),
            (None, byte) => (byte, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn escaped(after: &[u8]) -> Option<(u8, &[u8])> {
    let [high, low, after @ ..] = after else { return None };
    let [high, low] = [high, low].map(|digit| char::from(*digit).to_digit(16));
    Some(((high? << 4 | low?) as u8, after))
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pairs_are_written_as_browsers_write_them(pairs in proptest::collection::vec((".{0,9}", ".{0,9}"), 0..4)) {
            let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let theirs = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            prop_assert_eq!(encode(pairs), theirs);
        }

        #[test]
        fn pairs_are_read_as_browsers_read_them(text in "([&=+%0-9a-fA-FzÄ]|%[0-9a-f]{2}){0,20}") {
            let theirs: Vec<_> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            prop_assert_eq!(decode(&text), theirs);
        }
    }
}
