//! Lies in the answer to a refresh: nothing of it counts but a new refresh token, and nobody is signed out by it but by the verified
//! id_token of another person.

use super::{in_raw, mark, raw_answer};
use crate::refresh_faults::keeps_everybody_signed_in;
use crate::refreshed_id_token::rejects;
use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

const INVALID: [&str; 3] = ["invalid_token_response", "rejected", "refresh"];

#[track_caller]
fn rejects_token(name: &'static str, value: Value, verdict: [&'static str; 3]) {
    let _row = row(format!("{name}: {value:.80}"));
    keeps_everybody_signed_in(|world| world.provider.token.tell(set(name, value.clone())), verdict, false);
}

#[test]
fn members_of_another_type() {
    for value in [json!(1), json!(true), json!([]), json!({})] {
        for name in ["access_token", "refresh_token", "id_token", "scope", "token_type"] {
            rejects_token(name, value.clone(), INVALID);
        }
    }
    rejects_token("access_token", Value::Null, INVALID);
    rejects_token("token_type", Value::Null, INVALID);
}

#[test]
fn tokens_that_cannot_be_any() {
    for name in ["access_token", "refresh_token"] {
        for text in ["a\r\nX-Smuggled: 1", "a\n", "a\tb", "a\0b", "\u{e4}", "a\u{2028}b"] {
            rejects_token(name, json!(text), INVALID);
        }
        rejects_token(name, json!("a".repeat(128 * 1024 + 1)), INVALID);
    }
}

#[test]
fn another_token_type() {
    for name in ["mac", "DPoP", "N_A", "", "Bearer "] {
        rejects_token("token_type", json!(name), ["unsupported_token_type", "rejected", "refresh"]);
    }
}

#[test]
fn lifetimes_that_are_none() {
    for text in ["-1", "1e400", "1e308", "2147483648", "9007199254740993", "\"abc\"", "\"NaN\"", "\"-1\"", "true", "[]"]
    {
        let _row = row(text);
        let lie = |world: &World| {
            world.provider.token.tell(mark("expires_in"));
            raw_answer(&world.provider, "/token", text);
        };
        keeps_everybody_signed_in(lie, INVALID, false);
    }
}

/// Beside the status of a success, no error ends a session.
#[test]
fn an_error_that_is_no_text() {
    for error in [json!(1), json!(true), json!(["invalid_grant"]), json!({ "code": "invalid_grant" })] {
        rejects_token("error", error.clone(), INVALID);
    }
}

#[test]
fn an_error_that_is_almost_the_final_one() {
    for word in ["Invalid_Grant", "INVALID_GRANT", "invalid_grant ", "invalid_grant\0", "invalid-grant", "__proto__"] {
        let _row = row(format!("{word:?}"));
        let body = json!({ "error": word }).to_string();
        let error = keeps_everybody_signed_in(
            |world| world.provider.answer_at("/token", 400, body.clone()),
            ["refresh_refused", "refused", "refresh"],
            false,
        );
        assert_eq!(error.provider.as_ref().map(|words| words.error.as_str()), Some(word));
    }
}

#[test]
fn a_redirect_signs_nobody_out() {
    for status in [301, 302, 303, 307, 308] {
        let _row = row(status.to_string());
        let lie = |world: &World| world.provider.answer_at("/token", status, "");
        keeps_everybody_signed_in(lie, ["http_status", "environment", "refresh"], false);
    }
}

// ---------------------------------------------------------------- the id_token of a refresh

#[test]
fn an_id_token_that_is_no_token() {
    for text in ["a", "a.b", "a.b.c", "a.b.c.d.e", "a\nb", "\u{e4}"] {
        let _row = row(text);
        rejects(|op| op.token.tell(set("id_token", json!(text))), "malformed_jwt", "rejected");
    }
}

#[test]
fn a_header_of_no_good() {
    for (name, value, code) in [
        ("alg", json!("nOnE"), "unsupported_algorithm"),
        ("alg", json!("ES256K"), "unsupported_algorithm"),
        ("alg", json!(1), "malformed_jwt"),
        ("crit", json!(["exp"]), "unsupported_critical_header"),
        ("b64", json!(false), "unsupported_critical_header"),
        ("kid", json!("key-9"), "invalid_key_id"),
        ("kid", json!(0), "malformed_jwt"),
        ("typ", json!("at+jwt"), "malformed_jwt"),
        ("jwk", SigningKey::new("RS256", 2, None).jwk(), ""),
    ] {
        let _row = row(format!("{name}: {value:.60}"));
        if code.is_empty() {
            let forged = |op: &FakeProvider| {
                op.key.replace(SigningKey::new("RS256", 2, Some("key-0")));
                op.header.tell(set(name, value.clone()));
            };
            rejects(forged, "bad_signature", "rejected");
        } else {
            rejects(|op| op.header.tell(set(name, value.clone())), code, "rejected");
        }
    }
}

