//! A logout that leaves the page of one tab, and the login of another tab: the provider is to hear of the logout first.

use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::events::Event;
use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::ports::{HttpError, Left};
use oidc_client_wasm::protocol::json::json;

use crate::support::verbs::ClientVerbs;
use crate::support::*;

type Call = Running<Result<(), Error>>;

/// Two tabs of one person.
fn two_tabs() -> (Rc<World>, Page, Page) {
    let (world, tab) = World::new().with_tab();
    let page = tab.sign_in();
    let other = tab.duplicate().open(HOME);
    (world, page, other)
}

#[track_caller]
fn waits(page: &Page, call: &mut Call) {
    assert!(!call.advance(), "it waits");
    assert!(page.tab.departures.urls().is_empty(), "its page has not begun to leave");
}

#[track_caller]
fn leaves(page: &Page, call: &mut Call) {
    assert!(!call.advance(), "it leaves");
    assert!(page.tab.departures.on_the_way().is_some(), "its page leaves");
}

/// The textbook guard: a login at once, when the page hears that its session has ended.
fn guard(page: &Page) -> Rc<std::cell::RefCell<Option<Call>>> {
    let begun: Rc<std::cell::RefCell<Option<Call>>> = Rc::default();
    let client = Rc::downgrade(&page.client());
    let kept = Rc::clone(&begun);
    page.oauth.events.listen(move |_, event| {
        if let (Event::Logout(_), Some(client)) = (event, client.upgrade()) {
            let ready = client.prepare_login(json!({}), None);
            kept.replace(Some(Running::start(async move { client.leave_for_login(ready.await?).await })));
        }
    });
    begun
}

#[test]
fn a_guard_of_another_tab_waits_until_the_page_of_the_logout_has_gone() {
    for params in [json!({}), json!({ "method": "post" })] {
        let (world, page, other) = two_tabs();
        let guarded = guard(&other);
        let logout = page.leaving_to_log_out(params);
        assert!(page.tab.departures.on_the_way().is_some());
        world.bus.deliver();
        let mut login = guarded.take().expect("the guard was told");
        waits(&other, &mut login);
        // The page is gone, and all that it held.
        drop(logout);
        leaves(&other, &mut login);
    }
}

#[test]
fn the_lock_is_held_before_the_other_tabs_are_told() {
    let (world, page, other) = two_tabs();
    world.network.is_slow.set(true);
    let mut logout = page.leaving_to_log_out(json!({}));
    while world.bus.announced().is_empty() {
        assert!(logout.step(), "it goes on");
        assert!(world.bus.announced().is_empty() || world.bus.held_locks().len() == 1);
    }
    assert_eq!(other.session().map(|session| session.sub().map(String::from)), Some(other.sub()), "not told yet");
}

#[test]
fn the_login_of_another_tab_waits_while_a_logout_revokes() {
    let (world, page, other) = two_tabs();
    world.network.hold();
    let mut logout = page.leaving_to_log_out(json!({ "revoke": true }));
    let mut login = other.leaving_to_log_in();
    waits(&other, &mut login);
    world.network.let_go();
    logout.advance();
    waits(&other, &mut login);
    drop(logout);
    leaves(&other, &mut login);
}

#[test]
fn the_login_of_another_tab_goes_when_the_page_of_the_logout_stays_or_comes_back() {
    for how in [Left::Stayed, Left::Forbidden, Left::CameBack] {
        let (_world, page, other) = two_tabs();
        let mut logout = page.leaving_to_log_out(json!({}));
        let mut login = other.leaving_to_log_in();
        waits(&other, &mut login);
        page.tab.departures.end(how);
        assert!(logout.advance());
        leaves(&other, &mut login);
    }
}

#[test]
fn a_logout_that_fails_keeps_no_login_of_another_tab_back() {
    let (world, page, _) = two_tabs();
    world.pass(86_400);
    let page = page.tab.reload();
    world.network.cut("", HttpError::Network);
    page.leaving_to_log_out(json!({})).finish().expect_err("no network");
    world.network.mend();
    assert_eq!(world.bus.held_locks(), Vec::<String>::new());
    world.provider.metadata.tell(without("end_session_endpoint"));
    world.pass(86_400);
    let page = page.tab.reload();
    let error = page.leaving_to_log_out(json!({})).finish().expect_err("no logout at the provider");
    assert_error(&error, ["end_session_not_supported", "usage", "logout"]);
    assert_eq!(world.bus.held_locks(), Vec::<String>::new());
}

#[test]
fn a_login_waits_for_request_timeout_at_most() {
    let (world, page, other) = two_tabs();
    let _logout = page.leaving_to_log_out(json!({}));
    world.patiences.take();
    let mut login = other.leaving_to_log_in();
    assert_eq!(world.patiences.take(), [30], "the default of requestTimeout");
    waits(&other, &mut login);
    world.bus.end_patience();
    leaves(&other, &mut login);
}

