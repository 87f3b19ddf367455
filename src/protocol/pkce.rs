//! Proof Key for Code Exchange ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)), S256 only.

use sha2::{Digest, Sha256};

use super::base64url;
use super::secret::Secret;

/// RFC 7636 section 4.1: 43 to 128 characters of `[A-Za-z0-9-._~]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeVerifier(Secret);

impl CodeVerifier {
    /// Section 4.1 recommends 32 random octets, which makes 43 characters.
    pub fn from_random(octets: [u8; 32]) -> Self {
        Self(Secret::new(base64url::encode(&octets)))
    }

    /// For a verifier that comes from the caller or from storage.
    pub fn parse(text: &str) -> Option<Self> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        ((43..=128).contains(&text.len()) && text.bytes().all(unreserved)).then(|| Self(Secret::new(text)))
    }

    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Section 4.2: `BASE64URL-ENCODE(SHA256(ASCII(code_verifier)))`.
    pub fn challenge_s256(&self) -> String {
        base64url::encode(&Sha256::digest(self.expose().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::CodeVerifier;

    #[test]
    fn rfc_7636_appendix_b() {
        let octets = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
            240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let verifier = CodeVerifier::from_random(octets);
        assert_eq!(verifier.expose(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(verifier.challenge_s256(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn only_verifiers_of_the_grammar_are_accepted() {
        assert!(CodeVerifier::parse(&"a".repeat(43)).is_some());
        assert!(CodeVerifier::parse(&"~".repeat(128)).is_some());
        for bad in ["a".repeat(42), "a".repeat(129), "a b".repeat(20), "é".repeat(30), String::new()] {
            assert!(CodeVerifier::parse(&bad).is_none(), "{bad}");
        }
    }
}
