//! Provider metadata and its discovery: [OpenID Connect Discovery 1.0](https://openid.net/specs/openid-connect-discovery-1_0.html) section
//! 4, then [RFC 8414](https://www.rfc-editor.org/rfc/rfc8414) section 3.

use super::config::{ClientConfig, ENDPOINTS, MetadataSource};
use super::http::{HttpRequest, HttpResponse};
use super::jose::SigningAlgorithm;
use super::json::{self, JsonError, Object, Value};
use super::oauth_error::quoted;
use super::text::{contains, decimal};
use super::uri::{Uri, UriError, is_same_origin};

/// Metadata of one provider: what it published, with the settings' own values on top, every URL checked.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerMetadata {
    members: Object,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataError {
    /// Neither well-known location answered with metadata.
    Status(u16),
    NotAnObject(JsonError),
    /// A member that is missing or is not what it must be.
    Member(&'static str, &'static str),
    /// Discovery section 4.3, RFC 8414 section 3.3: the document must name the issuer it was fetched for.
    IssuerMismatch {
        expected: Option<String>,
        found: String,
    },
    NoAuthorizationEndpoint,
    NoTokenEndpoint,
    NoJwksUri,
    /// The algorithms of the provider, none of which this client accepts.
    NoAlgorithm(Vec<String>),
    /// An endpoint that the provider does not publish, by its name.
    NoEndpoint(&'static str),
    /// The provider lists the features that it supports, and a feature that this client needs is not among them.
    NotSupported(&'static str),
}

/// The documents that a provider signs. The metadata has a list of algorithms for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    IdToken,
    Userinfo,
}

impl Signed {
    fn algorithms_member(self) -> &'static str {
        match self {
            Self::IdToken => "id_token_signing_alg_values_supported",
            Self::Userinfo => "userinfo_signing_alg_values_supported",
        }
    }
}

const NO_ISSUER: MetadataError = MetadataError::Member("issuer", "is missing");
const ISS_PROMISE: &str = "authorization_response_iss_parameter_supported";

impl MetadataError {
    pub fn describe(&self) -> String {
        match self {
            Self::Status(status) => {
                ["The provider's metadata could not be had: HTTP ", &decimal(*status), "."].concat()
            }
            Self::NotAnObject(why) => ["The provider's metadata ", &why.describe(), "."].concat(),
            Self::NoAlgorithm(names) => [
                "The provider signs id_tokens with ",
                &if names.is_empty() { "no algorithm".into() } else { quoted(&names.join(",")) },
                " only, which this client does not accept.",
            ]
            .concat(),
            Self::Member(name, problem) => {
                ["The provider's metadata has a bad \"", name, "\": it ", problem, "."].concat()
            }
            Self::IssuerMismatch { expected, found } => {
                let found = quoted(found);
                match expected {
                    Some(expected) => [
                        "The provider's metadata names the issuer \"",
                        &found,
                        "\", but \"",
                        expected,
                        "\" was expected.",
                    ]
                    .concat(),
                    None => [
                        "The provider's metadata names the issuer \"",
                        &found,
                        "\", which does not belong to the document's URL.",
                    ]
                    .concat(),
                }
            }
            Self::NoAuthorizationEndpoint => "No authorization endpoint is known.".into(),
            Self::NoTokenEndpoint => "No token endpoint is known.".into(),
            Self::NoJwksUri => "No keys are known to verify an id_token with.".into(),
            Self::NoEndpoint(name) => ["The provider's metadata has no ", name, "."].concat(),
            Self::NotSupported(what) => ["The provider does not support ", what, "."].concat(),
        }
    }
}

/// Discovery section 4.1: the path is appended to the issuer, without a slash it may end in.
pub fn openid_configuration_url(issuer: &str) -> String {
    [issuer.strip_suffix('/').unwrap_or(issuer), "/.well-known/openid-configuration"].concat()
}

/// RFC 8414 section 3.1: the well-known part goes between the host and the issuer's path.
pub fn authorization_server_url(issuer: &str) -> Option<String> {
    let uri = Uri::parse(issuer).ok()?;
    let path = uri.path.strip_suffix('/').unwrap_or(uri.path);
    Some([uri.origin, "/.well-known/oauth-authorization-server", path].concat())
}

/// The places where the document may be, in the order of the requests.
pub fn requests(source: &MetadataSource) -> Vec<HttpRequest> {
    match source {
        MetadataSource::Settings => Vec::new(),
        MetadataSource::Document { url, .. } => vec![HttpRequest::get_json(url.as_str())],
        MetadataSource::Issuer(issuer) => {
            let mut requests = vec![HttpRequest::get_json(&*openid_configuration_url(issuer))];
            requests.extend(authorization_server_url(issuer).map(|url| HttpRequest::get_json(&*url)));
            requests
        }
    }
}

