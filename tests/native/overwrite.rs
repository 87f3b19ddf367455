//! Settings as server-side frameworks write them, and settings put over those of before.

use std::rc::Rc;

use futures_util::FutureExt;
use oidc_client_wasm::flow::client::Client;
use oidc_client_wasm::flow::hooks::{Functions, Hook};
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::front_channel::read_params;
use crate::support::platform::FakePlatform;
use crate::support::*;

/// Registers the client `demo` with these settings one over the other.
#[track_caller]
fn over(world: &Rc<World>, settings: &[Value]) -> (Page, Rc<Client<FakePlatform>>) {
    let page = Page::blank(&world.tab());
    let mut client = None;
    for (index, settings) in settings.iter().enumerate() {
        let registered = page.oauth.register("demo", settings.clone(), Functions::default(), index > 0);
        client = Some(page.audited(registered).expect("settings"));
    }
    (page, client.expect("a client"))
}

fn first() -> Value {
    json!({
        "clientId": CLIENT_ID,
        "issuer": ISSUER,
        "redirectUri": REDIRECT_URI,
        "scope": "openid email",
        "authorizeParams": { "prompt": "consent", "audience": "api" },
        "apiOrigins": ["https://api.example.com"],
        "postLogoutRedirectUri": POST_LOGOUT_URI,
    })
}

fn query(page: &Page) -> std::collections::HashMap<String, String> {
    read_params(&page.login().expect("a login"))
}

#[test]
fn settings_given_later_win_and_the_rest_stays() {
    let (page, client) = over(&World::new(), &[first(), json!({ "scope": "openid profile" })]);
    assert_eq!(client.config.scope, ["openid", "profile"]);
    assert_eq!(client.config.client_id, CLIENT_ID);
    assert_eq!(client.config.api_origins, ["https://api.example.com"]);
    let params = query(&page);
    assert_eq!((&*params["scope"], &*params["prompt"]), ("openid profile", "consent"));
}

#[test]
fn parameters_merge_name_by_name() {
    let (page, _) = over(&World::new(), &[first(), json!({ "authorize_params": { "prompt": "login", "x": "1" } })]);
    let params = query(&page);
    assert_eq!((&*params["prompt"], &*params["audience"], &*params["x"]), ("login", "api", "1"));
}

#[test]
fn null_removes() {
    let later = json!({
        "scope": null,
        "authorizeParams": { "prompt": null },
        "apiOrigins": null,
        "postLogoutRedirectUri": null,
    });
    let (page, client) = over(&World::new(), &[first(), later]);
    assert_eq!(client.config.scope, ["openid"], "the default");
    assert!(client.config.api_origins.is_empty() && client.config.post_logout_redirect_uri.is_none());
    let params = query(&page);
    assert!(!params.contains_key("prompt"));
    assert_eq!(params["audience"], "api");
    let (page, _) = over(&World::new(), &[first(), json!({ "authorizeParams": null })]);
    assert!(!query(&page).contains_key("audience"));
}

#[test]
fn either_spelling_is_put_over_the_other() {
    for later in [json!({ "client_id": "another" }), json!({ "clientId": "another" })] {
        let (_, client) = over(&World::new(), &[first(), later.clone()]);
        assert_eq!(client.config.client_id, "another", "{later}");
    }
    let (_, client) = over(&World::new(), &[json!({ "client_id": "a", "scope": "x" }), json!({ "clientId": "b" })]);
    assert_eq!(client.config.client_id, "b");
}

#[test]
fn nested_and_flat_settings_are_put_over_each_other() {
    let nested = |scope: &str, prompt: &str| json!({ "client_kwargs": { "scope": scope, "prompt": prompt } });
    for (settings, scope, prompt) in [
        (vec![first(), nested("openid x", "login")], "openid x", "login"),
        (vec![first(), nested("openid x", "login"), json!({ "scope": "openid y" })], "openid y", "login"),
        (vec![first(), nested("openid x", "login"), nested("openid z", "none")], "openid z", "none"),
        (vec![first(), json!({ "clientKwargs": { "scope": "openid x" } })], "openid x", "consent"),
    ] {
        let (page, _) = over(&World::new(), &settings);
        let params = query(&page);
        assert_eq!((&*params["scope"], &*params["prompt"]), (scope, prompt), "{settings:?}");
    }
}

#[test]
fn a_third_layer_lies_over_the_second() {
    let settings = [first(), json!({ "scope": "openid a" }), json!({ "authorizeParams": { "audience": "third" } })];
    let (page, client) = over(&World::new(), &settings);
    assert_eq!(client.config.scope, ["openid", "a"]);
    assert_eq!(query(&page)["audience"], "third");
}

#[test]
fn settings_that_become_wrong_change_nothing() {
    let world = World::new();
    let (page, client) = over(&world, &[first()]);
    for (later, code) in [
        (json!({ "clientId": null }), "config_invalid"),
        (json!({ "issuer": "http://id.example.com" }), "config_invalid"),
        (json!({ "clientld": "x" }), "config_invalid"),
        (json!({ "client_secret": "x" }), "client_secret_in_browser"),
        (json!({ "client_kwargs": { "client_secret": "x" } }), "client_secret_in_browser"),
        (json!({ "authorizeParams": { "state": "x" } }), "reserved_parameter"),
        (json!([]), "config_invalid"),
        (json!(null), "config_invalid"),
        (json!("https://app.example/oauth.json"), "config_invalid"),
    ] {
        let error = page.audited(page.oauth.register("demo", later.clone(), Functions::default(), true)).err();
        let error = error.unwrap_or_else(|| panic!("{later} was taken"));
        assert_error(&error, [code, "usage", "config"]);
        assert_eq!(error.client_name.as_deref(), Some("demo"));
        assert!(Rc::ptr_eq(&client, &page.client()), "the client is the one of before");
    }
    assert_eq!(query(&page)["scope"], "openid email");
}

