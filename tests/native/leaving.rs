//! A page that leaves goes on running, and whatever begins a navigation meanwhile cancels the one before: a logout must reach the
//! provider although the app's own guard begins a login at once.

use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::events::Event;
use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::ports::{HttpError, Left};
use oidc_client_wasm::protocol::json::json;

use crate::support::verbs::ClientVerbs;
use crate::support::*;

type Call = Running<Result<(), Error>>;

fn is_logout(url: Option<String>) -> bool {
    url.is_some_and(|url| url.starts_with(&format!("{ISSUER}/end?")) && url.contains("id_token_hint="))
}

#[track_caller]
fn waits(call: &mut Call) {
    assert!(!call.advance(), "it waits");
}

#[track_caller]
fn is_refused(call: Call) {
    assert_error(&call.finish().expect_err("a refusal"), ["page_leaving", "environment", "authorize"]);
}

#[track_caller]
fn has_stayed(call: Call) {
    assert_error(&call.finish().expect_err("the page stayed"), ["page_stayed", "environment", "logout"]);
}

/// The page is on its way to the logout, and the login waits.
#[track_caller]
fn the_logout_leaves_alone(page: &Page, logout: &mut Call, login: &mut Call) {
    waits(logout);
    waits(login);
    assert!(is_logout(page.tab.departures.on_the_way()));
}

/// Something kept the page from leaving for the logout, for which a login waited.
#[track_caller]
fn stays_after_all(page: &Page, logout: Call, login: Call) {
    page.tab.departures.end(Left::Stayed);
    has_stayed(logout);
    is_refused(login);
}

/// A page with a session, for which what the tab remembers of the provider is too old.
fn signed_in_yesterday() -> (Rc<World>, Page) {
    let (world, page) = World::new().signed_in();
    world.pass(86_400);
    let page = page.tab.reload();
    (world, page)
}

/// A page whose logout is on its way to the provider.
fn logging_out() -> (Rc<World>, Page, Call) {
    let (world, page) = World::new().signed_in();
    let logout = page.leaving_to_log_out(json!({}));
    assert!(is_logout(page.tab.departures.on_the_way()));
    (world, page, logout)
}

#[test]
fn a_login_waits_for_a_logout_that_is_leaving() {
    let (_, page, mut logout) = logging_out();
    let mut login = page.leaving_to_log_in();
    the_logout_leaves_alone(&page, &mut logout, &mut login);
    assert_eq!(page.tab.departures.urls().len(), 1, "the page leaves for the logout and nothing else");
}

#[test]
fn a_page_that_stays_refuses_the_login_that_waited_and_takes_the_next() {
    let (_, page, logout) = logging_out();
    let login = page.leaving_to_log_in();
    stays_after_all(&page, logout, login);
    let mut next = page.leaving_to_log_in();
    waits(&mut next);
    assert!(page.tab.departures.on_the_way().expect("the login leaves").contains("/auth?"));
}

#[test]
fn a_guard_that_listens_for_the_logout_does_not_overtake_it() {
    let page = World::new().tab().sign_in();
    let (client, login) = (Rc::downgrade(&page.client()), Rc::new(std::cell::RefCell::new(None)));
    let kept = login.clone();
    page.oauth.events.listen(move |_, event| {
        if let (Event::Logout(_), Some(client)) = (event, client.upgrade()) {
            let ready = client.prepare_login(json!({}), None);
            kept.replace(Some(Running::start(async move { client.leave_for_login(ready.await?).await })));
        }
    });
    let logout = page.leaving_to_log_out(json!({}));
    let mut login = login.take().expect("the guard was told");
    waits(&mut login);
    assert!(is_logout(page.tab.departures.on_the_way()));
    stays_after_all(&page, logout, login);
}

#[test]
fn a_login_that_still_fetches_metadata_gives_way_to_a_logout() {
    let (world, page) = signed_in_yesterday();
    world.network.hold();
    let mut login = page.leaving_to_log_in();
    waits(&mut login);
    let mut logout = page.leaving_to_log_out(json!({}));
    world.network.let_go();
    login.advance();
    the_logout_leaves_alone(&page, &mut logout, &mut login);
    assert_eq!(page.tab.departures.urls().len(), 1);
    stays_after_all(&page, logout, login);
}

#[test]
fn a_login_waits_while_a_logout_still_fetches_metadata() {
    let (world, page) = signed_in_yesterday();
    world.network.hold();
    let mut logout = page.leaving_to_log_out(json!({}));
    let mut login = page.leaving_to_log_in();
    world.network.let_go();
    login.advance();
    the_logout_leaves_alone(&page, &mut logout, &mut login);
}

