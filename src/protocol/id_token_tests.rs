use super::*;
use crate::protocol::base64url;
use crate::protocol::jose::{CompactJws, SigningAlgorithm, examples};
use crate::protocol::json::json;

const NOW: i64 = 1_700_000_000;

fn verified(alg: &str, claims: &Value) -> VerifiedJws {
    let algorithm = SigningAlgorithm::parse(alg).unwrap();
    let token = examples::token(algorithm, &json!({ "alg": alg }).to_string(), &claims.to_string());
    let jws = CompactJws::parse(&token, &SigningAlgorithm::ALL).unwrap();
    jws.check(&examples::key_set()).unwrap().conclude(true).unwrap()
}

fn good() -> Value {
    json!({
        "iss": "https://id.example.com", "sub": "alice", "aud": "spa", "exp": NOW + 300, "iat": NOW, "nonce": "N",
        "amr": ["pwd"], "acr": "silver", "auth_time": NOW - 10,
    })
}

fn expectations(nonce: &Secret) -> Expectations<'_> {
    Expectations {
        issuer: "https://id.example.com",
        client_id: "spa",
        trusted_audiences: &[],
        sub: None,
        nonce: Some(nonce),
        allow_missing_nonce: false,
        max_age: None,
        essential_acr: None,
        access_token: Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
        is_hash: false,
        now: UnixTime(NOW),
        clock_tolerance: 60,
    }
}

fn judge(claims: Value) -> Result<IdTokenClaims, ClaimError> {
    validate(verified("RS256", &claims), &expectations(&Secret::new("N")))
}

fn with(name: &str, value: Value) -> Result<IdTokenClaims, ClaimError> {
    let mut claims = good();
    claims[name] = value;
    judge(claims)
}

#[test]
fn a_good_token_is_accepted_and_keeps_every_claim() {
    let mut claims = good();
    claims["_claim_names"] = json!({ "x": "src1" });
    assert_eq!(judge(claims.clone()).unwrap().as_object(), claims.as_object().unwrap());
}

#[test]
fn required_claims_are_required() {
    for name in ["iss", "sub", "aud", "exp", "iat"] {
        let mut claims = good();
        claims.as_object_mut().unwrap().remove(name);
        assert_eq!(judge(claims), Err(ClaimError::Missing(name)));
        assert_eq!(with(name, Value::Null), Err(ClaimError::Missing(name)));
    }
}

#[test]
fn invalid_iss() {
    for iss in ["https://id.example.com1", "https://id.example.com/", "https://ID.example.com", ""] {
        assert!(matches!(with("iss", json!(iss)), Err(ClaimError::Invalid("iss", _))), "{iss}");
    }
    assert!(matches!(with("iss", json!(["https://id.example.com"])), Err(ClaimError::Invalid("iss", _))));
}

#[test]
fn invalid_sub() {
    for sub in [json!(""), json!("x".repeat(256)), json!(7), json!(["alice"])] {
        assert!(matches!(with("sub", sub), Err(ClaimError::Invalid("sub", _))));
    }
}

#[test]
fn invalid_aud_and_invalid_secondary_aud() {
    for aud in
        [json!("spa1"), json!([]), json!(["other"]), json!(["spa", "spa1"]), json!(7), json!(["spa", 7]), json!({})]
    {
        assert!(
            matches!(with("aud", aud.clone()), Err(ClaimError::Invalid("aud", _) | ClaimError::TokenTarget(_))),
            "{aud}"
        );
    }
}

#[test]
fn valid_aud_as_array() {
    assert!(with("aud", json!(["spa"])).is_ok());
}

#[test]
fn a_further_audience_must_be_trusted_by_name() {
    let mut claims = good();
    claims["aud"] = json!(["spa", "api"]);
    let nonce = Secret::new("N");
    let trusted = ["api".to_owned()];
    let expected = Expectations { trusted_audiences: &trusted, ..expectations(&nonce) };
    assert!(validate(verified("RS256", &claims), &expected).is_ok());
    claims["aud"] = json!(["api"]);
    assert!(validate(verified("RS256", &claims), &expected).is_err(), "our own name is never optional");
}

#[test]
fn a_foreign_audience_with_our_azp_is_refused() {
    let mut claims = good();
    claims["aud"] = json!("other");
    claims["azp"] = json!("spa");
    assert!(matches!(judge(claims), Err(ClaimError::Invalid("aud", _))));
}

#[test]
fn azp_must_be_this_client() {
    assert!(with("azp", json!("spa")).is_ok());
    assert!(matches!(with("azp", json!("other")), Err(ClaimError::Invalid("azp", _))));
    assert!(matches!(with("azp", json!(["spa"])), Err(ClaimError::Invalid("azp", _))));
}

