//! What a page is told, and what it is not told.

use oidc_client_wasm::flow::events::Event;
use oidc_client_wasm::flow::tokens;
use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::json;
use oidc_client_wasm::protocol::time::UnixTime;

use crate::support::verbs::ClientVerbs;
use crate::support::*;

#[test]
fn a_login_is_told_once_its_session_is_stored() {
    let tab = World::new().tab();
    let page = tab.open(&tab.come_back());
    page.expect_login();
    let events = page.events.take_all();
    let [(client, Event::Login(session, _))] = events.as_slice() else { panic!("{} events", events.len()) };
    assert_eq!(client, "demo");
    assert_eq!(Some(session), page.session().as_ref());
    assert_eq!(Some(session), tab.reload().session().as_ref());
}

#[test]
fn a_login_is_not_told_again_by_a_second_call_or_a_reload() {
    let tab = World::new().tab();
    let callback = tab.come_back();
    let page = tab.open(&callback);
    page.expect_login();
    page.events.take();
    page.expect_login();
    assert!(page.events.take().is_empty());
    let again = tab.open(&callback);
    again.expect_login();
    assert!(again.events.take().is_empty(), "the same result is no new login");
}

#[test]
fn another_person_is_a_change_of_user() {
    let (world, tab) = World::new().signed_in_tab();
    world.provider.sub.replace("bob".into());
    assert_eq!(tab.sign_in().events.take(), ["userchange alice bob", "login bob"]);
}

#[test]
fn the_same_person_again_is_no_change_of_user() {
    let tab = World::new().tab();
    tab.sign_in();
    assert_eq!(tab.sign_in().events.take(), ["login alice"]);
}

#[test]
fn another_person_after_a_logout_is_no_change_of_user() {
    let (world, tab) = World::new().with_tab();
    tab.sign_in().clear();
    world.provider.sub.replace("bob".into());
    assert_eq!(tab.sign_in().events.take(), ["login bob"]);
}

#[test]
fn a_login_that_fails_is_told_once() {
    for lie in ["nonce", "iss"] {
        let (world, tab) = World::new().signed_in_tab();
        world.provider.claims.tell(spoil(lie, "x"));
        let page = tab.open(&tab.come_back());
        let code = page.handle_redirect().expect_err("a rejection").code.as_str();
        page.handle_redirect().expect_err("the same result");
        page.authorize_access_token().expect_err("the same result");
        assert_eq!(page.events.take(), [format!("error {code}")], "once, and nobody is signed in or out");
    }
}

#[test]
fn an_error_has_the_name_and_the_state_that_the_app_gave() {
    let (world, tab) = World::new().with_tab();
    let url = tab.open(HOME).login_with(json!({}), Some("[1]")).expect("a login");
    let page = tab.open(&world.provider.refuse(&url, "access_denied"));
    page.handle_redirect().expect_err("a refusal");
    let events = page.events.take_all();
    let [(client, Event::Error(error))] = events.as_slice() else { panic!("{} events", events.len()) };
    assert_eq!(client, "demo");
    assert_eq!((error.client_name.as_deref(), error.app_state.as_deref()), (Some("demo"), Some("[1]")));
}

#[test]
fn a_response_that_is_not_ours_is_no_event() {
    let world = World::new();
    let page = world.tab().open("https://app.example/callback?code=x&state=y");
    assert_eq!(page.handle_redirect().expect("not ours"), None);
    page.authorize_access_token().expect_err("not ours");
    assert!(page.events.take().is_empty());
}

#[test]
fn a_logout_is_told_and_its_return_is_not() {
    let (world, tab) = World::new().with_tab();
    let page = tab.sign_in();
    page.events.take();
    let request = page.logout(json!({})).expect("a logout").expect("a request");
    assert_eq!(page.events.take(), ["logout local"]);
    let back = world.provider.end_session(&request.endpoint, &request.fields).expect("a return");
    let page = tab.open(&back);
    assert!(page.handle_redirect().expect("our logout").is_some());
    assert!(page.events.take().is_empty());
}

