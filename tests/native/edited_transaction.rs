//! The transaction's record, edited in every way between leaving the page and coming back. Each member has a fate of its own: the
//! record is no record any more (`invalid_state`) or that of somebody else (absent), the callback fails with a named code, or the
//! member only ever bound this tab to what it had asked for.
//!
//! Who can edit it runs script on the origin. What holds all the same: nothing is sent to another provider than the client's own,
//! the id_token is verified, and nobody is signed in by half.

use std::rc::Rc;

use oidc_client_wasm::flow::callback::outcome::OutcomeKind;
use oidc_client_wasm::protocol::json::json;

use crate::support::edits::{Edit, edits, value};
use crate::support::*;

/// Begun, agreed to, and not yet come back: the tab, the callback URL, and the key of the transaction.
fn under_way() -> (Rc<World>, Rc<Tab>, String, String) {
    let (world, tab) = World::new().with_tab();
    world.provider.sign_with(SigningKey::new("Ed25519", 0, Some("key-0")));
    world.provider.is_suite.set(false);
    let params = json!({ "maxAge": 600, "acrValues": ["gold"], "essentialAcr": true });
    let url = tab.open(HOME).login_with(params, Some(r#"{"to":"/inbox"}"#)).expect("a login");
    let callback = world.provider.authorize(&url);
    let key = tab.storage.keys_of("transaction").remove(0);
    (world, tab, callback, key)
}

/// What comes of a login whose record was edited so: `absent`, `login`, or the code of its error.
fn fate(tab: &Rc<Tab>, callback: &str) -> String {
    let page = tab.open(callback);
    let fate = match page.handle_redirect() {
        Ok(Some(_)) => "login",
        Ok(None) => "absent",
        Err(error) => error.code.as_str(),
    };
    match fate {
        "login" => assert!(page.session().is_some()),
        "absent" => {
            assert_eq!(tab.url(), callback, "a response that is not ours is left alone");
            let error = page.authorize_access_token().expect_err("nothing of ours");
            assert_error(&error, ["mismatching_state", "rejected", "callback"]);
        }
        _ => {
            assert_eq!(tab.url(), REDIRECT_URI, "a response that is ours does not stay in sight");
            let again = page.handle_redirect().expect_err("the same answer to a second call");
            assert_eq!(again.code.as_str(), fate);
            assert_eq!(page.authorize_access_token().expect_err("the same answer to another verb").code.as_str(), fate);
            assert!(tab.storage.keys_of("transaction").is_empty(), "{fate}: it was dropped");
        }
    }
    if fate != "login" {
        assert!(page.session().is_none() && tab.stored_session("demo").is_none(), "{fate}");
        assert_error(&page.access_token().expect_err("nobody"), ["missing_token", "usage", "token"]);
    }
    fate.to_owned()
}

/// What may come of it, member by member.
fn fates(edit: &Edit) -> &'static [&'static str] {
    const LOGIN: &str = "transaction.login";
    let member = edit.path.strip_prefix(LOGIN).and_then(|rest| rest.strip_prefix('.'));
    match (edit.path.as_str(), member) {
        // Of a client that this page does not know, or of a response that comes in another place.
        (_, Some("client" | "response_mode")) => &["absent", "invalid_state"],
        // Where there is an issuer, it is what binds the code to its provider.
        (_, Some("place")) => &["invalid_state", "login"],
        (_, Some("client_id" | "issuer")) => &["invalid_state", "issuer_mismatch"],
        (_, Some("nonce")) => &["invalid_state", "nonce_mismatch"],
        // One that PKCE does not know is no way to a request; another one is refused.
        (_, Some("code_verifier")) => &["invalid_state", "missing_code", "token_refused"],
        (_, Some("redirect_uri")) => &["invalid_state", "token_refused"],
        // A scope without `openid` beside a nonce is no record of ours.
        (_, Some("scope")) => &["invalid_state", "login"],
        // `max_age` and `acr` bind the login to what this tab wanted of it; unless they are taken away, they hold.
        (_, Some("max_age")) => &["invalid_state", "login"],
        (_, Some("essential_acr")) => &["invalid_state", "login", "acr_not_met"],
        (_, Some("iss_promised" | "app_state")) => &["invalid_state", "login"],
        ("created_at" | "expires_at", None) => &["invalid_state", "login", "expired_state"],
        _ => &["invalid_state"],
    }
}

#[test]
fn every_member_changed_in_every_way() {
    let (_world, tab, _, key) = under_way();
    let record = tab.storage.peek(&key).expect("a record");
    let mut logins = 0;
    for edit in edits(&record) {
        let (world, tab, callback, key) = under_way();
        let genuine = tab.storage.peek(&key).expect("a record");
        let text = edit.of(&genuine);
        if value(&text).as_ref() == Some(&genuine) {
            continue;
        }
        tab.storage.put_text(&key, &text);
        let fate = fate(&tab, &callback);
        assert!(fates(&edit).contains(&fate.as_str()), "{}: {fate}", edit.what);
        logins += usize::from(fate == "login");
        for sent in world.network.take_sent() {
            assert!(sent.url.starts_with(ISSUER), "{}: sent to {}", edit.what, sent.url);
        }
        tab.sign_in();
    }
    assert!(logins > 10, "what binds nobody else is believed");
}

#[test]
fn every_member_of_a_logout_changed_in_every_way() {
    let (world, tab) = World::new().with_tab();
    let request = tab.sign_in().logout(json!({})).expect("a logout").expect("a request");
    let back = world.provider.end_session(&request.endpoint, &request.fields).expect("a return");
    let key = tab.storage.keys_of("transaction").remove(0);
    let (record, before) = (tab.storage.peek(&key).expect("a record"), tab.storage.snapshot());
    world.network.take_sent();
    for edit in edits(&record) {
        // Each in a browser of its own, which has not answered it yet.
        let tab = world.tab();
        before.iter().for_each(|(key, text)| tab.storage.put_text(key, text));
        world.bus.put_tombstones(&key_of("answered", "demo"), "[]");
        tab.storage.put_text(&key, &edit.of(&record));
        let page = tab.open(&back);
        let fate = match page.handle_redirect() {
            Ok(Some(outcome)) => {
                assert!(matches!(outcome.kind, OutcomeKind::Logout { .. }), "{}", edit.what);
                "logout"
            }
            Ok(None) => {
                let error = page.validate_logout_response().expect_err("nothing of ours");
                assert_error(&error, ["invalid_state", "rejected", "logout"]);
                "absent"
            }
            Err(error) => error.code.as_str(),
        };
        let may: &[&str] = match edit.path.as_str() {
            "created_at" | "expires_at" => &["logout", "invalid_state", "expired_state"],
            "transaction.logout.post_logout_redirect_uri" | "transaction.logout.app_state" => {
                &["logout", "invalid_state"]
            }
            "transaction.logout.client" => &["absent", "invalid_state"],
            _ if value(&edit.of(&record)).as_ref() == Some(&record) => &["logout"],
            _ => &["invalid_state"],
        };
        assert!(may.contains(&fate), "{}: {fate}", edit.what);
        assert!(page.session().is_none());
        assert_eq!(world.network.count(), 0, "{}", edit.what);
    }
    world.tab().sign_in();
}

#[test]
fn a_login_and_a_logout_put_in_each_others_place_are_no_records() {
    let (world, tab, callback, key) = under_way();
    let mut record = tab.storage.peek(&key).expect("a record");
    let login = record["transaction"]["login"].take();
    for transaction in [json!({ "logout": login }), json!({ "login": login, "logout": login }), json!({}), json!(login)]
    {
        record["transaction"] = transaction;
        tab.storage.put(&key, &record);
        assert_eq!(fate(&tab, &callback), "invalid_state");
    }
    assert!(world.network.sent_to("/token").is_empty());
    tab.sign_in();
}

/// The code would go to a provider that did not issue it.
#[test]
fn a_login_handed_to_another_client_is_sent_to_nobody() {
    let (world, tab, callback, key) = under_way();
    world.another_provider("https://other.example");
    let mut settings = world.settings.borrow().clone();
    settings["issuer"] = json!("https://other.example");
    let mut record = tab.storage.peek(&key).expect("a record");
    record["transaction"]["login"]["client"] = json!("other");
    tab.storage.drop_item(&key);
    let other = owned_name("other", CLIENT_ID, "https://other.example");
    tab.storage.put(&key.replace(&client_key("demo"), &other), &record);
    let page = tab.open(&callback);
    let other = page.register("other", settings).expect("a second client");
    assert_error(&page.handle_redirect().expect_err("not its own"), ["issuer_mismatch", "rejected", "callback"]);
    assert!(world.network.sent_to("/token").is_empty());
    assert!(other.session().is_none() && page.session().is_none());
    tab.sign_in();
}
