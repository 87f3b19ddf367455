//! What a tab remembers beside transactions and sessions, edited in every way: responses that were answered, metadata, keys, and the
//! notices of localStorage. Each is judged like what comes from outside, or absent; an edit never signs anybody in.
//!
//! Metadata and keys are as good as the provider's word for their while. Whoever can plant others runs script on this origin, and
//! could as well wait for the tokens; what holds is that they pass the checks that a published document must pass.

use std::rc::Rc;

use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::edits::{edits, value};
use crate::support::*;

fn quick() -> (Rc<World>, Rc<Tab>) {
    let (world, tab) = World::new().with_tab();
    world.provider.sign_with(SigningKey::new("Ed25519", 0, Some("key-0")));
    (world, tab)
}

#[test]
fn an_answered_response_whose_memory_was_edited_sends_nothing_and_signs_nobody_in() {
    let (world, tab) = quick();
    let callback = tab.come_back();
    tab.open(&callback).expect_login();
    tab.open(HOME).clear();
    let key = tab.storage.keys_of("used").remove(0);
    let record = tab.storage.peek(&key).expect("a record");
    world.network.take_sent();
    for edit in edits(&record) {
        tab.storage.put_text(&key, &edit.of(&record));
        let page = tab.open(&callback);
        match page.handle_redirect() {
            Ok(None) => {}
            // A logout that nobody made is told at worst; it ends and begins nothing.
            Ok(Some(outcome)) => assert_eq!(outcome.client, "demo", "{}", edit.what),
            Err(error) => assert_error(&error, ["invalid_state", "rejected", "callback"]),
        }
        assert!(page.session().is_none(), "{}", edit.what);
        assert_eq!(world.network.count(), 0, "{}", edit.what);
    }
    tab.sign_in();
}

/// The published document as it lies in storage, and what a page makes of it without the network.
#[test]
fn metadata_that_was_edited_is_judged_as_if_it_had_just_come() {
    let (world, tab) = quick();
    tab.open(HOME).login().expect("metadata");
    let key = &key_of("metadata", "demo");
    let record = tab.storage.peek(key).expect("a record");
    for edit in edits(&record) {
        let text = edit.of(&record);
        tab.storage.put_text(key, &text);
        let from_storage = tab.open(HOME).client().cached_metadata();
        // The judge of comparison: the same document from the provider.
        let fresh = world.tab();
        let document = value(&text).map(|record| record["document"].clone()).unwrap_or_default();
        world.provider.answer_at("/.well-known/openid-configuration", 200, document.to_string());
        let from_network = now({
            let client = fresh.open(HOME).client();
            async move { client.server_metadata(true).await }
        });
        world.provider.wire.stop();
        match (from_storage, from_network) {
            (Some(stored), published) => assert_eq!(Some(stored), published.ok(), "{}", edit.what),
            (None, Err(_)) => {}
            (None, Ok(_)) => assert!(!edit.path.starts_with("document"), "{}", edit.what),
        }
    }
    tab.storage.put_text(key, &record.to_string());
    tab.sign_in();
}

#[test]
fn hostile_endpoints_in_storage_are_no_metadata() {
    let (world, tab) = quick();
    tab.open(HOME).login().expect("metadata");
    for endpoint in [
        "javascript:alert(1)",
        "http://id.example.com/token",
        "data:text/html,x",
        "//evil.example",
        "https://a@b.example/",
        "https://id.example.com/#x",
    ] {
        for name in
            ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint", "revocation_endpoint"]
        {
            tab.storage.edit(&key_of("metadata", "demo"), |record| record["document"][name] = json!(endpoint));
            let page = tab.open(HOME);
            assert!(page.client().cached_metadata().is_none(), "{name} {endpoint}");
            let url = page.login().expect("metadata from the provider");
            assert!(url.starts_with(ISSUER), "{name} {endpoint}");
        }
    }
    world.network.cut("", HttpError::Network);
    tab.storage
        .edit(&key_of("metadata", "demo"), |record| record["document"]["issuer"] = json!("https://evil.example"));
    fails_with(tab.open(HOME).login(), ["network", "environment", "metadata"]);
}

/// Whatever a record of keys says: what does not verify a token is asked for again, and what the provider says then counts.
#[test]
fn keys_that_were_edited_keep_nobody_out_for_long() {
    let (world, tab) = quick();
    tab.sign_in();
    let key = &key_of("jwks", "demo");
    let record = tab.storage.peek(key).expect("a record");
    let jwk = record["document"]["keys"][0].clone();
    let of_record = edits(&record).into_iter().map(|edit| (edit.of(&record), edit.what));
    let of_key = edits(&jwk).into_iter().filter_map(|edit| {
        let mut edited = record.clone();
        edited["document"]["keys"][0] = value(&edit.of(&jwk))?;
        Some((edited.to_string(), edit.what))
    });
    for (text, what) in of_record.chain(of_key) {
        tab.storage.put_text(key, &text);
        let page = tab.open(&tab.come_back());
        if let Err(error) = page.handle_redirect() {
            assert!(
                ["weak_key", "invalid_key_id", "bad_signature"].contains(&error.code.as_str()),
                "{what}: {error:?}"
            );
            assert!(page.session().is_none_or(|session| session.logged_in_at().0 < world.clock.get()), "{what}");
            tab.storage.drop_item(key);
            tab.sign_in();
        }
        world.pass(61);
    }
}

/// The provider's own key signs nothing but its own tokens.
#[test]
fn a_token_of_a_planted_key_needs_more_than_the_record() {
    let (world, tab) = quick();
    tab.sign_in().clear();
    // The key is planted for a provider that never published it; its tokens must still come by the token endpoint, over TLS.
    let planted = SigningKey::new("Ed25519", 0, Some("planted"));
    tab.storage.edit(&key_of("jwks", "demo"), |record| record["document"]["keys"] = json!([planted.jwk()]));
    let page = tab.open(&tab.come_back());
    page.expect_login();
    assert_eq!(world.network.sent_to("/jwks").len(), 2, "a key that is not there is asked for");
}

// ---------------------------------------------------------------- notices

fn pinned(world: &World, board: &str) -> Value {
    world.bus.tombstones(&key_of(board, "demo")).expect("a notice")
}

/// A forged notice can end a session or keep a token from being redeemed: who wants that has the whole origin to do it with. It
/// cannot begin one, and the next login counts.
#[test]
fn notices_that_were_edited_end_a_session_at_worst() {
    for board in ["ended", "answered", "spent"] {
        let (world, tab) = quick();
        let page = tab.sign_in();
        page.refresh().expect("a refresh");
        world.pass(1);
        page.logout(json!({})).expect("a logout");
        let notice = json!({ "all": pinned(&world, board), "first": pinned(&world, board)[0] });
        let page = tab.sign_in();
        let replacements = edits(&notice);
        for edit in &replacements {
            let text = edit.of(&notice);
            world.bus.put_tombstones(&key_of(board, "demo"), &text);
            if let Some(inner) = value(&text).and_then(|notice| Some(json!([notice.get("first")?, notice.get("all")?])))
            {
                world.bus.put_tombstones(&key_of(board, "demo"), &inner.to_string());
            }
            page.oauth.wake_up();
            if page.session().is_some() {
                page.access_token().expect("a token of the session that lasts");
            }
        }
        let page = tab.sign_in();
        page.refresh().expect("the next login counts");
        world.bus.deliver();
        assert_eq!(page.sub().as_deref(), Some("alice"), "{board}");
    }
}
