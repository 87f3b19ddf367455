use super::*;
use crate::protocol::json::json;
use crate::protocol::secret::Secret;

fn answer(status: u16, content_type: &str, body: &str) -> HttpResponse {
    HttpResponse { content_type: Some(content_type.into()), ..HttpResponse::new(status, body) }
}

#[test]
fn the_token_is_in_the_header_and_nowhere_else() {
    let request = request("https://id.example/me", Credential::Bearer(Secret::new("t")));
    assert_eq!((request.url.as_str(), &request.form), ("https://id.example/me", &None));
    assert_eq!(request.credential, Some(Credential::Bearer(Secret::new("t"))));
}

#[test]
fn the_media_type_tells_claims_from_a_jwt() {
    let json = response(&answer(200, "application/json; charset=utf-8", r#"{"sub":"a"}"#));
    assert!(matches!(json, Ok(Answer::Claims(claims)) if claims["sub"] == "a"));
    let jwt = response(&answer(200, "Application/JWT;charset=utf-8", "a.b.c\n"));
    assert!(matches!(jwt, Ok(Answer::Jwt(text)) if text == "a.b.c"));
    for body in ["a.b.c", "[]", "<html>", "", r#"{"sub":"a","sub":"b"}"#] {
        let refused = response(&answer(200, "application/json", body));
        assert!(matches!(refused.err(), Some(UserinfoError::NotAnObject(_))), "{body}");
    }
}

#[test]
fn refusals_keep_the_providers_words_and_faults_stay_faults() {
    let challenge = r#"Bearer error="insufficient_scope", error_description="no""#;
    let refused = HttpResponse { challenge: Some(challenge.into()), ..HttpResponse::new(403, "") };
    assert!(
        matches!(response(&refused).err(), Some(UserinfoError::Refused(Some(words), 403)) if words.error == "insufficient_scope")
    );
    let in_body = response(&answer(400, "application/json", r#"{"error":"invalid_request"}"#));
    assert!(matches!(in_body.err(), Some(UserinfoError::Refused(Some(_), 400))));
    assert_eq!(response(&HttpResponse::new(401, "")).err(), Some(UserinfoError::Refused(None, 401)));
    for status in [404, 429, 500, 503] {
        assert_eq!(response(&HttpResponse::new(status, "")).err(), Some(UserinfoError::Status(status)));
    }
}

#[test]
fn the_subject_must_be_the_one_who_signed_in() {
    let check = |claims: Value| check_subject(claims.as_object().unwrap(), "alice");
    assert_eq!(check(json!({ "sub": "alice", "name": "A" })), Ok(()));
    assert_eq!(check(json!({ "sub": "alice " })), Err(ClaimError::Subject));
    assert_eq!(check(json!({ "sub": ["alice"] })), Err(ClaimError::Subject));
    assert_eq!(check(json!({ "name": "A" })), Err(ClaimError::Missing("sub")));
}