/// Whether to ask the next location: the server answers that the document is not at this one. After a failure of the server there is no
/// next request, because a passing fault must not change which document counts.
pub fn is_absent(response: &HttpResponse) -> bool {
    HttpResponse::is_refusal(response.status)
}

/// Reads an answer to one of [`requests`].
pub fn response(response: &HttpResponse) -> Result<Object, MetadataError> {
    if response.status != 200 {
        return Err(MetadataError::Status(response.status));
    }
    response.json_object().map_err(MetadataError::NotAnObject)
}

/// Kept apart so that a document remembered in storage passes the same check again. `may_be_template`: the settings say how
/// the issuer of a token follows from a template (`expectedIssuer`), so a document of the same host may publish one.
pub fn check_issuer(source: &MetadataSource, document: &Object, may_be_template: bool) -> Result<(), MetadataError> {
    let found = member_text(document, "issuer")?.ok_or(NO_ISSUER)?;
    if may_be_template && contains(found, "{") && is_of_same_host(source, found) {
        return Ok(());
    }
    let (expected, is_expected) = match source {
        MetadataSource::Settings => (None, true),
        MetadataSource::Issuer(issuer) | MetadataSource::Document { issuer: Some(issuer), .. } => {
            (Some(issuer.clone()), issuer == found)
        }
        MetadataSource::Document { url, issuer: None } => {
            let is_home =
                openid_configuration_url(found) == *url || authorization_server_url(found).as_ref() == Some(url);
            // The developer named the location of such a document; only a document at a well-known location must fit the location.
            (None, is_home || !url.split('/').any(|segment| segment == ".well-known"))
        }
    };
    if is_expected { Ok(()) } else { Err(MetadataError::IssuerMismatch { expected, found: found.to_owned() }) }
}

fn is_of_same_host(source: &MetadataSource, found: &str) -> bool {
    match source {
        MetadataSource::Settings => false,
        MetadataSource::Issuer(url) | MetadataSource::Document { url, .. } => is_same_origin(url, found),
    }
}

impl ServerMetadata {
    /// Puts the settings' own values over the discovered ones and checks the whole.
    pub fn assemble(config: &ClientConfig, discovered: Object) -> Result<Self, MetadataError> {
        let mut members = discovered;
        for (name, value) in config.explicit_metadata.iter() {
            // `null` takes a member away.
            match value {
                Value::Null => members.remove(name),
                value => members.insert(name.clone(), value.clone()),
            };
        }
        // A malformed endpoint that this client does not use costs no login; an application that reads the metadata does not see it.
        members.retain(|name, value| {
            let is_endpoint = name.ends_with("_endpoint") || name == "check_session_iframe";
            let is_judged = ENDPOINTS.contains(&name.as_str()) || !is_endpoint || value.is_null();
            is_judged || value.as_str().is_some_and(|url| Uri::parse_endpoint(url).is_ok())
        });
        let bad = |name, why: UriError| MetadataError::Member(name, why.describe());
        if let Some(issuer) = member_text(&members, "issuer")? {
            Uri::parse_issuer(issuer).map_err(|why| bad("issuer", why))?;
        }
        for name in ENDPOINTS {
            // A URL has at least one character: an empty text is an absent endpoint.
            if let Some(url) = member_text(&members, name)?.filter(|url| !url.is_empty()) {
                Uri::parse_endpoint(url).map_err(|why| bad(name, why))?;
            }
        }
        let metadata = Self { members };
        // A member that decides over a check must have its type, because a mistake would switch the check off.
        for list in [Signed::IdToken, Signed::Userinfo].map(Signed::algorithms_member) {
            metadata.strings(list)?;
        }
        if !metadata.members.get(ISS_PROMISE).is_none_or(|promise| promise.as_bool().is_some() || promise.is_null()) {
            return Err(MetadataError::Member(ISS_PROMISE, "must be true or false"));
        }
        metadata.must_support("response_types_supported", "code", "the response type code")?;
        metadata.must_support("code_challenge_methods_supported", "S256", "PKCE with S256")?;
        Ok(metadata)
    }

