//! `getAccessToken`: the token at hand while it is good, to the second; else one refresh for everybody who asks.

use std::rc::Rc;

use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

/// A world whose provider gives access tokens of this life.
fn with_lifetime(seconds: i64) -> Rc<World> {
    World::whose_provider(|op| op.lifetime.set(seconds))
}

fn refreshes(world: &World) -> usize {
    let sent = world.network.sent_to("/token");
    sent.iter().filter(|sent| sent.field("grant_type") == "refresh_token").count()
}

/// Signs in, lets the time pass, asks: whether that took a refresh.
#[track_caller]
fn is_refreshed(lifetime: i64, after: i64, options: Value) -> bool {
    let (world, page) = with_lifetime(lifetime).signed_in();
    let before = page.held_access_token();
    world.pass(after);
    let token = page.access_token_for(options).expect("a token");
    assert_eq!(token != before, refreshes(&world) == 1);
    assert_eq!(token, page.held_access_token());
    refreshes(&world) == 1
}

// ---------------------------------------------------------------- when a token is good

#[test]
fn a_token_is_good_until_thirty_seconds_before_its_end() {
    for (after, expected) in [(0, false), (3569, false), (3570, false), (3571, true), (3600, true), (99_999, true)] {
        assert_eq!(is_refreshed(3600, after, json!({})), expected, "after {after} s");
    }
}

/// Thirty seconds would make a token of thirty seconds useless from the start.
#[test]
fn a_short_lived_token_is_good_for_half_its_life() {
    for (lifetime, after, expected) in [(20, 10, false), (20, 11, true), (59, 30, false), (59, 31, true), (1, 0, false)]
    {
        assert_eq!(is_refreshed(lifetime, after, json!({})), expected, "{lifetime} s, after {after} s");
    }
}

#[test]
fn min_validity_is_taken_at_its_word() {
    for (after, min_validity, expected) in
        [(3000, 600, false), (3000, 601, true), (3599, 0, false), (3600, 0, true), (0, 3600, false), (0, 4000, true)]
    {
        let options = json!({ "minValidity": min_validity });
        assert_eq!(is_refreshed(3600, after, options), expected, "{min_validity} s after {after} s");
    }
}

#[test]
fn force_refreshes_a_good_token() {
    assert!(is_refreshed(3600, 0, json!({ "force": true })));
}

#[test]
fn a_token_without_a_known_end_is_good() {
    let (world, page) = World::whose_provider(|op| op.token.tell(without("expires_in"))).signed_in();
    world.pass(10_000_000);
    assert_eq!(page.access_token().expect("a token"), page.held_access_token());
    assert_eq!(refreshes(&world), 0);
}

#[test]
fn a_life_of_zero_seconds_is_over_at_once() {
    let (world, page) = with_lifetime(0).signed_in();
    let before = page.held_access_token();
    assert_ne!(page.access_token().expect("a refreshed token"), before);
    assert_eq!(refreshes(&world), 1);
}

#[test]
fn a_life_written_as_text_counts() {
    let (world, page) = World::whose_provider(|op| op.token.tell(set("expires_in", json!("100")))).signed_in();
    world.pass(71);
    page.access_token().expect("a token");
    assert_eq!(refreshes(&world), 1);
}

#[test]
fn without_a_session_there_is_no_token_and_no_request() {
    let (world, page) = World::new().at_home();
    for options in [json!({}), json!({ "force": true }), json!({ "scope": "files" })] {
        assert_error(&page.access_token_for(options).expect_err("nobody"), ["missing_token", "usage", "token"]);
    }
    assert_eq!(world.network.count(), 0);
    assert!(page.events.take().is_empty());
}

#[test]
fn an_expired_token_without_a_refresh_token_is_no_token() {
    let (world, page) = World::whose_provider(|op| op.is_generous.set(false)).signed_in();
    world.network.take_sent();
    world.pass(3599);
    assert_eq!(page.access_token().expect("good for a second"), page.held_access_token());
    world.pass(1);
    assert_error(&page.access_token().expect_err("expired"), ["token_expired", "rejected", "token"]);
    assert_eq!(world.network.count(), 0);
    assert!(page.session().is_some(), "and the person stays signed in");
}

#[test]
fn what_needs_a_refresh_token_says_so() {
    let (world, page) = World::whose_provider(|op| op.is_generous.set(false)).signed_in();
    world.network.take_sent();
    for options in [json!({ "force": true }), json!({ "scope": "files" }), json!({ "resource": "https://api.example" })]
    {
        assert_error(&page.access_token_for(options).expect_err("none"), ["missing_token", "usage", "refresh"]);
    }
    assert_eq!(world.network.count(), 0);
}

#[test]
fn offline_access_brings_a_refresh_token() {
    let world = World::with(json!({ "scope": "openid offline_access" }));
    world.provider.is_generous.set(false);
    let page = world.tab().sign_in();
    assert_ne!(page.refresh().expect("a refresh"), "");
}

// ---------------------------------------------------------------- the request

#[test]
fn a_refresh_sends_what_section_6_asks_for_and_nothing_else() {
    let (world, page) = World::new().signed_in();
    let refresh_token = page.held_refresh_token();
    page.refresh().expect("a refresh");
    let sent = world.network.sent_to("/token").remove(1);
    let form: Vec<(&str, &str)> = sent.form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected = [("grant_type", "refresh_token"), ("refresh_token", &refresh_token), ("client_id", CLIENT_ID)];
    assert_eq!(form, expected);
    assert_eq!(sent.bearer, None);
}

