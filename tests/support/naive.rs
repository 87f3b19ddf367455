//! The naive checker: it reads the specifications anew and shares no line with the code under test. Whether what a provider said
//! may be believed, all of it at a glance.

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};

use super::keys::base64url;
use super::lies::Said;
use super::provider::CLIENT_ID;
use super::world::ISSUER;
use oidc_client_wasm::protocol::json::Value;

/// What the page knows of its login.
pub struct Login<'a> {
    pub state: &'a str,
    pub nonce: &'a str,
    pub code: &'a str,
    pub max_age: Option<i64>,
}

fn absent(object: &Value, name: &str) -> bool {
    object.get(name).is_none_or(Value::is_null)
}

/// RFC 6749 appendix A: what has no character is not there.
fn empty(object: &Value, name: &str) -> bool {
    absent(object, name) || object[name] == ""
}

/// RFC 6749 section 4.1.2, RFC 9207 section 2.4.
pub fn response_is_good(params: &[(String, String)], login: &Login) -> bool {
    let all =
        |name: &str| params.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>();
    let at_most_once = ["session_state", "error", "error_description", "error_uri"];
    at_most_once.iter().all(|name| all(name).len() < 2)
        && all("state") == [login.state]
        && all("iss") == [ISSUER]
        && all("error").iter().all(|error| error.is_empty())
        && all("code") == [login.code]
}

/// RFC 6749 section 5.1. An id_token is another matter.
pub fn token_is_good(token: &Value) -> bool {
    let text = |name: &str| token.get(name).and_then(Value::as_str);
    let printable = |name: &str| {
        text(name).is_some_and(|text| !text.is_empty() && text.chars().all(|letter| (' '..='~').contains(&letter)))
    };
    let lifetime = match &token["expires_in"] {
        Value::Null => true,
        Value::Number(number) => number.as_f64().is_some_and(|seconds| (0.0..=2_147_483_647.0).contains(&seconds)),
        Value::String(text) if text.is_empty() => true,
        Value::String(text) => {
            text.chars().all(|letter| letter.is_ascii_digit())
                && text.parse::<u32>().is_ok_and(|seconds| seconds < 1 << 31)
        }
        _ => false,
    };
    empty(token, "error")
        && printable("access_token")
        && text("access_token").is_some_and(|token| !token.contains(' '))
        && text("token_type").is_some_and(|name| name.to_lowercase() == "bearer")
        && lifetime
        && (empty(token, "refresh_token") || printable("refresh_token"))
        && (absent(token, "scope") || text("scope").is_some())
        && (empty(token, "id_token") || text("id_token").is_some())
}

/// RFC 8037 and RFC 9864 have two names for one algorithm.
fn name(alg: &Value) -> Option<&str> {
    alg.as_str().map(|name| if name == "EdDSA" { "Ed25519" } else { name })
}

/// What an id_token is signed with is of the provider's list, where it has one.
pub fn signature_is_good(said: &Said) -> bool {
    let is_listed = match &said.supported {
        Value::Null => true,
        Value::Array(list) => list.iter().any(|alg| name(alg) == name(&said.header["alg"])),
        _ => false,
    };
    is_listed && !said.is_damaged && is_signed_by_its_key(said)
}

/// The header, and of the keys the one that it picks, which must be that of who signed (RFC 7515, RFC 7517, RFC 8725).
fn is_signed_by_its_key(said: &Said) -> bool {
    let (header, signer) = (&said.header, &said.signer);
    let fitting: Vec<&Value> = said.keys.iter().filter(|key| fits(key, header)).collect();
    let public: &[&str] = if signer["kty"] == "RSA" { &["n", "e"] } else { &["x", "y"] };
    let is_same = |key: &&Value| public.iter().all(|member| key.get(member) == signer.get(member));
    name(&header["alg"]).is_some()
        && name(&header["alg"]) == name(&signer["alg"])
        && header.get("kid").is_none_or(Value::is_string)
        && header.get("typ").is_none_or(|typ| typ.as_str().is_some_and(is_no_other_kind))
        && header.get("crit").is_none()
        && header.get("b64").is_none()
        && !fitting.is_empty()
        && fitting.iter().all(is_same)
}

/// RFC 8725 section 3.11: what is certainly a token of another kind.
fn is_no_other_kind(typ: &str) -> bool {
    let typ = typ.to_lowercase();
    let others = ["at", "logout", "dpop", "secevent", "token-introspection", "oauth-authz-req"];
    !others.iter().any(|other| typ.trim_start_matches("application/") == format!("{other}+jwt"))
}

fn fits(key: &Value, header: &Value) -> bool {
    let alg = name(&header["alg"]).unwrap_or_default();
    let kind = match alg {
        "ES256" => ["EC", "P-256"],
        "ES384" => ["EC", "P-384"],
        "ES512" => ["EC", "P-521"],
        "Ed25519" => ["OKP", "Ed25519"],
        _ => ["RSA", ""],
    };
    !is_private(key)
        && key["kty"] == kind[0]
        && (kind[0] == "RSA" || key["crv"] == kind[1])
        && header.get("kid").is_none_or(|kid| key.get("kid") == Some(kid))
        && (absent(key, "use") || key["use"] == "sig")
        && (absent(key, "key_ops")
            || key["key_ops"].as_array().is_some_and(|list| list.iter().any(|op| op == "verify")))
        && (absent(key, "alg") || name(&key["alg"]) == Some(alg))
}

