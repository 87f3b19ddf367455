//! The provider's own words of refusal ([RFC 6749 sections 4.1.2.1 and 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)).
//!
//! They are handed on verbatim in their own fields and never spliced into a message of ours: they may be wrong, hostile or written for
//! another reader.

use std::fmt;

use super::json::Object;

#[derive(Clone, PartialEq, Eq)]
pub struct ProviderError {
    pub error: String,
    pub error_description: Option<String>,
    pub error_uri: Option<String>,
}

/// A provider may quote a secret in its words (such as a refused code or verifier), so `Debug` does not show the words.
impl fmt::Debug for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderError").finish_non_exhaustive()
    }
}

/// The beginning of a foreign name, to be quoted in a message of this client: only visible ASCII.
pub fn quoted(name: &str) -> String {
    name.chars().take(100).map(|letter| if letter.is_ascii_graphic() { letter } else { '?' }).collect()
}

impl ProviderError {
    /// The words of an answer; `None` if it has no `error`. Appendix A gives each at least one character, so an empty text is an absent
    /// one.
    pub fn read<'a>(text: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let text = |name: &str| text(name).filter(|text| !text.is_empty()).map(String::from);
        Some(Self { error: text("error")?, error_description: text("error_description"), error_uri: text("error_uri") })
    }

    /// An error answer of the token endpoint or its kin; `None` when the object has no `error` string.
    pub fn from_json(body: &Object) -> Option<Self> {
        Self::read(|name| body.get(name)?.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_is_quoted_is_short_and_visible() {
        assert_eq!(quoted("https://id.example.com/ \r\n\u{202e}\u{e4}"), "https://id.example.com/?????");
        assert_eq!(quoted(&"x".repeat(1000)).len(), 100);
    }
}
