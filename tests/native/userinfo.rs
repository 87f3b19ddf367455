//! `userinfo()`: the answer is believed only if it is about the person who signed in, and signed answers only after every check.

use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::http::HttpResponse;
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::*;

#[track_caller]
pub fn rejects(lie: impl Fn(&FakeProvider), verdict: [&'static str; 3]) {
    let (world, page) = World::new().signed_in();
    let before = page.session();
    lie(&world.provider);
    assert_error(&page.userinfo().expect_err("a rejection"), verdict);
    assert_eq!(page.session(), before, "what userinfo says changes no session");
    assert_eq!(world.network.sent_to("/userinfo").len(), 1);
}

pub fn signed(lie: impl Fn(&FakeProvider)) -> impl Fn(&FakeProvider) {
    move |provider| {
        provider.signs_userinfo.set(true);
        lie(provider);
    }
}

#[test]
fn the_answer_is_handed_on() {
    let (world, page) = World::new().signed_in();
    assert_eq!(page.userinfo().expect("claims"), json!({ "sub": "alice", "email": "alice@example.com" }));
    let sent = world.network.sent_to("/userinfo").remove(0);
    assert_eq!(sent.bearer, Some(page.held_access_token()));
    assert!(sent.form.is_empty());
}

#[test]
fn asking_writes_nothing_and_tells_nobody() {
    let page = World::new().tab().sign_in();
    page.events.take();
    let before = page.tab.storage.snapshot();
    page.userinfo().expect("claims");
    assert_eq!(page.tab.storage.snapshot(), before);
    assert!(page.events.take().is_empty());
}

/// OIDC Core section 5.6.2: for the app to follow, if it trusts them.
#[test]
fn aggregated_and_distributed_claims_come_verbatim() {
    let (world, page) = World::new().signed_in();
    let names = json!({ "address": "src1", "credit_score": "src2" });
    let sources = json!({
        "src1": { "JWT": "eyJhbGciOiJub25lIn0.e30." },
        "src2": { "endpoint": "https://creditagency.example/claims", "access_token": "ksj3n283dke" },
    });
    world.provider.userinfo.tell(set("_claim_names", names.clone()));
    world.provider.userinfo.tell(set("_claim_sources", sources.clone()));
    let claims = page.userinfo().expect("claims");
    assert_eq!((&claims["_claim_names"], &claims["_claim_sources"]), (&names, &sources));
}

#[test]
fn an_expired_access_token_is_refreshed_first() {
    let (world, page) = World::new().signed_in();
    world.pass(3600);
    page.userinfo().expect("claims");
    assert_eq!(world.network.sent_to("/userinfo").len(), 1);
}

#[test]
fn without_a_session_nobody_is_asked_about() {
    let (world, page) = World::new().at_home();
    assert_error(&page.userinfo().expect_err("nobody"), ["missing_token", "usage", "token"]);
    assert!(world.network.sent_to("/userinfo").is_empty());
}

#[test]
fn a_provider_without_the_endpoint() {
    let page = World::whose_provider(|op| op.metadata.tell(without("userinfo_endpoint"))).tab().sign_in();
    let error = fails_with(page.userinfo(), ["not_supported_by_provider", "usage", "userinfo"]);
    assert!(error.message.contains("userinfo_endpoint"));
}

// ---------------------------------------------------------------- about whom

#[test]
fn an_answer_about_somebody_else() {
    for sub in [json!("mallory"), json!("Alice"), json!("alice "), json!(""), json!(1), json!(["alice"])] {
        let lie = move |provider: &FakeProvider| provider.userinfo.tell(set("sub", sub.clone()));
        rejects(lie, ["subject_mismatch", "rejected", "userinfo"]);
    }
}

#[test]
fn an_answer_about_nobody() {
    rejects(|provider| provider.userinfo.tell(without("sub")), ["missing_claim", "rejected", "userinfo"]);
    rejects(|provider| provider.userinfo.tell(set("sub", Value::Null)), ["missing_claim", "rejected", "userinfo"]);
}

#[test]
fn an_answer_that_names_the_subject_twice() {
    let body = r#"{"sub":"alice","sub":"mallory"}"#;
    rejects(|provider| provider.answer_at("/userinfo", 200, body), ["invalid_token_response", "rejected", "userinfo"]);
}

// ---------------------------------------------------------------- signed answers

#[test]
fn a_signed_answer_is_verified_and_handed_on() {
    let (world, page) = World::whose_provider(|op| op.signs_userinfo.set(true)).signed_in();
    let before = world.verifications.get();
    let claims = page.userinfo().expect("claims");
    assert_eq!((&claims["sub"], &claims["iss"], &claims["aud"]), (&json!("alice"), &json!(ISSUER), &json!(CLIENT_ID)));
    assert_eq!(world.verifications.get(), before + 1);
}

#[test]
fn a_signed_answer_is_told_by_its_media_type() {
    let (world, page) = World::whose_provider(|op| op.signs_userinfo.set(true)).signed_in();
    for (media_type, is_jwt) in [
        (Some("Application/JWT; charset=utf-8"), true),
        (Some("application/json"), false),
        (Some("application/jwt+json"), false),
        (None, false),
    ] {
        world.provider.wire.stop();
        world.provider.change_answer_at("/userinfo", move |answer| {
            answer.content_type = media_type.map(String::from);
        });
        match page.userinfo() {
            Ok(_) => assert!(is_jwt, "{media_type:?}"),
            Err(error) if is_jwt => panic!("{error:?}"),
            Err(error) => assert_error(&error, ["invalid_token_response", "rejected", "userinfo"]),
        }
    }
}

#[test]
fn plain_claims_do_not_pass_for_signed_ones() {
    let media_type = |answer: &mut HttpResponse| answer.content_type = Some("application/jwt".into());
    rejects(|op| op.change_answer_at("/userinfo", media_type), ["malformed_jwt", "rejected", "userinfo"]);
}

#[test]
fn a_signed_answer_of_a_wrong_key() {
    rejects(
        |provider| {
            provider.signs_userinfo.set(true);
            let published = provider.published.take();
            provider.sign_with(SigningKey::new("RS256", 1, Some("key-0")));
            provider.published.replace(published);
        },
        ["bad_signature", "rejected", "userinfo"],
    );
}

#[test]
fn a_signed_answer_without_a_signature_or_with_a_mac() {
    for algorithm in ["none", "HS256"] {
        rejects(
            signed(move |provider| provider.header.tell(set("alg", json!(algorithm)))),
            ["unsupported_algorithm", "rejected", "userinfo"],
        );
    }
}

#[test]
fn a_signed_answer_with_an_algorithm_that_the_provider_did_not_announce() {
    let world = World::new();
    world.provider.metadata.tell(set("userinfo_signing_alg_values_supported", json!(["ES256"])));
    world.provider.signs_userinfo.set(true);
    let page = world.tab().sign_in();
    assert_error(&page.userinfo().expect_err("RS256"), ["unsupported_algorithm", "rejected", "userinfo"]);
}

#[test]
fn a_signed_answer_of_another_issuer_or_for_another_client() {
    for (name, value) in [
        ("iss", json!("https://evil.example")),
        ("iss", json!("https://id.example.com/")),
        ("aud", json!("another")),
        ("aud", json!(["another", "a third"])),
        ("aud", json!([1])),
    ] {
        rejects(
            signed(move |provider| provider.userinfo.tell(set(name, value.clone()))),
            ["invalid_claim", "rejected", "userinfo"],
        );
    }
}

#[test]
fn a_signed_answer_for_several_audiences_is_for_this_client_too() {
    let world = World::new();
    world.provider.signs_userinfo.set(true);
    world.provider.userinfo.tell(set("aud", json!(["another", CLIENT_ID])));
    world.tab().sign_in().userinfo().expect("claims");
}

#[test]
fn a_signed_answer_without_what_it_must_have() {
    for name in ["iss", "aud", "sub"] {
        rejects(
            signed(move |provider| provider.userinfo.tell(without(name))),
            ["missing_claim", "rejected", "userinfo"],
        );
    }
}

#[test]
fn a_signed_answer_about_somebody_else() {
    rejects(
        signed(|provider| provider.userinfo.tell(set("sub", json!("mallory")))),
        ["subject_mismatch", "rejected", "userinfo"],
    );
}

#[test]
fn a_signed_answer_that_has_expired() {
    for (ago, is_good) in [(59, true), (60, false)] {
        let world = World::whose_provider(|op| op.signs_userinfo.set(true));
        let exp = world.clock.get() - ago;
        world.provider.userinfo.tell(set("exp", json!(exp)));
        match world.tab().sign_in().userinfo() {
            Ok(_) => assert!(is_good),
            Err(error) => assert_error(&error, ["expired_token", "rejected", "userinfo"]),
        }
    }
}

// ---------------------------------------------------------------- refusals

pub(crate) fn challenge(provider: &FakeProvider, status: u16, challenge: &'static str, body: &'static str) {
    provider.change_answer_at("/userinfo", move |answer| {
        *answer = HttpResponse { challenge: Some(challenge.into()), ..HttpResponse::new(status, body) };
    });
}

#[test]
fn a_token_that_the_provider_forgot_is_renewed_once() {
    let (world, page) = World::new().signed_in();
    let first = page.held_access_token();
    page.revoke(Some(oidc_client_wasm::protocol::revocation::TokenKind::AccessToken)).expect("revoked at the provider");
    // As if another party had revoked it: this page still thinks it good.
    page.tab.storage.edit(&key_of("session", "demo"), |record| {
        record["token"]["expires_at"] = json!(record["token"]["expires_at"].as_i64().unwrap() + 3600);
    });
    world.network.take_sent();
    page.userinfo().expect("claims, with a new token");
    let sent = world.network.take_sent();
    let paths: Vec<&str> = sent.iter().map(|sent| sent.url.rsplit('/').next().unwrap()).collect();
    assert_eq!(paths, ["userinfo", "token", "userinfo"]);
    assert_eq!(sent[0].bearer.as_ref(), Some(&first));
    assert_eq!(sent[2].bearer, Some(page.held_access_token()));
}

#[test]
fn a_second_refusal_is_final() {
    let (world, page) = World::new().signed_in();
    challenge(&world.provider, 401, r#"Bearer error="invalid_token", error_description="revoked""#, "");
    let error = fails_with(page.userinfo(), ["userinfo_refused", "refused", "userinfo"]);
    assert_eq!(error.status, Some(401));
    let words = error.provider.as_ref().expect("words");
    assert_eq!((words.error.as_str(), words.error_description.as_deref()), ("invalid_token", Some("revoked")));
    assert_eq!(world.network.sent_to("/userinfo").len(), 2);
    assert_eq!(world.network.sent_to("/token").len(), 2);
    assert!(page.session().is_some());
}

#[test]
fn a_refusal_without_a_refresh_token_is_the_providers_own() {
    let (world, page) = World::whose_provider(|op| op.is_generous.set(false)).signed_in();
    world.provider.forget_everybody();
    let error = fails_with(page.userinfo(), ["userinfo_refused", "refused", "userinfo"]);
    assert_eq!(error.provider.as_ref().map(|words| words.error.as_str()), Some("invalid_token"));
    assert_eq!(world.network.sent_to("/userinfo").len(), 1);
}

#[test]
fn a_refusal_that_another_token_would_not_change_is_not_repeated() {
    for (status, header, body) in [
        (403, r#"Bearer error="insufficient_scope", scope="profile""#, ""),
        (401, r#"Bearer realm="example""#, ""),
        (401, r#"DPoP error="invalid_token""#, ""),
        (400, r#"Bearer error="invalid_request""#, ""),
        (403, "", r#"{"error":"insufficient_scope"}"#),
    ] {
        let (world, page) = World::new().signed_in();
        challenge(&world.provider, status, header, body);
        let error = fails_with(page.userinfo(), ["userinfo_refused", "refused", "userinfo"]);
        assert_eq!(error.status, Some(status));
        assert_eq!(world.network.sent_to("/userinfo").len(), 1);
        assert_eq!(world.network.sent_to("/token").len(), 1);
    }
}

#[test]
fn a_provider_in_trouble() {
    for (status, retryable) in [(500, true), (503, true), (429, true), (404, false)] {
        let (world, page) = World::new().signed_in();
        world.provider.answer_at("/userinfo", status, r#"{"message":"trouble"}"#);
        let error = fails_with(page.userinfo(), ["http_status", "environment", "userinfo"]);
        assert_eq!((error.status, error.retryable), (Some(status), retryable));
    }
    for (fault, code) in [(HttpError::Network, "network"), (HttpError::Timeout, "timeout")] {
        let (world, page) = World::new().signed_in();
        world.network.cut("/userinfo", fault);
        let error = fails_with(page.userinfo(), [code, "environment", "userinfo"]);
        assert!(error.retryable);
    }
}

#[test]
fn what_is_no_object() {
    for body in ["<html>", "", "[]", "null", "\"alice\""] {
        rejects(
            move |provider| provider.answer_at("/userinfo", 200, body),
            ["invalid_token_response", "rejected", "userinfo"],
        );
    }
}

/// Who signs in while the answer is on its way is not told about the person before.
#[test]
fn an_answer_about_the_person_before() {
    let (world, tab) = World::new().signed_in_tab();
    let page = tab.open_return_of("bob");
    world.network.hold();
    let asking = page.asking_userinfo();
    let handling = page.handling();
    world.network.let_go();
    page.handled(handling.finish()).expect("bob's login");
    assert_error(&page.audited(asking.finish()).expect_err("alice has left"), ["missing_token", "usage", "userinfo"]);
    assert_eq!(page.sub().as_deref(), Some("bob"));
}