    /// An absent list says nothing. A list that the provider publishes counts.
    fn must_support(&self, list: &'static str, value: &str, what: &'static str) -> Result<(), MetadataError> {
        let is_supported = self.strings(list)?.is_none_or(|values| values.iter().any(|supported| supported == value));
        if is_supported { Ok(()) } else { Err(MetadataError::NotSupported(what)) }
    }

    pub fn members(&self) -> &Object {
        &self.members
    }

    pub fn issuer(&self) -> Option<&str> {
        self.text("issuer")
    }

    /// The issuer, for checks that need one.
    pub fn required_issuer(&self) -> Result<&str, MetadataError> {
        self.issuer().ok_or(NO_ISSUER)
    }

    pub fn authorization_endpoint(&self) -> Result<&str, MetadataError> {
        self.text("authorization_endpoint").ok_or(MetadataError::NoAuthorizationEndpoint)
    }

    pub fn token_endpoint(&self) -> Result<&str, MetadataError> {
        self.text("token_endpoint").ok_or(MetadataError::NoTokenEndpoint)
    }

    pub fn jwks_uri(&self) -> Result<&str, MetadataError> {
        self.text("jwks_uri").ok_or(MetadataError::NoJwksUri)
    }

    pub fn userinfo_endpoint(&self) -> Result<&str, MetadataError> {
        self.text("userinfo_endpoint").ok_or(MetadataError::NoEndpoint("userinfo_endpoint"))
    }

    pub fn revocation_endpoint(&self) -> Result<&str, MetadataError> {
        self.text("revocation_endpoint").ok_or(MetadataError::NoEndpoint("revocation_endpoint"))
    }

    pub fn end_session_endpoint(&self) -> Option<&str> {
        self.text("end_session_endpoint")
    }

    /// OpenID Connect Session Management 1.0 section 3.3.
    pub fn check_session_iframe(&self) -> Result<&str, MetadataError> {
        self.text("check_session_iframe").ok_or(MetadataError::NoEndpoint("check_session_iframe"))
    }

    /// RFC 9207 section 3: absent is "not promised".
    pub fn promises_iss_parameter(&self) -> bool {
        self.members.get(ISS_PROMISE) == Some(&Value::Bool(true))
    }

    /// The client's list, narrowed to the algorithms that the provider lists. Without such a list, the client's list stays.
    pub fn algorithms(
        &self,
        signed: Signed,
        accepted: &[SigningAlgorithm],
    ) -> Result<Vec<SigningAlgorithm>, MetadataError> {
        let mut algorithms = accepted.to_vec();
        if let Some(names) = self.strings(signed.algorithms_member())? {
            let is_supported = |algorithm: &SigningAlgorithm| {
                names.iter().any(|name| name.as_str().and_then(SigningAlgorithm::parse) == Some(*algorithm))
            };
            algorithms.retain(is_supported);
        }
        Ok(algorithms)
    }

    /// Checks, before the page leaves, that this client will be able to accept the id_token.
    pub fn check_algorithms(&self, accepted: &[SigningAlgorithm]) -> Result<(), MetadataError> {
        if self.algorithms(Signed::IdToken, accepted)?.is_empty() {
            let names = self.members.get(Signed::IdToken.algorithms_member()).and_then(json::string_list);
            return Err(MetadataError::NoAlgorithm(names.unwrap_or_default()));
        }
        Ok(())
    }

    /// Whether a login could begin and end with this document. An incomplete document is used and not remembered.
    pub fn is_enough_for_a_login(&self, config: &ClientConfig) -> bool {
        let has = |endpoint| self.text(endpoint).is_some();
        let can_verify = || {
            (config.jwks.is_some() || has("jwks_uri")) && self.check_algorithms(&config.id_token_signing_algs).is_ok()
        };
        has("authorization_endpoint")
            && has("token_endpoint")
            && (!ClientConfig::is_openid(&config.scope) || can_verify())
    }

    /// RFC 9126 section 5: the provider takes no other authorization requests.
    pub fn requires_pushed_requests(&self) -> bool {
        self.members.get("require_pushed_authorization_requests") == Some(&Value::Bool(true))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    fn strings(&self, name: &'static str) -> Result<Option<&[Value]>, MetadataError> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(list)) if list.iter().all(Value::is_string) => Ok(Some(list)),
            Some(_) => Err(MetadataError::Member(name, "must be a list of strings")),
        }
    }
}

fn member_text<'a>(document: &'a Object, name: &'static str) -> Result<Option<&'a str>, MetadataError> {
    json::optional_text(document, name).map_err(|_| MetadataError::Member(name, "must be a string"))
}

#[cfg(test)]
#[path = "metadata_tests.rs"]
mod tests;
