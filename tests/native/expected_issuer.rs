//! `expectedIssuer`: a provider of many tenants publishes a template, and which issuer follows from it is known with the claims.

use std::rc::Rc;

use oidc_client_wasm::error::{Code, Error, Phase};
use oidc_client_wasm::flow::hooks::{ExpectedIssuer, Functions};
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::*;

const TEMPLATE: &str = "https://login.example/{tenantid}/v2.0";
const TENANT: &str = "https://login.example/tenant-1/v2.0";
/// Where the document of all tenants is.
const COMMON: &str = "https://login.example/common/v2.0";

fn from_tid() -> ExpectedIssuer {
    Rc::new(|template, claims| {
        assert_eq!(template, TEMPLATE);
        let tid = claims.get("tid").and_then(Value::as_str).unwrap_or_default();
        Ok(template.replace("{tenantid}", tid))
    })
}

/// The provider is a tenant, and publishes what all tenants publish.
fn many_tenants(expected_issuer: Option<ExpectedIssuer>) -> Rc<World> {
    let world = World::at(TENANT);
    world.change_settings(json!({ "issuer": COMMON }));
    world.functions.replace(Functions { expected_issuer, ..Functions::default() });
    world.provider.metadata.tell(set("issuer", json!(TEMPLATE)));
    world.provider.claims.tell(set("tid", json!("tenant-1")));
    let document = world.provider.published_metadata().to_string();
    world.network.serve(&format!("{COMMON}/.well-known/openid-configuration"), 200, &document);
    world
}

#[test]
fn a_person_of_a_tenant_signs_in_and_stays() {
    let tab = many_tenants(Some(from_tid())).tab();
    let page = tab.sign_in();
    assert_eq!(page.session().expect("a session").issuer(), Some(TENANT));
    let page = tab.reload();
    assert_eq!(page.sub().as_deref(), Some("alice"));
    page.refresh().expect("a refresh");
    assert_eq!(page.session().expect("a session").issuer(), Some(TENANT));
    assert_eq!(page.userinfo().expect("claims")["sub"], "alice");
    let request = page.logout(json!({})).expect("a logout").expect("a request");
    assert!(request.fields.iter().any(|(name, _)| name == "id_token_hint"));
}

/// Which issuer it is, the function says: of another origin, too.
#[test]
fn an_issuer_of_another_origin_signs_in_and_stays() {
    const ELSEWHERE: &str = "https://tokens.example/tenant-1/";
    let world = many_tenants(Some(Rc::new(|_, _| Ok(ELSEWHERE.to_owned()))));
    world.provider.metadata.tell(set("authorization_response_iss_parameter_supported", json!(false)));
    world.provider.response.tell(|params| params.retain(|(name, _)| name != "iss"));
    let document = world.provider.published_metadata().to_string();
    world.network.serve(&format!("{COMMON}/.well-known/openid-configuration"), 200, &document);
    world.provider.claims.tell(set("iss", json!(ELSEWHERE)));
    let tab = world.tab();
    let page = tab.sign_in();
    assert_eq!(page.session().expect("a session").issuer(), Some(ELSEWHERE));
    let page = tab.reload();
    page.refresh().expect("a refresh");
    assert_eq!(tab.reload().sub().as_deref(), Some("alice"));
}

#[test]
fn signed_userinfo_is_of_the_tenant() {
    let world = many_tenants(Some(from_tid()));
    world.provider.signs_userinfo.set(true);
    let page = world.tab().sign_in();
    page.userinfo().expect("claims");
    world.provider.userinfo.tell(set("iss", json!(TEMPLATE)));
    assert_error(&page.userinfo().expect_err("the template"), ["invalid_claim", "rejected", "userinfo"]);
}

