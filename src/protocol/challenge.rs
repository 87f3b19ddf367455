//! The challenge of a resource server that does not accept a token: `WWW-Authenticate`
//! ([RFC 9110 section 11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)) with the scheme of a [`Credential`](super::credential)
//! ([RFC 6750 section 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).

use super::credential;
use super::oauth_error::ProviderError;

/// The parameters of a challenge that is for the tokens of this client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    params: Vec<(String, String)>,
}

/// Real challenges have some hundred characters.
const MAX_LENGTH: usize = 8 * 1024;

impl Challenge {
    /// The first challenge of the client's scheme in a header, which may hold several challenges of any scheme. `None` where the header
    /// has no such challenge or cannot be read, and where a parameter stands twice (RFC 6750 section 3 forbids it).
    pub fn parse(header: &str) -> Option<Self> {
        let mut reader = HeaderReader { rest: header.get(..header.len().min(MAX_LENGTH))? };
        let mut found: Option<Self> = None;
        while let Some(word) = reader.word() {
            match (reader.value(), &mut found) {
                // A word without a value begins a challenge.
                (None, None) if credential::is_token_type(word) => found = Some(Self::default()),
                (None, Some(_)) => break,
                (Some(value), Some(challenge)) => {
                    let name = word.to_ascii_lowercase();
                    if challenge.get(&name).is_some() {
                        return None;
                    }
                    challenge.params.push((name, value));
                }
                (_, None) => {}
            }
        }
        found
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(param, _)| param == name).map(|(_, value)| value.as_str())
    }

    /// Section 3.1: the token is expired, revoked or malformed; a new one may do.
    pub fn is_invalid_token(&self) -> bool {
        self.get("error") == Some("invalid_token")
    }

    pub fn words(&self) -> Option<ProviderError> {
        ProviderError::read(|name| self.get(name))
    }
}

/// A text without these marks at its beginning.
fn after<'a>(text: &'a str, marks: &[u8]) -> &'a str {
    let count = text.bytes().take_while(|byte| marks.contains(byte)).count();
    text.get(count..).unwrap_or_default()
}

struct HeaderReader<'a> {
    rest: &'a str,
}

impl<'a> HeaderReader<'a> {
    /// The next scheme or parameter name; `None` at the end, or where neither can begin.
    fn word(&mut self) -> Option<&'a str> {
        self.rest = after(self.rest, b" \t,");
        self.token()
    }

    fn token(&mut self) -> Option<&'a str> {
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~/=".chars().any(|mark| mark == c);
        // `=` ends a name; it is in the list for token68, which is read as a value.
        let end = self.rest.find(|c: char| !is_token(c) || c == '=').unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!token.is_empty()).then_some(token)
    }

    /// The value after `=`, quoted or not. A challenge's token68 form reads as a name with an empty value, which this client ignores.
    fn value(&mut self) -> Option<String> {
        self.rest = after(after(self.rest, b" \t").strip_prefix('=')?, b" \t=");
        let Some(quoted) = self.rest.strip_prefix('"') else {
            return Some(self.token().unwrap_or_default().to_owned());
        };
        let mut value = String::new();
        let mut characters = quoted.char_indices();
        while let Some((index, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = quoted.get(index + 1..).unwrap_or_default();
                    return Some(value);
                }
                '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
                _ => value.push(character),
            }
        }
        // Unterminated: nothing after it can be trusted to mean anything.
        self.rest = "";
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Challenge;
    use proptest::prelude::*;

    fn error(header: &str) -> Option<String> {
        Challenge::parse(header)?.get("error").map(String::from)
    }

    #[test]
    fn the_examples_of_rfc_6750_are_read() {
        assert_eq!(Challenge::parse(r#"Bearer realm="example""#).unwrap().get("realm"), Some("example"));
        let expired = r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#;
        let challenge = Challenge::parse(expired).unwrap();
        assert!(challenge.is_invalid_token());
        assert_eq!(challenge.words().unwrap().error_description.as_deref(), Some("The access token expired"));
    }

    #[test]
    fn other_schemes_and_spellings_do_not_mislead() {
        assert_eq!(
            error(r#"DPoP error="invalid_token", Bearer error="insufficient_scope""#).unwrap(),
            "insufficient_scope"
        );
        assert_eq!(error(r#"Basic realm="Bearer error=invalid_token""#), None);
        assert_eq!(error(r#"Negotiate abc==, bearer error=invalid_token"#).unwrap(), "invalid_token");
        assert_eq!(error(r#"Bearer error = "invalid_token" , Basic realm="x", error="y""#).unwrap(), "invalid_token");
        assert_eq!(error(r#"Bearer error="a\"b""#).unwrap(), "a\"b");
        assert_eq!(error("Bearer"), None);
        assert!(Challenge::parse("").is_none());
    }

    #[test]
    fn a_parameter_that_stands_twice_is_no_challenge() {
        assert!(Challenge::parse(r#"Bearer error="invalid_token", error="insufficient_scope""#).is_none());
    }

    proptest! {
        #[test]
        fn never_panics(header in r#"[Bearer ="\\,a-z\té]{0,40}"#) {
            let _ = Challenge::parse(&header);
        }
    }
}
