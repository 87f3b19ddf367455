//! The order of the callback (rule 6 of the architecture): duplicates, transaction, `iss`, `error`, `code`, token, signature,
//! claims, storage; with a clean address bar before anything can fail.

use std::rc::Rc;

use crate::support::*;
use crate::whose_response::is_left_alone;
use oidc_client_wasm::protocol::json::{Value, json};

fn add(url: &str, pair: &str) -> String {
    format!("{url}&{pair}")
}

// ---------------------------------------------------------------- duplicates

#[test]
fn a_duplicated_parameter_is_refused_and_leaves_the_transaction_usable() {
    for name in ["code", "state", "iss", "error", "error_description", "error_uri", "session_state"] {
        let (world, tab) = World::new().with_tab();
        let genuine = tab.come_back();
        let forged = add(&genuine, &format!("{name}=x&{name}=x"));
        let page = tab.open(&forged);
        let error = fails_with(page.handle_redirect(), ["duplicate_parameter", "rejected", "callback"]);
        assert!(error.message.contains(name));
        assert_eq!(tab.url(), REDIRECT_URI, "the address bar is clean");
        assert_eq!(world.network.sent_to("/token").len(), 0);
        assert_eq!(tab.stored_session("demo"), None);
        tab.open(&genuine).expect_login();
    }
}

#[test]
fn a_duplicated_state_is_refused_in_either_order() {
    let tab = World::new().tab();
    let genuine = tab.come_back();
    let forged = genuine.replacen('?', "?state=somebody-elses&", 1);
    fails_with(tab.open(&forged).handle_redirect(), ["duplicate_parameter", "rejected", "callback"]);
    tab.open(&genuine).expect_login();
}

#[test]
fn duplicates_are_refused_before_the_issuer_is_looked_at() {
    let world = World::new();
    rejects_forgery_in(
        &world,
        |url| add(url, "iss=https://evil.example"),
        ["duplicate_parameter", "rejected", "callback"],
    );
}

#[test]
fn parameters_of_the_app_may_stand_twice() {
    let tab = World::new().tab();
    let url = add(&tab.come_back(), "tag=a&tag=b");
    tab.open(&url).expect_login();
    assert_eq!(tab.url(), format!("{REDIRECT_URI}?tag=a&tag=b"));
}

// ---------------------------------------------------------------- iss, error, code

#[test]
fn a_wrong_iss_beats_an_error() {
    let forge =
        |url: &str| add(&url.replace("iss=https%3A", "iss=http%3A"), "error=access_denied&error_description=spoofed");
    let error = rejects_forgery_in(&World::new(), forge, ["issuer_mismatch", "rejected", "callback"]);
    assert_eq!(error.provider, None, "the words of a response that was not accepted are nobody's");
}

#[test]
fn a_missing_iss_beats_an_error_beside_a_code() {
    let world = World::whose_provider(|op| op.response.tell(without_param("iss")));
    let forge = |url: &str| add(url, "error=access_denied");
    rejects_forgery_in(&world, forge, ["missing_issuer", "rejected", "callback"]);
}

/// Providers that promise `iss` and forget it in their errors are common. Which refusal it is is told; its words are not.
#[test]
fn a_refusal_without_the_promised_iss_is_told_by_its_code() {
    for (word, code, retryable) in [
        ("login_required", "login_required", false),
        ("interaction_required", "interaction_required", false),
        ("consent_required", "interaction_required", false),
        ("access_denied", "authorization_refused", false),
        ("invalid_request", "authorization_refused", false),
        ("temporarily_unavailable", "authorization_refused", true),
    ] {
        let _row = row(word);
        let (world, tab) = World::whose_provider(|op| op.response.tell(without_param("iss"))).with_tab();
        let url = tab.open(HOME).login_with(json!({ "prompt": "none" }), Some("7")).expect("a login");
        let error = tab.open(&world.provider.refuse(&url, word)).handle_redirect().expect_err("a refusal");
        assert_error(&error, [code, "refused", "callback"]);
        assert_eq!((error.retryable, error.app_state.as_deref()), (retryable, Some("7")));
        assert_eq!(error.provider, None, "the words may be of another provider");
        let beside = error
            .cause
            .as_ref()
            .and_then(|cause| cause.0.downcast_ref::<oidc_client_wasm::error::Error>())
            .expect("another error");
        assert_error(beside, ["missing_issuer", "rejected", "callback"]);
        assert_eq!(tab.url(), REDIRECT_URI);
        world.provider.repent();
        tab.sign_in();
    }
}

