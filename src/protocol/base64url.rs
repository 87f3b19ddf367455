//! base64url without padding ([RFC 7515 section 2](https://www.rfc-editor.org/rfc/rfc7515#section-2), RFC 4648 section 5).

use base64ct::{Base64UrlUnpadded, Encoding};

pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Strict: no padding, no white space, no other alphabet, and no stray bits in the last character, so that every value has
/// exactly one spelling.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
    (encode(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
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
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn any_text_decodes_to_one_spelling_or_not_at_all(text in ".{0,40}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