#[test]
fn expired_exp() {
    assert_eq!(with("exp", json!(NOW - 360)), Err(ClaimError::Expired(360, None)));
    assert_eq!(with("exp", json!(NOW - 60)), Err(ClaimError::Expired(60, None)), "the boundary of the tolerance");
    assert!(with("exp", json!(NOW - 59)).is_ok());
    for bad in [json!("1700000300"), json!(-1), json!(1e300), json!(true)] {
        assert!(matches!(with("exp", bad), Err(ClaimError::Invalid("exp", _))));
    }
}

#[test]
fn a_wrong_clock_is_told_by_how_much_and_in_which_direction() {
    let mut claims = good();
    (claims["iat"], claims["exp"]) = (json!(NOW - 4000), json!(NOW - 400));
    let ahead = judge(claims).unwrap_err();
    assert_eq!(ahead, ClaimError::Expired(400, Some(4000)));
    let told = "The id_token expired 400 s ago by this device's clock. If it was issued just now, that clock is 4000 s ahead of the provider's.";
    assert_eq!(ahead.describe("id_token"), told);
    let behind = with("iat", json!(NOW + 61)).unwrap_err().describe("id_token");
    let told = "The id_token's iat lies 61 s in the future by this device's clock, so that clock is at least as much behind the provider's.";
    assert_eq!(behind, told);
}

#[test]
fn dates_in_the_future_are_refused_beyond_the_tolerance() {
    for name in ["iat", "nbf"] {
        assert!(with(name, json!(NOW + 60)).is_ok());
        assert_eq!(with(name, json!(NOW + 61)), Err(ClaimError::NotYetValid(name, 61)));
    }
    assert!(with("iat", json!(0)).is_ok(), "an old token is bounded by exp and nonce");
}

#[test]
fn nonce_invalid() {
    for nonce in [json!("N1"), json!("n"), json!(""), json!(7), json!(["N"])] {
        assert_eq!(with("nonce", nonce), Err(ClaimError::Nonce));
    }
}

#[test]
fn missing_nonce() {
    assert_eq!(with("nonce", Value::Null), Err(ClaimError::Missing("nonce")));
}

#[test]
fn allow_missing_nonce_never_allows_a_wrong_one() {
    let nonce = Secret::new("N");
    let expected = Expectations { allow_missing_nonce: true, ..expectations(&nonce) };
    let mut claims = good();
    claims["nonce_supported"] = json!(false);
    claims["nonce"] = json!("other");
    assert_eq!(validate(verified("RS256", &claims), &expected), Err(ClaimError::Nonce));
    claims["nonce"] = Value::Null;
    assert!(validate(verified("RS256", &claims), &expected).is_ok());
    assert_eq!(judge(claims), Err(ClaimError::Missing("nonce")), "a claim cannot switch the check off");
}

#[test]
fn max_age_demands_a_recent_auth_time() {
    let nonce = Secret::new("N");
    let judge = |max_age, auth_time: Value| {
        let mut claims = good();
        claims["auth_time"] = auth_time;
        validate(verified("RS256", &claims), &Expectations { max_age: Some(max_age), ..expectations(&nonce) })
    };
    assert!(judge(100, json!(NOW - 160)).is_ok());
    assert_eq!(judge(100, json!(NOW - 161)), Err(ClaimError::AuthTimeTooOld(161)));
    assert_eq!(judge(0, json!(NOW - 61)), Err(ClaimError::AuthTimeTooOld(61)));
    assert_eq!(judge(100, Value::Null), Err(ClaimError::Missing("auth_time")));
    assert!(matches!(judge(100, json!("x")), Err(ClaimError::Invalid("auth_time", _))));
}

#[test]
fn an_essential_acr_must_be_met() {
    let nonce = Secret::new("N");
    let wanted = ["gold".to_owned(), "silver".to_owned()];
    let judge = |acr: Value| {
        let mut claims = good();
        claims["acr"] = acr;
        validate(verified("RS256", &claims), &Expectations { essential_acr: Some(&wanted), ..expectations(&nonce) })
    };
    assert!(judge(json!("gold")).is_ok());
    assert_eq!(judge(json!("bronze")), Err(ClaimError::AcrNotMet));
    assert_eq!(judge(Value::Null), Err(ClaimError::AcrNotMet));
}

#[test]
fn a_claim_that_no_check_was_asked_to_rely_on_may_be_anything() {
    for name in ["acr", "amr", "auth_time", "email_verified", "sid", "updated_at"] {
        for value in [json!(""), json!("x"), json!(1), json!([1]), json!({})] {
            assert!(with(name, value.clone()).is_ok(), "{name}: {value}");
        }
    }
}

#[test]
fn at_hash_must_fit_the_access_token() {
    assert!(with("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ")).is_ok());
    for wrong in ["77QmUPtjPfzWtF2AnpK9RA", "", "77QmUPtjPfzWtF2AnpK9RQ=="] {
        assert_eq!(with("at_hash", json!(wrong)), Err(ClaimError::AtHash), "{wrong}");
    }
    assert!(matches!(with("at_hash", json!(7)), Err(ClaimError::Invalid("at_hash", _))));
}

