//! Clients and their settings, and the parameters of a call: mistakes name their key and change nothing.

use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::flow::settings_file;
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::authorization_request::AuthorizationRequest;
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::secret::Secret;
use oidc_client_wasm::settings::options::Options;

use crate::support::front_channel::read_params;
use crate::support::verbs::ClientVerbs;
use crate::support::*;

#[track_caller]
fn refuses(changes: Value, code: &'static str, key: &str) {
    let world = World::with(changes);
    let page = Page::blank(&world.tab());
    let error = fails_with(page.register("demo", world.settings.borrow().clone()), [code, "usage", "config"]);
    assert!(error.message.contains(key), "{} names {key}", error.message);
    assert_eq!(error.client_name.as_deref(), Some("demo"));
    assert!(page.oauth.names().is_empty());
    assert_eq!(world.network.count(), 0);
}

#[test]
fn mistakes_in_settings_name_their_key() {
    refuses(json!({ "clientld": "x" }), "config_invalid", "clientld");
    refuses(json!({ "clientId": null }), "config_invalid", "clientId");
    refuses(json!({ "client_id": "x" }), "config_invalid", "twice");
    refuses(json!({ "issuer": "http://id.example.com" }), "config_invalid", "issuer");
    refuses(json!({ "issuer": "javascript:alert(1)" }), "config_invalid", "issuer");
    for document in [
        "/.well-known/openid-configuration",
        "/a/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/a",
    ] {
        refuses(json!({ "issuer": format!("{ISSUER}{document}") }), "config_invalid", "serverMetadataUrl");
    }
    refuses(json!({ "clientSecret": "x" }), "client_secret_in_browser", "clientSecret");
    refuses(json!({ "client_secret": "x" }), "client_secret_in_browser", "client_secret");
    refuses(json!({ "request_token_url": "https://x.example" }), "oauth1_unsupported", "request_token_url");
    refuses(json!({ "responseMode": "form_post" }), "form_post_unsupported", "responseMode");
    refuses(json!({ "redirectUri": "/callback" }), "invalid_redirect_uri", "redirectUri");
    refuses(json!({ "redirectUri": "https://app.example/#x" }), "invalid_redirect_uri", "redirectUri");
    refuses(json!({ "authorizeParams": { "state": "x" } }), "reserved_parameter", "state");
    refuses(json!({ "accessTokenParams": { "client_secret": "x" } }), "reserved_parameter", "client_secret");
    refuses(json!({ "idTokenSigningAlgs": ["none"] }), "config_invalid", "idTokenSigningAlgs");
    refuses(json!({ "idTokenSigningAlgs": ["HS256"] }), "config_invalid", "idTokenSigningAlgs");
}

/// What `Response.json()` takes of a text file is taken.
#[test]
fn a_settings_file_may_begin_with_a_byte_order_mark() {
    for text in ["{\"demo\":{}}", "\u{feff}{\"demo\":{}}", "\u{feff}\r\n\t {\"demo\":{}}\r\n\n", " {\"demo\":{}} "] {
        assert!(settings_file::parse(text.as_bytes()).expect(text).contains_key("demo"), "{text:?}");
    }
    for text in ["\u{feff}", "\u{feff}\u{feff}{}", "{}\u{feff}", "\u{fffe}{}"] {
        settings_file::parse(text.as_bytes()).expect_err(text);
    }
}

/// A document that was copied into the settings: what this client does not use of it may be anything.
#[test]
fn a_metadata_document_in_the_settings_is_judged_by_what_is_used() {
    let world = World::with(json!({ "metadata": {
        "registration_endpoint": "", "introspection_endpoint": "/x", "check_session_iframe": 1, "end_session_endpoint": null,
    } }));
    let page = world.tab().sign_in();
    let metadata = page.client().cached_metadata().expect("metadata");
    assert_eq!(metadata.end_session_endpoint(), None, "null takes a member away");
    refuses(json!({ "metadata": { "userinfo_endpoint": "" } }), "config_invalid", "metadata.userinfo_endpoint");
    refuses(json!({ "metadata": { "token_endpoint": "/x" } }), "config_invalid", "metadata.token_endpoint");
}