#[test]
fn a_login_waits_while_a_logout_revokes() {
    let (world, page) = World::new().signed_in();
    world.network.hold();
    let mut logout = page.leaving_to_log_out(json!({ "revoke": true }));
    assert!(page.session().is_none(), "signed out here already");
    let mut login = page.leaving_to_log_in();
    waits(&mut login);
    assert_eq!(page.tab.departures.on_the_way(), None);
    world.network.let_go();
    the_logout_leaves_alone(&page, &mut logout, &mut login);
}

#[test]
fn a_logout_goes_before_a_login_that_is_leaving() {
    let page = World::new().tab().sign_in();
    let mut login = page.leaving_to_log_in();
    assert!(page.tab.departures.on_the_way().is_some());
    let mut logout = page.leaving_to_log_out(json!({}));
    the_logout_leaves_alone(&page, &mut logout, &mut login);
    assert!(
        page.tab.storage.keys_of("transaction").len() == 1,
        "the login that gave way is forgotten, and the return from the logout is expected"
    );
    stays_after_all(&page, logout, login);
}

#[test]
fn a_second_login_waits_for_the_first() {
    let page = World::new().tab().open(HOME);
    let (first, mut second) = (page.leaving_to_log_in(), page.leaving_to_log_in());
    waits(&mut second);
    assert_eq!(page.tab.departures.urls().len(), 1);
    page.tab.departures.end(Left::Stayed);
    first.finish().expect("it settles: the page stayed");
    is_refused(second);
    page.leaving_to_log_in();
    assert_eq!(page.tab.departures.urls().len(), 2, "the next try leaves");
}

/// React's StrictMode runs an effect, takes it back, and runs it again.
#[test]
fn a_login_that_is_given_up_before_it_left_lets_the_next_one_go() {
    let (world, page) = World::new().at_home();
    world.network.hold();
    let first = page.leaving_to_log_in();
    let mut second = page.leaving_to_log_in();
    drop(first);
    second.advance();
    world.network.let_go();
    waits(&mut second);
    assert!(page.tab.departures.on_the_way().is_some());
}

#[test]
fn a_login_that_fails_before_it_left_lets_the_next_one_go() {
    let (world, page) = World::new().at_home();
    world.network.cut("", HttpError::Network);
    let first = page.leaving_to_log_in();
    assert_error(&first.finish().expect_err("no network"), ["network", "environment", "metadata"]);
    world.network.mend();
    page.leaving_to_log_in();
    assert!(page.tab.departures.on_the_way().is_some());
}

#[test]
fn a_logout_that_cannot_reach_the_metadata_changes_nothing_and_hinders_no_login() {
    let (world, page) = signed_in_yesterday();
    world.network.cut("", HttpError::Network);
    let logout = page.leaving_to_log_out(json!({}));
    assert_error(&logout.finish().expect_err("no network"), ["network", "environment", "metadata"]);
    assert!(page.session().is_some());
    world.network.mend();
    page.leaving_to_log_in();
    assert!(page.tab.departures.on_the_way().is_some());
}

#[test]
fn a_login_that_waited_for_a_logout_that_changed_nothing_goes() {
    let (world, page) = signed_in_yesterday();
    world.network.hold();
    let mut logout = page.leaving_to_log_out(json!({}));
    let mut login = page.leaving_to_log_in();
    world.random_fault.set(true);
    world.network.let_go();
    assert!(logout.advance());
    world.random_fault.set(false);
    assert_error(&logout.finish().expect_err("no state"), ["crypto_unavailable", "environment", "logout"]);
    waits(&mut login);
    assert!(page.tab.departures.on_the_way().is_some());
}

#[test]
fn new_settings_and_another_registry_are_no_way_around() {
    let (world, page, _logout) = logging_out();
    let settings = world.settings.borrow().clone();
    page.oauth.register("demo", settings, Functions::default(), true).expect("new settings");
    waits(&mut page.leaving_to_log_in());
    let other = page.another_registry(json!({}));
    waits(&mut other.leaving_to_log_in());
    assert!(page.oauth.unregister("demo"));
    page.register("demo", world.settings.borrow().clone()).expect("the same name");
    waits(&mut page.leaving_to_log_in());
    assert_eq!(page.tab.departures.urls().len(), 1);
}

#[test]
fn another_client_is_not_concerned() {
    let (world, page, _logout) = logging_out();
    let other = page.register("other", world.settings.borrow().clone()).expect("another client");
    let ready = other.prepare_login(json!({}), None);
    let _login = Running::start(async move { other.leave_for_login(ready.await?).await });
    assert_eq!(page.tab.departures.urls().len(), 2);
    // A registry with another prefix has other clients.
    page.another_registry(json!({ "storagePrefix": "mine" })).leaving_to_log_in();
    assert_eq!(page.tab.departures.urls().len(), 3);
}

