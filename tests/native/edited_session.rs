//! The session's record, edited in every way: it is the session that was written, whole, or nobody is signed in. A checker of its own,
//! written naively, says which.
//!
//! What can be known without the network is checked: version, client, issuer, shape, and that the claims are those of the id_token.
//! Tokens are opaque and dates are plausible or not; who can write them runs script on the origin and needs no record to act.

use std::rc::Rc;

use aws_lc_rs::digest::{SHA512, digest};
use base64ct::{Base64UrlUnpadded, Encoding};
use oidc_client_wasm::error::Error;
use oidc_client_wasm::protocol::json::{self, Value, json};

use crate::support::edits::{Edit, edits, value};
use crate::support::verbs::ClientVerbs;
use crate::support::*;

fn key() -> String {
    key_of("session", "demo")
}

fn is_date(value: &Value) -> bool {
    value.as_i64().is_some_and(|seconds| (0..1_000_000_000_000).contains(&seconds))
}

fn is_token(value: &Value) -> bool {
    let is_visible = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    value.as_str().is_some_and(|text| (1..=128 * 1024).contains(&text.len()) && is_visible(text))
}

/// By the access token, or it was replaced since.
fn is_bound(record: &Value) -> bool {
    let token = record["token"]["access_token"].as_str().unwrap_or_default();
    let digest = digest(&SHA512, token.as_bytes());
    let at_hash = Base64UrlUnpadded::encode_string(&digest.as_ref()[..32]);
    record["bound"] == json!(false) || record["bound"] == json!(true) && record["claims"]["at_hash"] == at_hash.as_str()
}

fn is_proven(claims: &Value, id_token: &Value) -> bool {
    let parts: Vec<&str> = id_token.as_str().unwrap_or_default().split('.').collect();
    let decoded: Option<Vec<Vec<u8>>> = parts.iter().map(|part| Base64UrlUnpadded::decode_vec(part).ok()).collect();
    let Some([header, payload, signature]) = decoded.as_deref() else { return false };
    let json = |octets: &[u8]| json::parse_record(octets).unwrap_or_default();
    let alg = json(header)["alg"].clone();
    (alg == "EdDSA" || alg == "Ed25519") && (1..=4096).contains(&signature.len()) && json(payload) == *claims
}

/// Whether a record of the client `demo` is one that this version writes.
pub fn is_a_session(record: &Value) -> bool {
    let (token, claims) = (&record["token"], &record["claims"]);
    let optional = |value: &Value, is: fn(&Value) -> bool| value.is_null() || is(value);
    record["v"] == json!(3)
        && record["login"].is_string()
        && record["client_id"] == CLIENT_ID
        && record["issuer"] == ISSUER
        && optional(&record["place"], Value::is_string)
        && is_token(&token["access_token"])
        && token["access_token"].as_str().is_some_and(|token| !token.contains(' '))
        && token["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"))
        && optional(&token["expires_at"], is_date)
        && optional(&token["scope"], Value::is_string)
        && optional(&token["refresh_token"], is_token)
        && optional(&token["extra"], Value::is_object)
        && claims["iss"] == ISSUER
        && claims["sub"].as_str().is_some_and(|sub| !sub.is_empty())
        && claims["aud"] == CLIENT_ID
        && is_proven(claims, &token["id_token"])
        && is_bound(record)
        && optional(&record["session_state"], Value::is_string)
        && is_date(&record["logged_in_at"])
        && is_date(&record["obtained_at"])
        && record["replaced"].as_array().is_some_and(|list| list.iter().all(Value::is_string))
}

/// A tab that was signed in, with a refresh behind it, and its record.
fn signed_in() -> (Rc<World>, Rc<Tab>, Value) {
    let (world, tab) = World::new().with_tab();
    world.provider.sign_with(SigningKey::new("Ed25519", 0, Some("key-0")));
    world.provider.is_suite.set(false);
    world.provider.token.tell(set("device_secret", json!("of the provider")));
    tab.sign_in().refresh().expect("a refresh");
    world.bus.forget_announcements();
    let record = tab.stored_session("demo").expect("a session");
    assert!(is_a_session(&record), "the checker knows a genuine one");
    (world, tab, record)
}

