//! The use of an access token in a request: the header `Authorization` ([RFC 6750 section
//! 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)). The type of a token (RFC 6749 section 7.1), the scheme of this header and the
//! scheme of a challenge are one word.

use std::fmt;

use super::secret::Secret;

/// The type of the tokens that this client uses, as the client writes it.
pub const TOKEN_TYPE: &str = "Bearer";

/// Whether a `token_type`, or the scheme of a challenge, is the client's. Case makes no difference (RFC 6749 section 5.1, RFC 9110
/// section 11.1).
pub fn is_token_type(name: &str) -> bool {
    name.eq_ignore_ascii_case(TOKEN_TYPE)
}

/// An access token that goes with a request.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    Bearer(Secret),
}

impl Credential {
    /// The value of the header. Access tokens are visible ASCII, which every header takes.
    pub fn authorization(&self) -> String {
        let Self::Bearer(token) = self;
        [TOKEN_TYPE, " ", token.expose()].concat()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::{Credential, Secret, is_token_type};

    #[test]
    fn a_bearer_token_stands_behind_its_type_and_one_space() {
        assert_eq!(Credential::Bearer(Secret::new("mF_9.B5f-4.1JqM")).authorization(), "Bearer mF_9.B5f-4.1JqM");
    }

    #[test]
    fn the_type_is_compared_without_regard_to_case_and_to_nothing_else() {
        assert!(["Bearer", "bearer", "bEARER"].into_iter().all(is_token_type));
        assert!(!["", "Bearer ", "DPoP", "Bearers", "mac"].into_iter().any(is_token_type));
    }

    #[test]
    fn debug_never_shows_the_token() {
        assert!(!format!("{:?}", Credential::Bearer(Secret::new("hunter2"))).contains("hunter2"));
    }
}