#[test]
fn a_second_logout_is_the_same_logout() {
    let (_, page, first) = logging_out();
    let mut second = page.leaving_to_log_out(json!({}));
    waits(&mut second);
    assert_eq!(page.tab.departures.urls().len(), 1, "a second navigation would go without the hint");
    page.tab.departures.end(Left::Stayed);
    has_stayed(first);
    has_stayed(second);
}

#[test]
fn a_logout_that_stayed_can_be_told_to_the_provider_with_its_hint() {
    for (params, how, code) in [
        (json!({}), Left::Stayed, ["page_stayed", "environment", "logout"]),
        (json!({ "method": "post" }), Left::Stayed, ["page_stayed", "environment", "logout"]),
        (json!({ "method": "post" }), Left::Forbidden, ["config_invalid", "usage", "logout"]),
    ] {
        let (world, page) = World::new().signed_in();
        let logout = page.leaving_to_log_out(params);
        page.tab.departures.end(how);
        let error = logout.finish().expect_err("the page stayed");
        assert_error(&error, code);
        world.secrets.audit_error(&error);
        assert!(page.session().is_none() && page.tab.stored_session("demo").is_none());
        let hint = world.provider.id_tokens.borrow()[0].clone();
        let _again = page.leaving_to_log_out(json!({}));
        assert!(page.tab.departures.on_the_way().is_some_and(|url| url.contains(&hint)), "the same hint");
    }
}

#[test]
fn the_hint_of_a_logout_that_stayed_goes_to_its_provider_only_and_not_after_another_login() {
    let stayed = || {
        let (world, page, logout) = logging_out();
        page.tab.departures.end(Left::Stayed);
        has_stayed(logout);
        (world, page)
    };
    let has_hint = |page: &Page| {
        let request = page.logout(json!({})).expect("a logout").expect("a request");
        request.fields.iter().any(|(name, _)| name == "id_token_hint")
    };
    assert!(has_hint(&stayed().1));

    let (_, page) = stayed();
    page.clear();
    assert!(!has_hint(&page));

    let (_, page) = stayed();
    page.leaving_to_log_in();
    assert!(!has_hint(&page));

    let (world, page) = stayed();
    let mut settings = world.settings.borrow().clone();
    settings["metadata"] = json!({ "end_session_endpoint": "https://elsewhere.example/end" });
    page.oauth.register("demo", settings, Functions::default(), true).expect("new settings");
    assert!(!has_hint(&page));
}

#[test]
fn a_page_that_came_back_settles_and_takes_a_login() {
    let (_, page, logout) = logging_out();
    let login = page.leaving_to_log_in();
    page.tab.departures.end(Left::CameBack);
    logout.finish().expect("the page left");
    is_refused(login);
    page.leaving_to_log_in();
    assert_eq!(page.tab.departures.urls().len(), 2);
}

#[test]
fn a_logout_by_post_leaves_by_a_form() {
    let (world, page) = World::new().signed_in();
    let _logout = page.leaving_to_log_out(json!({ "method": "post" }));
    assert!(page.tab.departures.is_post());
    assert_eq!(world.secrets.found_in(&page.tab.departures.urls()[0]), None);
    waits(&mut page.leaving_to_log_in());
}

#[test]
fn a_logout_of_another_client_id_under_the_name_is_a_logout_of_its_own() {
    let (_, page, first) = logging_out();
    let other = json!({ "clientId": "another" });
    page.oauth.register("demo", other, Functions::default(), true).expect("settings");
    let _second = page.leaving_to_log_out(json!({}));
    page.tab.departures.end(Left::Stayed);
    has_stayed(first);
    let _third = page.leaving_to_log_out(json!({}));
    let urls = page.tab.departures.urls();
    assert!(urls.len() >= 2 && urls[1..].iter().all(|url| url.contains("client_id=another")), "{urls:?}");
    assert!(urls[1..].iter().all(|url| !url.contains("id_token_hint")), "the hint is that of the first client id");
}

// ---------------------------------------------------------------- a provider without logout

#[test]
fn a_login_that_waited_for_a_logout_without_the_provider_is_refused() {
    for (params, succeeds) in
        [(json!({ "revoke": true }), false), (json!({ "revoke": true, "fallback": "local" }), true)]
    {
        let (world, page) = World::whose_provider(|op| op.metadata.tell(without("end_session_endpoint"))).signed_in();
        world.network.hold();
        let mut logout = page.leaving_to_log_out(params);
        let login = page.leaving_to_log_in();
        world.network.let_go();
        logout.advance();
        assert_eq!(logout.finish().is_ok(), succeeds);
        is_refused(login);
        assert!(page.tab.departures.urls().is_empty());
        page.leaving_to_log_in();
        assert_eq!(page.tab.departures.urls().len(), 1, "the next try leaves");
    }
}
