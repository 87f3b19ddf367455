//! A refresh that brings a verified id_token of another person: the session is over, and what came is given back. An id_token that does
//! not verify proves no other person.

use crate::rotated_tokens::{signed_in, survives};
use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

/// The session is over, and what came is given back.
#[track_caller]
fn ends(lie: impl Fn(&FakeProvider), options: Value) {
    let (world, page) = signed_in(World::new());
    lie(&world.provider);
    let error = page.access_token_for(options).expect_err("somebody else's");
    assert_error(&error, ["subject_mismatch", "rejected", "refresh"]);
    assert!(page.session().is_none() && page.tab.stored_session("demo").is_none());
    assert_eq!(page.events.take(), ["logout refresh-rejected", "error subject_mismatch"]);
    page.tab.run_background();
    assert_eq!(world.provider.live_refresh_tokens(), 0, "the provider was told");
    assert_error(&page.access_token().expect_err("nobody"), ["missing_token", "usage", "token"]);
    world.provider.repent();
    page.tab.sign_in();
}

#[test]
fn a_verified_id_token_of_another_person_ends_the_session() {
    for options in [json!({ "force": true }), json!({ "scope": "files" })] {
        ends(|op| op.claims.tell(set("sub", json!("mallory"))), options);
    }
    // Where no refresh token came, the old one is given back.
    let lie = |op: &FakeProvider| {
        op.rotates.set(false);
        op.claims.tell(set("sub", json!("mallory")));
    };
    ends(lie, json!({ "force": true }));
}

/// Signature, issuer and audience are right: that something else is wrong, too, makes the person no other.
#[test]
fn another_person_counts_before_what_else_is_wrong() {
    for (name, value) in [
        ("exp", json!(1)),
        ("iat", json!(9_999_999_999_u64)),
        ("nonce", json!("of another login")),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ("auth_time", json!(0)),
        ("amr", json!("pwd")),
    ] {
        let lie = |op: &FakeProvider| {
            op.claims.tell(set("sub", json!("mallory")));
            op.claims.tell(set(name, value.clone()));
        };
        ends(lie, json!({ "force": true }));
    }
}

#[test]
fn an_id_token_of_another_person_that_does_not_verify_ends_nothing() {
    type Lie = fn(&FakeProvider);
    let lies: [(Lie, &str); 4] = [
        (|op| op.header.tell(set("alg", json!("none"))), "unsupported_algorithm"),
        (|op| op.claims.tell(set("iss", json!("https://evil.example"))), "invalid_claim"),
        (|op| op.claims.tell(set("aud", json!("another"))), "invalid_claim"),
        (|op| op.claims.tell(set("azp", json!("another"))), "invalid_claim"),
    ];
    for (lie, code) in lies {
        let _row = row(code);
        let world = World::new();
        let lie = |op: &FakeProvider| {
            op.claims.tell(set("sub", json!("mallory")));
            lie(op);
        };
        survives(&world, lie, [code, "rejected", "refresh"]);
    }
}

/// Two people take turns on one provider: the answer to one refresh is the whole answer to the other.
#[test]
fn the_copies_of_an_ended_session_do_not_try_its_refresh_token() {
    let (world, page) = signed_in(World::new());
    let copy = page.tab.duplicate().open(HOME);
    world.provider.claims.tell(set("sub", json!("mallory")));
    page.refresh().expect_err("somebody else's");
    world.bus.deliver();
    world.network.take_sent();
    assert_eq!(copy.events.take(), ["logout refresh-rejected"]);
    assert_error(&copy.refresh().expect_err("signed out"), ["missing_token", "usage", "token"]);
    assert!(world.network.sent_to("/token").is_empty());
}