#[track_caller]
fn rejects_tenant(lie: impl Fn(&FakeProvider), verdict: [&'static str; 3]) {
    let (world, tab) = many_tenants(Some(from_tid())).with_tab();
    lie(&world.provider);
    fails_with(tab.open(&tab.come_back()).handle_redirect(), verdict);
    assert_eq!(tab.stored_session("demo"), None);
}

#[test]
fn a_token_of_another_issuer_than_its_tenants() {
    for iss in [TEMPLATE, COMMON, "https://login.example/tenant-2/v2.0", "https://evil.example/tenant-1/v2.0"] {
        rejects_tenant(
            |provider| provider.claims.tell(set("iss", json!(iss))),
            ["invalid_claim", "rejected", "id_token"],
        );
    }
}

#[test]
fn a_token_without_a_tenant() {
    rejects_tenant(|provider| provider.claims.tell(without("tid")), ["invalid_claim", "rejected", "id_token"]);
}

/// The function sees claims of tokens with a good signature only.
#[test]
fn a_forged_token_does_not_reach_the_function() {
    let never: ExpectedIssuer = Rc::new(|_, _| panic!("called with claims that nobody verified"));
    let (world, tab) = many_tenants(Some(never)).with_tab();
    world.provider.header.tell(set("alg", json!("none")));
    fails_with(tab.open(&tab.come_back()).handle_redirect(), ["unsupported_algorithm", "rejected", "id_token"]);
}

/// RFC 9207: until the claims are known the response must at least come from the host.
#[test]
fn a_response_of_another_host() {
    for iss in ["https://evil.example/tenant-1/v2.0", "http://login.example/tenant-1/v2.0", "login.example", ""] {
        let (world, tab) = many_tenants(Some(from_tid())).with_tab();
        world.provider.response.tell(set_param("iss", iss));
        let page = tab.open(&tab.come_back());
        assert_error(&page.handle_redirect().expect_err("a mix-up"), ["issuer_mismatch", "rejected", "callback"]);
        assert!(world.network.sent_to("/token").is_empty(), "the code was sent");
    }
}

#[test]
fn a_response_of_another_tenant() {
    rejects_tenant(
        |provider| provider.response.tell(set_param("iss", "https://login.example/tenant-2/v2.0")),
        ["issuer_mismatch", "rejected", "callback"],
    );
}

#[test]
fn a_response_that_must_name_its_issuer_and_does_not() {
    rejects_tenant(|provider| provider.response.tell(without_param("iss")), ["missing_issuer", "rejected", "callback"]);
}

#[test]
fn a_template_without_the_function_is_another_issuer() {
    let world = many_tenants(None);
    assert_error(&world.tab().open(HOME).login().expect_err("a template"), ["issuer_mismatch", "rejected", "metadata"]);
}

#[test]
fn a_template_of_another_host_is_another_issuer() {
    for template in
        ["https://evil.example/{tenantid}/v2.0", "https://login.example.evil.example/{tenantid}", "{issuer}"]
    {
        let world = many_tenants(Some(from_tid()));
        world.provider.metadata.tell(set("issuer", json!(template)));
        let document = format!("{COMMON}/x/.well-known/openid-configuration");
        world.network.serve(&document, 200, &world.provider.published_metadata().to_string());
        world.change_settings(json!({ "issuer": format!("{COMMON}/x") }));
        let error = world.tab().open(HOME).login().expect_err("another host");
        assert_eq!(error.phase, Phase::Metadata);
        assert!(matches!(error.code, Code::IssuerMismatch | Code::InvalidMetadata), "{error:?}");
    }
}

#[test]
fn another_issuer_that_is_no_template_is_not_let_through() {
    let world = World::at(TENANT);
    world.functions.borrow_mut().expected_issuer = Some(from_tid());
    world.provider.metadata.tell(set("issuer", json!("https://login.example/tenant-2/v2.0")));
    let error = world.tab().open(HOME).login().expect_err("another tenant's document");
    assert_error(&error, ["issuer_mismatch", "rejected", "metadata"]);
}

#[test]
fn a_refreshed_token_of_another_tenant() {
    let (world, page) = many_tenants(Some(from_tid())).signed_in();
    let before = page.session().expect("a session");
    world.provider.claims.tell(set("tid", json!("tenant-2")));
    world.provider.claims.tell(set("iss", json!("https://login.example/tenant-2/v2.0")));
    assert_error(&page.refresh().expect_err("another tenant"), ["invalid_claim", "rejected", "refresh"]);
    let after = page.session().expect("still signed in");
    assert_eq!(*after, before.with_refresh_token(after.token().refresh_token.clone().expect("a refresh token")));
}

#[test]
fn what_the_function_throws_is_told() {
    let throws: ExpectedIssuer =
        Rc::new(|_, _| Err(Error::new(Code::ConfigInvalid, Phase::IdToken, "The app's words.")));
    let tab = many_tenants(Some(throws)).tab();
    let error = tab.open(&tab.come_back()).handle_redirect().expect_err("thrown");
    assert_eq!((error.code, error.message.as_str()), (Code::ConfigInvalid, "The app's words."));
    assert_eq!(tab.stored_session("demo"), None);
}

/// The function says which tenant; it does not say that any provider will do.
#[test]
fn a_session_of_another_host_is_none_and_its_refresh_token_stays_here() {
    let (world, tab) = World::new().signed_in_tab();
    world.another_provider(TENANT);
    let other = many_tenants(Some(from_tid()));
    let document = other.provider.published_metadata().to_string();
    world.network.serve(&format!("{COMMON}/.well-known/openid-configuration"), 200, &document);
    world.change_settings(json!({ "issuer": COMMON }));
    world.functions.borrow_mut().expected_issuer = Some(from_tid());
    world.network.take_sent();
    let page = tab.reload();
    let _ = page.refresh();
    assert!(world.network.sent().iter().all(|sent| sent.form.is_empty()), "a refresh token went to another provider");
    assert!(page.session().is_none());
}
