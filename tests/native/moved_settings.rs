//! Settings that moved to another provider under a session: nothing of the session is sent there.

use std::rc::Rc;

use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::network::Sent;
use crate::support::*;

const ELSEWHERE: &str = "https://other.example";

/// Signed in at one provider; then the settings name the document of another one, or the document that they name becomes that
/// of another one. They name no issuer, so only the document tells.
fn moved(is_republished: bool) -> (Rc<World>, Page) {
    let document = "https://id.example.com/metadata";
    let world = World::with(json!({ "issuer": null, "serverMetadataUrl": document }));
    world.network.serve(document, 200, &world.provider.published_metadata().to_string());
    world.provider.lifetime.set(100_000);
    let page = world.tab().sign_in();
    let elsewhere = world.another_provider(ELSEWHERE);
    elsewhere.is_suite.set(false);
    let published = elsewhere.published_metadata().to_string();
    if is_republished {
        world.network.serve(document, 200, &published);
        // Until then the former one is remembered.
        world.pass(3600);
    } else {
        let document = format!("{ELSEWHERE}/metadata");
        world.network.serve(&document, 200, &published);
        world.change_settings(json!({ "serverMetadataUrl": document }));
    }
    world.network.take_sent();
    let page = page.tab.reload();
    assert_eq!(page.session().is_some(), is_republished);
    (world, page)
}

/// Requests to the other provider that carry anything of the session.
fn strays(world: &World) -> Vec<Sent> {
    let is_stray = |sent: &Sent| {
        let is_secret = |value: &String| world.secrets.found_in(value).is_some();
        sent.bearer.as_ref().is_some_and(is_secret) || sent.form.iter().any(|(_, value)| is_secret(value))
    };
    world.network.sent().into_iter().filter(|sent| sent.url.starts_with(ELSEWHERE) && is_stray(sent)).collect()
}

#[test]
fn a_refresh_token_is_not_redeemed_there() {
    let (world, page) = moved(true);
    assert_error(&page.refresh().expect_err("elsewhere"), ["issuer_mismatch", "rejected", "refresh"]);
    assert!(strays(&world).is_empty(), "the refresh token went to another provider");
    assert!(page.session().is_some(), "the document may be put right again");
    let (world, page) = moved(false);
    assert_error(&page.refresh().expect_err("nobody"), ["missing_token", "usage", "token"]);
    assert!(strays(&world).is_empty());
}

#[test]
fn a_token_is_not_revoked_there() {
    for is_republished in [true, false] {
        let (world, page) = moved(is_republished);
        let code = page.revoke(None).expect_err("elsewhere").code.as_str();
        assert_eq!(code, if is_republished { "issuer_mismatch" } else { "missing_token" });
        assert!(strays(&world).is_empty(), "the refresh token went to another provider");
    }
}

#[test]
fn a_logout_revokes_nothing_there_and_has_no_hint() {
    for is_republished in [true, false] {
        let (world, page) = moved(is_republished);
        if let Ok(Some(request)) = page.logout(json!({ "revoke": true })) {
            let hint = request.fields.iter().find(|(name, _)| name == "id_token_hint");
            assert!(hint.is_none(), "the id_token went to another provider");
        }
        assert!(strays(&world).is_empty(), "the refresh token went to another provider");
        assert!(page.session().is_none());
    }
}

#[test]
fn nobody_is_asked_about_there() {
    for is_republished in [true, false] {
        let (world, page) = moved(is_republished);
        let code = page.userinfo().expect_err("elsewhere").code.as_str();
        assert_eq!(code, if is_republished { "issuer_mismatch" } else { "missing_token" });
        assert!(strays(&world).is_empty(), "the access token went to another provider");
    }
}

#[test]
fn userinfo_there_is_no_place_for_the_token() {
    for is_republished in [true, false] {
        let (_world, page) = moved(is_republished);
        let client = page.client();
        let token = now(async move { client.token_for(ELSEWHERE).await.map(drop) });
        assert!(token.is_err(), "its origin would be sent the access token");
    }
}

#[test]
fn a_login_there_replaces_the_session() {
    let (_world, page) = moved(true);
    let url = page.login().expect("a login");
    assert!(url.starts_with(ELSEWHERE));
    for name in ["access_token", "refresh_token", "id_token"] {
        assert!(!url.contains(page.token()[name].as_str().expect("a token")), "the {name} is in the URL");
    }
}

/// The settings name no issuer at all, so nothing but the place tells one provider from another.
fn plain_oauth() -> Rc<World> {
    let world = World::with(json!({
        "issuer": null,
        "scope": "files",
        "authorizeUrl": format!("{ISSUER}/auth"),
        "accessTokenUrl": format!("{ISSUER}/token"),
    }));
    world.provider.is_plain_oauth.set(true);
    world.provider.metadata.tell(set("authorization_response_iss_parameter_supported", Value::Null));
    world
}

#[test]
fn a_refresh_token_of_plain_oauth_does_not_follow_its_endpoint_to_another_host() {
    let (world, page) = plain_oauth().signed_in();
    world.another_provider(ELSEWHERE).is_suite.set(false);
    world.change_settings(json!({ "accessTokenUrl": format!("{ELSEWHERE}/token") }));
    let page = page.tab.reload();
    let _ = page.refresh();
    assert!(strays(&world).is_empty(), "the refresh token went to another provider");
}

#[test]
fn a_code_of_plain_oauth_does_not_follow_its_endpoint_to_another_host() {
    let (world, tab) = plain_oauth().with_tab();
    let callback = tab.come_back();
    world.another_provider(ELSEWHERE);
    world.change_settings(json!({ "accessTokenUrl": format!("{ELSEWHERE}/token") }));
    assert_eq!(tab.open(&callback).handle_redirect().expect("a login of another client"), None);
    assert!(world.network.sent_to("/token").is_empty(), "code and verifier went to another provider");
}

#[test]
fn settings_put_over_a_client_while_it_refreshes_leave_one_request() {
    let (world, page) = World::new().signed_in();
    world.network.hold();
    let first = page.asking_for(json!({ "force": true }));
    let client = page.oauth.register("demo", json!({ "scope": "openid" }), Functions::default(), true);
    client.expect("settings put over the first");
    let mut second = page.asking_for(json!({ "force": true }));
    assert_eq!(world.network.in_flight().len(), 1);
    world.network.let_go();
    page.got(first).expect("a token");
    world.bus.deliver();
    second.advance();
    page.got(second).expect("the same, or the next one");
    assert!(page.session().is_some());
}
