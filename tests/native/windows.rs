//! Logins in a popup and in a hidden frame: the page that began one acts on the response that the window relays, and no other page does.

use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::callback::outcome::Outcome;
use oidc_client_wasm::flow::leave::windows::{Window, authorize_in};
use oidc_client_wasm::ports::{End, Left, Unrelayed};
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::transaction::Way;

use crate::support::windows::Shown;
use crate::support::*;
use crate::whose_response::is_left_alone;

type Call = Running<Result<Outcome, Error>>;

/// `authorizePopup()`, not awaited.
fn in_popup(page: &Page, params: Value) -> Call {
    Running::start(authorize_in(Window::Popup(Some(Rc::new(()))), &page.client(), params, Some("\"here\"".into())))
}

/// `authorizeSilent()`, not awaited.
fn silent(page: &Page, params: Value) -> Call {
    Running::start(authorize_in(Window::Frame, &page.client(), params, None))
}

fn home() -> (Rc<World>, Page) {
    let (world, tab) = World::new().with_tab();
    (world, tab.open(HOME))
}

fn param(url: &str, name: &str) -> Option<String> {
    url::Url::parse(url).expect("a URL").query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into())
}

/// The person agrees in the window, and the page at the redirect URI relays the response.
fn agree(page: &Page) -> String {
    let shown = page.tab.windows.last();
    let response = page.world().provider.authorize(&shown.url);
    shown.relay(&response);
    response
}

