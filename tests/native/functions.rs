//! Hooks of the app run before validation and cannot skip it, and what they throw passes as it is.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use oidc_client_wasm::error::{Cause, Code, Error, Phase};
use oidc_client_wasm::flow::hooks::{Functions, Hook};
use oidc_client_wasm::protocol::json::{Object, Value, json};

use crate::support::*;

fn hook(bend: impl Fn(&mut Value) + 'static) -> Option<Hook> {
    Some(Rc::new(move |object| {
        let mut bent = Value::Object(object);
        bend(&mut bent);
        Ok(bent.as_object().expect("an object").clone())
    }))
}

pub fn thrown() -> Error {
    Error::new(Code::ConfigInvalid, Phase::Request, "The app's own words.")
        .caused_by(Cause(Rc::new("thrown by the app")))
}

fn failing() -> Option<Hook> {
    Some(Rc::new(|_| Err(thrown())))
}

/// What a function of the app threw comes out as it went in.
#[track_caller]
pub fn is_thrown(error: &Error) {
    assert_error(error, ["config_invalid", "usage", "request"]);
    assert_eq!(error.message, "The app's own words.");
    let cause = error.cause.as_ref().and_then(|cause| cause.0.downcast_ref::<&str>().copied());
    assert_eq!(cause, Some("thrown by the app"));
    assert_eq!(error.client_name.as_deref(), Some("demo"));
}

pub fn world_with(functions: Functions) -> Rc<World> {
    let world = World::new();
    world.functions.replace(functions);
    world
}

fn token_response(bend: impl Fn(&mut Value) + 'static) -> Rc<World> {
    world_with(Functions { token_response: hook(bend), ..Functions::default() })
}

fn rename(body: &mut Value, from: &str, to: &str) {
    if let Some(value) = body.as_object_mut().expect("an object").remove(from) {
        body[to] = value;
    }
}

// ---------------------------------------------------------------- tokenResponse

#[test]
fn a_hook_renames_members_of_an_answer() {
    let world = token_response(|body| rename(body, "token", "access_token"));
    world.provider.token.tell(|token| rename(token, "access_token", "token"));
    let page = world.tab().sign_in();
    page.refresh().expect("a refresh, bent the same way");
}

#[test]
fn without_the_hook_such_an_answer_is_refused() {
    rejects_login(
        |provider| provider.token.tell(|token| rename(token, "access_token", "token")),
        ["invalid_token_response", "rejected", "token"],
    );
}

#[test]
fn a_hook_sees_a_form_encoded_answer_as_an_object() {
    let world = World::with(json!({ "scope": "files" }));
    world.functions.replace(Functions {
        token_response: hook(|body| body["token_type"] = json!("bearer")),
        ..Functions::default()
    });
    world.provider.is_plain_oauth.set(true);
    world.provider.answer_at("/token", 200, "access_token=of%7Ea%7Eform&scope=files&expires_in=60");
    let page = world.tab().sign_in();
    assert_eq!(page.held_access_token(), "of~a~form");
    assert_eq!(page.token()["expires_at"], json!(world.clock.get() + 60));
}

#[test]
fn a_form_encoded_refusal_is_a_refusal() {
    let world = token_response(|_| {});
    world.provider.answer_at("/token", 200, "error=bad_verification_code&error_description=The+code+is+wrong.");
    let error = world.tab().open(&world.tab().come_back()).handle_redirect();
    assert_eq!(error.expect("not this tab's"), None);
    let tab = world.tab();
    let error = fails_with(tab.open(&tab.come_back()).handle_redirect(), ["token_refused", "refused", "token"]);
    assert_eq!(error.provider.as_ref().map(|words| words.error.as_str()), Some("bad_verification_code"));
}

/// Fields are looked for one by one.
#[test]
fn a_form_of_more_fields_than_an_honest_one_is_none() {
    let world = token_response(|body| panic!("shown {}", body.as_object().expect("an object").len()));
    let tab = world.tab();
    let url = tab.come_back();
    let more: String = (0..2000).map(|field| format!("&{field}=")).collect();
    world.provider.answer_at("/token", 200, format!("access_token=a&token_type=Bearer{more}"));
    assert_error(
        &tab.open(&url).handle_redirect().expect_err("no form"),
        ["invalid_token_response", "rejected", "token"],
    );
}

