//! Lies of the userinfo endpoint, beyond those that `userinfo` tells beside the honest answers: a signed answer is a token and is
//! judged like one, and an answer that is none changes nothing.

use oidc_client_wasm::protocol::http::HttpResponse;
use oidc_client_wasm::protocol::json::{Value, json};

use super::{in_raw, mark, nested, raw_answer};
use crate::support::*;
use crate::userinfo::{rejects, signed};

const MALFORMED: [&str; 3] = ["malformed_jwt", "rejected", "userinfo"];
const NO_OBJECT: [&str; 3] = ["invalid_token_response", "rejected", "userinfo"];
const SUBJECT: [&str; 3] = ["subject_mismatch", "rejected", "userinfo"];

// ---------------------------------------------------------------- plain answers

#[test]
fn an_answer_that_nobody_can_read() {
    let good = r#"{"sub":"alice"}"#;
    let deep = format!(r#"{{"sub":"alice","x":{}}}"#, nested(40));
    for (label, body) in [
        ("half an object", br#"{"sub":"alice""#.to_vec()),
        ("a list of it", format!("[{good}]").into_bytes()),
        ("two of them", format!("{good}{good}").into_bytes()),
        ("two byte order marks", format!("\u{feff}\u{feff}{good}").into_bytes()),
        ("octets that are no UTF-8", b"{\"sub\":\"alice\",\"name\":\"\xff\"}".to_vec()),
        ("sub twice, once in escapes", br#"{"sub":"alice","\u0073ub":"mallory"}"#.to_vec()),
        ("a name inside twice", br#"{"sub":"alice","address":{"a":1,"a":2}}"#.to_vec()),
        ("forty levels", deep.into_bytes()),
        ("a lone surrogate", br#"{"sub":"alice","name":"\ud800"}"#.to_vec()),
        ("a number out of range", br#"{"sub":"alice","age":1e400}"#.to_vec()),
        ("a form", b"sub=alice".to_vec()),
        ("a token under the wrong media type", b"a.b.c".to_vec()),
        ("more than a mebibyte", vec![b' '; (1 << 20) + 1]),
    ] {
        let _row = row(label);
        rejects(|op| op.answer_at("/userinfo", 200, body.clone()), NO_OBJECT);
    }
}

#[test]
fn an_answer_about_almost_the_same_person() {
    for sub in ["Alice", "ALICE", "alice ", " alice", "alice\0", "alice\n", "alic", "alice1", "\u{430}lice", "", "null"]
    {
        let _row = row(format!("{sub:?}"));
        rejects(|op| op.userinfo.tell(set("sub", json!(sub))), SUBJECT);
        rejects(signed(move |op| op.userinfo.tell(set("sub", json!(sub)))), SUBJECT);
    }
    for sub in [json!(1), json!(true), json!(["alice"]), json!({ "sub": "alice" })] {
        let _row = row(sub.to_string());
        rejects(|op| op.userinfo.tell(set("sub", sub.clone())), SUBJECT);
    }
}

/// What says who it is about under another name, or in an error's clothes, is about nobody.
#[test]
fn an_answer_about_nobody() {
    let missing = ["missing_claim", "rejected", "userinfo"];
    for body in [
        "{}",
        r#"{"Sub":"alice"}"#,
        r#"{"id":"alice"}"#,
        r#"{"user":{"sub":"alice"}}"#,
        r#"{"error":""}"#,
        r#"{"error":7}"#,
        r#"{"__proto__":{"sub":"alice"}}"#,
        r#"{"sub":null}"#,
    ] {
        let _row = row(body);
        rejects(|op| op.answer_at("/userinfo", 200, body), missing);
    }
}

#[test]
fn names_that_mean_something_to_javascript() {
    let (world, page) = World::new().signed_in();
    for name in ["__proto__", "constructor", "toString"] {
        world.provider.userinfo.tell(set(name, json!({ "sub": "mallory" })));
    }
    let claims = page.userinfo().expect("claims");
    assert_eq!((&claims["sub"], &claims["__proto__"]["sub"]), (&json!("alice"), &json!("mallory")));
}

#[test]
fn a_status_that_brings_no_answer() {
    for (status, verdict) in [
        (300, ["http_status", "environment", "userinfo"]),
        (302, ["http_status", "environment", "userinfo"]),
        (307, ["http_status", "environment", "userinfo"]),
        (400, ["http_status", "environment", "userinfo"]),
        (401, ["userinfo_refused", "refused", "userinfo"]),
        (403, ["userinfo_refused", "refused", "userinfo"]),
        (500, ["http_status", "environment", "userinfo"]),
    ] {
        let _row = row(status.to_string());
        rejects(|op| op.answer_at("/userinfo", status, r#"{"sub":"alice"}"#), verdict);
    }
    rejects(|op| op.answer_at("/userinfo", 204, ""), NO_OBJECT);
}

#[test]
fn hostile_words_of_a_refusal_stay_in_their_fields() {
    let (world, page) = World::new().signed_in();
    let challenge =
        r#"Bearer error="insufficient_scope<script>", error_description="\"><img>", error_uri="javascript:alert(1)""#;
    world.provider.change_answer_at("/userinfo", move |answer| {
        *answer = HttpResponse { challenge: Some(challenge.into()), ..HttpResponse::new(403, "") };
    });
    let error = fails_with(page.userinfo(), ["userinfo_refused", "refused", "userinfo"]);
    let words = error.provider.as_ref().expect("words");
    assert_eq!(words.error_uri.as_deref(), Some("javascript:alert(1)"));
    assert!(!error.message.contains('<') && error.message.is_ascii());
}

// ---------------------------------------------------------------- signed answers

#[test]
fn a_signed_answer_that_is_no_token() {
    for (label, body) in [
        ("nothing", ""),
        ("one part", "abc"),
        ("two parts", "a.b"),
        ("five parts, as an encrypted one has", "a.b.c.d.e"),
        ("a login page", "<html>"),
        ("a text of JSON", "\"a.b.c\""),
    ] {
        let _row = row(label);
        let lie = move |op: &FakeProvider| {
            op.change_answer_at("/userinfo", move |answer| {
                *answer = HttpResponse { content_type: Some("application/jwt".into()), ..HttpResponse::new(200, body) };
            });
        };
        rejects(lie, MALFORMED);
    }
    let no_text = |op: &FakeProvider| {
        op.change_answer_at("/userinfo", |answer| {
            let octets = vec![0xff; 10];
            *answer = HttpResponse { content_type: Some("application/jwt".into()), ..HttpResponse::new(200, octets) };
        });
    };
    rejects(no_text, NO_OBJECT);
}

#[test]
fn a_signed_answer_with_a_header_of_no_good() {
    for (name, value, code) in [
        ("alg", json!("none"), "unsupported_algorithm"),
        ("alg", json!("nOnE"), "unsupported_algorithm"),
        ("alg", json!("HS512"), "unsupported_algorithm"),
        ("alg", json!(null), "malformed_jwt"),
        ("crit", json!(["exp"]), "unsupported_critical_header"),
        ("b64", json!(false), "unsupported_critical_header"),
        ("kid", json!("key-9"), "invalid_key_id"),
        ("kid", json!(1), "malformed_jwt"),
        ("typ", json!("at+jwt"), "malformed_jwt"),
        ("typ", json!("logout+jwt"), "malformed_jwt"),
    ] {
        let _row = row(format!("{name}: {value}"));
        rejects(signed(move |op| op.header.tell(set(name, value.clone()))), [code, "rejected", "userinfo"]);
    }
}

#[test]
fn a_signed_answer_with_claims_of_no_good() {
    let invalid = ["invalid_claim", "rejected", "userinfo"];
    for (name, value) in [
        ("iss", json!("")),
        ("iss", json!(1)),
        ("iss", json!([ISSUER])),
        ("iss", json!("https://ID.example.com")),
        ("iss", json!("https://id.example.com.evil.example")),
        ("aud", json!("")),
        ("aud", json!([])),
        ("aud", json!("SPA")),
        ("aud", json!({ "0": CLIENT_ID })),
        ("aud", json!([CLIENT_ID, 1])),
        ("exp", json!("9999999999")),
        ("exp", json!(-1)),
        ("exp", json!(1e300)),
        ("nbf", json!("1")),
        ("nbf", json!(true)),
    ] {
        let _row = row(format!("{name}: {value}"));
        rejects(signed(move |op| op.userinfo.tell(set(name, value.clone()))), invalid);
    }
}

#[test]
fn a_signed_answer_that_is_not_valid_yet() {
    let now = 1_800_000_000;
    for (ahead, is_good) in [(60, true), (61, false), (86_400, false)] {
        let _row = row(format!("{ahead} s ahead"));
        let world = World::new();
        world.provider.signs_userinfo.set(true);
        world.provider.userinfo.tell(set("nbf", json!(now + ahead)));
        match world.tab().sign_in().userinfo() {
            Ok(_) => assert!(is_good),
            Err(error) => {
                assert!(!is_good, "{error:?}");
                assert_error(&error, ["token_not_yet_valid", "rejected", "userinfo"]);
            }
        }
    }
}

#[test]
fn a_signed_answer_that_nobody_can_read() {
    for (label, text) in [
        ("a number out of range", "1e400"),
        ("a lone surrogate", r#""\ud800""#),
        ("a name that stands twice", r#"{"a":1,"a":1}"#),
        ("a list that does not end", "[["),
    ] {
        let _row = row(label);
        let lie = signed(move |op: &FakeProvider| {
            op.userinfo.tell(mark("name"));
            op.signed.tell(move |(_, payload)| in_raw(payload, text.as_bytes()));
        });
        rejects(lie, MALFORMED);
        let plain = move |op: &FakeProvider| {
            op.userinfo.tell(mark("name"));
            raw_answer(op, "/userinfo", text);
        };
        rejects(plain, NO_OBJECT);
    }
}

/// The person's own id_token, played back as an answer: about the right person, but of the login.
#[test]
fn an_answer_for_another_client_of_the_same_person() {
    let (world, page) = World::whose_provider(|op| op.signs_userinfo.set(true)).signed_in();
    let foreign = world.provider.sign(&json!({ "iss": ISSUER, "sub": "alice", "aud": "another", "admin": true }));
    world.provider.change_answer_at("/userinfo", move |answer| {
        answer.body = foreign.clone().into_bytes();
    });
    assert_error(&page.userinfo().expect_err("not for us"), ["invalid_claim", "rejected", "userinfo"]);
}

#[test]
fn an_algorithm_list_of_no_good_is_noticed_before_anybody_leaves() {
    let world = World::new();
    world.provider.metadata.tell(set("userinfo_signing_alg_values_supported", json!("RS256")));
    fails_with(world.tab().open(HOME).login(), ["invalid_metadata", "rejected", "metadata"]);
}

#[test]
fn claims_that_pass_for_the_verified_ones_change_no_session() {
    let (world, page) = World::new().signed_in();
    for (name, value) in
        [("iss", json!("https://evil.example")), ("aud", json!("x")), ("exp", json!(1)), ("nonce", Value::Null)]
    {
        world.provider.userinfo.tell(set(name, value));
    }
    let before = page.session();
    page.userinfo().expect("plain claims are of whom TLS says");
    assert_eq!(page.session(), before);
}
