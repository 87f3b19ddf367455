//! Lies in the answer to a code: what is no token response makes no session, and what it says beside the tokens makes none up.

use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::{Value, json};

use super::{mark, nested, raw_answer};
use crate::support::*;

const INVALID: [&str; 3] = ["invalid_token_response", "rejected", "token"];

#[track_caller]
fn rejects(name: &'static str, value: &Value, verdict: [&'static str; 3]) {
    let _row = row(format!("{name}: {value:.80}"));
    rejects_login(|op| op.token.tell(set(name, value.clone())), verdict);
}

/// The token of a login in which the provider wrote this text as a member's value.
#[track_caller]
fn signed_in_with(name: &'static str, text: &str) -> (Page, i64) {
    let world = World::whose_provider(|op| op.token.tell(mark(name)));
    raw_answer(&world.provider, "/token", text);
    let page = world.tab().sign_in();
    let now = world.clock.get();
    (page, now)
}

// ---------------------------------------------------------------- errors

/// Nothing that has an `error` is a token, whatever else it has; what it says is only believed when it is words.
#[test]
fn an_error_that_is_no_text() {
    for error in [json!(1), json!(true), json!(false), json!(["invalid_grant"]), json!({ "code": "invalid_grant" })] {
        rejects("error", &error, INVALID);
        let _row = row(format!("with a status of its own: {error}"));
        let body = json!({ "error": error }).to_string();
        let refused =
            rejects_login(|op| op.answer_at("/token", 400, body.clone()), ["http_status", "environment", "token"]);
        assert_eq!(refused.provider, None);
    }
}

#[test]
fn an_error_beside_a_good_token() {
    for error in ["invalid_grant", " ", "no such error", "access_denied"] {
        let _row = row(error);
        let refused =
            rejects_login(|op| op.token.tell(set("error", json!(error))), ["token_refused", "refused", "token"]);
        assert_eq!(refused.provider.as_ref().map(|words| words.error.as_str()), Some(error));
        assert_eq!((refused.status, refused.retryable), (Some(200), false));
    }
}

/// `null` is JSON's way to say that there is none, and RFC 6749 appendix A.7 gives an error at least one character.
#[test]
fn an_error_that_is_null_or_empty_is_none() {
    for error in [Value::Null, json!("")] {
        World::whose_provider(|op| op.token.tell(set("error", error))).tab().sign_in();
    }
}

#[test]
fn words_that_are_no_text_are_left_out() {
    let body = json!({ "error": "invalid_grant", "error_description": ["a"], "error_uri": 7 }).to_string();
    let refused = rejects_login(|op| op.answer_at("/token", 400, body.clone()), ["token_refused", "refused", "token"]);
    let words = refused.provider.as_ref().expect("words");
    assert_eq!((&words.error_description, &words.error_uri), (&None, &None));
}

// ---------------------------------------------------------------- the body

