//! Plain OAuth 2.0, without an identity: tokens live the same life, and nothing that comes along passes for one.

use std::rc::Rc;

use crate::support::*;
use oidc_client_wasm::protocol::json::{self, Value, json};

/// No discovery, no issuer: the endpoints are in the settings.
fn plain(settings: Value) -> Rc<World> {
    let world = World::with(json!({
        "issuer": null,
        "scope": "files",
        "authorizeUrl": format!("{ISSUER}/auth"),
        "accessTokenUrl": format!("{ISSUER}/token"),
    }));
    world.change_settings(settings);
    world.provider.is_plain_oauth.set(true);
    world.provider.metadata.tell(|metadata| {
        metadata["authorization_response_iss_parameter_supported"] = json!(false);
    });
    world
}

#[test]
fn a_token_is_refreshed_without_any_other_request() {
    let (world, page) = plain(json!({})).signed_in();
    let before = page.held_access_token();
    world.pass(3600);
    assert_ne!(page.tab.reload().access_token().expect("a token"), before);
    let sent: Vec<String> = world.network.sent().into_iter().map(|sent| sent.url).collect();
    assert_eq!(sent, [format!("{ISSUER}/token"), format!("{ISSUER}/token")]);
    assert_eq!(page.token()["scope"], "files");
}

/// Nobody has said who they are: only copies of one login are certainly of one person.
#[test]
fn a_logout_ends_the_copies_of_its_login_and_no_other() {
    let world = plain(json!({}));
    let (tab, other) = (world.tab(), world.tab());
    other.sign_in();
    world.pass(5);
    tab.sign_in();
    let (page, copy, other) = (tab.reload(), tab.duplicate().reload(), other.reload());
    world.pass(5);
    page.logout(json!({ "fallback": "local" })).expect("a logout");
    world.bus.deliver();
    assert!(page.session().is_none() && copy.session().is_none());
    assert!(other.session().is_some(), "somebody else's, for all that is known");
}

/// Plain OAuth 2.0 has no id_token: whatever stands under that name costs no login.
#[test]
fn an_id_token_that_is_no_token_is_not_looked_at() {
    for value in [json!(""), json!(null), json!(7), json!({}), json!("a.b.c")] {
        let _row = row(value.to_string());
        let world = plain(json!({}));
        world.provider.token.tell(set("id_token", value));
        let page = world.tab().sign_in();
        assert_eq!(page.token().get("id_token"), None);
    }
}

#[test]
fn an_id_token_that_comes_with_a_refresh_is_dropped() {
    let (world, page) = plain(json!({})).signed_in();
    world.provider.token.tell(set("id_token", json!("eyJub3QiOiJjaGVja2VkIn0.e30.c2ln")));
    page.refresh().expect("a refresh");
    assert_eq!(page.token()["id_token"], Value::Null);
    assert!(page.session().expect("a session").claims().is_none());
    assert!(page.tab.reload().session().is_some());
    assert_eq!(world.verifications.get(), 0);
}

#[test]
fn a_refresh_cannot_plant_an_identity() {
    let (world, page) = plain(json!({})).signed_in();
    world.provider.token.tell(set("userinfo", json!({ "sub": "mallory" })));
    world.provider.token.tell(set("claims", json!({ "sub": "mallory" })));
    page.refresh().expect("a refresh");
    assert_eq!(page.token()["userinfo"], Value::Null);
    assert_eq!(page.sub(), None);
}

#[test]
fn an_identity_is_not_lost_by_a_refresh_whose_scope_lacks_openid() {
    let (world, page) = World::new().signed_in();
    world.provider.refreshes_id_tokens.set(false);
    world.provider.token.tell(set("scope", json!("email")));
    page.refresh().expect("a refresh");
    assert_eq!(page.tab.reload().sub().as_deref(), Some("alice"));
}

#[test]
fn userinfo_without_a_subject_is_handed_on() {
    let world = plain(json!({ "metadata": { "userinfo_endpoint": format!("{ISSUER}/userinfo") } }));
    world.provider.userinfo.tell(without("sub"));
    world.provider.userinfo.tell(set("login", json!("octocat")));
    let page = world.tab().sign_in();
    assert_eq!(page.userinfo().expect("claims")["login"], "octocat");
    assert_eq!(page.sub(), None, "what userinfo says makes nobody signed in");
}

#[test]
fn a_signed_userinfo_needs_keys() {
    let world = plain(json!({ "metadata": { "userinfo_endpoint": format!("{ISSUER}/userinfo") } }));
    world.provider.signs_userinfo.set(true);
    let page = world.tab().sign_in();
    assert_error(&page.userinfo().expect_err("no keys"), ["missing_jwks_uri", "usage", "userinfo"]);
}

#[test]
fn without_endpoints_in_the_settings_nothing_is_guessed() {
    let (world, page) = plain(json!({})).signed_in();
    world.network.take_sent();
    assert_error(&page.userinfo().expect_err("none"), ["not_supported_by_provider", "usage", "userinfo"]);
    assert_error(&page.revoke(None).expect_err("none"), ["not_supported_by_provider", "usage", "token"]);
    assert_error(&page.logout(json!({})).expect_err("none"), ["end_session_not_supported", "usage", "logout"]);
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_logout_ends_the_copies_of_the_session_and_no_other_login() {
    let (world, one) = plain(json!({})).signed_in();
    let two = one.tab.duplicate().open(HOME);
    let other = world.tab().sign_in();
    world.pass(1);
    one.logout(json!({ "fallback": "local" })).expect("a sign-out");
    world.bus.deliver();
    assert!(two.session().is_none(), "a copy is of the same login");
    assert!(other.session().is_some(), "another login may be of another person");
}

#[test]
fn a_copy_adopts_a_refresh() {
    let (world, one) = plain(json!({})).signed_in();
    let two = one.tab.duplicate().open(HOME);
    one.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(two.session(), one.session());
}

#[test]
fn an_announcement_cannot_plant_an_identity() {
    let (world, one) = plain(json!({})).signed_in();
    let two = one.tab.duplicate().open(HOME);
    one.refresh().expect("a refresh");
    let mut message: Value = json::parse_record(world.bus.announced()[0].as_bytes()).expect("JSON");
    message["session"]["issuer"] = json!(ISSUER);
    message["session"]["claims"] = json!({ "iss": ISSUER, "sub": "mallory", "aud": CLIENT_ID });
    message["session"]["token"]["id_token"] = json!("a.b.c");
    two.oauth.on_message(message);
    assert_eq!(two.sub(), None);
    assert!(two.session().is_some());
}

/// Some providers want a value of public clients, too, which every visitor can read and which therefore protects nothing.
#[test]
fn a_value_that_a_provider_wants_goes_to_its_back_channel_only() {
    let world = plain(json!({
        "insecureClientSecret": "readable by everybody",
        "metadata": { "revocation_endpoint": format!("{ISSUER}/revoke") },
    }));
    world.provider.wanted_secret.replace(Some("readable by everybody".into()));
    let tab = world.tab();
    let url = tab.open(HOME).login().expect("a login");
    assert!(!url.contains("readable"));
    let page = tab.open(&world.provider.authorize(&url));
    assert!(page.handle_redirect().expect("a login").is_some());
    page.refresh().expect("a refresh");
    page.revoke(None).expect("a revocation");
    assert_eq!(world.network.sent().len(), 3);
    assert!(!format!("{:?}", page.client().config).contains("readable"));
}
