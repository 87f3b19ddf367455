//! The little of URIs that the protocol needs ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986)), beside `form`.
//!
//! This parser is stricter than a browser on purpose: every parser reads an accepted URL in the same way. The `url` crate would cost 27 kB
//! of WebAssembly; it serves as the oracle of the tests instead.

use super::form;
use super::text::{contains, decimal, whole};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UriError {
    /// Not `scheme://host…`, or has a character that parsers disagree about (space, control, backslash, non-ASCII).
    Malformed,
    /// Only `https` and `http` make sense here; never `javascript:`, `data:`, …
    Scheme,
    /// `user:password@host`: a look-alike of another host.
    UserInfo,
    /// `http` to a host that is not this machine.
    Insecure,
    /// RFC 6749 sections 3.1 and 3.1.2: endpoint and redirection URIs must not have a fragment.
    Fragment,
    /// RFC 8414 section 2: an issuer has no query.
    Query,
}

impl UriError {
    pub fn describe(self) -> &'static str {
        match self {
            Self::Malformed => "is not an absolute URL",
            Self::Scheme => "must use https or http",
            Self::UserInfo => "must not contain user information",
            Self::Insecure => "must use https (http is accepted for loopback hosts only)",
            Self::Fragment => "must not have a fragment",
            Self::Query => "must not have a query",
        }
    }
}

/// A parsed absolute http(s) URL; borrows the text it was parsed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uri<'a> {
    secure: bool,
    host: &'a str,
    /// Path, query and fragment.
    pub path: &'a str,
    pub query: Option<&'a str>,
    pub fragment: Option<&'a str>,
    /// Scheme and authority as written: everything before the path.
    pub origin: &'a str,
}

impl<'a> Uri<'a> {
    pub fn parse(text: &'a str) -> Result<Self, UriError> {
        if text.bytes().any(|byte| !(0x21..=0x7e).contains(&byte) || byte == b'\\') {
            return Err(UriError::Malformed);
        }
        let (scheme, rest) = text.split_once(':').ok_or(UriError::Malformed)?;
        let secure = match scheme {
            _ if scheme.eq_ignore_ascii_case("https") => true,
            _ if scheme.eq_ignore_ascii_case("http") => false,
            _ => return Err(UriError::Scheme),
        };
        let rest = rest.strip_prefix("//").ok_or(UriError::Malformed)?;
        let end = rest.bytes().position(|byte| b"/?#".contains(&byte)).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at_checked(end).ok_or(UriError::Malformed)?;
        if contains(authority, "@") {
            return Err(UriError::UserInfo);
        }
        let host = host_of(authority).ok_or(UriError::Malformed)?;
        let (path, query, fragment) = split(tail);
        let origin = text.get(..scheme.len() + "://".len() + authority.len()).unwrap_or_default();
        Ok(Self { secure, host, path, query, fragment, origin })
    }

    /// An endpoint of a provider: https, or http on loopback, without a fragment.
    pub fn parse_endpoint(text: &'a str) -> Result<Self, UriError> {
        let uri = Self::parse(text)?;
        match uri {
            _ if !uri.secure && !uri.is_loopback() => Err(UriError::Insecure),
            _ if uri.fragment.is_some() => Err(UriError::Fragment),
            _ => Ok(uri),
        }
    }

    /// An issuer identifier (RFC 8414 section 2): an endpoint's rules, and no query.
    pub fn parse_issuer(text: &'a str) -> Result<Self, UriError> {
        let uri = Self::parse_endpoint(text)?;
        if uri.query.is_some() { Err(UriError::Query) } else { Ok(uri) }
    }

    /// A redirection URI of this page (RFC 6749 section 3.1.2). Plain http is allowed: a page on a LAN cannot do better, and
    /// the provider decides what it registers.
    pub fn parse_redirect_uri(text: &'a str) -> Result<Self, UriError> {
        let uri = Self::parse(text)?;
        if uri.fragment.is_some() { Err(UriError::Fragment) } else { Ok(uri) }
    }

