//! When the provider's keys are asked for again: at once where a token does not fit, at most once a minute, whoever asks; and how
//! long known keys serve while the provider cannot be asked.

use oidc_client_wasm::error::Error;
use oidc_client_wasm::ports::{CryptoError, HttpError};
use oidc_client_wasm::protocol::json::json;

use crate::support::verbs::ClientVerbs;
use crate::support::*;

const DAY: i64 = 86_400;

/// Fetches of keys by logins in one tab, each in a document of its own, so many seconds apart; every login is refused.
fn fetches_in_refused_logins(apart: i64, count: usize) -> usize {
    let (world, tab) = World::new().signed_in_tab();
    world.provider.header.tell(set("kid", json!("nobody's")));
    let callbacks: Vec<String> = (0..count).map(|_| tab.come_back()).collect();
    world.network.take_sent();
    for callback in callbacks {
        fails_with(tab.open(&callback).handle_redirect(), ["invalid_key_id", "rejected", "id_token"]);
        world.pass(apart);
    }
    world.network.sent_to("/jwks").len()
}

#[test]
fn a_flood_of_forged_logins_costs_one_fetch_a_minute_across_documents() {
    assert_eq!(fetches_in_refused_logins(0, 8), 1);
    assert_eq!(fetches_in_refused_logins(20, 8), 3, "at 0, 60 and 120 seconds");
}

