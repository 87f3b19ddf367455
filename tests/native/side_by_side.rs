//! Several of something: logins, clients, registries and tabs side by side, and what is remembered of those long ago.

use oidc_client_wasm::protocol::json::json;
use oidc_client_wasm::settings::options::Options;

use crate::idempotence::is_login;
use crate::support::verbs::ClientVerbs;
use crate::support::*;

#[test]
fn two_logins_open_at_once_finish_in_either_order() {
    for order in [[0, 1], [1, 0]] {
        let (world, tab) = World::new().with_tab();
        let mut callbacks = Vec::new();
        for sub in ["alice", "bob"] {
            world.provider.sub.replace(sub.into());
            callbacks.push(tab.come_back());
        }
        for index in order {
            let page = tab.open(&callbacks[index]);
            page.expect_login();
            assert_eq!(page.sub().as_deref(), Some(["alice", "bob"][index]));
        }
    }
}

#[test]
fn logins_of_two_clients_are_apart() {
    let (world, tab) = World::new().with_tab();
    let settings = world.settings.borrow().clone();
    let begin = |name: &'static str| {
        let page = tab.open(HOME);
        page.register("other", settings.clone()).expect("another client");
        let client = page.oauth.client(name).expect("a client");
        let url = page.audited(now(async move { client.begin_login(json!({}), None).await })).expect("a login");
        world.provider.authorize(&url)
    };
    let (demo, other) = (begin("demo"), begin("other"));
    for (url, name) in [(other, "other"), (demo, "demo")] {
        tab.go(&url);
        let page = tab.reload();
        page.register("other", settings.clone()).expect("another client");
        assert_eq!(page.handle_redirect().expect("a login").expect("ours").client, name);
        assert!(tab.stored_session(name).is_some());
    }
}

#[test]
fn two_registries_in_one_document_share_the_response() {
    let (world, page) = World::new().coming_back();
    let twin = page.another_registry(json!({}));
    world.network.hold();
    let mut calls = [page.handling(), twin.handling()];
    world.network.release("/token");
    world.network.release("/jwks");
    assert!(calls.iter_mut().all(Running::advance));
    for call in calls {
        assert!(is_login(&call.finish().expect("a login")));
    }
    assert_eq!(world.network.sent_to("/token").len(), 1);
    assert_eq!(twin.sub().as_deref(), Some("alice"));
}

#[test]
fn registries_with_different_prefixes_know_nothing_of_each_other() {
    let tab = World::new().tab();
    let page = tab.open(&tab.come_back());
    let stranger = page.another_registry(json!({ "storagePrefix": "other-app" }));
    assert_eq!(stranger.handle_redirect().expect("nothing of its own"), None);
    page.expect_login();
    assert!(stranger.session().is_none());
}

#[test]
fn a_prefix_that_begins_like_another_ones_records_is_apart_too() {
    let tab = World::new().tab();
    let page = tab.open(HOME);
    let inner = json!({ "storagePrefix": "oidc:transaction" });
    if Options::from_json(inner.clone()).is_err() {
        return; // Refused: just as well.
    }
    let inner = page.another_registry(inner);
    let url = inner.login().expect("a login");
    inner.handle_redirect_at(&tab.world.provider.authorize(&url)).expect("a login");
    page.login().expect("a login of the other registry");
    assert!(inner.session().is_some());
}

#[test]
fn two_tabs_log_in_side_by_side() {
    let world = World::new();
    let (one, two) = (world.tab(), world.tab());
    let (first, second) = (one.come_back(), two.come_back());
    two.open(&second).expect_login();
    one.open(&first).expect_login();
}

/// `window.open` copies sessionStorage: both tabs hold the transaction. A provider that sees the code again may withdraw what
/// it gave for it.
#[test]
fn a_duplicated_tab_does_not_redeem_the_code_again() {
    let (world, tab) = World::new().with_tab();
    let callback = tab.come_back();
    let copy = tab.duplicate();
    tab.open(&callback).expect_login();
    world.network.take_sent();
    let error = copy.open(&callback).handle_redirect().expect_err("it was answered");
    assert_error(&error, ["invalid_state", "rejected", "callback"]);
    assert!(world.network.sent_to("/token").is_empty());
    assert_eq!(copy.stored_session("demo"), None);
    assert!(tab.stored_session("demo").is_some());
    copy.sign_in();
}

/// Where localStorage cannot be had, the provider is what keeps a code from being used twice.
#[test]
fn a_duplicated_tab_without_notices_is_refused_by_the_provider() {
    let (world, tab) = World::new().with_tab();
    let callback = tab.come_back();
    let copy = tab.duplicate();
    tab.open(&callback).expect_login();
    world.provider.is_suite.set(false);
    world.bus.bury(&key_of("answered", "demo"), "[]", &world.secrets);
    fails_with(copy.open(&callback).handle_redirect(), ["token_refused", "refused", "token"]);
    assert_eq!(copy.stored_session("demo"), None);
}

#[test]
fn a_tab_duplicated_after_the_login_is_signed_in_until_the_person_leaves() {
    let (world, tab) = World::new().with_tab();
    let page = tab.sign_in();
    let copy = tab.duplicate();
    page.clear();
    assert_eq!(copy.open(HOME).sub().as_deref(), Some("alice"), "that was about the other tab alone");
    world.pass(1);
    copy.reload().logout(json!({})).expect("a logout");
    assert_eq!(tab.duplicate().open(HOME).sub(), None);
}

#[test]
fn abandoned_logins_do_not_fill_the_storage() {
    let tab = World::new().tab();
    let oldest = tab.come_back();
    tab.world.pass(1);
    let second = tab.come_back();
    for _ in 0..19 {
        tab.world.pass(1);
        tab.open(HOME).login().expect("a login");
    }
    assert_eq!(tab.storage.keys_of("transaction").len(), 20);
    assert_eq!(tab.open(&oldest).handle_redirect().expect("given up"), None);
    tab.open(&second).expect_login();
    tab.world.pass(600);
    tab.open(HOME).login().expect("a login");
    assert_eq!(tab.storage.keys_of("transaction").len(), 1, "expired ones are swept");
}

#[test]
fn remembered_responses_do_not_fill_the_storage() {
    let tab = World::new().tab();
    let first = tab.come_back();
    tab.open(&first).expect_login();
    for _ in 0..10 {
        tab.world.pass(1);
        tab.sign_in();
    }
    assert_eq!(tab.storage.keys_of("used").len(), 8);
    let sent = tab.world.network.count();
    let page = tab.open(&first);
    assert_eq!(page.handle_redirect().expect("long ago"), None, "forgotten, and still not acted on");
    assert_eq!(tab.world.network.count(), sent);
}

#[test]
fn a_used_record_never_makes_a_session() {
    let tab = World::new().tab();
    let callback = tab.come_back();
    tab.open(&callback).expect_login();
    let used = tab.storage.keys_of("used").remove(0);
    let record = tab.storage.peek(&used).expect("a record");
    let fresh = tab.world.tab();
    fresh.storage.put(&format!("{}:forged", key_of("used", "demo")), &record);
    let page = fresh.open("https://app.example/callback?code=x&state=forged");
    assert_eq!(page.handle_redirect().expect("no session, no login"), None);
    assert!(page.session().is_none());
}

#[test]
fn an_unregistered_client_gives_no_result() {
    let tab = World::new().tab();
    let page = tab.open(&tab.come_back());
    page.expect_login();
    assert!(page.oauth.unregister("demo"));
    let outcome = now(page.oauth.handle_redirect(None));
    assert!(matches!(outcome, Ok(None)), "{outcome:?}");
}
