//! A refresh where storage is full, blocked, or breaks at any single operation: a rotated refresh token is the only one of its
//! kind, so callers and the page go on with it, and a fresh page finds a whole session or none.

use std::rc::Rc;

use crate::support::*;
use oidc_client_wasm::protocol::json::json;

fn signed_in() -> (Rc<World>, Page) {
    let (world, page) = World::new().signed_in();
    page.events.take();
    (world, page)
}

#[test]
fn where_storage_is_full_the_page_goes_on_with_the_rotated_token() {
    let (world, page) = signed_in();
    let before = page.held_refresh_token();
    page.tab.storage.full.set(true);
    let token = page.refresh().expect("a token all the same");
    assert_eq!(page.held_access_token(), token);
    assert_ne!(page.held_refresh_token(), before);
    assert_eq!(page.events.take(), ["error storage_full", "tokenupdate alice"]);
    // The provider of the tests fails a refresh token that comes twice.
    let token = page.refresh().expect("and again");
    assert_eq!(page.access_token().expect("a token"), token);
    page.tab.storage.full.set(false);
    page.refresh().expect("there is room again");
    assert_eq!(page.tab.reload().session(), page.session());
    assert!(world.provider.honours(&page.held_refresh_token()));
}

#[test]
fn a_session_that_only_this_page_holds_ends_with_a_logout() {
    let (_world, page) = signed_in();
    page.tab.storage.full.set(true);
    page.refresh().expect("a token");
    page.tab.storage.full.set(false);
    page.clear();
    assert!(page.session().is_none());
    assert_eq!(page.tab.stored_session("demo"), None);
}

#[test]
fn a_session_that_only_this_page_holds_gives_way_to_the_next_login() {
    let (_, tab) = World::new().signed_in_tab();
    let page = tab.open_return_of("bob");
    tab.storage.full.set(true);
    page.refresh().expect("a token");
    tab.storage.full.set(false);
    page.expect_login();
    assert_eq!(page.sub().as_deref(), Some("bob"));
}

/// The page lay in the back/forward cache while somebody else signed in on another page of the tab.
#[test]
fn a_session_that_only_this_page_holds_gives_way_to_a_login_on_another_page() {
    let (world, page) = signed_in();
    page.tab.storage.full.set(true);
    page.refresh().expect("a token");
    page.tab.storage.full.set(false);
    world.provider.sub.replace("bob".into());
    page.tab.sign_in();
    page.oauth.wake_up();
    assert_eq!(page.sub().as_deref(), Some("bob"));
}

#[test]
fn a_session_that_only_this_page_holds_ends_with_a_logout_elsewhere() {
    let (world, page) = signed_in();
    let copy = page.tab.duplicate().open(HOME);
    page.tab.storage.full.set(true);
    page.refresh().expect("a token");
    world.pass(1);
    copy.logout(json!({})).expect("a logout");
    world.bus.deliver();
    assert!(page.session().is_none());
}

#[test]
fn a_copy_without_room_goes_on_with_what_it_adopted() {
    let (world, page) = signed_in();
    let copy = page.tab.duplicate().open(HOME);
    copy.tab.storage.full.set(true);
    page.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(copy.session(), page.session());
    copy.refresh().expect("with the rotated token");
}

#[test]
fn a_sign_out_is_not_undone_where_storage_breaks_after_it() {
    let (world, page) = signed_in();
    world.network.hold();
    let asking = page.asking_for(json!({ "force": true }));
    page.clear();
    page.tab.storage.blocked.set(true);
    world.network.let_go();
    let _ = page.got(asking);
    assert!(page.session().is_none());
    page.tab.storage.blocked.set(false);
    assert!(page.session().is_none(), "nobody is signed in again by an answer that was late");
}

fn at_every_operation<T>(prepare: impl Fn(Page) -> T, tab_of: impl Fn(&T) -> &Rc<Tab>, scenario: impl Fn(&T)) -> usize {
    at_every_fault(|fault| {
        let (world, page) = signed_in();
        world.provider.is_suite.set(false);
        let prepared = prepare(page);
        let effects = &tab_of(&prepared).effects;
        effects.inject(fault);
        scenario(&prepared);
        let has_struck = effects.recover();
        finds_a_whole_session_or_none(tab_of(&prepared));
        has_struck
    })
}

#[track_caller]
fn finds_a_whole_session_or_none(tab: &Rc<Tab>) {
    let page = tab.open(HOME);
    page.oauth.wake_up();
    page.has_a_whole_session_or_none();
    tab.sign_in();
    tab.open(HOME).refresh().expect("a refresh of the new session");
}

#[test]
fn while_a_refresh_is_under_way() {
    let operations = at_every_operation(
        |page| (page.held_refresh_token(), page),
        |(_, page)| &page.tab,
        |(before, page)| {
            let provider = &page.world().provider;
            match page.refresh() {
                Ok(token) => assert!(provider.honours(&token)),
                Err(error) => {
                    let code = error.code.as_str();
                    assert!(["missing_token", "storage_unavailable", "storage_full"].contains(&code), "{error:?}");
                }
            }
            if page.world().network.sent_to("/token").len() == 1 {
                assert!(provider.honours(before), "nothing was sent, so nothing was lost");
            }
        },
    );
    assert!(operations >= 4, "{operations} operations are hardly all");
}

/// The page lives on: one operation that fails must not cost it the successor of its refresh token.
#[test]
fn a_passing_fault_of_storage_does_not_lose_the_rotated_token() {
    at_every_operation(
        |page| page,
        |page| &page.tab,
        |page| {
            let _ = page.refresh();
            page.tab.effects.recover();
            if page.session().is_some() {
                assert!(page.world().provider.honours(&page.held_refresh_token()));
                page.refresh().expect("the next refresh");
            }
        },
    );
}

#[test]
fn while_a_refused_session_ends() {
    let operations = at_every_operation(
        |page| page,
        |page| &page.tab,
        |page| {
            page.world().provider.forget_everybody();
            page.refresh().expect_err("refused");
        },
    );
    assert!(operations >= 4, "{operations} operations are hardly all");
}

#[test]
fn while_a_copy_adopts() {
    let operations = at_every_operation(
        |page| {
            let copy = page.tab.duplicate().open(HOME);
            page.refresh().expect("a refresh");
            copy
        },
        |copy| &copy.tab,
        |copy| copy.world().bus.deliver(),
    );
    assert!(operations >= 2, "{operations} operations are hardly all");
}

#[test]
fn while_a_session_ends_by_another_tab() {
    let operations = at_every_operation(
        |page| {
            let copy = page.tab.duplicate().open(HOME);
            page.world().pass(1);
            page.logout(json!({})).expect("a logout");
            copy
        },
        |copy| &copy.tab,
        |copy| {
            copy.world().bus.deliver();
            assert!(copy.session().is_none(), "whatever storage does");
        },
    );
    assert!(operations >= 2, "{operations} operations are hardly all");
}