#[test]
fn a_refusal_without_the_promised_iss_and_without_a_registered_code() {
    for word in ["call_this_number", "Login_Required", "login_required ", ""] {
        let _row = row(word);
        let (world, tab) = World::whose_provider(|op| op.response.tell(without_param("iss"))).with_tab();
        let url = tab.open(HOME).login().expect("a login");
        let error = tab.open(&world.provider.refuse(&url, word)).handle_redirect().expect_err("a refusal");
        assert_error(&error, ["missing_issuer", "rejected", "callback"]);
        assert_eq!(error.provider, None);
    }
}

#[test]
fn an_error_beats_a_code() {
    let forge = |url: &str| add(url, "error=access_denied");
    rejects_forgery_in(&World::new(), forge, ["authorization_refused", "refused", "callback"]);
}

#[test]
fn neither_code_nor_error() {
    rejects_response(|op| op.response.tell(without_param("code")), ["missing_code", "rejected", "callback"]);
    rejects_response(|op| op.response.tell(set_param("code", "")), ["missing_code", "rejected", "callback"]);
}

#[test]
fn tokens_in_the_response_are_no_response() {
    let lie = |op: &FakeProvider| {
        op.response.tell(without_param("code"));
        op.response.tell(set_param("access_token", "from-the-implicit-flow"));
    };
    let (world, tab) = World::new().with_tab();
    lie(&world.provider);
    fails_with(tab.open(&tab.come_back()).handle_redirect(), ["missing_code", "rejected", "callback"]);
    assert_eq!(tab.stored_session("demo"), None);
}

#[test]
fn the_providers_refusal_keeps_its_words() {
    for (word, code, retryable) in [
        ("access_denied", "authorization_refused", false),
        ("invalid_scope", "authorization_refused", false),
        ("login_required", "login_required", false),
        ("interaction_required", "interaction_required", false),
        ("consent_required", "interaction_required", false),
        ("account_selection_required", "interaction_required", false),
        ("temporarily_unavailable", "authorization_refused", true),
        ("server_error", "authorization_refused", true),
    ] {
        let (world, tab) = World::new().with_tab();
        let url = tab.open(HOME).login_with(json!({ "prompt": "none" }), Some("7")).expect("a login");
        let page = tab.open(&world.provider.refuse(&url, word));
        let error = fails_with(page.handle_redirect(), [code, "refused", "callback"]);
        assert_eq!(error.retryable, retryable, "{word}");
        assert_eq!(error.app_state.as_deref(), Some("7"));
        let words = error.provider.clone().expect("the provider's words");
        assert_eq!(words.error, word);
        assert_eq!(words.error_description.as_deref(), Some("in the provider's own words"));
        assert!(!error.message.contains("own words"), "and not in our message");
        assert_eq!(tab.url(), REDIRECT_URI);
        assert_eq!(world.network.sent_to("/token").len(), 0);
        tab.sign_in();
    }
}

#[test]
fn a_refused_token_request() {
    let body = r#"{"error":"invalid_grant","error_description":"expired"}"#;
    for status in [400, 401, 200] {
        let error = rejects_login(|op| op.answer_at("/token", status, body), ["token_refused", "refused", "token"]);
        assert_eq!(error.status, Some(status));
        assert_eq!(error.provider.clone().expect("words").error, "invalid_grant");
    }
}

#[test]
fn a_token_endpoint_that_fails_without_words() {
    for (status, retryable) in [(400, false), (404, false), (429, true), (500, true), (503, true), (302, false)] {
        let lie = |op: &FakeProvider| op.answer_at("/token", status, "<html>sorry</html>");
        let error = rejects_login(lie, ["http_status", "environment", "token"]);
        assert_eq!((error.status, error.retryable), (Some(status), retryable));
    }
}

// ---------------------------------------------------------------- age

#[test]
fn a_transaction_lives_ten_minutes() {
    let (world, tab) = World::new().with_tab();
    let url = tab.come_back();
    world.pass(599);
    tab.open(&url).expect_login();

    let world = World::new();
    let too_late = |url: &str| {
        world.pass(600);
        url.to_owned()
    };
    rejects_forgery_in(&world, too_late, ["expired_state", "rejected", "callback"]);
}

#[test]
fn a_clock_that_was_set_back_does_not_stretch_a_life_for_ever() {
    let (world, tab) = World::new().with_tab();
    let url = tab.come_back();
    world.pass(-601);
    fails_with(tab.open(&url).handle_redirect(), ["expired_state", "rejected", "callback"]);
}

#[test]
fn a_transaction_that_was_edited_to_live_longer_is_expired() {
    let (world, tab) = World::new().with_tab();
    let url = tab.come_back();
    let key = tab.storage.keys_of("transaction").remove(0);
    tab.storage.edit(&key, |record| record["expires_at"] = json!(i64::MAX));
    world.pass(601);
    fails_with(tab.open(&url).handle_redirect(), ["expired_state", "rejected", "callback"]);
}