#[test]
fn a_body_that_is_no_json_object() {
    let good = r#"{"access_token":"a","token_type":"Bearer","id_token":"a.b.c"}"#;
    let deep = format!(r#"{{"access_token":"a","token_type":"Bearer","x":{}}}"#, nested(40));
    for (label, body) in [
        ("null", b"null".to_vec()),
        ("a number", b"7".to_vec()),
        ("a text", b"\"a token\"".to_vec()),
        ("a list of it", format!("[{good}]").into_bytes()),
        ("half of it", good.as_bytes()[..good.len() / 2].to_vec()),
        ("two of them", format!("{good}{good}").into_bytes()),
        ("two byte order marks", format!("\u{feff}\u{feff}{good}").into_bytes()),
        ("octets that are no UTF-8", [good.as_bytes(), &[0xff]].concat()),
        ("a login page", b"<!doctype html><title>Sign in</title>".to_vec()),
        ("forty levels", deep.into_bytes()),
        ("access_token twice", good.replacen('{', r#"{"access_token":"b","#, 1).into_bytes()),
        ("access_token twice, once in escapes", good.replacen('{', r#"{"\u0061ccess_token":"b","#, 1).into_bytes()),
        ("id_token twice", good.replacen('{', r#"{"id_token":"b","#, 1).into_bytes()),
        ("an unknown member twice", good.replacen('{', r#"{"x":1,"x":1,"#, 1).into_bytes()),
        ("a lone surrogate", good.replacen('{', r#"{"x":"\ud800","#, 1).into_bytes()),
        ("an error twice", br#"{"error":"a","error":"b"}"#.to_vec()),
    ] {
        let _row = row(label);
        rejects_login(|op| op.answer_at("/token", 200, body.clone()), INVALID);
    }
}

#[test]
fn an_answer_that_does_not_arrive() {
    for (label, fault, code) in [
        ("a reset, a redirect, no CORS", HttpError::Network, "network"),
        ("a slow drip", HttpError::Timeout, "timeout"),
    ] {
        let _row = row(label);
        let (world, tab) = World::new().with_tab();
        world.network.cut("/token", fault);
        let error = fails_with(tab.open(&tab.come_back()).handle_redirect(), [code, "environment", "token"]);
        assert!(error.retryable);
        assert_eq!(tab.stored_session("demo"), None);
        assert_eq!(tab.reload().handle_redirect().expect("the code is spent"), None);
        assert_eq!(world.network.sent_to("/token").len(), 1, "a code is sent once");
        world.network.mend();
        tab.sign_in();
    }
}

#[test]
fn a_body_of_more_than_a_mebibyte() {
    rejects_login(|op| op.answer_at("/token", 200, vec![b' '; (1 << 20) + 1]), INVALID);
}

#[test]
fn a_status_that_is_no_success() {
    let good = r#"{"access_token":"a","token_type":"Bearer","id_token":"a.b.c"}"#;
    for (status, retryable) in
        [(300, false), (302, false), (307, false), (403, false), (418, false), (429, true), (502, true)]
    {
        let _row = row(status.to_string());
        let error = rejects_login(|op| op.answer_at("/token", status, good), ["http_status", "environment", "token"]);
        assert_eq!((error.status, error.retryable), (Some(status), retryable));
    }
}

// ---------------------------------------------------------------- lifetimes

#[test]
fn lifetimes_that_are_none() {
    for text in [
        "-1",
        "-0.001",
        "-1e308",
        "1e400",
        "1e308",
        "2147483648",
        "9007199254740993",
        "9223372036854775807",
        "18446744073709551616",
        "\" \"",
        "\"abc\"",
        "\"NaN\"",
        "\"Infinity\"",
        "\"-1\"",
        "\"+60\"",
        "\" 60\"",
        "\"60 \"",
        "\"60.5\"",
        "\"1e3\"",
        "\"0x10\"",
        "\"\u{666}\"",
        "\"9007199254740993\"",
        "true",
        "false",
        "[]",
        "[60]",
        "{}",
    ] {
        let _row = row(text);
        let lie = |op: &FakeProvider| {
            op.token.tell(mark("expires_in"));
            raw_answer(op, "/token", text);
        };
        rejects_login(lie, INVALID);
    }
}

#[test]
fn lifetimes_that_are_odd_and_still_ones() {
    for (text, seconds) in [
        ("0", 0),
        ("-0.0", 0),
        ("0.5", 0),
        ("59.9", 59),
        ("6e1", 60),
        ("\"3600\"", 3600),
        ("\"0\"", 0),
        ("2147483647", 2_147_483_647),
    ] {
        let _row = row(text);
        let (page, now) = signed_in_with("expires_in", text);
        assert_eq!(page.token()["expires_at"], now + seconds);
    }
}

#[test]
fn a_token_that_has_expired_on_arrival_is_refreshed_before_it_is_used() {
    let (page, _) = signed_in_with("expires_in", "0");
    page.world().provider.repent();
    let first = page.held_access_token();
    assert_ne!(page.access_token().expect("a token"), first);
}

// ---------------------------------------------------------------- the type and the scope

#[test]
fn another_token_type() {
    for name in [
        "mac",
        "DPoP",
        "N_A",
        "pop",
        "urn:ietf:params:oauth:token-type:jwt",
        "",
        "Bearer ",
        " Bearer",
        "Bearer\0",
        "Bearer, DPoP",
        "b\u{117}arer",
    ] {
        rejects("token_type", &json!(name), ["unsupported_token_type", "rejected", "token"]);
    }
}

#[test]
fn a_token_type_that_is_no_text() {
    for value in [json!(null), json!(1), json!(true), json!(["Bearer"]), json!({ "type": "Bearer" })] {
        rejects("token_type", &value, INVALID);
    }
    rejects_login(|op| op.token.tell(without("token_type")), INVALID);
}

#[test]
fn a_token_type_in_any_letter_case() {
    for name in ["bearer", "BEARER", "bEaReR"] {
        World::whose_provider(|op| op.token.tell(set("token_type", json!(name)))).tab().sign_in();
    }
}

#[test]
fn a_scope_that_is_no_text() {
    for value in [json!(1), json!(true), json!(["openid"]), json!([]), json!({ "openid": true })] {
        rejects("scope", &value, INVALID);
    }
}

/// RFC 6749 section 3.3: what was granted may be less or more than what was asked for, and is what the app is told.
#[test]
fn a_scope_other_than_the_one_asked_for_is_told() {
    for scope in ["openid", "email", " ", "openid email admin", "openid  email"] {
        let _row = row(scope);
        let page = World::whose_provider(|op| op.token.tell(set("scope", json!(scope)))).tab().sign_in();
        assert_eq!(page.token()["scope"], scope);
        assert_eq!(page.sub().as_deref(), Some("alice"), "an identity that was proved is one, whatever the scope says");
    }
    for absence in [Value::Null, json!("")] {
        let world = World::whose_provider(|op| op.token.tell(set("scope", absence)));
        assert_eq!(world.tab().sign_in().token()["scope"], "openid email", "an absent scope is the one asked for");
    }
}

// ---------------------------------------------------------------- more than was asked for

/// The names that this client gives, and names that mean something to JavaScript: none passes for a checked value.
#[test]
fn members_that_would_pass_for_checked_ones() {
    let mallory = json!({ "sub": "mallory", "iss": "https://evil.example" });
    let world = World::new();
    for name in ["userinfo", "claims", "__proto__", "constructor", "prototype", "sub", "issuer", "client_id", "place"] {
        world.provider.token.tell(set(name, mallory.clone()));
    }
    world.provider.token.tell(set("expires_at", json!(9_999_999_999_u64)));
    let page = world.tab().sign_in();
    for page in [&page, &page.tab.reload()] {
        let token = page.token();
        assert_eq!(token["expires_at"], world.clock.get() + 3600);
        assert_eq!(token["userinfo"]["sub"], "alice");
        assert_eq!(page.sub().as_deref(), Some("alice"));
        assert_eq!(page.session().expect("a session").issuer(), Some(ISSUER));
        assert_eq!(token["__proto__"], mallory, "an ordinary member");
    }
}

/// With nothing of our own to win over them, these two are left out: nobody proved who it is, and nobody said when it ends.
#[test]
fn members_that_would_pass_for_checked_ones_where_nothing_was_checked() {
    let world = World::with(json!({ "scope": "files" }));
    world.provider.is_plain_oauth.set(true);
    world.provider.token.tell(without("expires_in"));
    world.provider.token.tell(set("userinfo", json!({ "sub": "mallory" })));
    world.provider.token.tell(set("expires_at", json!(9_999_999_999_u64)));
    world.provider.token.tell(set("id_token", json!("a.b.c")));
    let page = world.tab().sign_in();
    for page in [&page, &page.tab.reload()] {
        for name in ["userinfo", "expires_at", "id_token"] {
            assert_eq!(page.token().get(name), None, "{name}");
        }
        assert_eq!(page.sub(), None);
    }
}
