//! Registered objects of one name, client id and provider: the one of before `overwrite`, the one after it, and that of another registry
//! of the page act on one state.

use std::rc::Rc;

use futures_util::FutureExt;
use oidc_client_wasm::flow::client::Client;
use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::flow::tokens;
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::settings::params;

use crate::support::platform::FakePlatform;
use crate::support::verbs::ClientVerbs;
use crate::support::*;

type Registered = Rc<Client<FakePlatform>>;

type Way = fn(&Page) -> Page;

/// How the page comes to another object of the same client.
const WAYS: [(&str, Way); 4] = [
    ("overwrite", |page| again(page, json!({ "scope": "openid email" }))),
    ("overwrite with the same", |page| again(page, json!({}))),
    ("unregister and register", |page| {
        assert!(page.oauth.unregister("demo"));
        page.register("demo", page.world().settings.borrow().clone()).expect("settings");
        page.alias()
    }),
    ("another registry", |page| page.another_registry(json!({}))),
];

fn again(page: &Page, settings: Value) -> Page {
    page.audited(page.oauth.register("demo", settings, Functions::default(), true)).expect("settings");
    page.alias()
}

fn refreshing(client: &Registered) -> Running<Result<String, oidc_client_wasm::error::Error>> {
    let (client, options) = (client.clone(), params::access_token(json!({}), true).expect("options"));
    Running::start(
        async move { Ok(tokens::get::access_token(&client, &options).await?.access_token.expose().to_owned()) },
    )
}

/// A page whose login waits for the provider's tokens.
fn on_its_way() -> (Rc<World>, Page) {
    let (world, page) = World::new().coming_back();
    world.network.hold();
    (world, page)
}

#[test]
fn clear_on_the_new_object_ends_the_login_that_is_on_its_way_on_the_old_one() {
    for (way, another) in WAYS {
        let (world, page) = on_its_way();
        let (old, handling) = (page.client(), page.handling());
        let new = another(&page);
        new.clear();
        world.network.let_go();
        let error = page.handled(handling.finish()).expect_err(way);
        assert_error(&error, ["invalid_state", "rejected", "callback"]);
        assert!(old.session().is_none() && new.session().is_none(), "{way}");
        assert!(page.tab.storage.keys_of("session").is_empty(), "{way}");
        page.tab.run_background();
        assert_eq!(world.network.sent_to("/revoke").len(), 1, "{way}: what came was given back");
    }
}

#[test]
fn clear_on_the_old_object_ends_the_login_that_is_on_its_way_on_the_new_one() {
    for (way, another) in WAYS {
        let (world, page) = on_its_way();
        let old = page.client();
        let new = another(&page);
        let handling = new.handling();
        old.sign_out_here().expect("a sign-out");
        world.network.let_go();
        new.handled(handling.finish()).expect_err(way);
        assert!(new.session().is_none(), "{way}");
    }
}

#[test]
fn a_login_that_is_on_its_way_goes_on_under_the_new_object() {
    for (way, another) in WAYS {
        let (world, page) = on_its_way();
        let handling = page.handling();
        let new = another(&page);
        world.network.let_go();
        assert!(page.handled(handling.finish()).expect(way).is_some(), "{way}");
        assert_eq!(new.sub().as_deref(), Some("alice"), "{way}");
    }
}

#[test]
fn a_refresh_token_is_redeemed_once_whichever_objects_ask() {
    for (way, another) in WAYS {
        let (world, page) = World::new().signed_in();
        // Locks would hide that each object goes by itself.
        world.bus.has_no_locks.set(true);
        let (old, spent) = (page.client(), page.held_refresh_token());
        world.network.hold();
        let first = refreshing(&old);
        let new = another(&page);
        let second = refreshing(&new.client());
        world.network.let_go();
        let (first, second) = (first.finish().expect(way), second.finish().expect(way));
        assert_eq!(first, second, "{way}");
        assert_eq!(world.provider.redemptions(&spent), 1, "{way}");
    }
}

#[test]
fn clear_on_the_new_object_ends_what_the_old_one_refreshes() {
    for (way, another) in WAYS {
        let (world, page) = World::new().signed_in();
        let old = page.client();
        world.network.hold();
        let refresh = refreshing(&old);
        another(&page).clear();
        world.network.let_go();
        assert_error(&refresh.finish().expect_err(way), ["missing_token", "usage", "token"]);
        assert!(old.session().is_none() && page.tab.storage.keys_of("session").is_empty(), "{way}");
    }
}

#[test]
fn a_session_that_storage_did_not_take_is_there_for_the_new_object() {
    for (way, another) in WAYS {
        let page = World::new().tab().sign_in();
        page.tab.storage.full.set(true);
        let token = page.refresh().expect("a token all the same");
        let new = another(&page);
        assert_eq!(new.held_access_token(), token, "{way}");
        new.refresh().expect(way);
    }
}