#[track_caller]
fn fails(page: &Page, call: Call, verdict: [&'static str; 3]) -> Error {
    let error = page.audited(call.finish()).expect_err("an error");
    assert_error(&error, verdict);
    nothing_is_left(page);
    error
}

/// Nothing of a login in a window is left in storage, and nothing waits for it.
#[track_caller]
fn nothing_is_left(page: &Page) {
    for kind in ["transaction", "used"] {
        assert!(page.tab.storage.keys_of(kind).iter().all(|key| !key.contains(".oidc-")), "{kind}");
    }
    assert!(page.tab.windows.count() == 0 || page.tab.windows.last().is_gone());
}

#[track_caller]
fn waiting(page: &Page, call: &mut Call) -> Rc<Shown> {
    assert!(!call.advance(), "it waits");
    page.tab.windows.last()
}

#[test]
fn a_login_in_a_hidden_frame_signs_in_and_leaves_nothing_but_the_session() {
    let (world, page) = home();
    let mut call = silent(&page, json!({}));
    let shown = waiting(&page, &mut call);
    assert_eq!((shown.is_popup, shown.patience), (false, 30));
    assert_eq!(param(&shown.url, "prompt").as_deref(), Some("none"));
    assert_eq!(param(&shown.url, "state").as_deref(), Some(&*shown.state));
    assert!(shown.state.ends_with(".oidc-silent"));
    agree(&page);
    let outcome = call.finish().expect("a login");
    assert_eq!(outcome.client, "demo");
    assert_eq!(page.events.take(), ["login alice"]);
    nothing_is_left(&page);
    assert_eq!(page.tab.reload().sub().as_deref(), Some("alice"));
    assert_eq!(world.network.sent_to("/token").len(), 1);
}

#[test]
fn a_login_in_a_popup_signs_in_and_brings_the_app_state_back() {
    let (_, page) = home();
    let mut call = in_popup(&page, json!({ "loginHint": "alice" }));
    let shown = waiting(&page, &mut call);
    assert_eq!((shown.is_popup, shown.patience), (true, 600));
    assert_eq!(param(&shown.url, "prompt"), None);
    agree(&page);
    assert_eq!(call.finish().expect("a login").app_state.as_deref(), Some("\"here\""));
    assert_eq!(page.sub().as_deref(), Some("alice"));
    nothing_is_left(&page);
}

#[test]
fn each_way_has_its_redirect_uri_and_that_of_a_call_wins() {
    let redirect_uri = |settings: Value, begin: fn(&Page, Value) -> Call, params: Value| {
        let page = World::with(settings).tab().open(HOME);
        let _call = begin(&page, params);
        param(&page.tab.windows.last().url, "redirect_uri").expect("a redirect URI")
    };
    let (popup_uri, silent_uri) = ("https://app.example/popup.html", "https://app.example/silent.html");
    let both = || json!({ "popupRedirectUri": popup_uri, "silentRedirectUri": silent_uri });
    assert_eq!(redirect_uri(both(), in_popup, json!({})), popup_uri);
    assert_eq!(redirect_uri(both(), silent, json!({})), silent_uri);
    assert_eq!(
        redirect_uri(both(), silent, json!({ "redirectUri": "https://app.example/x" })),
        "https://app.example/x"
    );
    assert_eq!(redirect_uri(json!({}), in_popup, json!({})), REDIRECT_URI);
}

#[test]
fn callers_of_the_same_silent_login_share_one() {
    let (_, page) = home();
    let (mut first, mut second) = (silent(&page, json!({})), silent(&page, json!({})));
    assert!(!first.advance() && !second.advance());
    assert_eq!(page.tab.windows.count(), 1);
    let other = silent(&page, json!({ "scope": "openid" }));
    assert_eq!(page.tab.windows.count(), 2);
    drop(other);
    drop(first);
    let shown = page.tab.windows.last();
    assert!(shown.is_gone());
    assert!(!second.advance(), "a caller that gives up does not end the login of the others");
}

#[test]
fn a_login_that_waits_in_a_window_holds_no_other_login_back() {
    let (_, page) = home();
    let mut call = in_popup(&page, json!({}));
    waiting(&page, &mut call);
    let mut leaving = page.leaving_to_log_in();
    assert!(!leaving.advance());
    assert!(page.tab.departures.on_the_way().is_some_and(|url| url.contains("/auth?")));
}

#[test]
fn the_response_of_a_popup_login_in_the_address_bar_signs_nobody_in() {
    let (world, page) = home();
    let mut call = in_popup(&page, json!({}));
    let shown = waiting(&page, &mut call);
    let response = world.provider.authorize(&shown.url);
    assert_eq!(page.tab.storage.keys_of("transaction").len(), 1, "the login is open");
    is_left_alone(&page.tab, &response);
    shown.relay(&response);
    call.finish().expect("the page that began it goes on");
}

/// A window begins with a copy of sessionStorage, and a frame shares it.
#[test]
fn a_page_in_the_window_never_acts_on_its_copy_of_the_transaction() {
    let (world, page) = home();
    let mut call = silent(&page, json!({}));
    let shown = waiting(&page, &mut call);
    let response = world.provider.authorize(&shown.url);
    let inside = page.tab.duplicate();
    assert_eq!(inside.storage.keys_of("transaction").len(), 1, "a copy");
    is_left_alone(&inside, &response);
    shown.relay(&response);
    call.finish().expect("the page that began it");
}

/// core.js looks for the marks in the address bar before it asks the Rust code.
#[test]
fn the_skin_knows_the_marks() {
    let skin = include_str!("../../pkg-template/core.js");
    let (_, marks) = skin.split_once(r"(\.|%2e)oidc-(").expect("the marks");
    let (marks, _) = marks.split_once(')').expect("an end");
    let known: Vec<String> = marks.split('|').map(|mark| format!(".oidc-{mark}")).collect();
    assert_eq!(known, [Way::Popup.mark(), Way::Silent.mark()]);
}

#[test]
fn a_relayed_response_of_another_login_changes_nothing() {
    let (world, page) = home();
    let other = page.tab.open(HOME);
    let mut second = in_popup(&other, json!({}));
    let foreign = world.provider.authorize(&waiting(&other, &mut second).url);
    let call = silent(&page, json!({}));
    page.tab.windows.last().relay(&foreign);
    let requests = world.network.count();
    let error = page.audited(call.finish()).expect_err("not its response");
    assert_error(&error, ["mismatching_state", "rejected", "callback"]);
    assert_eq!((page.session(), world.network.count()), (None, requests));
}

#[test]
fn a_response_in_another_part_of_the_url_is_refused() {
    let (world, page) = home();
    let call = silent(&page, json!({}));
    let shown = page.tab.windows.last();
    shown.relay(&world.provider.authorize(&shown.url).replace('?', "#"));
    fails(&page, call, ["mismatching_state", "rejected", "callback"]);
    assert_eq!(page.session(), None);
}

#[test]
fn a_redirect_uri_of_another_origin_is_refused_before_a_window_shows_anything() {
    for redirect_uri in
        ["https://login.app.example/callback", "http://app.example/callback", "https://app.example:8443/"]
    {
        let (_, page) = home();
        let call = in_popup(&page, json!({ "redirectUri": redirect_uri }));
        let error = fails(&page, call, ["invalid_redirect_uri", "usage", "authorize"]);
        assert!(error.remedy().is_some_and(|remedy| remedy.contains("callback.html")));
        assert_eq!(page.tab.windows.count(), 0);
    }
}

#[test]
fn what_the_provider_says_in_a_popup_reaches_the_caller_and_no_listener() {
    let (world, page) = home();
    let call = in_popup(&page, json!({}));
    let shown = page.tab.windows.last();
    shown.relay(&world.provider.refuse(&shown.url, "access_denied"));
    let error = fails(&page, call, ["authorization_refused", "refused", "callback"]);
    let words = error.provider.as_ref().expect("the words of the provider");
    assert_eq!(words.error, "access_denied");
    assert_eq!(error.app_state.as_deref(), Some("\"here\""));
    assert_eq!(page.events.take(), [""; 0]);
}

#[test]
fn a_silent_login_without_a_session_at_the_provider_says_what_to_do() {
    let (world, page) = home();
    let call = silent(&page, json!({}));
    let shown = page.tab.windows.last();
    shown.relay(&world.provider.refuse(&shown.url, "login_required"));
    let error = fails(&page, call, ["login_required", "refused", "callback"]);
    assert!(error.remedy().is_some_and(|remedy| remedy.contains("authorizeRedirect({ prompt: \"none\", appState })")));
    assert_eq!(page.events.take(), [""; 0]);
}

#[test]
fn a_silent_login_never_changes_the_person() {
    let (world, page) = World::new().signed_in();
    page.events.take();
    let before = page.session().expect("a session");
    world.provider.sub.replace("bob".into());
    let call = silent(&page, json!({}));
    let hint = param(&page.tab.windows.last().url, "id_token_hint");
    assert_eq!(hint.as_deref(), before.id_token().map(|id_token| id_token.expose()));
    agree(&page);
    fails(&page, call, ["subject_mismatch", "rejected", "id_token"]);
    assert_eq!(page.session(), Some(before));
    assert_eq!(page.events.take(), [""; 0]);
    page.tab.run_background();
    assert_eq!(world.network.sent_to("/revoke").len(), 1, "the tokens of the other person are given back");
}

#[test]
fn a_silent_login_of_the_same_person_gives_the_session_new_tokens() {
    let (_, page) = World::new().signed_in();
    let before = page.session().expect("a session");
    let call = silent(&page, json!({}));
    agree(&page);
    call.finish().expect("a login");
    let now = page.session().expect("a session");
    assert!(now.token().access_token != before.token().access_token && now.sub() == before.sub());
}

#[test]
fn a_popup_login_may_change_the_person() {
    let (world, page) = World::new().signed_in();
    page.events.take();
    world.provider.sub.replace("bob".into());
    let call = in_popup(&page, json!({}));
    agree(&page);
    call.finish().expect("a login");
    assert_eq!(page.events.take(), ["userchange alice bob", "login bob"]);
}

#[test]
fn each_end_of_a_window_has_its_error() {
    for (end, code) in [
        (End::NotLoaded, "wasm_load_failed"),
        (End::Closed, "popup_closed"),
        (End::Forbidden, "config_invalid"),
        (End::Left, "aborted"),
        (End::Late, "timeout"),
    ] {
        for begin in [in_popup as fn(&Page, Value) -> Call, silent] {
            let (_, page) = home();
            let call = begin(&page, json!({}));
            let (message, remedy) = ("The window says why.".into(), "The window says what to do.".into());
            page.tab.windows.last().end(Err(Unrelayed { end, message, remedy }));
            let error = page.audited(call.finish()).expect_err("an end");
            assert_eq!((error.code.as_str(), &*error.message), (code, "The window says why."));
            assert_eq!(error.remedy(), Some("The window says what to do."));
            nothing_is_left(&page);
        }
    }
}

#[test]
fn a_popup_that_the_browser_blocks_begins_no_login() {
    let (world, page) = home();
    let call: Call = Running::start(authorize_in(Window::Popup(None), &page.client(), json!({}), None));
    fails(&page, call, ["popup_blocked", "environment", "authorize"]);
    assert_eq!((page.tab.windows.count(), world.network.count()), (0, 0));
}

#[test]
fn a_caller_that_gives_up_ends_the_login() {
    for begin in [in_popup as fn(&Page, Value) -> Call, silent] {
        let (world, page) = home();
        let mut call = begin(&page, json!({}));
        let shown = waiting(&page, &mut call);
        let response = world.provider.authorize(&shown.url);
        drop(call);
        nothing_is_left(&page);
        is_left_alone(&page.tab, &response);
    }
}

#[test]
fn a_logout_ends_a_login_that_waits_in_a_window() {
    for begin in [in_popup as fn(&Page, Value) -> Call, silent] {
        let (_, page) = World::new().signed_in();
        let mut call = begin(&page, json!({}));
        waiting(&page, &mut call);
        let _logout = page.leaving_to_log_out(json!({}));
        assert!(call.advance(), "it ends at once");
        let error = call.finish().expect_err("an end");
        assert_error(&error, ["aborted", "environment", "authorize"]);
        assert!(page.tab.windows.last().is_gone());
        assert_eq!(page.session(), None);
    }
}

#[test]
fn clearing_ends_a_login_that_waits_in_a_window() {
    let (_, page) = home();
    let call = silent(&page, json!({}));
    page.client().sign_out_here().expect("storage");
    fails(&page, call, ["aborted", "environment", "authorize"]);
}

#[test]
fn a_logout_while_the_code_is_redeemed_signs_nobody_in() {
    let (world, page) = home();
    let mut call = in_popup(&page, json!({}));
    waiting(&page, &mut call);
    world.network.hold();
    agree(&page);
    assert!(!call.advance());
    page.client().sign_out_here().expect("storage");
    world.network.let_go();
    let error = call.finish().expect_err("an end");
    assert_error(&error, ["invalid_state", "rejected", "callback"]);
    assert_eq!(page.session(), None);
}

#[test]
fn a_second_popup_login_ends_the_first_and_no_silent_one() {
    let (_, page) = home();
    let mut silent = silent(&page, json!({}));
    let mut first = in_popup(&page, json!({}));
    let shown = waiting(&page, &mut first);
    let second = in_popup(&page, json!({}));
    assert!(first.advance() && !silent.advance());
    assert!(shown.is_gone());
    assert_error(&first.finish().expect_err("an end"), ["aborted", "environment", "authorize"]);
    agree(&page);
    second.finish().expect("a login");
}

#[test]
fn a_login_in_a_window_waits_for_a_logout_that_is_leaving_and_is_refused_if_the_page_stays() {
    let (_, page) = World::new().signed_in();
    let _logout = page.leaving_to_log_out(json!({}));
    let mut call = silent(&page, json!({}));
    assert!(!call.advance());
    assert_eq!(page.tab.windows.count(), 0, "nothing is shown before the logout has left");
    page.tab.departures.end(Left::Stayed);
    drop(_logout);
    assert_error(&call.finish().expect_err("a refusal"), ["page_leaving", "environment", "authorize"]);
}

#[test]
fn a_login_that_begins_while_the_response_of_a_popup_is_late_is_judged_by_its_age() {
    let (world, page) = home();
    let mut call = in_popup(&page, json!({}));
    waiting(&page, &mut call);
    let response = world.provider.authorize(&page.tab.windows.last().url);
    world.pass(601);
    page.tab.windows.last().relay(&response);
    fails(&page, call, ["expired_state", "rejected", "callback"]);
}
