//! `protocol/challenge.rs`: the value of a `WWW-Authenticate` header. What is read of it is what a well-written header of the
//! same content would give.

use oidc_client_wasm::protocol::challenge::Challenge;

const NAMES: [&str; 5] = ["realm", "scope", "error", "error_description", "error_uri"];

pub fn check(data: &[u8]) {
    let Ok(header) = str::from_utf8(data) else { return };
    let Some(challenge) = Challenge::parse(header) else { return };
    assert!(header.to_ascii_lowercase().contains("bearer"));

    let quoted = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"");
    let params = NAMES.iter().filter_map(|name| Some(format!("{name}=\"{}\"", quoted(challenge.get(name)?))));
    let written = format!("Bearer {}", params.collect::<Vec<_>>().join(", "));
    if written.len() < 8 * 1024 {
        let again = Challenge::parse(&written).expect("a challenge");
        assert!(NAMES.iter().all(|name| again.get(name) == challenge.get(name)));
    }

    assert_eq!(challenge.is_invalid_token(), challenge.get("error") == Some("invalid_token"));
    let words = challenge.words();
    assert_eq!(words.as_ref().map(|words| words.error.as_str()), challenge.get("error"));
    // Each letter of a value stands in the header, in this order.
    let mut rest = header.chars();
    let is_found = |value: &str| value.chars().all(|wanted| rest.any(|found| found == wanted));
    assert!(challenge.get("error").is_none_or(is_found));
}
