//! base64url without padding ([RFC 7515 section 2](https://www.rfc-editor.org/rfc/rfc7515#section-2), RFC 4648 section 5).

pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            text.push(character((bits >> (18 - 6 * place) & 0x3f) as u8));
        }
    }
    text
}

/// Strict: no padding, no white space, no other alphabet, and no stray bits in the last character, so that every value has
/// exactly one spelling.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for character in group {
            bits = bits << 6 | u32::from(value(*character)?);
        }
        let [_, octets @ ..] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        bytes.extend_from_slice(octets.get(..group.len() - 1)?);
    }
    (encode(&bytes) == text).then_some(bytes)
}

fn character(value: u8) -> char {
    char::from(match value {
        0..26 => value + b'A',
        26..52 => value - 26 + b'a',
        52..62 => value - 52 + b'0',
        62 => b'-',
        _ => b'_',
    })
}

fn value(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use base64ct::{Base64UrlUnpadded, Encoding};
    use proptest::prelude::*;

    #[test]
    fn lenient_spellings_are_refused() {
        assert_eq!(decode("AQID"), Some(vec![1, 2, 3]));
        for bad in ["AQID=", "AQ ID", "AQI+", "AQI/", "AB", "A", "AQID\n", "ÄQID"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn round_trip(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(encode(&bytes), Base64UrlUnpadded::encode_string(&bytes));
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn it_reads_what_another_reads(text in "[A-Za-z0-9_-]{0,6}.?") {
            prop_assert_eq!(decode(&text), Base64UrlUnpadded::decode_vec(&text).ok());
        }

        #[test]
        fn any_text_decodes_to_one_spelling_or_not_at_all(text in ".{0,40}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
