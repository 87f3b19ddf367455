//! What `pkg-template/hint.js` reads without this crate: the session record and the tombstones. The browser suite (`hint.test.js`) compares the
//! answers of the hint with those of the client.

use crate::support::*;
use oidc_client_wasm::protocol::json::json;

const HINT: &str = include_str!("../../pkg-template/hint.js");

#[test]
fn the_session_record_has_the_version_and_the_members_that_the_hint_reads() {
    let tab = World::new().tab();
    tab.sign_in();
    let record = tab.stored_session("demo").expect("a session");
    let version = format!("const VERSION = {};", record["v"]);
    assert!(
        HINT.contains(&version),
        "pkg-template/hint.js must have `{version}`: records of other versions give no hint"
    );
    for text in ["client_id", "issuer", "login", "subject_fingerprint", "provider_session"] {
        assert!(record[text].is_string() && HINT.contains(text), "{text}");
    }
    assert!(record["claims"]["sub"].is_string() && record["token"]["access_token"].is_string());
    assert!(
        record["obtained_at"].is_i64() && record["logged_in_at"].is_i64() && record["token"]["expires_at"].is_i64()
    );
}

#[test]
fn a_logout_leaves_a_tombstone_by_which_the_hint_knows_the_session() {
    let (world, tab) = World::new().with_tab();
    let page = tab.sign_in();
    let record = tab.stored_session("demo").expect("a session");
    world.pass(1);
    page.logout(json!({})).expect("a logout");
    let tombstones = world.bus.tombstones(&key_of("ended", "demo")).expect("a tombstone");
    assert_eq!(tombstones, json!([[record["subject_fingerprint"], world.clock.get()]]));
    assert!(
        world.clock.get() > record["logged_in_at"].as_i64().expect("a date"),
        "the tombstone is later than the login"
    );
    let page = tab.sign_in();
    world.pass(1);
    page.front_channel_logout(ISSUER, "session-at-the-provider");
    let tombstones = world.bus.tombstones(&key_of("ended", "demo")).expect("a tombstone");
    assert_eq!(tombstones[1], json!([record["provider_session"], world.clock.get()]), "and that of the provider");
    assert!(HINT.contains("key(\"ended\")") && HINT.contains("\"session\""), "the hint has the keys of both");
}
