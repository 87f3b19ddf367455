//! `protocol/uri.rs`: a URL on the first line, and a query on the second. The `url` crate, which is what a browser does, is the
//! oracle: what is accepted here, it must read the same way.

use oidc_client_wasm::protocol::form;
use oidc_client_wasm::protocol::uri::{self, Uri};
use url::{Host, Url};

const NAMES: [&str; 3] = ["code", "state", "iss"];

pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let (text, query) = text.split_once('\n').unwrap_or((text, ""));
    if let (Ok(ours), Ok(theirs)) = (Uri::parse(text), Url::parse(text)) {
        agrees(text, &ours, &theirs);
    }
    if uri::is_same_origin(text, query)
        && let (Ok(one), Ok(other)) = (Url::parse(text), Url::parse(query))
    {
        assert_eq!(one.origin(), other.origin());
    }

    let (before, old, fragment) = uri::split(text);
    let added = form::decode(query);
    let url = uri::append_query(text, added.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let (still, new, same) = uri::split(&url);
    assert_eq!((still, same), (before, fragment));
    assert_eq!(form::decode(new.unwrap_or_default()), [form::decode(old.unwrap_or_default()), added.clone()].concat());

    let cleaned = uri::without_params(query, &NAMES);
    let others: Vec<_> = added.into_iter().filter(|(name, _)| !NAMES.contains(&name.as_str())).collect();
    assert_eq!(form::decode(&cleaned), others);
    assert_eq!(uri::without_params(&cleaned, &NAMES), cleaned);
}

fn agrees(text: &str, ours: &Uri, theirs: &Url) {
    assert!(matches!(theirs.scheme(), "https" | "http"));
    assert_eq!((theirs.username(), theirs.password()), ("", None));
    assert_eq!(theirs.fragment().is_some(), ours.fragment.is_some());
    let pairs: Vec<(String, String)> = theirs.query_pairs().into_owned().collect();
    assert_eq!(pairs, form::decode(ours.query.unwrap_or_default()));
    // A host that a browser spells otherwise (an IPv4 address in hexadecimal) has an origin that is no browser's; never another.
    let (origin, browsers) = (ours.web_origin(), theirs.origin().ascii_serialization());
    let as_read = Url::parse(&origin).map(|url| url.origin().ascii_serialization());
    assert!(origin == browsers || as_read.as_ref() == Ok(&browsers) && as_read != Ok(origin));

    let is_loopback = match theirs.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    };
    assert!(Uri::parse_endpoint(text).is_err() || theirs.scheme() == "https" || is_loopback);
    assert!(Uri::parse_endpoint(text).is_err() || theirs.fragment().is_none());
    assert!(Uri::parse_issuer(text).is_err() || theirs.query().is_none());
}