#[test]
fn claims_of_no_good() {
    for (name, value, code) in [
        ("iss", json!("https://id.example.com/"), "invalid_claim"),
        ("iss", json!(1), "invalid_claim"),
        ("iss", json!(null), "missing_claim"),
        ("sub", json!(""), "invalid_claim"),
        ("sub", json!(["alice"]), "invalid_claim"),
        ("aud", json!([]), "invalid_claim"),
        ("aud", json!([CLIENT_ID, "another"]), "invalid_claim"),
        ("aud", json!({ "0": CLIENT_ID }), "invalid_claim"),
        ("aud", json!(null), "missing_claim"),
        ("azp", json!(1), "invalid_claim"),
        ("exp", json!("9999999999"), "invalid_claim"),
        ("exp", json!(0), "expired_token"),
        ("exp", json!(null), "missing_claim"),
        ("iat", json!(null), "missing_claim"),
        ("iat", json!(-1), "invalid_claim"),
        ("nbf", json!(9_999_999_999_u64), "token_not_yet_valid"),
        ("nonce", json!(1), "nonce_mismatch"),
        ("nonce", json!(""), "nonce_mismatch"),
        ("nonce", json!(["a"]), "nonce_mismatch"),
        ("auth_time", json!("noon"), "invalid_claim"),
        ("auth_time", json!(0), "invalid_claim"),
        ("at_hash", json!(""), "at_hash_mismatch"),
        ("at_hash", json!(1), "invalid_claim"),
    ] {
        let _row = row(format!("{name}: {value}"));
        rejects(|op| op.claims.tell(set(name, value.clone())), code, "rejected");
    }
}

#[test]
fn a_payload_that_nobody_can_read() {
    for text in ["1e400", r#""\ud800""#, r#"{"a":1,"a":1}"#, "NaN"] {
        let _row = row(text);
        let lie = |op: &FakeProvider| {
            op.claims.tell(mark("name"));
            op.signed.tell(move |(_, payload)| in_raw(payload, text.as_bytes()));
        };
        rejects(lie, "malformed_jwt", "rejected");
    }
}

/// Everything about it is right, but it is the answer to somebody else's refresh.
#[test]
fn the_whole_answer_of_somebody_else() {
    let world = World::new();
    let theirs = {
        world.provider.sub.replace("mallory".into());
        world.tab().sign_in().token()
    };
    world.provider.sub.replace("alice".into());
    let page = world.tab().sign_in();
    let answer = json!({
        "access_token": theirs["access_token"],
        "refresh_token": theirs["refresh_token"],
        "id_token": theirs["id_token"],
        "token_type": "Bearer",
        "expires_in": 3600,
    });
    world.provider.answer_at("/token", 200, answer.to_string());
    assert_error(&page.refresh().expect_err("mallory's"), ["subject_mismatch", "rejected", "refresh"]);
    assert!(page.session().is_none() && page.tab.reload().session().is_none());
    page.tab.run_background();
    let given_back = world.network.sent_to("/revoke").remove(0);
    assert_eq!(json!(given_back.field("token")), theirs["refresh_token"]);
}

#[test]
fn a_subject_that_is_almost_the_same_is_another_person() {
    for sub in ["Alice", "alice ", "alice\0", "\u{430}lice"] {
        let (world, page) = World::new().signed_in();
        world.provider.claims.tell(set("sub", json!(sub)));
        assert_error(&page.refresh().expect_err("another"), ["subject_mismatch", "rejected", "refresh"]);
        assert!(page.session().is_none());
    }
}

// ---------------------------------------------------------------- more than was asked for

#[test]
fn members_that_would_pass_for_checked_ones() {
    let (world, page) = World::new().signed_in();
    let mallory = json!({ "sub": "mallory", "iss": "https://evil.example" });
    for name in ["userinfo", "claims", "__proto__", "constructor", "sub", "issuer", "client_id"] {
        world.provider.token.tell(set(name, mallory.clone()));
    }
    world.provider.token.tell(set("expires_at", json!(9_999_999_999_u64)));
    page.refresh().expect("a refresh");
    for page in [&page, &page.tab.reload()] {
        let token = page.token();
        assert_eq!(token["userinfo"]["sub"], "alice");
        assert_eq!(token["expires_at"], world.clock.get() + 3600);
        assert_eq!(page.session().expect("a session").issuer(), Some(ISSUER));
    }
}

/// Of nobody who signed in with a name, an id_token proves nothing: it is not kept, and so never believed later.
#[test]
fn an_id_token_for_a_login_that_had_none() {
    let world = World::with(json!({ "scope": "files" }));
    world.provider.is_plain_oauth.set(true);
    let page = world.tab().sign_in();
    world.provider.token.tell(set("id_token", json!("a.b.c")));
    page.refresh().expect("a refresh");
    assert_eq!(page.token().get("id_token"), None);
    assert_eq!(page.sub(), None);
}

/// A session keeps members that an answer does not repeat, but no number without end: its record could not be read any more.
#[test]
fn other_members_with_every_refresh() {
    let world = World::new();
    let tab = world.tab();
    let page = tab.sign_in();
    for answer in 0..5 {
        world.provider.token.stop();
        world.provider.token.tell(members(&format!("answer_{answer}"), 900));
        page.refresh().expect("a token");
        let token = page.token();
        assert_eq!(token[&*format!("answer_{answer}_899")], json!(0), "the members of the latest answer are there");
        let members = token.as_object().expect("an object").len();
        assert!(members <= 2000, "{members}");
        assert!(tab.reload().session().is_some(), "and the record is that of a session");
    }
}

/// Members are looked for one by one, so that a hundred thousand of them would keep a page busy for minutes.
#[test]
fn more_members_than_an_honest_answer_has() {
    let lie = |world: &World| world.provider.token.tell(members("member", 2000));
    keeps_everybody_signed_in(lie, INVALID, false);
}

/// So many other members, each with a name that begins like this.
fn members(name: &str, number: usize) -> impl Fn(&mut Value) + use<> {
    let name = name.to_owned();
    move |token| (0..number).for_each(|member| token[&*format!("{name}_{member}")] = json!(0))
}