    /// The origin as a browser's URL parser writes it: lowercase, without the scheme's default port. A host in a spelling that
    /// a browser would rewrite (an IPv4 address in hexadecimal, say) stays as it is and so equals no browser's origin.
    pub fn web_origin(&self) -> String {
        let default_port = if self.secure { ":443" } else { ":80" };
        self.origin.strip_suffix(default_port).unwrap_or(self.origin).to_ascii_lowercase()
    }

    pub fn is_loopback(&self) -> bool {
        let host = self.host.to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || is_loopback_v4(host)
    }
}

/// Whether two absolute URLs have the same origin. A text that is no such URL has no origin.
pub fn is_same_origin(a: &str, b: &str) -> bool {
    let origin = |url: &str| Uri::parse(url).ok().map(|uri| uri.web_origin());
    origin(a).is_some() && origin(a) == origin(b)
}

/// 127.0.0.0/8 in plain decimal; other spellings of such an address are just not loopback. The standard library's parser is not used,
/// because it brings IPv6 along.
fn is_loopback_v4(host: &str) -> bool {
    let mut octets = 0;
    for part in host.split('.') {
        if !whole(part).is_some_and(|octet| octet < 256 && decimal(octet) == part) {
            return false;
        }
        octets += 1;
    }
    octets == 4 && host.starts_with("127.")
}

fn bracketed(host: &str) -> Option<&str> {
    host.strip_prefix('[')?.strip_suffix(']')
}

/// The host of `host[:port]`, or `None` when it is empty or has anything but plain host characters.
fn host_of(authority: &str) -> Option<&str> {
    let place_of = |wanted: u8| authority.bytes().position(|byte| byte == wanted);
    let end = match place_of(b']') {
        Some(bracket) => bracket + 1,
        None => place_of(b':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(end)?;
    let port_is_fine = match port.strip_prefix(':') {
        None => port.is_empty(),
        Some(digits) => whole(digits).is_some_and(|port| port <= u32::from(u16::MAX)),
    };
    let host_is_fine = match bracketed(host) {
        Some(v6) => contains(v6, ":") && v6.bytes().all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte)),
        None => {
            !matches!(host.bytes().next(), None | Some(b'.' | b'-'))
                && !contains(host, "..")
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        }
    };
    (port_is_fine && host_is_fine).then_some(host)
}

/// The text before the query, the query, and the fragment (RFC 3986 section 3), of a valid or invalid URL.
pub fn split(url: &str) -> (&str, Option<&str>, Option<&str>) {
    let (rest, fragment) = split_off(url, '#');
    let (before, query) = split_off(rest, '?');
    (before, query, fragment)
}

fn split_off(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Appends form-encoded pairs to a URL's query, keeping a query it already has (RFC 6749 section 3.1).
pub fn append_query<'a>(url: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    append_encoded(url, &form::encode(pairs))
}

fn append_encoded(url: &str, added: &str) -> String {
    let (base, fragment) = split_off(url, '#');
    // Only a query that is empty or ends a pair needs no joint: a path may end in `&`, and a query in `?`.
    let joint = match base.split_once('?') {
        _ if added.is_empty() => "",
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    let hash = if fragment.is_some() { "#" } else { "" };
    [base, joint, added, hash, fragment.unwrap_or_default()].concat()
}

/// Pairs as [`append_query`] takes them.
pub fn as_texts(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// Removes the named parameters and keeps every other byte as it was.
pub fn without_params(encoded: &str, names: &[&str]) -> String {
    let is_named = |pair: &str| form::decode(pair).first().is_some_and(|(name, _)| names.contains(&name.as_str()));
    let mut kept = Vec::new();
    for pair in encoded.split('&') {
        if !is_named(pair) {
            kept.push(pair);
        }
    }
    kept.join("&")
}

#[cfg(test)]
#[path = "uri_tests.rs"]
mod tests;
