//! The whole client: any lies of a provider at any of its answers, at a login, a refresh, or a question about the person. The
//! client and a naive checker must agree on all of them (`tests/support/trial.rs`).

use arbitrary::{Result, Unstructured};
use oidc_client_wasm::protocol::http::HttpResponse;
use oidc_client_wasm::protocol::json::json;

use super::input;
use crate::support::keys::ALGORITHMS;
use crate::support::lies::{Change, Lies, Published, Told};
use crate::support::trial::{self, Plan};

const PATHS: [&str; 5] = ["/.well-known/openid-configuration", "/jwks", "/token", "/userinfo", "/revoke"];
const PARAMS: [&str; 7] = ["code", "state", "iss", "error", "session_state", "error_uri", "x"];
const TOKEN: [&str; 8] =
    ["access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token", "error", "userinfo"];
const HEADER: [&str; 7] = ["alg", "kid", "typ", "crit", "b64", "jwk", "cty"];
const CLAIMS: [&str; 12] =
    ["iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "at_hash", "auth_time", "acr", "amr"];
const KEY: [&str; 9] = ["kty", "kid", "use", "alg", "crv", "d", "k", "n", "x"];

/// The length of every secret here: a hash, or 32 random octets, in base64url.
const SECRET: usize = 43;

pub fn check(data: &[u8]) {
    // A provider knows the state, the nonce and its own tokens, and may say them anywhere. The fuzzer learns them from comparisons,
    // and the suite's search for leaks would blame the client for what it was told.
    let is_of_secret = |octet: &u8| octet.is_ascii_alphanumeric() || b"-_".contains(octet);
    if !data.windows(SECRET).any(|run| run.iter().all(is_of_secret)) {
        let _ = play(&mut Unstructured::new(data));
    }
}

fn play(u: &mut Unstructured) -> Result<()> {
    match u.int_in_range(0..=5u8)? {
        0 => trial::refresh(&lies(u)?),
        1 => trial::userinfo(&Lies { is_damaged: false, ..lies(u)? }, u.arbitrary()?),
        2 => {
            let (path, is_signed_in) = (*u.choose(&PATHS)?, u.arbitrary()?);
            let status = *u.choose(&[200, 200, 400, 401, 204, 302, 429, 500])?;
            let (content_type, challenge) = (u.arbitrary()?, u.arbitrary()?);
            trial::wire(
                path,
                HttpResponse { content_type, challenge, ..HttpResponse::new(status, u.bytes(u.len())?) },
                is_signed_in,
            );
        }
        _ => {
            let (is_fragment, is_misplaced) = (u.arbitrary()?, u.ratio(1, 20)?);
            let max_age = u.arbitrary::<Option<u16>>()?.map(i64::from);
            let pause = if u.ratio(1, 4)? { u.int_in_range(-700..=700)? } else { 0 };
            trial::login(&lies(u)?, &Plan { is_fragment, is_misplaced, max_age, pause });
        }
    }
    Ok(())
}

fn lies(u: &mut Unstructured) -> Result<Lies> {
    let mut lies = Lies { algorithm: u.choose(&ALGORITHMS)?, is_damaged: u.ratio(1, 20)?, ..Lies::default() };
    lies.is_signed_by_another = u.ratio(1, 20)?;
    for _ in 0..u.int_in_range(0..=3u8)? {
        match u.int_in_range(0..=7u8)? {
            0 => lies.token.push(change(u, &TOKEN)?),
            1 => lies.header.push(change(u, &HEADER)?),
            2 | 3 => lies.claims.push(change(u, &CLAIMS)?),
            4 => lies.userinfo.push(change(u, &CLAIMS)?),
            5 => lies.keys.push(Published::Changed(change(u, &KEY)?)),
            6 => lies.keys = vec![Published::Stranger, Published::Garbage(input::value(u)?), Published::Right],
            _ => {
                let (name, value) = (*u.choose(&PARAMS)?, u.arbitrary()?);
                let told = [Told::Set(name, value), Told::Omit(name), Told::Repeat(name, "x".into())];
                lies.response.push(u.choose(&told)?.clone());
            }
        }
    }
    Ok(lies)
}

/// Sometimes a value that may even be right.
fn change(u: &mut Unstructured, names: &[&str]) -> Result<Change> {
    let right =
        [json!("spa"), json!(["spa"]), json!("alice"), json!("JWT"), json!("key-0"), json!("sig"), json!(trial::NOW)];
    let value = if u.arbitrary()? { u.choose(&right)?.clone() } else { input::value(u)? };
    Ok(((*u.choose(names)?).to_owned(), u.ratio(4, 5)?.then_some(value)))
}
