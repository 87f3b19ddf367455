use super::*;
use crate::protocol::jose::examples;
use proptest::prelude::*;

fn token(header: &str, payload: &str) -> String {
    format!("{}.{}.{}", base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()), "AQID")
}

fn refusal(token: &str) -> JoseError {
    CompactJws::parse(token, &SigningAlgorithm::ALL).err().expect("must be refused")
}

#[test]
fn idtoken_sig_none_and_macs_are_refused() {
    for alg in ["none", "None", "nOnE", "HS256", "HS512", "", "RS256 ", "A256KW"] {
        assert!(matches!(refusal(&token(&format!(r#"{{"alg":"{alg}"}}"#), "{}")), JoseError::Algorithm(_)), "{alg}");
    }
}

#[test]
fn an_algorithm_outside_the_allow_list_is_refused() {
    let parsed = CompactJws::parse(&token(r#"{"alg":"ES256"}"#, "{}"), &[SigningAlgorithm::Rs256]);
    assert!(matches!(parsed.err(), Some(JoseError::Algorithm(name)) if name == "ES256"));
}

#[test]
fn critical_headers_are_refused_whatever_they_say() {
    for header in [
        r#"{"alg":"RS256","crit":["exp"],"exp":1}"#,
        r#"{"alg":"RS256","crit":[]}"#,
        r#"{"alg":"RS256","crit":null}"#,
        r#"{"alg":"RS256","b64":false}"#,
    ] {
        assert_eq!(refusal(&token(header, "{}")), JoseError::Critical, "{header}");
    }
}

#[test]
fn malformed_tokens_are_refused() {
    let good = token(r#"{"alg":"RS256"}"#, "{}");
    let (header, rest) = good.split_once('.').unwrap();
    let huge = "a".repeat(MAX_LENGTH + 1);
    for bad in [
        String::new(),
        "..".into(),
        "a.b".into(),
        format!("{good}.x"),
        format!("{good}.x.y"),
        format!("{header}=.{rest}"),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{header}.{{}}.AQID"),
        format!("{header}.e30."),
        format!("{header}.e30.{}", "A".repeat(6000)),
        token("[]", "{}"),
        token("{}", "{}"),
        token(r#"{"alg":5}"#, "{}"),
        token(r#"{"alg":"RS256","alg":"ES256"}"#, "{}"),
        token(r#"{"alg":"RS256","kid":7}"#, "{}"),
        token(r#"{"alg":"RS256","typ":7}"#, "{}"),
        huge,
    ] {
        assert!(matches!(refusal(&bad), JoseError::Malformed(_)), "{}", &bad[..bad.len().min(60)]);
    }
}

#[test]
fn a_token_of_another_kind_is_no_id_token() {
    for typ in ["at+jwt", "application/at+jwt", "AT+JWT", "logout+jwt", "dpop+jwt"] {
        assert!(matches!(
            refusal(&token(&format!(r#"{{"alg":"RS256","typ":"{typ}"}}"#), "{}")),
            JoseError::Malformed(_)
        ));
    }
    for typ in ["JWT", "jwt", "application/jwt"] {
        let header = format!(r#"{{"alg":"RS256","typ":"{typ}"}}"#);
        assert!(CompactJws::parse(&token(&header, "{}"), &SigningAlgorithm::ALL).is_ok());
    }
}

#[test]
fn a_payload_that_is_no_object_is_refused_even_when_signed() {
    let keys = examples::key_set();
    for payload in ["[]", "null", "\"x\"", "{\"a\":1,\"a\":2}", "not json"] {
        let token = examples::token(SigningAlgorithm::Ed25519, r#"{"alg":"EdDSA"}"#, payload);
        let jws = CompactJws::parse(&token, &SigningAlgorithm::ALL).unwrap();
        assert!(matches!(jws.check(&keys).unwrap().conclude(true).err(), Some(JoseError::Malformed(_))), "{payload}");
        assert_eq!(jws.check(&keys).unwrap().conclude(false).err(), Some(JoseError::Signature));
    }
}

#[test]
fn a_signature_of_an_impossible_form_is_wrong_before_anybody_computes() {
    for algorithm in SigningAlgorithm::ALL {
        let good = examples::token(algorithm, &format!(r#"{{"alg":"{}"}}"#, algorithm.name()), "{}");
        let (input, signature) = good.rsplit_once('.').unwrap();
        let longer = base64url::encode(&[&base64url::decode(signature).unwrap()[..], &[1]].concat());
        let longer = format!("{input}.{longer}");
        let parse = |token| CompactJws::parse(token, &SigningAlgorithm::ALL).unwrap();
        assert!(parse(&good).check(&examples::key_set()).is_ok());
        assert_eq!(parse(&longer).check(&examples::key_set()).err(), Some(JoseError::Signature));
    }
}

proptest! {
    #[test]
    fn nothing_makes_the_parser_panic(text in "[A-Za-z0-9_.=-]{0,80}") {
        let _ = CompactJws::parse(&text, &SigningAlgorithm::ALL);
    }

    #[test]
    fn no_header_makes_the_parser_panic(header in ".{0,60}", payload in ".{0,20}") {
        let _ = CompactJws::parse(&token(&header, &payload), &SigningAlgorithm::ALL);
    }
}