/// Nobody is signed in: no verb uses anything of the record.
#[track_caller]
fn is_nobodys(page: &Page) {
    let sent = page.world().network.count();
    let missing = ["missing_token", "usage", "token"];
    assert_error(&page.access_token().expect_err("nobody"), missing);
    assert_error(&page.refresh().expect_err("nobody"), missing);
    assert_error(&page.userinfo().expect_err("nobody"), missing);
    assert_error(&page.revoke(None).expect_err("nobody"), missing);
    assert_eq!(page.world().network.count(), sent, "nothing of it was sent");
    let request = page.logout(json!({})).expect("a logout").expect("a request");
    assert!(!request.fields.iter().any(|(name, _)| name == "id_token_hint"), "no hint of an unproven id_token");
}

#[track_caller]
fn is_the_record(page: &Page, record: &Value, genuine: &Value) {
    let token = page.token();
    assert_eq!(token["userinfo"], genuine["claims"], "the claims are those that were verified");
    for name in ["access_token", "expires_at", "scope", "refresh_token", "id_token"] {
        assert_eq!(token[name], record["token"][name], "{name}");
    }
}

#[track_caller]
fn judge(tab: &Rc<Tab>, edit: &Edit, genuine: &Value) -> bool {
    let text = edit.of(genuine);
    tab.storage.put_text(&key(), &text);
    let page = tab.open(HOME);
    page.oauth.wake_up();
    assert_eq!(page.handle_redirect().expect("nothing to answer at home"), None);
    match value(&text).filter(is_a_session) {
        Some(record) => {
            assert!(page.session().is_some(), "{}", edit.what);
            is_the_record(&page, &record, genuine);
        }
        None => {
            assert!(page.session().is_none(), "{}", edit.what);
            assert!(!tab.storage.all_keys().contains(&key()), "{}: it was not dropped", edit.what);
            assert_eq!(page.events.take(), ["error invalid_session"], "{}", edit.what);
            is_nobodys(&page);
            assert!(page.events.take().is_empty(), "{}: told once", edit.what);
        }
    }
    let strangers = |sent: &network::Sent| !sent.url.starts_with(ISSUER);
    assert!(!tab.world.network.take_sent().iter().any(strangers), "{}", edit.what);
    page.session().is_some()
}

#[test]
fn every_member_changed_in_every_way() {
    let (_world, tab, genuine) = signed_in();
    let all = edits(&genuine);
    assert!(all.len() > 600, "{} edits are hardly all", all.len());
    let sessions = all.iter().filter(|edit| judge(&tab, edit, &genuine)).count();
    assert!(sessions > 20, "opaque values and plausible dates are believed");
    let page = tab.sign_in();
    page.refresh().expect("and the next login is whole");
}

#[test]
fn after_any_edit_the_person_can_sign_in() {
    let (_world, tab, genuine) = signed_in();
    for edit in edits(&genuine).iter().step_by(9) {
        tab.storage.put_text(&key(), &edit.of(&genuine));
        let page = tab.sign_in();
        assert_eq!(page.sub().as_deref(), Some("alice"), "{}", edit.what);
        assert!(tab.stored_session("demo").as_ref().is_some_and(is_a_session));
    }
}

/// Whatever the record says, its tokens go to the provider that it began at, or nowhere.
#[test]
fn a_believed_record_is_used_with_its_own_provider_alone() {
    let (world, tab, genuine) = signed_in();
    world.another_provider("https://evil.example");
    for edit in &edits(&genuine) {
        let text = edit.of(&genuine);
        if !value(&text).as_ref().is_some_and(is_a_session) {
            continue;
        }
        tab.storage.put_text(&key(), &text);
        let page = tab.open(HOME);
        let verbs: [fn(&Page) -> Option<Error>; 4] = [
            |page| page.access_token().err(),
            |page| page.userinfo().err(),
            |page| page.refresh().err(),
            |page| page.revoke(None).err(),
        ];
        for verb in verbs {
            let error = verb(&page);
            let why = ["missing_token", "token_expired", "refresh_refused", "userinfo_refused"];
            assert!(error.is_none_or(|error| why.contains(&error.code.as_str())), "{}", edit.what);
            world.bus.deliver();
        }
        assert!(world.network.take_sent().iter().all(|sent| sent.url.starts_with(ISSUER)), "{}", edit.what);
    }
    tab.sign_in();
}

// ---------------------------------------------------------------- records of others

/// Alice's record, and Bob's of the same client.
fn of_two_people() -> (Rc<Tab>, Value, Value) {
    let (world, tab, alice) = signed_in();
    world.provider.sub.replace("bob".into());
    let other = world.tab();
    other.sign_in();
    let bob = other.stored_session("demo").expect("a session");
    (tab, alice, bob)
}