/// The record in storage was written by the settings of before, and is what the session stands over.
#[test]
fn a_session_that_storage_did_not_take_stands_over_a_record_of_other_settings() {
    let page = World::new().tab().sign_in();
    page.tab.storage.full.set(true);
    let url = format!("{ISSUER}/.well-known/openid-configuration");
    let new = again(&page, json!({ "serverMetadataUrl": url }));
    let token = new.refresh().expect("a token");
    assert_eq!(new.held_access_token(), token);
    new.refresh().expect("the next one");
}

#[test]
fn a_session_that_storage_did_not_take_is_judged_by_the_new_settings() {
    let page = World::new().tab().sign_in();
    page.tab.storage.full.set(true);
    page.refresh().expect("a token all the same");
    assert!(again(&page, json!({ "idTokenSigningAlgs": ["ES512"] })).session().is_none());
}

#[test]
fn tokens_beside_the_session_are_there_for_the_new_object() {
    for (way, another) in WAYS {
        let (world, page) = World::new().signed_in();
        let beside = page.access_token_for(json!({ "scope": "email" })).expect("a token");
        let new = another(&page);
        world.network.take_sent();
        assert_eq!(new.access_token_for(json!({ "scope": "email" })).expect(way), beside, "{way}");
        assert_eq!(world.network.count(), 0, "{way}");
    }
}

#[test]
fn keys_that_were_just_asked_for_in_vain_are_not_asked_for_again_by_the_new_object() {
    for (way, another) in WAYS {
        let (world, page) = World::new().at_home();
        world.network.serve(&format!("{ISSUER}/jwks"), 404, "");
        let client = page.client();
        now(async move { client.jwk_set(false).await }).expect_err("a refusal");
        let client = another(&page).client();
        now(async move { client.jwk_set(false).await }).expect_err("the same refusal");
        assert_eq!(world.network.sent_to("/jwks").len(), 1, "{way}");
    }
}

#[test]
fn a_refusal_of_keys_is_of_the_place_that_refused_them() {
    let (world, page) = World::new().at_home();
    world.network.serve(&format!("{ISSUER}/jwks"), 404, "");
    let client = page.client();
    now(async move { client.jwk_set(false).await }).expect_err("a refusal");
    world.network.serve(
        &format!("{ISSUER}/keys"),
        200,
        &json!({ "keys": [SigningKey::new("RS256", 0, Some("key-0")).jwk()] }).to_string(),
    );
    let moved = again(&page, json!({ "metadata": { "jwks_uri": format!("{ISSUER}/keys") } }));
    let client = moved.client();
    now(async move { client.jwk_set(false).await }).expect("the keys of the other place");
}

#[test]
fn keys_on_their_way_from_another_place_are_not_taken_for_those_of_the_new_settings() {
    let (world, page) = World::new().at_home();
    let client = page.client();
    now(async move { client.server_metadata(false).await }).expect("metadata");
    world.network.serve(
        &format!("{ISSUER}/keys"),
        200,
        &json!({ "keys": [SigningKey::new("RS256", 0, Some("key-0")).jwk()] }).to_string(),
    );
    world.network.hold();
    let client = page.client();
    let old = Running::start(async move { client.jwk_set(false).await });
    let client = again(&page, json!({ "metadata": { "jwks_uri": format!("{ISSUER}/keys") } })).client();
    let new = Running::start(async move { client.jwk_set(false).await });
    assert_eq!(world.network.in_flight(), [format!("{ISSUER}/jwks"), format!("{ISSUER}/keys")]);
    world.network.let_go();
    assert!(old.finish().is_ok() && new.finish().is_ok());
}

#[test]
fn a_call_of_fetch_token_is_shared_by_callers_of_the_same_function_only() {
    let world = World::new();
    let gate = Rc::new(Gate::default());
    let bring = |token: &'static str| {
        let gate = gate.clone();
        let fetch_token = move |_: &str| {
            let gate = gate.clone();
            async move {
                gate.opened().await;
                Ok(json!({ "access_token": token }))
            }
            .boxed_local()
        };
        Functions { fetch_token: Some(Rc::new(fetch_token)), ..Functions::default() }
    };
    world.functions.replace(bring("first"));
    let page = world.tab().open(HOME);
    let first = page.asking();
    let same = again(&page, json!({})).asking();
    page.oauth.register("demo", json!({}), bring("second"), true).expect("settings");
    let second = page.asking();
    gate.open();
    let tokens = [first, same, second].map(|asked| page.got(asked).expect("a token"));
    assert_eq!(tokens, ["first", "first", "second"]);
}

// ---------------------------------------------------------------- another client id or provider