#[test]
fn a_scope_and_resources_are_asked_for() {
    let (world, page) = World::new().signed_in();
    let resources = ["https://one.example", "https://two.example"];
    page.access_token_for(json!({ "scope": ["a", "b"], "resource": resources })).expect("a token");
    let sent = world.network.sent_to("/token").remove(1);
    assert_eq!(sent.field("scope"), "a b");
    let sent: Vec<&str> = sent.form.iter().filter(|(name, _)| name == "resource").map(|(_, value)| &**value).collect();
    assert_eq!(sent, resources);
}

#[test]
fn refresh_token_params_are_sent_with_a_refresh_only() {
    let world = World::with(json!({ "refreshTokenParams": { "audience": "api" }, "accessTokenParams": { "x": "1" } }));
    world.tab().sign_in().refresh().expect("a refresh");
    let sent = world.network.sent_to("/token");
    assert_eq!(sent[1].field("audience"), "api");
    assert!(!sent[0].names().contains(&"audience") && !sent[1].names().contains(&"x"));
}

#[test]
fn a_refresh_goes_to_its_own_place_where_there_is_one() {
    let url = "https://id.example.com/renew";
    let world = World::with(json!({ "refreshTokenUrl": url }));
    world.network.serve(url, 200, r#"{"access_token":"renewed","token_type":"Bearer","expires_in":60}"#);
    let page = world.tab().sign_in();
    assert_eq!(page.refresh().expect("a refresh"), "renewed");
    assert_eq!(world.network.sent_to("/renew").len(), 1);
    assert_eq!(world.network.sent_to("/token").len(), 1, "the login alone");
}

#[test]
fn a_refresh_after_a_reload_needs_no_discovery() {
    let (world, tab) = World::new().signed_in_tab();
    world.network.take_sent();
    tab.reload().refresh().expect("a refresh");
    let sent: Vec<String> = world.network.take_sent().into_iter().map(|sent| sent.url).collect();
    assert_eq!(sent, [format!("{ISSUER}/token")], "one request, metadata and keys being known");
}

// ---------------------------------------------------------------- what is kept, what is replaced

#[test]
fn what_an_answer_does_not_repeat_is_kept() {
    let world = World::whose_provider(|op| op.token.tell(set("device_secret", json!("of the login"))));
    let page = world.tab().sign_in();
    let before = page.token();
    world.provider.repent();
    world.provider.rotates.set(false);
    world.provider.refreshes_id_tokens.set(false);
    world.provider.token.tell(without("scope"));
    world.pass(10);
    let token = page.refresh().expect("a refresh");
    let after = page.token();
    assert_eq!(after["access_token"], json!(token));
    assert_eq!(after["expires_at"], json!(world.clock.get() + 3600));
    for name in ["refresh_token", "id_token", "scope", "device_secret", "userinfo"] {
        assert_eq!(after[name], before[name], "{name}");
        assert!(!after[name].is_null(), "{name}");
    }
    assert_eq!(page.tab.reload().token(), after, "and stored");
}

#[test]
fn what_an_answer_repeats_is_replaced() {
    let (world, page) = World::new().signed_in();
    world.provider.token.tell(set("scope", json!("openid")));
    world.provider.token.tell(set("device_secret", json!("new")));
    world.pass(1);
    page.refresh().expect("a refresh");
    assert_eq!(page.token()["scope"], "openid");
    assert_eq!(page.token()["device_secret"], "new");
}

#[test]
fn an_end_that_is_not_repeated_is_unknown() {
    let (world, page) = World::new().signed_in();
    world.provider.token.tell(without("expires_in"));
    page.refresh().expect("a refresh");
    assert_eq!(page.token()["expires_at"], Value::Null);
    assert_eq!(page.token()["expires_in"], Value::Null, "nor does the old life pass for the new one");
}

#[test]
fn the_next_refresh_uses_the_rotated_token() {
    let (world, tab) = World::new().with_tab();
    let first = tab.sign_in().held_refresh_token();
    tab.reload().refresh().expect("a refresh");
    let second = tab.reload().held_refresh_token();
    assert_ne!(first, second);
    // The provider of the tests fails a refresh token that comes twice.
    for _ in 0..3 {
        tab.reload().refresh().expect("a refresh");
    }
    assert_eq!(world.network.sent_to("/token")[2].field("refresh_token"), second);
}

#[test]
fn an_empty_refresh_token_in_an_answer_is_an_absent_one() {
    let (world, page) = World::new().signed_in();
    let before = page.token();
    world.provider.token.tell(set("refresh_token", json!("")));
    page.refresh().expect("a refresh");
    assert_eq!(page.token()["refresh_token"], before["refresh_token"], "the refresh token that was there is kept");
}

#[test]
fn an_empty_id_token_in_an_answer_is_an_absent_one() {
    let (world, page) = World::new().signed_in();
    let before = page.token();
    world.provider.token.tell(set("id_token", json!("")));
    page.refresh().expect("a refresh");
    let now = page.token();
    assert_eq!(now["id_token"], before["id_token"], "the id_token that was there is kept");
    assert_ne!((&now["access_token"], &now["refresh_token"]), (&before["access_token"], &before["refresh_token"]));
}

#[test]
fn an_update_tells_what_was_replaced() {
    let page = World::new().tab().sign_in();
    let before = page.token();
    page.events.take();
    page.refresh().expect("a refresh");
    let events = page.events.take_all();
    let [(client, oidc_client_wasm::flow::events::Event::TokenUpdate { session, before: old })] = events.as_slice()
    else {
        panic!("{} events", events.len());
    };
    assert_eq!(client, "demo");
    assert_eq!(Some(session), page.session().as_ref());
    assert_eq!(json!(old.token().access_token.expose()), before["access_token"]);
    assert_eq!(json!(old.token().refresh_token.as_ref().expect("a refresh token").expose()), before["refresh_token"]);
}