#[test]
fn registering_a_name_again_is_an_error_unless_it_is_meant() {
    let (world, page) = World::new().at_home();
    let mut settings = world.settings.borrow().clone();
    settings["clientId"] = json!("another");
    fails_with(page.register("demo", settings.clone()), ["client_exists", "usage", "config"]);
    assert_eq!(page.client().config.client_id, CLIENT_ID, "the first stays");
    page.oauth.register("demo", settings, Functions::default(), true).expect("overwritten");
    assert_eq!(page.client().config.client_id, "another");
    assert_eq!(page.oauth.names(), ["demo"]);
    assert!(page.oauth.unregister("demo") && !page.oauth.unregister("demo"));
    assert!(page.oauth.client("demo").is_none());
}

#[test]
fn a_name_that_the_registry_uses_itself_is_refused() {
    let (world, page) = World::new().at_home();
    for name in ["", "then", "register", "__proto__"] {
        fails_with(page.register(name, world.settings.borrow().clone()), ["config_invalid", "usage", "config"]);
    }
}

#[test]
fn options_out_of_range_are_refused() {
    for options in [json!({ "clockTolerance": 301 }), json!({ "storagePrefix": "" }), json!({ "verifer": "auto" })] {
        assert!(Options::from_json(options).is_err());
    }
}

#[test]
fn settings_from_a_url() {
    let world = World::new();
    let page = Page::blank(&world.tab());
    world.network.serve("https://app.example/oauth.json", 200, r#"{"demo":{"client_id":"spa"}}"#);
    world.network.serve("https://app.example/gone.json", 404, "{}");
    world.network.serve("https://app.example/list.json", 200, "[]");
    let fetch = |url: &'static str| {
        let platform = page.platform.clone();
        page.audited(now(async move { settings_file::fetch(&*platform, url, 30).await }))
    };
    assert_eq!(fetch("https://app.example/oauth.json").expect("settings")["demo"]["client_id"], "spa");
    for url in ["https://app.example/gone.json", "https://app.example/list.json"] {
        assert_error(&fetch(url).expect_err("no settings"), ["config_invalid", "usage", "config"]);
    }
    let gone = fetch("https://app.example/gone.json").expect_err("no settings");
    assert!(gone.message.contains("404") && gone.remedy().is_some_and(|remedy| remedy.contains("URL")), "{gone:?}");
    world.network.cut("", HttpError::Timeout);
    fails_with(fetch("https://app.example/oauth.json"), ["timeout", "environment", "config"]);
}

// ---------------------------------------------------------------- a login that does not begin

#[test]
fn mistakes_in_a_call_name_their_key_and_store_nothing() {
    for (params, code, key) in [
        (json!({ "prompts": "none" }), "config_invalid", "prompts"),
        (json!({ "maxAge": -1 }), "config_invalid", "maxAge"),
        (json!({ "maxAge": "60" }), "config_invalid", "maxAge"),
        (json!({ "essentialAcr": true }), "config_invalid", "essentialAcr"),
        (json!({ "scope": "email", "maxAge": 1 }), "config_invalid", "maxAge"),
        (json!({ "params": { "nonce": "mine" } }), "reserved_parameter", "nonce"),
        (json!({ "params": { "code_challenge_method": "plain" } }), "reserved_parameter", "code_challenge_method"),
        (json!({ "redirectUri": "callback" }), "invalid_redirect_uri", "redirectUri"),
        (json!({ "redirectUri": "javascript:alert(1)" }), "invalid_redirect_uri", "redirectUri"),
        (json!({ "state": "mine" }), "config_invalid", "state"),
        (json!({ "codeVerifier": "mine" }), "config_invalid", "codeVerifier"),
    ] {
        let tab = World::new().tab();
        let error = fails_with(tab.open(HOME).login_with(params, None), [code, "usage", "authorize"]);
        assert!(error.message.contains(key), "{} names {key}", error.message);
        assert!(tab.storage.keys_of("transaction").is_empty());
    }
}

#[test]
fn without_a_redirect_uri_nobody_is_sent_away() {
    let tab = World::with(json!({ "redirectUri": null })).tab();
    assert_error(&tab.open(HOME).login().expect_err("no redirect URI"), ["invalid_redirect_uri", "usage", "authorize"]);
    tab.open(HOME).login_with(json!({ "redirectUri": REDIRECT_URI }), None).expect("given in the call");
}

