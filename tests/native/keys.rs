//! The provider's keys: fetched beside the token request, remembered for five minutes, fetched again once where a token fits none.

use oidc_client_wasm::ports::{CryptoError, HttpError};
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::keys::ALGORITHMS;
use crate::support::verbs::ClientVerbs;
use crate::support::*;

// ---------------------------------------------------------------- speed

#[test]
fn the_keys_are_on_their_way_beside_the_token_request() {
    for order in [["/token", "/jwks"], ["/jwks", "/token"]] {
        let (world, page) = World::new().coming_back();
        world.network.hold();
        let mut call = page.handling();
        let mut in_flight = world.network.in_flight();
        in_flight.sort();
        assert_eq!(in_flight, [format!("{ISSUER}/jwks"), format!("{ISSUER}/token")], "both before either is answered");
        world.network.release(order[0]);
        page.tab.run_background();
        assert!(!call.advance());
        world.network.release(order[1]);
        page.tab.run_background();
        assert!(call.advance());
        assert!(page.handled(call.finish()).expect("a login").is_some());
        assert_eq!(world.network.sent_to("/jwks").len(), 1);
    }
}

#[test]
fn after_a_preload_the_callback_sends_one_request() {
    let (world, tab) = World::new().with_tab();
    let client = tab.open(HOME).client();
    now(async move { client.preload().await }).expect("metadata and keys");
    let callback = tab.come_back();
    world.network.take_sent();
    tab.open(&callback).expect_login();
    let sent = world.network.take_sent();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].is_to("/token"));
}

#[test]
fn a_second_login_in_the_tab_sends_one_request() {
    let (world, tab) = World::new().signed_in_tab();
    world.network.take_sent();
    tab.sign_in();
    assert_eq!(world.network.count(), 1);
}

