//! The request to the logout URI of a client:
//! [OpenID Connect Front-Channel Logout 1.0](https://openid.net/specs/openid-connect-frontchannel-1_0.html) sections 2 and 3.
//!
//! The provider has the browser load the URI in a frame. Any other page can load the URI, too, with any parameters: the request has no
//! proof beside the `sid`, which outsiders cannot guess (section 5).

use super::authorization_response::MAX_RESPONSE;
use super::form;
use super::json::json;
use super::secret::fingerprint;
use super::uri;

/// The fingerprint of a session at its provider: the issuer and the `sid`, which is unique in the context of the issuer (section 3).
pub fn provider_session(issuer: &str, sid: &str) -> String {
    fingerprint(&json!([issuer, sid]).to_text())
}

/// The fingerprint of the session that a URL names. `None` where the URL does not name exactly one: section 2 demands both parameters or
/// neither, and this client asks for both (`frontchannel_logout_session_required`).
pub fn session_named_by(url: &str) -> Option<String> {
    let (_, query, _) = uri::split(url);
    let params = form::decode(query.filter(|query| query.len() <= MAX_RESPONSE)?);
    Some(provider_session(only(&params, "iss")?, only(&params, "sid")?))
}

/// The value of a parameter that the URL has exactly once.
fn only<'a>(params: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let is_alone = params.iter().filter(|(key, _)| key == name).count() == 1;
    form::value(params, name).filter(|value| is_alone && !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{provider_session, session_named_by};

    #[test]
    fn a_session_is_named_by_both_parameters() {
        let named = Some(provider_session("https://id.example", "s 1"));
        for query in ["iss=https://id.example&sid=s+1", "a=b&sid=s%201&iss=https%3A%2F%2Fid.example&state=x"] {
            assert_eq!(session_named_by(&format!("https://app.example/out?{query}")), named, "{query}");
            assert_eq!(session_named_by(&format!("https://app.example/out?{query}#sid=other")), named, "{query}");
            assert_eq!(session_named_by(&format!("https://app.example/out#{query}")), None, "a fragment is no query");
        }
    }

    #[test]
    fn a_parameter_that_is_absent_empty_or_there_twice_names_no_session() {
        for query in [
            "",
            "sid=1",
            "iss=a",
            "iss=&sid=1",
            "iss=a&sid=",
            "iss=a&sid=1&sid=1",
            "iss=a&sid=1&sid=2",
            "iss=a&iss=b&sid=1",
            "iss=a&sid=1&%73id=1",
            "ISS=a&SID=1",
        ] {
            assert_eq!(session_named_by(&format!("https://app.example/out?{query}")), None, "{query}");
        }
        assert_eq!(session_named_by("https://app.example/out"), None);
    }

    #[test]
    fn a_query_beyond_every_honest_length_names_no_session() {
        let long = "x".repeat(super::MAX_RESPONSE);
        assert_eq!(session_named_by(&format!("https://app.example/out?iss=a&sid=1&x={long}")), None);
    }

    #[test]
    fn issuer_and_sid_do_not_run_into_each_other() {
        assert_ne!(provider_session("https://a", "bc"), provider_session("https://ab", "c"));
    }
}