#[test]
fn a_flood_of_forged_tokens_costs_one_fetch_a_minute() {
    let (world, page) = World::new().signed_in();
    let token = page.token()["id_token"].as_str().expect("an id_token").to_owned();
    let (_, rest) = token.split_once('.').expect("a JWS");
    let header = keys::base64url(br#"{"alg":"RS256","kid":"nobody's"}"#);
    world.network.take_sent();
    for _ in 0..100 {
        let (client, forged) = (page.client(), format!("{header}.{rest}"));
        let verdict = now(async move { client.parse_id_token(&forged, Default::default()).await.map(drop) });
        assert_eq!(verdict.expect_err("a forgery").code.as_str(), "invalid_key_id");
    }
    assert_eq!(world.network.sent_to("/jwks").len(), 1);
}

/// Somebody who signed in before a rotation, and an id_token of the new key.
fn across_a_rotation() -> (Page, String) {
    let (world, page) = World::new().signed_in();
    world.provider.sign_with(SigningKey::new("RS256", 1, Some("key-1")));
    let newer = world.tab().sign_in().token()["id_token"].as_str().expect("an id_token").to_owned();
    world.network.take_sent();
    (page, newer)
}

fn parsing(page: &Page, id_token: &str) -> Running<Result<(), Error>> {
    let (client, id_token) = (page.client(), id_token.to_owned());
    Running::start(async move { client.parse_id_token(&id_token, Default::default()).await.map(drop) })
}

/// The second does not fail because the first has asked already.
#[test]
fn callers_that_meet_a_rotation_together_share_the_fetch() {
    let (page, newer) = across_a_rotation();
    page.world().network.hold();
    let mut callers = [parsing(&page, &newer), parsing(&page, &newer)];
    page.world().network.release("/jwks");
    assert!(callers.iter_mut().all(Running::advance));
    for caller in callers {
        caller.finish().expect("a token of the new key");
    }
    assert_eq!(page.world().network.sent_to("/jwks").len(), 1);
}

#[test]
fn the_cool_down_does_not_stand_in_the_way_of_keys_that_came_since() {
    let (page, newer) = across_a_rotation();
    parsing(&page, &newer).finish().expect("a token of the new key");
    page.world().pass(1);
    parsing(&page, &newer).finish().expect("and again, without a fetch");
    assert_eq!(page.world().network.sent_to("/jwks").len(), 1);
}

#[test]
fn a_lookup_in_vain_cools_down_too() {
    let (page, newer) = across_a_rotation();
    page.world().network.cut("/jwks", HttpError::Network);
    let codes = ["network", "invalid_key_id"];
    for code in codes {
        assert_eq!(parsing(&page, &newer).finish().expect_err("no new keys").code.as_str(), code);
    }
    assert_eq!(page.world().network.sent_to("/jwks").len(), 1);
}

/// The key that the token names has said no: that newer ones cannot be had makes it no maybe.
#[test]
fn a_bad_signature_stays_one_where_no_newer_keys_can_be_had() {
    let (world, page) = World::new().signed_in();
    let token = page.token()["id_token"].as_str().expect("an id_token").to_owned();
    let (signed, signature) = token.rsplit_once('.').expect("a JWS");
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{signed}.{first}{}", &signature[1..]);
    world.network.cut("/jwks", HttpError::Network);
    fails_with(parsing(&page, &forged).finish(), ["bad_signature", "rejected", "id_token"]);
}

// ---------------------------------------------------------------- outages

/// Signs in, lets the time pass, and signs in again while the keys cannot be had.
fn login_in_an_outage(seconds: i64, outage: impl Fn(&World)) -> (Result<(), Error>, usize) {
    let (world, tab) = World::new().signed_in_tab();
    world.pass(seconds);
    let callback = tab.come_back();
    world.network.take_sent();
    outage(&world);
    let result = tab.open(&callback).handle_redirect().map(drop);
    (result, world.network.sent_to("/jwks").len())
}

#[test]
fn known_keys_serve_for_a_day_while_the_provider_is_down() {
    let outages: [fn(&World); 4] = [
        |world| world.network.cut("/jwks", HttpError::Network),
        |world| world.network.cut("/jwks", HttpError::Timeout),
        |world| world.provider.answer_at("/jwks", 503, "<h1>down</h1>"),
        |world| world.provider.answer_at("/jwks", 429, ""),
    ];
    for outage in outages {
        let (login, fetches) = login_in_an_outage(DAY - 1, outage);
        login.expect("a login with yesterday's keys");
        assert_eq!(fetches, 1, "it was asked");
        login_in_an_outage(DAY, outage).0.expect_err("older keys count for nothing");
    }
}

/// An answer is no outage: keys that the provider has withdrawn let nobody in.
#[test]
fn what_the_provider_answers_counts() {
    type Answer = fn(&World);
    let answers: [(Answer, &str); 4] = [
        (|world| world.provider.answer_at("/jwks", 404, ""), "http_status"),
        (|world| world.provider.answer_at("/jwks", 200, "<h1>hello</h1>"), "invalid_jwks"),
        (|world| world.provider.answer_at("/jwks", 200, r#"{"keys":[]}"#), "invalid_key_id"),
        (|world| world.network.cut("/jwks", HttpError::TooLarge), "invalid_jwks"),
    ];
    for (answer, code) in answers {
        let (login, _) = login_in_an_outage(300, answer);
        assert_eq!(login.expect_err("a rejection").code.as_str(), code);
    }
}

#[test]
fn during_an_outage_the_provider_is_asked_once_a_minute() {
    let (page, _) = across_a_rotation();
    let held = page.token()["id_token"].as_str().expect("an id_token").to_owned();
    page.world().pass(300);
    page.world().network.cut("/jwks", HttpError::Network);
    for (seconds, asked) in [(0, 1), (59, 1), (1, 2)] {
        page.world().pass(seconds);
        let _ = parsing(&page, &held).finish();
        assert_eq!(page.world().network.sent_to("/jwks").len(), asked);
    }
}

/// A login is a page of its own: the next one knows that it was asked in vain.
#[test]
fn during_an_outage_logins_ask_the_provider_once_a_minute_across_documents() {
    let (world, tab) = World::new().signed_in_tab();
    world.pass(300);
    world.network.cut("/jwks", HttpError::Network);
    world.network.take_sent();
    for (seconds, asked) in [(0, 1), (30, 1), (29, 1), (1, 2)] {
        world.pass(seconds);
        tab.sign_in();
        assert_eq!(world.network.sent_to("/jwks").len(), asked);
    }
}

/// Stale keys, an outage, forged tokens: the two reasons to ask share one pause.
#[test]
fn forged_logins_during_an_outage_cost_one_fetch_a_minute_across_documents() {
    let (world, tab) = World::new().signed_in_tab();
    world.pass(400);
    world.provider.header.tell(set("kid", json!("nobody's")));
    let callbacks: Vec<String> = (0..6).map(|_| tab.come_back()).collect();
    world.network.cut("/jwks", HttpError::Network);
    world.network.take_sent();
    for callback in callbacks {
        fails_with(tab.open(&callback).handle_redirect(), ["invalid_key_id", "rejected", "id_token"]);
    }
    assert_eq!(world.network.sent_to("/jwks").len(), 1);
}

/// A provider that is about to publish its keys keeps nobody out for a minute.
#[test]
fn a_set_without_keys_is_not_remembered() {
    let (world, tab) = World::whose_provider(|op| op.jwks.tell(set("keys", json!([{ "kty": "oct" }, 7])))).with_tab();
    fails_with(tab.open(&tab.come_back()).handle_redirect(), ["invalid_key_id", "rejected", "id_token"]);
    world.provider.repent();
    assert!(tab.sign_in().session().is_some());
}

/// A page that finds the keys withdrawn leaves the next one no reason to believe the old ones.
#[test]
fn withdrawn_keys_let_nobody_in_across_documents() {
    let (world, tab) = World::new().signed_in_tab();
    world.pass(400);
    world.provider.answer_at("/jwks", 404, "");
    for _ in 0..3 {
        fails_with(tab.open(&tab.come_back()).handle_redirect(), ["http_status", "environment", "id_token"]);
    }
}

#[test]
fn forged_tokens_while_the_provider_has_no_keys_cost_one_fetch_a_minute() {
    let (page, newer) = across_a_rotation();
    page.world().pass(400);
    page.world().provider.answer_at("/jwks", 404, "");
    for _ in 0..20 {
        assert_eq!(parsing(&page, &newer).finish().expect_err("no keys").code.as_str(), "http_status");
    }
    assert_eq!(page.world().network.sent_to("/jwks").len(), 1);
}

/// All of it is down, the metadata too, and older than its hour.
#[test]
fn known_metadata_serves_for_a_day_while_the_provider_is_down() {
    for (age, is_served) in [(3601, true), (DAY - 1, true), (DAY, false)] {
        let world = World::new();
        world.provider.claims.tell(set("exp", json!(world.clock.get() + 2 * DAY)));
        let page = world.tab().sign_in();
        let token = page.token()["id_token"].as_str().expect("an id_token").to_owned();
        world.pass(age);
        world.network.cut("", HttpError::Network);
        let page = page.tab.reload();
        let verdict = parsing(&page, &token).finish();
        assert_eq!(verdict.is_ok(), is_served, "{age} s: {verdict:?}");
    }
}

#[test]
fn what_is_asked_for_by_force_is_not_answered_from_memory() {
    let (world, page) = World::new().signed_in();
    world.network.cut("/jwks", HttpError::Network);
    let client = page.client();
    let error = now(async move { client.jwk_set(true).await.map(drop) }).expect_err("an outage");
    assert_error(&error, ["network", "environment", "id_token"]);
}

/// The metadata, fetched anew, may name another place: what this page knows of the old one is not its keys.
#[test]
fn keys_in_memory_belong_to_the_place_they_came_from() {
    let (world, page) = World::new().signed_in();
    world.network.serve("https://keys.example.com/moved", 200, r#"{"keys":[]}"#);
    world.provider.metadata.tell(set("jwks_uri", json!("https://keys.example.com/moved")));
    let client = page.client();
    let keys = now(async move {
        client.server_metadata(true).await?;
        client.jwk_set(false).await
    });
    assert_eq!(keys.expect("the new place's").to_json()["keys"], json!([]));
}

// ---------------------------------------------------------------- the verifier that is a file

#[test]
fn the_verifier_is_on_its_way_beside_the_token_request_and_after_a_preload() {
    let (world, tab) = World::new().with_tab();
    let page = tab.open(&tab.come_back());
    world.network.hold();
    drop(page.handling());
    assert_eq!(world.preparations.get(), 1, "before any answer");
    world.network.let_go();
    let client = tab.open(HOME).client();
    now(async move { client.preload().await }).expect("metadata and keys");
    assert_eq!(world.preparations.get(), 2);
}

#[test]
fn a_verifier_that_does_not_load_keeps_everybody_out() {
    let (world, tab) = World::new().with_tab();
    world.crypto_fault.set(Some(CryptoError::NotLoaded));
    let error = tab.open(&tab.come_back()).handle_redirect().expect_err("no verdict");
    assert_error(&error, ["wasm_load_failed", "environment", "id_token"]);
    assert!(error.retryable);
    assert_eq!(tab.stored_session("demo"), None);
}