#[test]
fn a_transaction_that_cannot_be_read_is_dropped_with_an_error() {
    let edits: [fn(&mut Value); 3] =
        [|record| record["v"] = json!(2), |record| *record = json!("x"), |record| record["transaction"] = json!({})];
    for edit in edits {
        let tab = World::new().tab();
        let url = tab.come_back();
        let key = tab.storage.keys_of("transaction").remove(0);
        tab.storage.edit(&key, edit);
        is_dropped(&tab, &url);
    }
}

/// The response can be nobody's but ours, and nothing can be made of it.
#[track_caller]
fn is_dropped(tab: &Rc<Tab>, url: &str) {
    let before = tab.storage.keys_of("transaction").len();
    let page = tab.open(url);
    let damaged = ["invalid_state", "rejected", "callback"];
    assert_error(&page.handle_redirect().expect_err("a damaged record"), damaged);
    assert_eq!(tab.url(), REDIRECT_URI, "the response does not stay in sight");
    assert_error(&page.handle_redirect().expect_err("the same to a second call"), damaged);
    assert_error(&page.authorize_access_token().expect_err("the same to another verb"), damaged);
    assert_eq!(tab.storage.keys_of("transaction").len(), before - 1);
    assert!(page.session().is_none());
    assert!(tab.world.network.sent_to("/token").is_empty());
}

/// A record under a state that it does not name was put there by somebody else.
#[test]
fn a_transaction_under_another_state_is_dropped_with_an_error() {
    let tab = World::new().tab();
    let url = tab.come_back();
    let key = tab.storage.keys_of("transaction").remove(0);
    let record = tab.storage.peek(&key).expect("a record");
    tab.storage.put(&format!("{}:forged", key_of("transaction", "demo")), &record);
    is_dropped(&tab, "https://app.example/callback?code=x&state=forged");
    tab.open(&url).expect_login();
}

// ---------------------------------------------------------------- the address bar

#[test]
fn the_address_bar_is_clean_before_the_token_request() {
    let world = World::new();
    world.tab().sign_in();
    assert_eq!(world.network.sent_to("/token")[0].bar, REDIRECT_URI);
}

#[test]
fn the_address_bar_is_clean_when_handle_redirect_returns_whatever_is_awaited() {
    let tab = World::new().tab();
    let page = tab.open(&tab.come_back());
    drop(page.oauth.handle_redirect(None));
    assert_eq!(tab.url(), REDIRECT_URI);
    assert_eq!(tab.replacements.borrow().len(), 1);
}

#[test]
fn every_other_byte_of_the_url_is_kept() {
    let tab = World::with(json!({ "redirectUri": "https://app.example/callback?tenant=a%20b" })).tab();
    let url = format!("{}&x=%7e+&empty&session_state=s#/route?code=of-the-app", tab.come_back());
    tab.open(&url).expect_login();
    assert_eq!(tab.url(), "https://app.example/callback?tenant=a%20b&x=%7e+&empty#/route?code=of-the-app");
}

#[test]
fn a_url_given_by_the_caller_is_handled_without_touching_another_address() {
    let tab = World::new().tab();
    let url = tab.come_back();
    let page = tab.open(HOME);
    assert!(page.handle_redirect_at(&url).expect("a login").is_some());
    assert_eq!(tab.url(), HOME);
    assert!(tab.replacements.borrow().is_empty());
}

#[test]
fn the_pages_own_address_is_known_without_its_fragment_which_stays() {
    let tab = World::new().tab();
    let url = tab.come_back();
    let page = tab.open(&format!("{url}#section"));
    assert!(page.handle_redirect_at(&url).expect("a login").is_some());
    assert_eq!(tab.url(), format!("{REDIRECT_URI}#section"));
}

#[test]
fn a_response_comes_back_in_the_part_of_the_url_it_was_asked_for() {
    let tab = World::with(json!({ "responseMode": "fragment" })).tab();
    let url = tab.come_back();
    is_left_alone(&tab, &url.replace('#', "?"));
    tab.open(&url).expect_login();
    assert_eq!(tab.url(), REDIRECT_URI);

    let tab = World::new().tab();
    let url = tab.come_back();
    is_left_alone(&tab, &url.replace('?', "#"));
    tab.open(&url).expect_login();
}

// ---------------------------------------------------------------- what may have changed while the person was away

#[test]
fn a_code_is_not_sent_where_the_settings_point_meanwhile() {
    for changes in [json!({ "issuer": "https://evil.example" }), json!({ "clientId": "another" })] {
        let world = World::new();
        let evil = Rc::new(FakeProvider::new("https://evil.example", world.clock.clone(), world.secrets.clone()));
        world.network.connect(&evil);
        let tab = world.tab();
        let url = tab.come_back();
        world.change_settings(changes);
        // The login was of another client, whose app may be at another place of the origin.
        is_left_alone(&tab, &url);
        assert_eq!(world.network.sent_to("/token").len(), 0);
    }
}
