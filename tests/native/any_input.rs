//! No input makes the client panic: not what a developer writes, not what stands in a URL, not what a server answers.

use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::flow::settings_file;
use oidc_client_wasm::flow::tokens;
use oidc_client_wasm::protocol::http::HttpResponse;
use oidc_client_wasm::protocol::json::{Object, Value, json};
use oidc_client_wasm::protocol::revocation::TokenKind;
use oidc_client_wasm::settings::options::Options;
use oidc_client_wasm::settings::params;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::front_channel::read_params;
use crate::support::verbs::ClientVerbs;
use crate::support::*;

/// Names of settings and parameters, in either spelling.
const NAMES: [&str; 40] = [
    "clientId",
    "client_id",
    "clientSecret",
    "issuer",
    "serverMetadataUrl",
    "metadata",
    "jwks",
    "scope",
    "redirectUri",
    "redirect_uri",
    "postLogoutRedirectUri",
    "authorizeUrl",
    "authorizeParams",
    "accessTokenParams",
    "refreshTokenUrl",
    "insecureClientSecret",
    "apiBaseUrl",
    "apiOrigins",
    "idTokenSigningAlgs",
    "trustedAudiences",
    "allowMissingNonce",
    "responseMode",
    "resource",
    "client_kwargs",
    "hooks",
    "prompt",
    "maxAge",
    "acrValues",
    "essentialAcr",
    "claims",
    "params",
    "state",
    "nonce",
    "idTokenHint",
    "minValidity",
    "force",
    "url",
    "codeVerifier",
    "storagePrefix",
    "__proto__",
];

fn text() -> impl Strategy<Value = String> {
    let known =
        ["", "openid", "https://id.example.com", REDIRECT_URI, "https://a.example/#b", "javascript:1", "none", "S256"];
    prop_oneof![select(known.to_vec()).prop_map(String::from), ".{0,12}", select(NAMES.to_vec()).prop_map(String::from)]
}

fn value() -> impl Strategy<Value = Value> {
    let numbers = vec![json!(0), json!(-1), json!(0.5), json!(1e300), json!(u64::MAX), json!(i64::MIN), json!(60)];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        select(numbers),
        text().prop_map(Value::String),
        any::<u16>().prop_map(|unit| json!(String::from_utf16_lossy(&[unit, 0]))),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((text(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Good settings or parameters with a few members changed.
fn object_like(good: Value) -> impl Strategy<Value = Value> {
    let members = prop::collection::vec((select(NAMES.to_vec()).prop_map(String::from), value()), 0..4);
    let changed = members.prop_map(move |members| {
        let mut object: Object = good.as_object().cloned().unwrap_or_default();
        object.extend(members);
        Value::Object(object)
    });
    prop_oneof![4 => changed, 1 => value()]
}

fn response() -> impl Strategy<Value = HttpResponse> {
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        value().prop_map(|value| value.to_string().into_bytes()),
        select(vec!["[".repeat(100_000), "<!doctype html>".into(), "{\"a\":1".into(), "\u{feff}{}".into()])
            .prop_map(String::into_bytes),
    ];
    let header = || prop::option::of(prop_oneof![".{0,40}", "Bearer [a-z]{1,9}=\"?[a-z_\\\\\"]{0,12}"]);
    let content_type = prop::option::of(prop_oneof![Just("application/jwt".to_owned()), ".{0,20}"]);
    (select(vec![0, 200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 503, 999]), content_type, header(), body)
        .prop_map(|(status, content_type, challenge, body)| HttpResponse { status, content_type, challenge, body })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_settings_and_no_options_make_it_panic(
        name in text(),
        settings in object_like(json!({ "clientId": "spa", "issuer": ISSUER, "redirectUri": REDIRECT_URI })),
        later in object_like(json!({})),
        options in object_like(json!({})),
        file in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let page = Page::blank(&World::new().tab());
        for overwrite in [false, true] {
            for settings in [&settings, &later] {
                if let Ok(client) = page.oauth.register(&name, settings.clone(), Functions::default(), overwrite) {
                    let _ = now(async move { client.begin_login(json!({}), None).await });
                }
            }
        }
        let _ = (Options::from_json(options), settings_file::parse(&file), settings_file::parse(settings.to_string().as_bytes()));
    }

    #[test]
    fn no_url_makes_it_panic_or_signs_anybody_in(
        parts in prop::collection::vec(prop_oneof![
            select(vec!["?", "#", "&", "=", "code", "state", "iss", "error", "%", "%ff", "\\", "//", "@"]).prop_map(String::from),
            ".{0,8}",
            Just("STATE".to_owned()),
        ], 0..14),
        is_bare: bool,
    ) {
        let tab = World::new().tab();
        let page = tab.open(HOME);
        let state = read_params(&page.login().expect("a login"))["state"].clone();
        let start = if is_bare { "" } else { REDIRECT_URI };
        let url = format!("{start}{}", parts.concat()).replace("STATE", &state);
        let _ = page.handle_redirect_at(&url);
        let _ = page.audited(now(page.oauth.authorize_access_token("demo", Some(url.clone()))));
        let _ = page.audited(now(page.oauth.validate_logout_response("demo", Some(url.clone()))));
        // The same as the page's own address.
        let page = tab.open(&url);
        let _ = (page.handle_redirect(), page.authorize_access_token(), page.validate_logout_response());
        prop_assert!(page.session().is_none(), "somebody is signed in by a URL that no provider wrote");
    }

    #[test]
    fn no_answer_makes_it_panic(
        path in select(vec!["/.well-known/openid-configuration", "/jwks", "/token", "/userinfo", "/revoke"]),
        response in response(),
        is_signed_in: bool,
    ) {
        trial::wire(path, response, is_signed_in);
    }

    #[test]
    fn no_parameters_make_it_panic(
        login in object_like(json!({})),
        data in object_like(json!({ "url": REDIRECT_URI, "state": "x", "codeVerifier": "x" })),
        logout in object_like(json!({})),
        token in object_like(json!({})),
        expected in object_like(json!({ "nonce": "x" })),
        (jwt, origin, app_state, kind) in (prop_oneof![text(), "[A-Za-z0-9_.-]{0,40}"], text(), text(), text()),
        (status, challenge) in (any::<u16>(), ".{0,40}"),
    ) {
        let page = World::new().tab().sign_in();
        let _ = (page.login_with(login, Some(&app_state)), page.register(&kind, json!({})));
        for is_refresh in [false, true] {
            if let Ok(options) = params::access_token(token.clone(), is_refresh) {
                let client = page.client();
                let _ = now(async move { tokens::get::access_token(&client, &options).await });
            }
        }
        let client = page.client();
        let _ = now(async move { client.save_authorize_data(data, Some(app_state)).await });
        let (client, expected) = (page.client(), params::parse_id_token(expected).unwrap_or_default());
        let _ = now(async move { client.parse_id_token(&jwt, expected).await });
        let client = page.client();
        let _ = now(async move { client.token_for(&origin).await.map(drop) });
        let _ = page.client().is_worth_a_new_token(status, Some(&challenge));
        page.has_a_whole_session_or_none();
        let _ = (page.revoke(TokenKind::parse(&kind)), params::logout(logout.clone()), page.logout(logout));
    }
}