#[test]
fn a_login_holds_no_lock_while_it_leaves() {
    let (world, page, other) = two_tabs();
    leaves(&page, &mut page.leaving_to_log_in());
    assert_eq!(world.bus.held_locks(), Vec::<String>::new());
    leaves(&other, &mut other.leaving_to_log_in());
}

#[test]
fn two_tabs_that_log_out_at_the_same_moment_both_reach_the_provider() {
    let (world, page, other) = two_tabs();
    let _logout = page.leaving_to_log_out(json!({}));
    world.patiences.take();
    let mut second = other.leaving_to_log_out(json!({}));
    assert_eq!(world.patiences.take(), [1], "a logout waits for a moment only");
    waits(&other, &mut second);
    // It hears of the first logout while it waits.
    world.bus.deliver();
    assert!(other.session().is_none());
    world.bus.end_patience();
    leaves(&other, &mut second);
    let url = other.tab.departures.on_the_way().expect("a URL");
    assert!(url.starts_with(&format!("{ISSUER}/end?")) && url.contains("id_token_hint="), "{url}");
}

#[test]
fn a_login_that_is_given_up_while_it_waits_leaves_no_lock_behind() {
    let (world, page, other) = two_tabs();
    let logout = page.leaving_to_log_out(json!({}));
    let mut login = other.leaving_to_log_in();
    waits(&other, &mut login);
    drop(login);
    assert!(other.tab.storage.keys_of("transaction").is_empty(), "nothing of it is stored");
    drop(logout);
    assert_eq!(world.bus.held_locks(), Vec::<String>::new());
    leaves(&other, &mut other.leaving_to_log_in());
}

#[test]
fn a_logout_of_the_tab_goes_before_its_own_login_that_waits_for_another_tab() {
    let (world, page, other) = two_tabs();
    let first = page.leaving_to_log_out(json!({}));
    let mut login = other.leaving_to_log_in();
    waits(&other, &mut login);
    let mut logout = other.leaving_to_log_out(json!({}));
    waits(&other, &mut logout);
    drop(first);
    login.advance();
    leaves(&other, &mut logout);
    login.advance();
    assert_eq!(other.tab.departures.urls().len(), 1, "the page leaves for the logout and nothing else");
    assert_eq!(world.bus.held_locks().len(), 1);
    other.tab.departures.end(Left::Stayed);
    assert_error(&logout.finish().expect_err("it stayed"), ["page_stayed", "environment", "logout"]);
    assert_error(&login.finish().expect_err("a refusal"), ["page_leaving", "environment", "authorize"]);
    assert_eq!(world.bus.held_locks(), Vec::<String>::new());
}

#[test]
fn the_login_of_the_same_tab_asks_for_no_lock_while_its_own_logout_leaves() {
    let (world, page, _) = two_tabs();
    let logout = page.leaving_to_log_out(json!({}));
    world.patiences.take();
    let mut login = page.leaving_to_log_in();
    assert!(!login.advance() && world.patiences.take().is_empty());
    page.tab.departures.end(Left::Stayed);
    assert_error(&logout.finish().expect_err("it stayed"), ["page_stayed", "environment", "logout"]);
    assert_error(&login.finish().expect_err("a refusal"), ["page_leaving", "environment", "authorize"]);
}

#[test]
fn a_login_of_another_copy_of_the_package_in_the_page_waits_for_the_logout() {
    let (_world, page, _) = two_tabs();
    let mut logout = page.leaving_to_log_out(json!({}));
    // It shares the tab with the first copy, and nothing that is at run time.
    let copy = page.tab.reload();
    let mut login = copy.leaving_to_log_in();
    assert!(!login.advance() && page.tab.departures.urls().len() == 1, "it waits");
    page.tab.departures.end(Left::Stayed);
    assert!(logout.advance());
    leaves(&copy, &mut login);
}

#[test]
fn a_page_without_locks_goes_on_as_before() {
    let (world, page, other) = two_tabs();
    world.bus.has_no_locks.set(true);
    let _logout = page.leaving_to_log_out(json!({}));
    assert!(page.tab.departures.on_the_way().is_some());
    leaves(&other, &mut other.leaving_to_log_in());
}

#[test]
fn another_client_of_another_tab_is_not_concerned() {
    let (world, page, other) = two_tabs();
    let _logout = page.leaving_to_log_out(json!({}));
    let elsewhere = other.register("other", world.settings.borrow().clone()).expect("another name");
    let ready = elsewhere.prepare_login(json!({}), None);
    let _login = Running::start(async move { elsewhere.leave_for_login(ready.await?).await });
    assert_eq!(other.tab.departures.urls().len(), 1);
    other.another_registry(json!({ "storagePrefix": "mine" })).leaving_to_log_in();
    assert_eq!(other.tab.departures.urls().len(), 2);
    let mut settings = world.settings.borrow().clone();
    settings["clientId"] = json!("another-client");
    other.oauth.register("demo", settings, Functions::default(), true).expect("another owner");
    other.leaving_to_log_in();
    assert_eq!(other.tab.departures.urls().len(), 3);
}
