//! What every rejected answer has in common: the exact error, nothing in the session slot, no further request with anything of
//! the rejected response, and a next login that works.

use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::protocol::json::json;

use super::network::Sent;
use super::provider::{FakeProvider, REDIRECT_URI};
use super::world::{HOME, World};

/// Code, kind and phase, in the contract's words.
pub type Verdict = [&'static str; 3];

#[track_caller]
pub fn assert_error(error: &Error, verdict: Verdict) {
    let found = [error.code.as_str(), error.code.kind().as_str(), error.phase.as_str()];
    assert_eq!(found, verdict, "{error:?}");
    assert!(!error.message.is_empty() && error.message.ends_with('.'), "not a sentence: {}", error.message);
}

/// What was asked for was refused, with this error.
#[track_caller]
pub fn fails_with<T>(result: Result<T, Error>, verdict: Verdict) -> Error {
    let error = result.err().expect("a refusal");
    assert_error(&error, verdict);
    error
}

/// A login in which something of the token response, the id_token or the keys is wrong.
#[track_caller]
pub fn rejects_login(lie: impl Fn(&FakeProvider), verdict: Verdict) -> Error {
    rejects_login_in(&World::new(), lie, verdict)
}

#[track_caller]
pub fn rejects_login_in(world: &Rc<World>, lie: impl Fn(&FakeProvider), verdict: Verdict) -> Error {
    lie(&world.provider);
    let (error, sent) = reject(world, str::to_owned, verdict);
    // The token request was the last but for keys and metadata, which carry nothing of the response.
    let redeemed = sent.iter().position(|sent| sent.is_to("/token")).expect("a token request");
    let carries_nothing = |sent: &Sent| sent.is_to("/jwks") || sent.is_to("/.well-known/openid-configuration");
    assert!(sent[redeemed + 1..].iter().all(carries_nothing), "{sent:?}");
    error
}

/// A response that is ours and bad: its code is never sent anywhere.
#[track_caller]
pub fn rejects_response(lie: impl Fn(&FakeProvider), verdict: Verdict) -> Error {
    let world = World::new();
    lie(&world.provider);
    rejects_forgery_in(&world, str::to_owned, verdict)
}

/// The same, where somebody changed the URL on the way.
#[track_caller]
pub fn rejects_forgery_in(world: &Rc<World>, forge: impl Fn(&str) -> String, verdict: Verdict) -> Error {
    let (error, sent) = reject(world, forge, verdict);
    assert!(!sent.iter().any(|sent| sent.is_to("/token")), "the code of a rejected response was sent");
    error
}

/// The error, and what was sent up to it.
#[track_caller]
fn reject(world: &Rc<World>, forge: impl Fn(&str) -> String, verdict: Verdict) -> (Error, Vec<Sent>) {
    let tab = world.tab();
    let app_state = r#"{"from":"here"}"#;
    let url = tab.open(HOME).login_with(json!({}), Some(app_state)).expect("a login that begins");
    tab.go(&url);
    let page = tab.open(&forge(&world.provider.authorize(&url)));
    let error = fails_with(page.handle_redirect(), verdict);
    assert_eq!(error.client_name.as_deref(), Some("demo"));
    assert_eq!(error.app_state.as_deref(), Some(app_state), "the app's state comes back with a failure, too");
    assert_eq!(tab.url(), REDIRECT_URI, "a rejected response does not stay in the address bar");

    // Nobody is signed in, here and after a reload, and looking again sends nothing.
    let sent = world.network.take_sent();
    assert_eq!(tab.stored_session("demo"), None);
    assert!(page.session().is_none());
    assert_eq!(page.handle_redirect().expect_err("the same result").code, error.code);
    let again = tab.reload();
    assert_eq!(again.handle_redirect().expect("nothing to answer"), None);
    assert!(again.session().is_none());
    assert_eq!(world.network.count(), 0, "a second look at a rejected response sends nothing");

    // The provider comes to its senses; an hour later no cool-down and no cache is in the way.
    world.provider.repent();
    world.pass(3600);
    tab.sign_in();
    (error, sent)
}