#[test]
fn a_logout_that_does_not_begin_is_not_told() {
    let (world, page) = World::new().signed_in();
    page.events.take();
    world.random_fault.set(true);
    page.logout(json!({})).expect_err("no state");
    assert!(page.events.take().is_empty());
}

#[test]
fn nobody_signing_out_is_no_event() {
    let page = World::new().tab().open(HOME);
    page.clear();
    page.logout(json!({})).expect("a logout of nobody");
    assert!(page.events.take().is_empty());
}

#[test]
fn reading_tells_nobody_anything() {
    let (world, tab) = World::new().signed_in_tab();
    world.pass(3600);
    let page = tab.reload();
    page.session();
    page.client().cached_metadata();
    tokens::at_hand::expiring_at(&page.client());
    page.oauth.wake_up();
    page.oauth.client("demo");
    assert_eq!(page.handle_redirect().expect("nothing to answer"), None);
    page.userinfo().expect("claims");
    assert_eq!(page.events.take(), ["tokenupdate alice"], "but for the refresh that it took");
    page.access_token().expect("a good token");
    page.userinfo().expect("claims");
    assert!(page.events.take().is_empty());
}

#[test]
fn a_token_beside_the_sessions_is_no_update() {
    let page = World::new().tab().sign_in();
    page.events.take();
    page.access_token_for(json!({ "scope": "files" })).expect("a token");
    assert!(page.events.take().is_empty());
}

#[test]
fn events_name_their_client() {
    let (world, tab) = World::new().with_tab();
    let page = tab.sign_in();
    let other = page.register("other", world.settings.borrow().clone()).expect("another client");
    let record = tab.stored_session("demo").expect("a session");
    tab.storage.put(&key_of("session", "other"), &record);
    page.events.take();
    other.sign_out_here().expect("storage");
    let events = page.events.take_all();
    let [(client, Event::Logout(_))] = events.as_slice() else { panic!("{} events", events.len()) };
    assert_eq!(client, "other");
}

/// A listener may act on what it hears.
#[test]
fn a_listener_may_sign_out() {
    let page = World::new().tab().sign_in();
    let client = page.client();
    let told = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let written = told.clone();
    page.oauth.events.listen(move |_, event| {
        written.borrow_mut().push(format!("{event:?}").split(['(', ' ']).next().unwrap_or_default().to_owned());
        if matches!(event, Event::TokenUpdate { .. }) {
            client.sign_out_here().expect("storage");
        }
    });
    page.refresh().expect("a refresh");
    assert_eq!(*told.borrow(), ["TokenUpdate", "Logout"]);
    assert!(page.session().is_none());
}

// ---------------------------------------------------------------- expiring

#[test]
fn a_token_expires_a_minute_before_its_end_or_at_half_its_life() {
    for (lifetime, ahead) in [(3600, 60), (121, 60), (119, 59), (30, 15), (1, 0), (0, 0)] {
        let (world, page) = World::whose_provider(|op| op.lifetime.set(lifetime)).signed_in();
        let end = world.clock.get() + lifetime;
        assert_eq!(
            tokens::at_hand::expiring_at(&page.client()),
            Some((UnixTime(end - ahead), UnixTime(end))),
            "{lifetime} s"
        );
    }
}

#[test]
fn a_token_without_a_known_end_never_expires() {
    let world = World::whose_provider(|op| op.token.tell(without("expires_in")));
    assert_eq!(tokens::at_hand::expiring_at(&world.tab().sign_in().client()), None);
    assert_eq!(tokens::at_hand::expiring_at(&world.tab().open(HOME).client()), None, "nor does nobody's");
}

#[test]
fn a_failure_that_passes_is_told_even_where_a_token_is_at_hand() {
    let (world, page) = World::new().signed_in();
    page.events.take();
    world.pass(3580);
    world.network.cut("/token", HttpError::Network);
    page.access_token().expect("good for twenty seconds");
    assert_eq!(page.events.take(), ["error network"]);
}