/// RFC 7518 section 6: what no key that is published may have.
pub fn is_private(key: &Value) -> bool {
    ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|member| !absent(key, member))
}

/// OIDC Core section 3.1.3.7, except for the nonce and the time of the authentication.
pub fn claims_are_good(said: &Said, now: i64) -> bool {
    let claims = &said.claims;
    let date = |name: &str| claims[name].as_f64().filter(|at| (0.0..1e12).contains(at)).map(|seconds| seconds as i64);
    let audiences = audiences(claims);
    let hash = match name(&said.header["alg"]).unwrap_or_default() {
        "Ed25519" => &SHA512,
        alg if alg.ends_with("512") => &SHA512,
        alg if alg.ends_with("384") => &SHA384,
        _ => &SHA256,
    };
    let hash = digest(hash, said.token["access_token"].as_str().unwrap_or_default().as_bytes());
    let at_hash = base64url(&hash.as_ref()[..hash.as_ref().len() / 2]);
    claims["iss"] == ISSUER
        && claims["sub"].as_str().is_some_and(|sub| !sub.is_empty() && sub.len() < 256)
        && !audiences.is_empty()
        && audiences.iter().all(|audience| audience == CLIENT_ID)
        && (absent(claims, "azp") || claims["azp"] == CLIENT_ID)
        && date("exp").is_some_and(|exp| now < exp + 60)
        && date("iat").is_some_and(|iat| iat <= now + 60)
        && (absent(claims, "nbf") || date("nbf").is_some_and(|nbf| nbf <= now + 60))
        && (absent(claims, "at_hash") || claims["at_hash"] == at_hash.as_str())
}

/// The same with what only the first id_token must prove.
pub fn first_claims_are_good(said: &Said, login: &Login, now: i64) -> bool {
    let auth_time = said.claims["auth_time"].as_f64();
    claims_are_good(said, now)
        && said.claims["nonce"] == login.nonce
        && login.max_age.is_none_or(|age| auth_time.is_some_and(|at| (-60..=age + 60).contains(&(now - at as i64))))
}

/// OIDC Core section 12.2.
pub fn is_same_login(now: &Value, then: &Value) -> bool {
    let sorted = |claims: &Value| {
        let mut list: Vec<String> = audiences(claims).iter().map(Value::to_string).collect();
        list.sort();
        list.dedup();
        list
    };
    let same = |name: &str| now.get(name) == then.get(name);
    let same_where_both = |name: &str| now.get(name).is_none() || then.get(name).is_none() || same(name);
    let is_same_time = || now["auth_time"].as_f64() == then["auth_time"].as_f64();
    ["iss", "sub", "azp"].iter().all(|name| same(name))
        && sorted(now) == sorted(then)
        && same_where_both("nonce")
        && (same_where_both("auth_time") || is_same_time())
}

/// The refresh token of a token response, whatever stands beside it.
pub fn refresh_token(token: &Value) -> Option<&str> {
    let text = token["refresh_token"].as_str()?;
    (!text.is_empty() && text.chars().all(|letter| (' '..='~').contains(&letter))).then_some(text)
}

/// Whether claims of this provider for this client are about somebody else than those of the login.
pub fn is_about_another(claims: &Value, first: &Value) -> bool {
    let audiences = audiences(claims);
    claims["iss"] == ISSUER
        && !audiences.is_empty()
        && audiences.iter().all(|audience| audience == CLIENT_ID)
        && (absent(claims, "azp") || claims["azp"] == CLIENT_ID)
        && claims["sub"].as_str().is_some_and(|sub| !sub.is_empty() && sub.len() < 256)
        && claims["sub"] != first["sub"]
}

/// OIDC Core section 5.3.2.
pub fn userinfo_is_good(said: &Said, sub: &str, is_signed: bool, now: i64) -> bool {
    let claims = &said.userinfo;
    let exp = &claims["exp"];
    let is_alive = || exp.as_f64().is_some_and(|at| (0.0..1e12).contains(&at) && now < at as i64 + 60);
    let nbf = &claims["nbf"];
    let has_begun = || nbf.as_f64().is_some_and(|at| (0.0..1e12).contains(&at) && at as i64 <= now + 60);
    let is_for_us = || {
        claims["iss"] == ISSUER
            && audiences(claims).iter().all(Value::is_string)
            && audiences(claims).iter().any(|audience| audience == CLIENT_ID)
            && (exp.is_null() || is_alive())
            && (nbf.is_null() || has_begun())
    };
    claims["sub"] == sub && (!is_signed || is_signed_by_its_key(said) && is_for_us())
}

fn audiences(claims: &Value) -> Vec<Value> {
    match &claims["aud"] {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    }
}
