//! `protocol/id_token.rs`: the claims of a token whose signature is good. They are believed exactly when a naive reading of OIDC
//! Core section 3.1.3.7 agrees, which shares no line with the code it judges.

use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use aws_lc_rs::digest::{SHA256, SHA512, digest};
use oidc_client_wasm::protocol::id_token::{Expectations, validate};
use oidc_client_wasm::protocol::jose::{CompactJws, JwkSet, SigningAlgorithm, VerifiedJws};
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::secret::Secret;
use oidc_client_wasm::protocol::time::UnixTime;

use super::input;
use crate::support::SigningKey;
use crate::support::keys::base64url;

const NOW: i64 = 1_800_000_000;
static KEYS: LazyLock<Value> = LazyLock::new(|| {
    let keys = ["RS256", "Ed25519"].map(|name| SigningKey::new(name, 0, None).jwk());
    json!({ "keys": keys })
});

pub fn check(data: &[u8]) {
    let _ = judge(&mut Unstructured::new(data));
}

fn judge(u: &mut Unstructured) -> Result<()> {
    let alg = if u.arbitrary()? { "RS256" } else { "EdDSA" };
    let (trusted, acr) = (["other".to_owned()], ["gold".to_owned()]);
    let nonce = Secret::new("n-0S6_WzA2Mj");
    let expected = Expectations {
        issuer: "https://id.example.com",
        client_id: "spa",
        trusted_audiences: if u.arbitrary()? { &trusted } else { &[] },
        sub: None,
        nonce: u.arbitrary::<bool>()?.then_some(&nonce),
        allow_missing_nonce: u.arbitrary()?,
        max_age: u.arbitrary::<Option<u8>>()?.map(u32::from),
        essential_acr: u.arbitrary::<bool>()?.then_some(&acr),
        access_token: u.arbitrary::<bool>()?.then_some("SlAV32hkKG"),
        is_hash: false,
        now: UnixTime(NOW.saturating_add(i64::from(u.arbitrary::<i8>()?))),
        clock_tolerance: u.int_in_range(0..=60)?,
    };
    let mut claims = json!({
        "iss": expected.issuer, "sub": "alice", "aud": ["spa", "other"], "azp": "spa", "exp": NOW + 60, "iat": NOW,
        "nbf": NOW, "nonce": nonce.expose(), "acr": "gold", "auth_time": NOW - 60, "amr": ["pwd"],
        "at_hash": half_hash(alg, "SlAV32hkKG"),
    });
    if u.arbitrary()? {
        claims["aud"] = json!("spa");
    }
    input::edit(u, &mut claims)?;
    if let Some(jws) = signed(alg, &claims) {
        let believed = validate(jws, &expected);
        assert_eq!(believed.is_ok(), claims.is_object() && is_good(&claims, alg, &expected), "{:?}", believed.err());
        assert!(believed.is_err() || believed.is_ok_and(|seen| Value::Object(seen.as_object().clone()) == claims));
    }
    Ok(())
}

fn half_hash(alg: &str, token: &str) -> String {
    let hash = digest(if alg == "RS256" { &SHA256 } else { &SHA512 }, token.as_bytes());
    base64url(&hash.as_ref()[..hash.as_ref().len() / 2])
}

/// As if somebody had verified it: the signature is one that can be.
fn signed(alg: &str, claims: &Value) -> Option<VerifiedJws> {
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    let signature = base64url(&vec![1; if alg == "RS256" { 256 } else { 64 }]);
    let token = format!("{}.{}.{signature}", part(&json!({ "alg": alg })), part(claims));
    let keys = JwkSet::from_json(KEYS.as_object()?).ok()?;
    let jws = CompactJws::parse(&token, &SigningAlgorithm::ALL).ok()?;
    jws.check(&keys).expect("a key and a possible signature").conclude(true).ok()
}

fn is_good(claims: &Value, alg: &str, expected: &Expectations) -> bool {
    let absent = |name: &str| claims.get(name).is_none_or(Value::is_null);
    let date = |name: &str| claims[name].as_f64().filter(|at| (0.0..1e12).contains(at)).map(|at| at as i64);
    let (now, tolerance) = (expected.now.0, i64::from(expected.clock_tolerance));
    let audiences = match &claims["aud"] {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    };
    let is_trusted = |one: &Value| one == "spa" || expected.trusted_audiences.iter().any(|other| one == other);
    let is_soon = |name: &str| date(name).is_some_and(|at| at - now <= tolerance);
    claims["iss"] == expected.issuer
        && claims["sub"].as_str().is_some_and(|sub| !sub.is_empty() && sub.len() <= 255)
        && audiences.contains(&json!("spa"))
        && audiences.iter().all(is_trusted)
        && (absent("azp") || claims["azp"] == "spa")
        && date("exp").is_some_and(|exp| now - exp < tolerance)
        && is_soon("iat")
        && (absent("nbf") || is_soon("nbf"))
        && expected.nonce.is_none_or(|nonce| match absent("nonce") {
            true => expected.allow_missing_nonce,
            false => claims["nonce"] == nonce.expose(),
        })
        && expected.essential_acr.is_none_or(|_| claims["acr"] == "gold")
        && expected.max_age.is_none_or(|age| {
            date("auth_time").is_some_and(|at| at - now <= tolerance && now - at <= i64::from(age) + tolerance)
        })
        && (absent("at_hash")
            || expected.access_token.is_none_or(|token| claims["at_hash"] == half_hash(alg, token).as_str()))
}