#[test]
fn a_record_mixed_of_two_people_is_nobodys() {
    let (tab, alice, bob) = of_two_people();
    let mixed = |from: &Value, path: [&str; 2]| {
        let mut record = alice.clone();
        match path {
            [name, ""] => record[name] = from[name].clone(),
            [object, name] => record[object][name] = from[object][name].clone(),
        }
        record
    };
    for path in [["claims", ""], ["claims", "sub"], ["token", "id_token"], ["token", ""]] {
        tab.storage.put(&key(), &mixed(&bob, path));
        let page = tab.open(HOME);
        assert!(page.session().is_none(), "{path:?} of Bob");
        is_nobodys(&page);
    }
    tab.sign_in();
}

/// The id_token vouches for the access token that it came with.
#[test]
fn an_access_token_of_somebody_else_beside_an_at_hash_is_nobodys() {
    let (tab, alice, bob) = of_two_people();
    for name in ["access_token", "id_token"] {
        let mut record = alice.clone();
        record["token"][name] = bob["token"][name].clone();
        if name == "id_token" {
            record["claims"] = bob["claims"].clone();
        }
        tab.storage.put(&key(), &record);
        let page = tab.open(HOME);
        assert!(page.session().is_none(), "{name} of Bob");
        is_nobodys(&page);
    }
    tab.sign_in();
}

/// Where it was replaced since, an access token is opaque: whose it is shows when the provider says who it is about.
#[test]
fn a_strange_access_token_is_not_believed_about_the_person() {
    let (tab, alice, bob) = of_two_people();
    let mut record = alice;
    record["token"]["access_token"] = bob["token"]["access_token"].clone();
    record["bound"] = json!(false);
    tab.storage.put(&key(), &record);
    assert_error(&tab.open(HOME).userinfo().expect_err("about Bob"), ["subject_mismatch", "rejected", "userinfo"]);
}

/// A record is of a tab, and says itself whose it is: a whole one is that person's session, wherever it was copied from.
#[test]
fn a_whole_record_of_somebody_else_is_their_session() {
    let (tab, _alice, bob) = of_two_people();
    tab.storage.put(&key(), &bob);
    assert_eq!(tab.open(HOME).sub().as_deref(), Some("bob"));
}

#[test]
fn records_swapped_between_clients_are_nobodys() {
    let (world, tab, demo) = signed_in();
    let elsewhere = world.another_provider("https://other.example");
    let page = tab.open(HOME);
    let mut settings = world.settings.borrow().clone();
    settings["issuer"] = json!("https://other.example");
    let other = page.register("other", settings.clone()).expect("a second client");
    let url = now(async move { other.begin_login(json!({}), None).await }).expect("a login");
    let page = tab.open(&elsewhere.authorize(&url));
    let other = page.register("other", settings).expect("a second client");
    page.handle_redirect().expect("a login");
    assert!(other.session().is_some());
    let record = tab.stored_session("other").expect("a session");
    tab.storage.put(&tab.storage.keys_of("session:other").remove(0), &demo);
    tab.storage.put(&key(), &record);
    assert!(other.session().is_none() && page.session().is_none());
    world.network.take_sent();
    page.access_token().expect_err("nobody");
    now(async move { other.userinfo().await }).expect_err("nobody");
    assert!(world.network.take_sent().iter().all(|sent| sent.bearer.is_none() && sent.form.is_empty()));
    tab.sign_in();
}

/// Numbers may lose their last digit on the way through JSON and back: no honest session is lost to that.
#[test]
fn claims_with_odd_numbers_survive_storage() {
    let (world, tab, _) = signed_in();
    for number in
        ["1700000000.1234567", "0.30000000000000004", "1e-7", "-0.0", "123456789012345678901234567890", "2.5e15"]
    {
        let number: Value = json::parse_record(number.as_bytes()).expect("a number");
        world.provider.claims.tell(set("odd", number.clone()));
        let page = tab.sign_in();
        page.refresh().expect("a refresh");
        world.provider.refreshes_id_tokens.set(false);
        page.refresh().expect("a refresh that keeps the id_token");
        world.provider.refreshes_id_tokens.set(true);
        let again = tab.reload();
        assert_eq!(again.session(), page.session(), "{number}");
        again.refresh().expect("a refresh");
        assert!(tab.reload().session().is_some(), "{number}");
    }
}