#[test]
fn at_hash_uses_the_hash_of_the_algorithm() {
    let nonce = Secret::new("N");
    for (alg, algorithm) in [("RS256", "RS256"), ("PS512", "PS512"), ("ES384", "ES384"), ("EdDSA", "Ed25519")] {
        let expected = expectations(&nonce);
        let mut claims = good();
        claims["at_hash"] =
            json!(SigningAlgorithm::parse(algorithm).unwrap().half_hash(expected.access_token.unwrap()));
        assert!(validate(verified(alg, &claims), &expected).is_ok(), "{alg}");
    }
}

#[test]
fn a_hash_in_place_of_the_access_token_is_compared_as_it_is() {
    let nonce = Secret::new("N");
    let with = |hash| {
        let mut claims = good();
        claims["at_hash"] = json!("77QmUPtjPfzWtF2AnpK9RQ");
        validate(
            verified("RS256", &claims),
            &Expectations { access_token: Some(hash), is_hash: true, ..expectations(&nonce) },
        )
    };
    assert!(with("77QmUPtjPfzWtF2AnpK9RQ").is_ok());
    assert_eq!(with("77QmUPtjPfzWtF2AnpK9RA"), Err(ClaimError::AtHash));
}

fn restored(stored: &Value, proven: &Value, issuer: &str, client_id: &str) -> Option<IdTokenClaims> {
    restored_of(stored, &token_of(r#"{"alg":"RS256"}"#, proven), issuer, client_id)
}

fn token_of(header: &str, claims: &Value) -> String {
    [header.to_owned(), claims.to_string(), "x".into()].map(|part| base64url::encode(part.as_bytes())).join(".")
}

fn restored_of(stored: &Value, id_token: &str, issuer: &str, client_id: &str) -> Option<IdTokenClaims> {
    let expected = Restoring {
        issuer,
        client_id,
        trusted_audiences: &["api".to_owned()],
        algorithms: &[SigningAlgorithm::Rs256],
        access_token: Some("AT"),
        is_hash: false,
    };
    IdTokenClaims::restored(stored.as_object().unwrap(), &Secret::new(id_token), &expected)
}

#[test]
fn a_restored_session_is_checked_for_shape_issuer_client_and_whose_claims_they_are() {
    let (claims, issuer) = (good(), "https://id.example.com");
    assert_eq!(restored(&claims, &claims, issuer, "spa").unwrap().as_object(), claims.as_object().unwrap());
    assert!(restored(&claims, &claims, "https://other.example", "spa").is_none());
    assert!(restored(&claims, &claims, issuer, "another").is_none());
    for name in ["iss", "sub", "aud", "exp", "iat"] {
        let mut broken = claims.clone();
        broken.as_object_mut().unwrap().remove(name);
        assert!(restored(&broken, &broken, issuer, "spa").is_none(), "{name}");
    }
    let mut another = claims.clone();
    another["sub"] = json!("mallory");
    assert!(restored(&another, &claims, issuer, "spa").is_none());
    assert!(restored(&claims, &another, issuer, "spa").is_none());
}

/// What can be judged without a key and without a clock is judged as when it came.
#[test]
fn a_restored_id_token_is_one_that_would_have_been_taken() {
    let (claims, issuer) = (good(), "https://id.example.com");
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        restored(&claims, &claims, issuer, "spa")
    };
    assert!(with("aud", json!(["spa", "api"])).is_some() && with("azp", json!("spa")).is_some());
    assert!(with("at_hash", json!(SigningAlgorithm::Rs256.half_hash("AT"))).is_some());
    for (name, value) in [
        ("aud", json!(["spa", "evil"])),
        ("azp", json!("evil")),
        ("exp", json!("1")),
        ("iat", json!(true)),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("at_hash", json!(SigningAlgorithm::Rs256.half_hash("another"))),
        ("at_hash", json!(7)),
    ] {
        assert!(with(name, value.clone()).is_none(), "{name} {value}");
    }
    let payload = base64url::encode(claims.to_string().as_bytes());
    for header in
        [r#"{"alg":"none"}"#, r#"{"alg":"HS256"}"#, r#"{"alg":"ES256"}"#, "{}", r#"{"alg":"RS256","crit":["x"]}"#]
    {
        assert!(restored_of(&claims, &token_of(header, &claims), issuer, "spa").is_none(), "{header}");
    }
    let good_header = base64url::encode(br#"{"alg":"RS256"}"#);
    for id_token in [
        String::new(),
        "a".into(),
        "a.b".into(),
        "..".into(),
        format!("{good_header}.{payload}"),
        format!("{good_header}.{payload}."),
        format!("{good_header}.{payload}.AA.AA"),
        format!("{good_header}.W10.AA"),
    ] {
        assert!(restored_of(&claims, &id_token, issuer, "spa").is_none(), "{id_token}");
    }
}
