//! The session: read back without the network, dropped whole when its record is not what was written, replaced whole by the next
//! login.

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::events::Event;
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::verbs::ClientVerbs;
use crate::support::*;

#[test]
fn a_session_is_restored_with_no_request() {
    let (world, tab) = World::new().with_tab();
    let first = tab.sign_in().session();
    world.network.cut("", HttpError::Network);
    world.network.take_sent();
    let page = tab.open(HOME);
    assert_eq!(page.session(), first);
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_session_holds_across_an_expired_id_token_and_an_expired_access_token() {
    let (world, tab) = World::new().signed_in_tab();
    world.pass(86_400);
    assert_eq!(tab.reload().sub().as_deref(), Some("alice"));
}

#[test]
fn the_token_has_the_members_of_the_contract() {
    let world = World::whose_provider(|op| op.token.tell(set("session_hint", json!("of the provider"))));
    let now = world.clock.get();
    let session = world.tab().sign_in().session().expect("a session");
    let token = session.token().to_json(session.claims());
    assert_eq!(token["expires_at"], json!(now + 3600));
    assert_eq!(token["scope"], "openid email");
    assert_eq!(token["session_hint"], "of the provider");
    assert_eq!(token["userinfo"]["sub"], "alice");
    assert_eq!(token["id_token"], world.provider.id_tokens.borrow()[0]);
    assert!(token["access_token"].is_string() && token["refresh_token"].is_string());
}

#[test]
fn a_provider_cannot_plant_values_that_only_this_client_may_give() {
    let world = World::new();
    world.provider.token.tell(set("userinfo", json!({ "sub": "mallory" })));
    world.provider.token.tell(set("expires_at", json!(1)));
    let now = world.clock.get();
    let session = world.tab().sign_in().session().expect("a session");
    let token = session.token().to_json(session.claims());
    assert_eq!(token["userinfo"]["sub"], "alice");
    assert_eq!(token["expires_at"], json!(now + 3600));
}

#[test]
fn an_edited_record_is_no_session() {
    type Edit = fn(&mut Value);
    let edits: [(&str, Edit); 16] = [
        ("another version", |record| record["v"] = json!(99)),
        ("no version", |record| record["v"] = Value::Null),
        ("another client", |record| record["client_id"] = json!("another")),
        ("another issuer", |record| record["issuer"] = json!("https://evil.example")),
        ("no issuer", |record| record["issuer"] = Value::Null),
        ("claims of another issuer", |record| record["claims"]["iss"] = json!("https://evil.example")),
        ("claims without sub", |record| without("sub")(&mut record["claims"])),
        ("an empty sub", |record| record["claims"]["sub"] = json!("")),
        ("claims without aud", |record| without("aud")(&mut record["claims"])),
        ("claims without id_token", |record| without("id_token")(&mut record["token"])),
        ("an id_token without claims", |record| record["claims"] = Value::Null),
        ("claims that are no object", |record| record["claims"] = json!("alice")),
        ("no access token", |record| without("access_token")(&mut record["token"])),
        ("an access token that is no text", |record| record["token"]["access_token"] = json!(1)),
        ("no token", |record| record["token"] = Value::Null),
        ("something else", |record| *record = json!([])),
    ];
    for (what, edit) in edits {
        let tab = World::new().tab();
        tab.sign_in();
        tab.storage.edit(&key_of("session", "demo"), edit);
        assert!(tab.reload().session().is_none(), "{what}");
        tab.sign_in();
    }
}

#[test]
fn a_truncated_record_is_no_session() {
    let tab = World::new().tab();
    tab.sign_in();
    let text = tab.storage.snapshot()[&key_of("session", "demo")].clone();
    for length in [0, 1, text.len() / 2, text.len() - 1] {
        tab.storage.put_text(&key_of("session", "demo"), &text[..length]);
        assert!(tab.reload().session().is_none(), "{length} of {} bytes", text.len());
    }
}

#[test]
fn a_session_of_other_settings_is_none() {
    for changes in [json!({ "clientId": "another" }), json!({ "issuer": "https://other.example" })] {
        let (world, tab) = World::new().signed_in_tab();
        world.change_settings(changes);
        assert!(tab.reload().session().is_none());
    }
}

#[test]
fn a_record_that_is_no_session_is_dropped_with_an_error_on_page_load() {
    let tab = World::new().tab();
    tab.sign_in();
    tab.storage.edit(&key_of("session", "demo"), |record| record["v"] = json!(99));
    let page = tab.open(HOME);
    assert_eq!(page.handle_redirect().expect("nothing to answer"), None);
    let events = page.events.take_all();
    let [(client, Event::Error(error))] = events.as_slice() else { panic!("{} events", events.len()) };
    assert_error(error, ["invalid_session", "rejected", "storage"]);
    assert_eq!((client.as_str(), error.client_name.as_deref()), ("demo", Some("demo")));
    assert!(tab.storage.keys_of("session").is_empty(), "dropped");
    assert!(tab.sign_in().session().is_some());
}

/// An app that does not call `handleRedirect` at once learns of it by the first verb that needs a session.
#[test]
fn a_record_that_is_no_session_is_dropped_with_an_error_by_each_verb() {
    type Verb = fn(&Page) -> Option<Error>;
    let verbs: [(&str, Verb); 4] = [
        ("getAccessToken", |page| page.access_token().err()),
        ("refreshToken", |page| page.refresh().err()),
        ("userinfo", |page| page.userinfo().err()),
        ("revokeToken", |page| page.revoke(None).err()),
    ];
    for (name, verb) in verbs {
        let tab = World::new().tab();
        tab.sign_in();
        tab.storage.put_text(&key_of("session", "demo"), "{\"v\":2,\"client_id\":\"spa");
        let page = tab.open(HOME);
        assert!(page.session().is_none() && page.events.take().is_empty(), "{name}: who only looks is told nothing");
        assert_error(&verb(&page).expect("nobody is signed in"), ["missing_token", "usage", "token"]);
        assert_eq!(page.events.take(), ["error invalid_session"], "{name}");
        assert!(tab.storage.keys_of("session").is_empty(), "{name}");
    }
}

#[test]
fn a_session_belongs_to_the_name_of_its_client_and_the_prefix_of_its_registry() {
    let (world, tab) = World::new().with_tab();
    let page = tab.sign_in();
    let other = page.register("other", world.settings.borrow().clone()).expect("another client");
    assert!(other.session().is_none());
    assert!(page.another_registry(json!({ "storagePrefix": "else" })).session().is_none());
    assert!(page.another_registry(json!({})).session().is_some());
}

/// Metadata and keys are remembered to save requests; a login, a refresh and a logout need the room more.
#[test]
fn what_can_be_fetched_again_makes_room_where_storage_is_full() {
    let tab = World::new().tab();
    let memories = || tab.storage.keys_of("metadata").len() + tab.storage.keys_of("jwks").len();
    let callback = tab.come_back();
    tab.storage.full_until_removed.set(true);
    let page = tab.open(&callback);
    page.expect_login();
    page.client();
    tab.reload().handle_redirect().expect("nothing");
    assert!(tab.reload().session().is_some());
    now({
        let client = page.client();
        async move { client.preload().await }
    })
    .expect("metadata and keys");
    assert!(memories() > 0);
    tab.storage.full_until_removed.set(true);
    page.logout(json!({})).expect("a logout").expect("a request");
    assert_eq!((tab.stored_session("demo"), memories()), (None, 0));
}

/// A record wraps what came: it must hold all that was just within the bound, here and in another tab.
#[test]
fn what_is_nested_as_deeply_as_may_be_survives_storage() {
    let nested = |levels: usize| (1..levels).fold(json!([]), |inner, _| json!([inner]));
    let (world, tab) = World::new().with_tab();
    // One level is that of the claims, or of the answer, themselves.
    world.provider.claims.tell(set("odd", nested(31)));
    world.provider.token.tell(set("odd", nested(31)));
    let page = tab.sign_in();
    let copy = tab.duplicate().reload();
    assert_eq!((tab.reload().session(), copy.session()), (page.session(), page.session()));
    page.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!((tab.reload().session(), copy.session()), (page.session(), page.session()));
    world.provider.claims.tell(set("odd", nested(32)));
    let error = tab.open(&tab.come_back()).handle_redirect().expect_err("too deep");
    assert_error(&error, ["malformed_jwt", "rejected", "id_token"]);
}

#[test]
fn the_next_login_replaces_the_session_whole() {
    let (world, tab) = World::whose_provider(|op| op.token.tell(set("left_over", json!("of alice")))).with_tab();
    tab.sign_in();
    world.provider.repent();
    world.provider.sub.replace("bob".into());
    world.provider.token.tell(without("refresh_token"));
    let session = tab.sign_in().session().expect("a session");
    let token = session.token().to_json(session.claims());
    assert_eq!(token["userinfo"]["sub"], "bob");
    assert_eq!(token["refresh_token"], Value::Null);
    assert_eq!(token["left_over"], Value::Null);
}

#[test]
fn a_login_that_fails_leaves_the_session_that_was_there() {
    let (world, tab) = World::new().with_tab();
    let first = tab.sign_in().session();
    world.provider.sub.replace("mallory".into());
    world.provider.claims.tell(spoil("nonce", "1"));
    let page = tab.open(&tab.come_back());
    page.handle_redirect().expect_err("a rejection");
    assert_eq!(page.session(), first);
    assert_eq!(tab.reload().session(), first);
}

#[test]
fn a_session_that_cannot_be_written_is_a_failed_login_and_a_later_one_works() {
    let (world, tab) = World::new().with_tab();
    let callback = tab.come_back();
    let page = tab.open(&callback);
    world.network.hold();
    let mut call = page.handling();
    tab.storage.full.set(true);
    world.network.let_go();
    call.advance();
    assert_error(&page.handled(call.finish()).expect_err("no room"), ["storage_full", "environment", "storage"]);
    assert_eq!(tab.stored_session("demo"), None);
    // Nobody has its tokens: the provider may forget them.
    tab.run_background();
    assert_eq!(world.network.sent_to("/revoke").len(), 1);
    assert_eq!(world.provider.live_refresh_tokens(), 0);
    tab.storage.full.set(false);
    fails_with(tab.open(&callback).handle_redirect(), ["invalid_state", "rejected", "callback"]);
    tab.sign_in();
}

#[test]
fn a_session_that_cannot_be_replaced_stays_whole() {
    let (world, tab) = World::new().with_tab();
    let first = tab.sign_in().session();
    let page = tab.open_return_of("bob");
    world.network.hold();
    let mut call = page.handling();
    tab.storage.full.set(true);
    world.network.let_go();
    call.advance();
    assert_error(&call.finish().expect_err("no room"), ["storage_full", "environment", "storage"]);
    tab.run_background();
    assert_eq!(tab.reload().session(), first);
    assert_eq!(world.provider.live_refresh_tokens(), 1, "the tokens of the session that stays");
}

/// By whichever way storage fails, and with whatever the provider gave.
#[test]
fn tokens_of_a_login_that_cannot_be_stored_are_given_back() {
    for (is_blocked, gives_refresh_token) in [(false, true), (true, true), (false, false)] {
        let (world, page) = World::whose_provider(|op| op.is_generous.set(gives_refresh_token)).coming_back();
        world.network.hold();
        let call = page.handling();
        page.tab.storage.full.set(!is_blocked);
        page.tab.storage.blocked.set(is_blocked);
        world.network.let_go();
        let code = if is_blocked { "storage_unavailable" } else { "storage_full" };
        assert_error(&page.audited(call.finish()).expect_err("not stored"), [code, "environment", "storage"]);
        page.tab.run_background();
        let kind = if gives_refresh_token { "refresh_token" } else { "access_token" };
        assert_eq!(world.network.sent_to("/revoke").remove(0).field("token_type_hint"), kind);
        assert!(!page.events.take().iter().any(|event| event.starts_with("login")));
    }
}

#[test]
fn without_storage_nobody_is_sent_away() {
    let tab = World::new().tab();
    let page = tab.open(HOME);
    tab.storage.blocked.set(true);
    assert_error(&page.login().expect_err("blocked"), ["storage_unavailable", "environment", "storage"]);
    tab.storage.blocked.set(false);
    tab.storage.full.set(true);
    assert_error(&page.login().expect_err("full"), ["storage_full", "environment", "storage"]);
    assert!(tab.storage.keys_of("transaction").is_empty());
}

#[test]
fn a_page_that_merely_looks_does_not_fail_where_storage_is_blocked() {
    let tab = World::new().tab();
    let callback = tab.come_back();
    tab.storage.blocked.set(true);
    let page = tab.open(&callback);
    assert_eq!(page.handle_redirect().expect("nothing that is known to be ours"), None);
    fails_with(page.authorize_access_token(), ["storage_unavailable", "environment", "storage"]);
    assert!(page.session().is_none());
    assert_eq!(tab.url(), callback);
}

// ---------------------------------------------------------------- plain OAuth 2.0

#[test]
fn plain_oauth_gives_a_token_and_no_identity() {
    let (world, tab) = World::with(json!({ "scope": "files" })).with_tab();
    world.provider.is_plain_oauth.set(true);
    tab.sign_in();
    let session = tab.reload().session().expect("a session");
    assert_eq!(session.claims(), None);
    assert!(session.id_token().is_none());
    assert_eq!(session.token().scope.as_deref(), Some("files"));
}

#[test]
fn an_id_token_that_nobody_asked_for_is_dropped() {
    let world = World::with(json!({ "scope": "files" }));
    world.provider.is_plain_oauth.set(true);
    world.provider.token.tell(set("id_token", json!("eyJub3QiOiJjaGVja2VkIn0.e30.c2ln")));
    let session = world.tab().sign_in().session().expect("a session");
    assert!(session.id_token().is_none());
    assert_eq!(session.token().to_json(session.claims())["id_token"], Value::Null);
}

#[test]
fn a_plain_oauth_provider_cannot_plant_an_identity() {
    let world = World::with(json!({ "scope": "files" }));
    world.provider.is_plain_oauth.set(true);
    world.provider.token.tell(set("userinfo", json!({ "sub": "mallory" })));
    let session = world.tab().sign_in().session().expect("a session");
    assert_eq!(session.token().to_json(session.claims())["userinfo"], Value::Null);
}

#[test]
fn a_plain_session_cannot_be_edited_into_an_identity() {
    let (world, tab) = World::with(json!({ "scope": "files" })).with_tab();
    world.provider.is_plain_oauth.set(true);
    tab.sign_in();
    let claims = json!({ "iss": ISSUER, "sub": "alice", "aud": CLIENT_ID });
    tab.storage.edit(&key_of("session", "demo"), |record| record["claims"] = claims);
    assert!(tab.reload().session().is_none());
}

#[test]
fn scope_is_what_was_granted_or_else_what_was_asked_for() {
    for (granted, expected) in [(json!("openid"), "openid"), (Value::Null, "openid email")] {
        let world = World::whose_provider(|op| op.token.tell(set("scope", granted)));
        let session = world.tab().sign_in().session().expect("a session");
        assert_eq!(session.token().scope.as_deref(), Some(expected));
    }
}

/// Explicit settings win over discovered ones, the issuer included: the session must not vanish behind the other one.
#[test]
fn a_session_under_an_explicit_issuer_is_restored() {
    let document = "https://inside.example/.well-known/openid-configuration";
    for settings in [
        json!({ "issuer": "https://inside.example", "metadata": { "issuer": ISSUER } }),
        json!({ "issuer": null, "serverMetadataUrl": document, "metadata": { "issuer": ISSUER } }),
        json!({ "issuer": "https://inside.example", "serverMetadataUrl": document, "metadata": { "issuer": ISSUER } }),
    ] {
        let world = World::with(settings);
        let mut inside = world.provider.published_metadata();
        inside["issuer"] = json!("https://inside.example");
        world.network.serve(document, 200, &inside.to_string());
        let tab = world.tab();
        tab.sign_in();
        assert!(tab.reload().session().is_some());
    }
}