#[test]
fn a_hook_is_not_shown_what_is_neither_json_nor_a_form() {
    for body in [
        "<html class=\"x\">",
        "access_token=a&access_token=b&token_type=bearer",
        "[\"a=b\"]",
        "{\"access_token\":\"a=\",\"access_token\":\"b=\"}",
        "",
        "nothing",
    ] {
        let (world, tab) = token_response(|body| panic!("shown {body}")).with_tab();
        world.provider.answer_at("/token", 200, body);
        fails_with(tab.open(&tab.come_back()).handle_redirect(), ["invalid_token_response", "rejected", "token"]);
    }
}

#[test]
fn a_hook_supplies_a_missing_token_type() {
    let world = token_response(|body| body["token_type"] = json!("Bearer"));
    world.provider.token.tell(without("token_type"));
    world.tab().sign_in();
}

#[test]
fn a_hook_cannot_skip_what_is_checked() {
    type Bend = fn(&mut Value);
    let cases: [(Bend, [&'static str; 3]); 6] = [
        (|body| without("id_token")(body), ["missing_id_token", "rejected", "token"]),
        (|body| body["id_token"] = json!("a.b.c"), ["malformed_jwt", "rejected", "id_token"]),
        (|body| spoil("id_token", "A")(body), ["bad_signature", "rejected", "id_token"]),
        (|body| body["token_type"] = json!("mac"), ["unsupported_token_type", "rejected", "token"]),
        (|body| body["access_token"] = json!("another"), ["at_hash_mismatch", "rejected", "id_token"]),
        (|body| body["error"] = json!("invented"), ["token_refused", "refused", "token"]),
    ];
    for (bend, verdict) in cases {
        let tab = token_response(bend).tab();
        let error = tab.open(&tab.come_back()).handle_redirect().expect_err("a rejection");
        // A signature of another length is malformed or bad: both are fine.
        if verdict[0] != "bad_signature" || error.code != Code::MalformedJwt {
            assert_error(&error, verdict);
        }
        assert_eq!(tab.stored_session("demo"), None);
    }
}

#[test]
fn a_hook_cannot_bring_claims_along() {
    let page = token_response(|body| body["userinfo"] = json!({ "sub": "mallory", "role": "admin" })).tab().sign_in();
    assert_eq!(page.token()["userinfo"]["sub"], "alice");
    assert_eq!(page.token()["userinfo"]["role"], Value::Null);
}

// ---------------------------------------------------------------- tokenRequest

#[test]
fn a_hook_changes_both_token_requests() {
    let world = World::new();
    let seen: Rc<RefCell<Vec<Object>>> = Rc::default();
    let written = seen.clone();
    world.functions.borrow_mut().token_request = Some(Rc::new(move |mut form| {
        written.borrow_mut().push(form.clone());
        form.insert("audience".into(), json!("of the app & co"));
        Ok(form)
    }));
    world.tab().sign_in().refresh().expect("a refresh");
    let sent = world.network.sent_to("/token");
    assert_eq!(sent.len(), 2);
    for (sent, seen) in sent.iter().zip(seen.borrow().iter()) {
        assert_eq!(sent.field("audience"), "of the app & co");
        assert_eq!(sent.form.len(), seen.len() + 1, "and all the rest is there");
        assert!(seen.iter().all(|(name, value)| sent.field(name) == value));
    }
}

#[test]
fn a_hook_that_changes_nothing_keeps_fields_that_stand_twice() {
    let (world, page) = world_with(Functions { token_request: hook(|_| {}), ..Functions::default() }).signed_in();
    let resources = ["https://one.example", "https://two.example"];
    page.access_token_for(json!({ "resource": resources })).expect("a token");
    let sent = world.network.sent_to("/token").remove(1);
    let sent: Vec<&str> = sent.form.iter().filter(|(name, _)| name == "resource").map(|(_, value)| &**value).collect();
    assert_eq!(sent, resources);
}

#[test]
fn a_hook_must_return_fields() {
    for value in [json!(1), json!(null), json!({}), json!(true)] {
        let value = value.clone();
        let world = world_with(Functions {
            token_request: hook(move |form| form["resource"] = value.clone()),
            ..Functions::default()
        });
        let tab = world.tab();
        let error = tab.open(&tab.come_back()).handle_redirect().expect_err("no form");
        assert_error(&error, ["config_invalid", "usage", "token"]);
        assert!(error.message.contains("tokenRequest"));
        assert!(world.network.sent_to("/token").is_empty());
    }
}

#[test]
fn a_revocation_is_no_token_request() {
    let (world, tab) = world_with(Functions { token_request: failing(), ..Functions::default() }).with_tab();
    world.functions.borrow_mut().token_request = None;
    tab.sign_in();
    world.functions.borrow_mut().token_request = failing();
    tab.reload().revoke(None).expect("revoked");
}

// ---------------------------------------------------------------- metadata

#[test]
fn a_hook_bends_a_fetched_document_and_a_remembered_one() {
    let world = World::new();
    let calls = Rc::new(Cell::new(0));
    let counted = calls.clone();
    world.functions.borrow_mut().metadata = hook(move |document| {
        counted.set(counted.get() + 1);
        rename(document, "revoke_at", "revocation_endpoint");
    });
    world.provider.metadata.tell(|document| rename(document, "revocation_endpoint", "revoke_at"));
    let tab = world.tab();
    tab.sign_in().revoke(None).expect("revoked");
    let before = calls.get();
    tab.reload();
    tab.sign_in().revoke(None).expect("revoked");
    assert!(calls.get() > before);
    assert_eq!(world.network.sent_to("/.well-known/openid-configuration").len(), 1);
    let stored = tab.storage.peek(&key_of("metadata", "demo")).expect("a document");
    assert!(stored["document"]["revoke_at"].is_string(), "what is remembered is what the provider published");
}

#[test]
fn a_hook_may_correct_the_issuer() {
    let world =
        world_with(Functions { metadata: hook(|document| document["issuer"] = json!(ISSUER)), ..Functions::default() });
    world.provider.metadata.tell(set("issuer", json!("https://inside.example")));
    world.tab().sign_in();
}

#[test]
fn a_hook_runs_before_the_issuer_check_and_cannot_skip_it() {
    let world = world_with(Functions {
        metadata: hook(|document| document["issuer"] = json!("https://evil.example")),
        ..Functions::default()
    });
    let error = world.tab().open(HOME).login().expect_err("another issuer");
    assert_error(&error, ["issuer_mismatch", "rejected", "metadata"]);
}

#[test]
fn a_hook_cannot_skip_the_issuer_check_of_a_remembered_document() {
    let (world, tab) = World::new().signed_in_tab();
    world.functions.borrow_mut().metadata = hook(|document| document["issuer"] = json!("https://evil.example"));
    let page = tab.reload();
    assert!(page.client().cached_metadata().is_none());
    assert_error(&page.login().expect_err("another issuer"), ["issuer_mismatch", "rejected", "metadata"]);
}

#[test]
fn a_hook_cannot_bring_in_what_the_document_may_not_have() {
    type Bend = fn(&mut Value);
    let cases: [(Bend, [&'static str; 3]); 4] = [
        (|document| without("issuer")(document), ["invalid_metadata", "rejected", "metadata"]),
        (
            |document| document["token_endpoint"] = json!("http://id.example.com/token"),
            ["invalid_metadata", "rejected", "metadata"],
        ),
        (|document| document["jwks_uri"] = json!("javascript:alert(1)"), ["invalid_metadata", "rejected", "metadata"]),
        (
            |document| document["code_challenge_methods_supported"] = json!(["plain"]),
            ["not_supported_by_provider", "usage", "metadata"],
        ),
    ];
    for (bend, verdict) in cases {
        let world = world_with(Functions { metadata: hook(bend), ..Functions::default() });
        assert_error(&world.tab().open(HOME).login().expect_err("a rejection"), verdict);
    }
}

// ---------------------------------------------------------------- what a hook throws

#[test]
fn what_a_hook_throws_comes_out_as_it_is() {
    let page = world_with(Functions { metadata: failing(), ..Functions::default() }).tab().open(HOME);
    let (client, error) = (page.client(), page.login().expect_err("thrown"));
    is_thrown(&error.of_client(&client.name));

    for functions in [
        Functions { token_request: failing(), ..Functions::default() },
        Functions { token_response: failing(), ..Functions::default() },
    ] {
        let (world, tab) = World::new().with_tab();
        let callback = tab.come_back();
        world.functions.replace(functions.clone());
        is_thrown(&tab.open(&callback).handle_redirect().expect_err("thrown"));
        assert_eq!(tab.stored_session("demo"), None);
        world.functions.take();
        tab.sign_in();
        world.functions.replace(functions);
        let page = tab.reload();
        is_thrown(&page.refresh().expect_err("thrown"));
        assert!(page.session().is_some(), "and signs nobody out");
        assert_eq!(page.events.take(), ["error config_invalid"]);
    }
}