#[test]
fn a_login_on_its_way_ends_nowhere_when_the_name_is_given_to_another_client() {
    for other in [json!({ "clientId": "another" }), json!({ "issuer": "https://other.example" })] {
        let (world, page) = on_its_way();
        let (old, handling) = (page.client(), page.handling());
        let new = again(&page, other.clone());
        world.network.let_go();
        page.handled(handling.finish()).expect_err("its client is gone");
        assert!(old.session().is_none() && new.session().is_none(), "{other}");
    }
}

#[test]
fn nor_does_it_when_the_client_was_unregistered_in_between() {
    let (world, page) = on_its_way();
    let (old, handling) = (page.client(), page.handling());
    assert!(page.oauth.unregister("demo"));
    let mut settings = world.settings.borrow().clone();
    settings["clientId"] = json!("another");
    page.register("demo", settings).expect("settings");
    world.network.let_go();
    page.handled(handling.finish()).expect_err("its name is another client's");
    assert!(old.session().is_none() && page.session().is_none());
    assert!(page.events.take().iter().all(|event| event.starts_with("error")));
}

#[test]
fn another_client_id_or_provider_begins_with_a_state_of_its_own() {
    for other in [json!({ "clientId": "another" }), json!({ "issuer": "https://other.example" })] {
        let world = World::new();
        world.another_provider("https://other.example");
        let page = world.tab().sign_in();
        page.access_token_for(json!({ "scope": "email" })).expect("a token");
        page.tab.storage.full.set(true);
        page.refresh().expect("a token");
        page.tab.storage.full.set(false);
        let new = again(&page, other);
        assert!(new.session().is_none());
        assert_error(&new.access_token().expect_err("nobody is signed in"), ["missing_token", "usage", "token"]);
    }
}

/// A page that listens to the name would take what the old object does for a change of the client that has the name now.
#[test]
fn a_client_whose_name_was_given_away_tells_nothing() {
    for other in [json!({ "clientId": "another" }), json!({ "issuer": "https://other.example" })] {
        for is_refused in [false, true] {
            let (world, page) = World::new().signed_in();
            page.events.take();
            let old = page.client();
            world.network.hold();
            let refresh = refreshing(&old);
            again(&page, other.clone());
            if is_refused {
                world.provider.answer_at("/token", 400, r#"{"error":"invalid_grant"}"#);
            }
            world.network.let_go();
            assert_eq!(refresh.finish().is_err(), is_refused);
            if !is_refused {
                old.sign_out_here().expect("a sign-out");
            }
            assert!(old.session().is_none());
            assert!(page.events.take().iter().all(|event| event.starts_with("error")), "{other} {is_refused}");
        }
    }
}

/// The name comes back while its refresh is under way: the object that has the name tells what came of the refresh.
#[test]
fn a_client_that_gets_its_name_back_is_told_of_what_its_old_object_did() {
    let (world, page) = World::new().signed_in();
    page.events.take();
    let old = page.client();
    world.network.hold();
    let refresh = refreshing(&old);
    again(&page, json!({ "clientId": "another" }));
    again(&page, world.settings.borrow().clone());
    world.network.let_go();
    refresh.finish().expect("a token");
    assert_eq!(page.events.take(), ["tokenupdate alice"]);
}

#[test]
fn metadata_is_read_with_the_settings_of_each_object() {
    let page = World::new().tab().open(HOME);
    let old = page.client();
    let new = again(&page, json!({ "authorizeUrl": format!("{ISSUER}/auth2") }));
    let url = |client: Registered| now(async move { client.begin_login(json!({}), None).await }).expect("a login");
    assert!(url(old.clone()).starts_with(&format!("{ISSUER}/auth?")));
    assert!(url(new.client()).starts_with(&format!("{ISSUER}/auth2?")));
    assert!(url(old).starts_with(&format!("{ISSUER}/auth?")), "an old object goes on with its old settings");
}

/// An id_token that was asked for is verified, or there is no session: settings that lose the issuer meanwhile drop no check.
#[test]
fn a_login_with_openid_never_ends_in_a_session_without_a_person() {
    let (world, tab) = World::new().with_tab();
    let page = tab.open(HOME);
    let client = page.client();
    let request = now(async move { client.create_authorization_url(json!({})).await }).expect("a request");
    let page = again(
        &page,
        json!({ "issuer": null, "metadata": {
            "authorization_endpoint": format!("{ISSUER}/auth"), "token_endpoint": format!("{ISSUER}/token"), "jwks_uri": format!("{ISSUER}/jwks"),
        }}),
    );
    let data = json!({
        "url": request.url,
        "state": request.transaction.state.expose(),
        "nonce": request.transaction.nonce.as_ref().expect("a nonce").expose(),
        "codeVerifier": request.transaction.code_verifier.expose(),
    });
    let client = page.client();
    if now(async move { client.save_authorize_data(data, None).await }).is_ok() {
        page.handle_redirect_at(&world.provider.authorize(&request.url))
            .expect_err("nothing to verify the id_token by");
    }
    assert!(page.session().is_none());
}
