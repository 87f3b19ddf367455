use super::*;
use crate::protocol::json::json;

const NOW: UnixTime = UnixTime(1_000);

fn openid() -> Vec<String> {
    vec!["openid".into(), "email".into()]
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> Result<TokenResponse, TokenError> {
    response(&HttpResponse::new(status, body), NOW, &openid(), IdTokenRule::Required)
}

fn good() -> Value {
    json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": "a.b.c" })
}

fn with(name: &str, value: Value) -> Result<TokenResponse, TokenError> {
    let mut body = good();
    body[name] = value;
    answer(200, body.to_string())
}

#[test]
fn a_good_answer_is_read_whole() {
    let mut body = good();
    body.as_object_mut()
        .unwrap()
        .extend(json!({ "refresh_token": "rt", "x": { "y": 1 } }).as_object().unwrap().clone());
    let response = answer(200, body.to_string()).unwrap();
    assert_eq!(response.token.expires_at, Some(UnixTime(1_060)));
    assert_eq!(response.token.scope.as_deref(), Some("openid email"), "an absent scope is the one asked for");
    assert_eq!(response.token.refresh_token, Some(Secret::new("rt")));
    assert_eq!(response.id_token, Some(Secret::new("a.b.c")));
    assert_eq!(response.token.id_token, None, "not before it is verified");
    assert_eq!(response.token.to_json(None)["x"]["y"], 1);
}

#[test]
fn token_type_case_insensitivity() {
    for name in ["bearer", "Bearer", "bEARER"] {
        assert!(with("token_type", json!(name)).is_ok(), "{name}");
    }
    for name in ["mac", "DPoP", "N_A", "", "Bearer "] {
        assert_eq!(with("token_type", json!(name)).unwrap_err(), TokenError::TokenType, "{name}");
    }
    assert!(matches!(with("token_type", json!(null)).unwrap_err(), TokenError::Malformed(_)));
}

#[test]
fn token_endpoint_response_without_expires_in() {
    assert_eq!(with("expires_in", json!(null)).unwrap().token.expires_at, None);
}

#[test]
fn absurd_lifetimes_are_refused() {
    for bad in [json!(-1), json!(1e300), json!("NaN"), json!("soon"), json!("-5"), json!([60]), json!(true), json!({})]
    {
        assert!(matches!(with("expires_in", bad.clone()).unwrap_err(), TokenError::Malformed(_)), "{bad}");
    }
    assert_eq!(with("expires_in", json!("60")).unwrap().token.expires_at, Some(UnixTime(1_060)));
    assert_eq!(with("expires_in", json!(0)).unwrap().token.expires_at, Some(NOW));
    assert_eq!(with("expires_in", json!(59.9)).unwrap().token.expires_at, Some(UnixTime(1_059)));
}

#[test]
fn openid_without_an_id_token_is_an_error() {
    assert_eq!(with("id_token", json!(null)).unwrap_err(), TokenError::MissingIdToken);
}

/// RFC 6749 appendix A gives each of these at least one character.
#[test]
fn an_empty_text_is_an_absent_member() {
    assert!(with("error", json!("")).is_ok());
    assert_eq!(with("id_token", json!("")).unwrap_err(), TokenError::MissingIdToken);
    assert_eq!(with("access_token", json!("")).unwrap_err(), TokenError::Malformed("it has no access_token"));
    let token = |name| with(name, json!("")).unwrap().token;
    assert_eq!(token("refresh_token").refresh_token, None);
    assert_eq!(token("expires_in").expires_at, None);
    assert_eq!(token("scope").scope.as_deref(), Some("openid email"));
    for (status, rule) in [(200, IdTokenRule::Optional), (201, IdTokenRule::Dropped)] {
        let mut body = good();
        body["id_token"] = json!("");
        let answer = HttpResponse::new(status, body.to_string());
        assert_eq!(response(&answer, NOW, &[], rule).unwrap().id_token, None);
    }
    assert_eq!(answer(400, r#"{"error":"","error_description":"x"}"#).unwrap_err(), TokenError::Status(400));
    let refused = answer(400, r#"{"error":"invalid_grant","error_description":"","error_uri":""}"#).unwrap_err();
    let words = ProviderError { error: "invalid_grant".into(), error_description: None, error_uri: None };
    assert_eq!(refused, TokenError::Refused(words, 400));
}

#[test]
fn an_id_token_nobody_asked_for_is_dropped() {
    let response = response(&HttpResponse::new(200, good().to_string()), NOW, &[], IdTokenRule::Dropped).unwrap();
    assert_eq!(response.id_token, None);
    assert_eq!(response.token.to_json(None).get("id_token"), None);
}

#[test]
fn tokens_are_visible_text() {
    for name in ["access_token", "refresh_token"] {
        for bad in [json!("a\r\nX: y"), json!("ü"), json!(7), json!({}), json!("x".repeat(200_000))] {
            assert!(matches!(with(name, bad).unwrap_err(), TokenError::Malformed(_)), "{name}");
        }
    }
    assert!(matches!(with("access_token", json!(null)).unwrap_err(), TokenError::Malformed(_)));
}

/// It goes into a header, where one of nothing but spaces is none.
#[test]
fn an_access_token_has_no_spaces() {
    for bad in [" ", "   ", " at", "at ", "a t"] {
        assert!(matches!(with("access_token", json!(bad)).unwrap_err(), TokenError::Malformed(_)), "{bad:?}");
        assert!(with("refresh_token", json!(bad)).is_ok());
    }
}

#[test]
fn an_id_token_is_any_text_until_it_is_judged() {
    for text in ["a.b.c\n", "\u{e4}"] {
        assert_eq!(with("id_token", json!(text)).unwrap().id_token, Some(Secret::new(text)));
    }
    for bad in [json!(7), json!({})] {
        assert!(matches!(with("id_token", bad).unwrap_err(), TokenError::Malformed(_)));
    }
}

#[test]
fn an_error_that_is_no_text_is_no_token_either() {
    for error in [json!(1), json!(false), json!([]), json!({ "code": 1 })] {
        assert!(matches!(with("error", error).unwrap_err(), TokenError::Malformed(_)));
    }
    assert!(with("error", json!(null)).is_ok());
}

#[test]
fn an_error_is_a_refusal_whatever_the_status() {
    let body = r#"{"error":"invalid_grant","error_description":"too late","access_token":"at","token_type":"Bearer"}"#;
    for status in [200, 400, 401, 500] {
        match answer(status, body) {
            Err(TokenError::Refused(words, seen)) => {
                assert_eq!((words.error.as_str(), seen), ("invalid_grant", status));
                assert_eq!(words.error_description.as_deref(), Some("too late"));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn other_http_errors_are_statuses() {
    for (status, body) in [(400, r#"{"message":"no"}"#), (429, "<html>"), (503, ""), (302, "")] {
        assert_eq!(answer(status, body).unwrap_err(), TokenError::Status(status));
    }
}

#[test]
fn what_is_no_json_object_is_refused() {
    for body in ["", "<html>", "[]", "access_token=x&token_type=bearer", r#"{"access_token":"a","access_token":"b"}"#] {
        assert!(matches!(answer(200, body).unwrap_err(), TokenError::NotAnObject(_)), "{body}");
    }
}

#[test]
fn a_provider_cannot_plant_checked_values() {
    let mut body = good();
    body["userinfo"] = json!({ "sub": "admin" });
    body["expires_at"] = json!(9_999_999_999_u64);
    let token = answer(200, body.to_string()).unwrap().token.to_json(None);
    assert_eq!(token.get("userinfo"), None);
    assert_eq!(token["expires_at"], 1_060);
}

#[test]
fn debug_shows_no_token() {
    let mut body = good();
    body["device_secret"] = json!("hunter2");
    let shown = format!("{:?}", answer(200, body.to_string()).unwrap());
    for secret in ["\"at\"", "a.b.c", "hunter2"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