#[test]
fn a_refused_token_request_does_not_wait_for_the_keys() {
    let (world, tab) = World::new().with_tab();
    world.provider.answer_at("/token", 400, r#"{"error":"invalid_grant"}"#);
    let page = tab.open(&tab.come_back());
    world.network.hold();
    let mut call = page.handling();
    world.network.release("/token");
    assert!(call.advance());
    assert_error(&call.finish().expect_err("a refusal"), ["token_refused", "refused", "token"]);
}

#[test]
fn keys_are_kept_for_five_minutes_across_documents() {
    let (world, tab) = World::new().signed_in_tab();
    for (seconds, fetches) in [(299, 1), (1, 2)] {
        world.pass(seconds);
        tab.sign_in();
        assert_eq!(world.network.sent_to("/jwks").len(), fetches);
    }
}

#[test]
fn any_number_of_callers_make_one_request() {
    let (world, page) = World::new().at_home();
    world.network.hold();
    let mut callers: Vec<_> = (0..5)
        .map(|_| {
            let client = page.client();
            Running::start(async move { client.jwk_set(false).await.is_ok() })
        })
        .collect();
    world.network.release("/openid-configuration");
    callers.iter_mut().for_each(|caller| assert!(!caller.advance()));
    assert_eq!(world.network.in_flight().len(), 1);
    world.network.release("/jwks");
    assert!(callers.iter_mut().all(Running::advance));
}

#[test]
fn a_plain_oauth_login_needs_no_keys() {
    let world = World::with(json!({ "scope": "files" }));
    world.provider.is_plain_oauth.set(true);
    world.tab().sign_in();
    assert_eq!(world.network.sent_to("/jwks").len(), 0);
}

// ---------------------------------------------------------------- rotation

/// Two failing logins in one document, some seconds apart: how often the keys were fetched.
fn fetches_in_two_failures(lie: impl Fn(&FakeProvider), apart: i64) -> usize {
    let (world, tab) = World::new().signed_in_tab();
    lie(&world.provider);
    let callbacks = [tab.come_back(), tab.come_back()];
    let page = tab.open(HOME);
    world.network.take_sent();
    for callback in callbacks {
        page.handle_redirect_at(&callback).expect_err("a rejection");
        world.pass(apart);
    }
    world.network.sent_to("/jwks").len()
}

#[test]
fn an_unknown_kid_and_a_bad_signature_are_looked_up_once_a_minute() {
    let unknown_kid = |op: &FakeProvider| op.header.tell(set("kid", json!("nobody's")));
    let bad_signature = |op: &FakeProvider| {
        op.key.replace(SigningKey::new("RS256", 2, Some("key-0")));
    };
    for (apart, fetches) in [(0, 1), (59, 1), (60, 2)] {
        assert_eq!(fetches_in_two_failures(unknown_kid, apart), fetches, "{apart} s apart");
        assert_eq!(fetches_in_two_failures(bad_signature, apart), fetches, "{apart} s apart");
    }
}

#[test]
fn what_no_other_key_could_cure_is_not_looked_up_again() {
    let hopeless: [fn(&FakeProvider); 3] = [
        |op| op.header.tell(set("alg", json!("none"))),
        |op| op.claims.tell(spoil("nonce", "1")),
        |op| op.id_token.tell(|token| token.push('=')),
    ];
    for lie in hopeless {
        assert_eq!(fetches_in_two_failures(lie, 61), 0);
    }
}

#[test]
fn a_lookup_that_fails_leaves_no_session() {
    let (world, tab) = World::new().signed_in_tab();
    tab.storage.drop_item(&key_of("session", "demo"));
    let callback = tab.come_back();
    world.provider.sign_with(SigningKey::new("RS256", 1, Some("key-1")));
    world.network.cut("/jwks", HttpError::Network);
    fails_with(tab.open(&callback).handle_redirect(), ["network", "environment", "id_token"]);
    assert_eq!(tab.stored_session("demo"), None);
}

#[test]
fn static_keys_are_never_fetched() {
    let jwks = json!({ "keys": [SigningKey::new("RS256", 0, Some("key-0")).jwk()] });
    let (world, tab) = World::with(json!({ "jwks": jwks })).with_tab();
    world.provider.metadata.tell(without("jwks_uri"));
    tab.sign_in();
    world.provider.sign_with(SigningKey::new("RS256", 1, Some("key-1")));
    fails_with(tab.open(&tab.come_back()).handle_redirect(), ["invalid_key_id", "rejected", "id_token"]);
    world.provider.key.replace(SigningKey::new("RS256", 1, Some("key-0")));
    fails_with(tab.open(&tab.come_back()).handle_redirect(), ["bad_signature", "rejected", "id_token"]);
    // A number that is no signature of this key, because it is beyond its modulus, is refused unasked; which one comes, is chance.
    assert!(world.verifications.get() <= 2, "one for the login, one for the forgery: no key would be another");
    assert_eq!(world.network.sent_to("/jwks").len(), 0);
}

// ---------------------------------------------------------------- bad key sets

#[test]
fn documents_that_are_no_key_set_are_refused() {
    for body in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#, "<html>"] {
        rejects_login(|op| op.answer_at("/jwks", 200, body), ["invalid_jwks", "rejected", "id_token"]);
    }
    let padded = |op: &FakeProvider| op.jwks.tell(set("padding", json!("x".repeat(2 << 20))));
    rejects_login(padded, ["invalid_jwks", "rejected", "id_token"]);
}

#[test]
fn keys_that_cannot_be_had() {
    for (status, retryable) in [(404, false), (403, false), (500, true), (429, true)] {
        let lie = |op: &FakeProvider| op.answer_at("/jwks", status, "{}");
        let error = rejects_login(lie, ["http_status", "environment", "id_token"]);
        assert_eq!((error.status, error.retryable), (Some(status), retryable));
    }
}

#[test]
fn a_passing_fault_of_the_keys_does_not_cost_the_login() {
    let (world, page) = World::new().coming_back();
    world.network.hold();
    let mut call = page.handling();
    world.network.cut("/jwks", HttpError::Network);
    world.network.release("/jwks");
    call.advance();
    world.network.mend();
    // The place of the keys may have moved: the metadata is asked for, then the keys.
    world.network.let_go();
    assert!(page.handled(call.finish()).expect("a login").is_some());
}

#[test]
fn members_that_are_no_usable_key_are_passed_over() {
    let world = World::new();
    let good = world.provider.key.borrow().jwk();
    let mut private = good.clone();
    private["d"] = json!("AQAB");
    let mut for_encryption = SigningKey::new("RS256", 1, Some("key-0")).jwk();
    for_encryption["use"] = json!("enc");
    let others = json!([null, "text", {}, { "kty": "AKP", "kid": "key-0" }, private, for_encryption]);
    world.provider.jwks.tell(move |jwks| {
        let keys = jwks["keys"].as_array_mut().expect("a list");
        keys.extend(others.as_array().expect("a list").clone());
    });
    world.tab().sign_in();
}