#[test]
fn every_function_stays() {
    let hook: Hook = Rc::new(Ok);
    let all = Functions {
        metadata: Some(hook.clone()),
        token_request: Some(hook.clone()),
        token_response: Some(hook),
        expected_issuer: Some(Rc::new(|template, _| Ok(template.to_owned()))),
        fetch_token: Some(Rc::new(|_| std::future::ready(Ok(Value::Null)).boxed_local())),
    };
    let page = Page::blank(&World::new().tab());
    page.oauth.register("demo", first(), all, false).expect("settings");
    let client = page.oauth.register("demo", json!({ "scope": "openid" }), Functions::default(), true);
    let functions = client.expect("settings").functions.clone();
    assert!(functions.metadata.is_some() && functions.expected_issuer.is_some() && functions.fetch_token.is_some());
    assert!(functions.token_request.is_some() && functions.token_response.is_some());
}

#[test]
fn functions_stay_unless_others_are_given() {
    let world = World::new();
    let bend = |audience: &'static str| Functions {
        token_request: Some(Rc::new(move |mut form| {
            form.insert("audience".into(), json!(audience));
            Ok(form)
        })),
        ..Functions::default()
    };
    for (later, expected) in [(Functions::default(), "first"), (bend("second"), "second")] {
        let (world, tab) = World::new().with_tab();
        world.functions.replace(bend("first"));
        let page = tab.open(&tab.come_back());
        page.oauth.register("demo", json!({ "scope": "openid" }), later, true).expect("settings");
        page.expect_login();
        assert_eq!(world.network.sent_to("/token")[0].field("audience"), expected);
    }
    assert_eq!(world.network.count(), 0);
}

#[test]
fn a_session_stays_where_the_settings_are_still_of_its_provider() {
    let page = World::new().tab().sign_in();
    let before = page.session();
    page.oauth.register("demo", json!({ "scope": "openid" }), Functions::default(), true).expect("settings");
    assert_eq!(page.session(), before);
    for other in [json!({ "clientId": "another" }), json!({ "issuer": "https://other.example" })] {
        let page = page.tab.reload();
        page.oauth.register("demo", other, Functions::default(), true).expect("settings");
        assert!(page.session().is_none());
    }
}

#[test]
fn metadata_of_the_former_settings_is_not_used() {
    let world = World::new();
    let (page, _) = over(&world, &[first()]);
    query(&page);
    let elsewhere = world.another_provider("https://other.example");
    page.oauth.register("demo", json!({ "issuer": "https://other.example" }), Functions::default(), true).expect("ok");
    let url = page.login().expect("a login");
    assert!(url.starts_with("https://other.example/auth?"), "{url}");
    elsewhere.authorize(&url);
}

#[test]
fn overwriting_what_is_not_there_is_registering() {
    let page = Page::blank(&World::new().tab());
    page.oauth.register("demo", first(), Functions::default(), true).expect("settings");
    assert_eq!(page.oauth.names(), ["demo"]);
}

/// Authlib's thirteen keys, as `OAUTH_CLIENTS` has them. The secret is the one thing that has no place here; keys of OAuth 1.0
/// are there and empty.
#[test]
fn an_authlib_entry_signs_in() {
    let world = World::new();
    let entry = json!({
        "client_id": CLIENT_ID,
        "client_secret": null,
        "request_token_url": null,
        "request_token_params": null,
        "access_token_url": format!("{ISSUER}/token"),
        "access_token_params": { "audience": "login" },
        "refresh_token_url": format!("{ISSUER}/token"),
        "refresh_token_params": { "audience": "refresh" },
        "authorize_url": format!("{ISSUER}/auth"),
        "authorize_params": { "display": "page" },
        "api_base_url": "https://api.example.com/v1/",
        "server_metadata_url": format!("{ISSUER}/.well-known/openid-configuration"),
        "client_kwargs": {
            "scope": "openid email",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "none",
            "token_placement": "header",
            "redirect_uri": REDIRECT_URI,
            "prompt": "consent",
        },
    });
    assert_eq!(entry.as_object().map(|keys| keys.len()), Some(13));
    world.settings.replace(entry.clone());
    let tab = world.tab();
    let page = tab.open(HOME);
    let params = query(&page);
    assert_eq!((&*params["prompt"], &*params["display"], &*params["scope"]), ("consent", "page", "openid email"));
    let page = tab.sign_in();
    assert_eq!(page.sub().as_deref(), Some("alice"));
    page.refresh().expect("a refresh");
    let sent = world.network.sent_to("/token");
    assert_eq!((sent[0].field("audience"), sent[1].field("audience")), ("login", "refresh"));
    assert_eq!(page.client().config.api_origins, ["https://api.example.com"]);

    for (key, value, code) in [
        ("client_secret", json!("x"), "client_secret_in_browser"),
        ("request_token_url", json!("https://x.example"), "oauth1_unsupported"),
        ("request_token_params", json!({}), "oauth1_unsupported"),
    ] {
        let mut entry = entry.clone();
        entry[key] = value;
        let error = fails_with(Page::blank(&world.tab()).register("demo", entry), [code, "usage", "config"]);
        assert!(error.message.contains(key));
    }
}