/// The suite fails a client that sends both: it asks for a fresh login without asking anybody.
#[test]
fn max_age_0_never_goes_with_prompt_none() {
    let tab = World::new().tab();
    let error = tab.open(HOME).login_with(json!({ "prompt": "none", "maxAge": 0 }), None).expect_err("a contradiction");
    assert_error(&error, ["config_invalid", "usage", "authorize"]);
}

#[test]
fn a_call_wins_over_registered_parameters() {
    let world = World::with(json!({ "authorizeParams": { "prompt": "consent", "audience": "api" } }));
    let url = world.tab().open(HOME).login_with(json!({ "prompt": "none" }), None).expect("a login");
    let params = read_params(&url);
    assert_eq!((params["prompt"].as_str(), params["audience"].as_str()), ("none", "api"));
}

#[test]
fn extra_token_parameters_are_sent_beside_our_own() {
    let world = World::with(json!({ "accessTokenParams": { "audience": "api" } }));
    world.tab().sign_in();
    let sent = world.network.sent_to("/token").remove(0);
    assert_eq!(sent.field("audience"), "api");
    assert_eq!(sent.field("redirect_uri"), REDIRECT_URI);
}

#[test]
fn app_state_is_never_sent_to_the_provider() {
    let (world, tab) = World::new().with_tab();
    let url = tab.open(HOME).login_with(json!({}), Some("\"of-the-app\"")).expect("a login");
    assert!(!url.contains("of-the-app"));
    let outcome = tab.open(&world.provider.authorize(&url)).handle_redirect().expect("a login").expect("ours");
    assert_eq!(outcome.app_state.as_deref(), Some("\"of-the-app\""));
    assert!(world.network.sent().iter().all(|sent| !format!("{sent:?}").contains("of-the-app")));
}

#[test]
fn an_existing_query_of_the_endpoint_is_kept() {
    let (world, tab) = World::new().with_tab();
    world.provider.metadata.tell(set("authorization_endpoint", json!("https://id.example.com/auth?tenant=7")));
    let url = tab.open(HOME).login().expect("a login");
    assert!(url.starts_with("https://id.example.com/auth?tenant=7&response_type=code&"));
    tab.open(&world.provider.authorize(&url)).expect_login();
}

// ---------------------------------------------------------------- createAuthorizationUrl and saveAuthorizeData

fn create(page: &Page) -> AuthorizationRequest {
    let client = page.client();
    now(async move { client.create_authorization_url(json!({})).await }).expect("a request")
}

fn as_handed_back(request: &AuthorizationRequest) -> Value {
    let transaction = &request.transaction;
    json!({
        "url": request.url,
        "state": transaction.state.expose(),
        "nonce": transaction.nonce.as_ref().map(Secret::expose),
        "codeVerifier": transaction.code_verifier.expose(),
    })
}

#[test]
fn creating_a_url_stores_no_transaction_and_saving_it_does() {
    let (world, tab) = World::new().with_tab();
    let page = tab.open(HOME);
    let request = create(&page);
    assert!(tab.storage.keys_of("transaction").is_empty());
    let callback = world.provider.authorize(&request.url);
    assert_eq!(tab.open(&callback).handle_redirect().expect("not saved"), None);
    let (client, data) = (page.client(), as_handed_back(&request));
    page.audited(now(async move { client.save_authorize_data(data, Some("1".into())).await })).expect("saved");
    let outcome = tab.open(&callback).handle_redirect().expect("a login").expect("ours");
    assert_eq!(outcome.app_state.as_deref(), Some("1"));
}

#[test]
fn data_that_was_changed_is_not_saved() {
    let tab = World::new().tab();
    let page = tab.open(HOME);
    let (one, two) = (create(&page), create(&page));
    for name in ["url", "state", "nonce", "codeVerifier"] {
        let mut data = as_handed_back(&one);
        data[name] = as_handed_back(&two)[name].clone();
        let client = page.client();
        let error =
            page.audited(now(async move { client.save_authorize_data(data, None).await })).expect_err("changed");
        assert_error(&error, ["config_invalid", "usage", "authorize"]);
        assert!(tab.storage.keys_of("transaction").is_empty());
    }
}
