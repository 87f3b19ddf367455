//! `protocol/token.rs`: what a token endpoint answers, and what `fetchToken` hands over.

use oidc_client_wasm::protocol::http::HttpResponse;
use oidc_client_wasm::protocol::json::{self, Value, json};
use oidc_client_wasm::protocol::time::UnixTime;
use oidc_client_wasm::protocol::token::{self, IdTokenRule, Token};

use super::input;

const NOW: UnixTime = UnixTime(1_800_000_000);

pub fn check(data: &[u8]) {
    let text = input::json_text(data, || {
        json!({
            "access_token": "SlAV32hkKG", "token_type": "Bearer", "expires_in": 3600, "scope": "openid",
            "refresh_token": "8xLOxBtZp8", "id_token": "e30.e30.AQID", "device_secret": [1],
        })
    });
    let body = json::parse_object(&text);
    for status in [200, 299, 400, 503] {
        for rule in [IdTokenRule::Required, IdTokenRule::Optional, IdTokenRule::Dropped] {
            let answer = HttpResponse::new(status, text.as_slice());
            let Ok(response) = token::response(&answer, NOW, &["openid".into()], rule) else { continue };
            let body = body.as_ref().expect("an object");
            assert!(status < 300 && body.get("error").is_none_or(|error| error.is_null() || error == ""));
            assert_eq!(Some(response.token.access_token.expose()), body["access_token"].as_str());
            is_sound(&response.token);
            assert!(response.token.id_token.is_none(), "an id_token that nobody has looked at");
            assert!(rule != IdTokenRule::Required || response.id_token.is_some());
            assert!(rule != IdTokenRule::Dropped || response.id_token.is_none());
        }
    }
    if let Ok(given) = token::given(body.map_or(Value::Null, Value::Object), NOW) {
        is_sound(&given);
    }
}

fn is_sound(token: &Token) {
    for secret in [Some(&token.access_token), token.refresh_token.as_ref()].into_iter().flatten() {
        let text = secret.expose();
        assert!(!text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }
    assert!(token.token_type.eq_ignore_ascii_case("bearer"));
    assert!(token.expires_at.is_none_or(|at| (0..=1_000_000_000_000).contains(&at.0)));
    let seen = token.to_json(None);
    assert_eq!(seen.get("expires_at"), token.expires_at.map(|at| json!(at.0)).as_ref());
    assert_eq!((seen.get("userinfo"), seen.get("id_token")), (None, None));
    let record = token.to_record();
    assert_eq!(Token::from_record(&record).as_ref(), Some(token));
}