/// A key that was published whole is nobody's secret any more.
#[test]
fn a_published_private_key_verifies_nothing() {
    let lie = |op: &FakeProvider| op.jwks.tell(|jwks| jwks["keys"][0]["d"] = json!("AQAB"));
    rejects_login(lie, ["invalid_key_id", "rejected", "id_token"]);
}

#[test]
fn no_key_at_all() {
    let lie = |op: &FakeProvider| op.jwks.tell(set("keys", json!([])));
    rejects_login(lie, ["invalid_key_id", "rejected", "id_token"]);
}

#[test]
fn keys_remembered_for_another_place_are_not_used() {
    let edits: [fn(&mut Value); 4] = [
        |record| record["source"] = json!("https://evil.example/jwks"),
        |record| record["v"] = json!(9),
        |record| record["document"] = json!(1),
        |record| record["fetched_at"] = json!(i64::MAX),
    ];
    for edit in edits {
        let (world, tab) = World::new().signed_in_tab();
        tab.storage.edit(&key_of("jwks", "demo"), edit);
        tab.sign_in();
        assert_eq!(world.network.sent_to("/jwks").len(), 2);
    }
}

// ---------------------------------------------------------------- algorithms

#[test]
fn every_algorithm_of_the_contract_signs_in_and_a_damaged_signature_does_not() {
    for algorithm in ALGORITHMS {
        let (world, tab) = World::new().with_tab();
        world.provider.sign_with(SigningKey::new(algorithm, 0, Some("key")));
        tab.sign_in();
        tab.storage.drop_item(&key_of("session", "demo"));
        world.provider.id_token.tell(|token| {
            let at = token.rfind('.').expect("a token") + 2;
            let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
            token.replace_range(at..=at, other);
        });
        let error = tab.open(&tab.come_back()).handle_redirect().expect_err(algorithm);
        assert_error(&error, ["bad_signature", "rejected", "id_token"]);
        assert_eq!(tab.stored_session("demo"), None, "{algorithm}");
    }
}

/// The same key, another padding or hash than the header says.
#[test]
fn the_algorithm_is_that_of_the_header_and_no_other() {
    for (signed, claimed) in [("RS256", "PS256"), ("PS256", "RS256"), ("RS256", "RS512"), ("PS384", "PS512")] {
        let lie = |op: &FakeProvider| {
            op.sign_with(SigningKey::new(signed, 0, Some("key")));
            op.jwks.tell(|jwks| without("alg")(&mut jwks["keys"][0]));
            op.header.tell(set("alg", json!(claimed)));
        };
        rejects_login(lie, ["bad_signature", "rejected", "id_token"]);
    }
}

#[test]
fn a_key_serves_only_the_algorithm_it_is_published_for() {
    let lie = |op: &FakeProvider| op.jwks.tell(|jwks| jwks["keys"][0]["alg"] = json!("RS512"));
    rejects_login(lie, ["invalid_key_id", "rejected", "id_token"]);
}

#[test]
fn an_ecdsa_signature_in_der_is_none() {
    let lie = |op: &FakeProvider| {
        op.sign_with(SigningKey::new("ES256", 0, Some("key")));
        op.id_token.tell(|token| token.push_str("AAAA"));
    };
    rejects_login(lie, ["bad_signature", "rejected", "id_token"]);
}

#[test]
fn without_webcrypto_there_is_no_login_and_the_reason_is_told() {
    for (fault, verdict) in [
        (CryptoError::Subtle, ["crypto_unavailable", "environment", "id_token"]),
        (CryptoError::Algorithm("Ed25519"), ["crypto_unavailable", "environment", "id_token"]),
        (CryptoError::Key, ["weak_key", "rejected", "id_token"]),
    ] {
        let (world, tab) = World::new().with_tab();
        world.crypto_fault.set(Some(fault));
        fails_with(tab.open(&tab.come_back()).handle_redirect(), verdict);
        assert_eq!(tab.stored_session("demo"), None);
    }
}

#[test]
fn without_random_numbers_nobody_is_sent_away() {
    let (world, tab) = World::new().with_tab();
    world.random_fault.set(true);
    let error = tab.open(HOME).login().expect_err("no random numbers");
    assert_error(&error, ["crypto_unavailable", "environment", "authorize"]);
    assert!(tab.storage.keys_of("transaction").is_empty());
}
