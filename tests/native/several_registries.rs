//! Several registries over one storage: two `createOAuth` in a page, or two copies of the package in it. Each tells what changed
//! against what it last told, whoever changed it, and tells it once.

use std::rc::Rc;

use oidc_client_wasm::flow::events::Event;
use oidc_client_wasm::protocol::json::json;

use crate::support::verbs::ClientVerbs;
use crate::support::*;

type Way = fn(&Page) -> Page;

const WAYS: [(&str, Way); 2] =
    [("another registry", |page| page.another_registry(json!({}))), ("another copy", |page| page.another_copy())];

/// Signed in, with two registries that have told it.
fn signed_in(way: Way) -> (Rc<World>, Page, Page) {
    let (world, page) = World::new().coming_back();
    let twin = way(&page);
    page.expect_login();
    assert_eq!((page.events.take(), twin.events.take()), (vec!["login alice".into()], vec!["login alice".into()]));
    (world, page, twin)
}

fn both(page: &Page, twin: &Page) -> [Vec<String>; 2] {
    [page.events.take(), twin.events.take()]
}

#[test]
fn a_refresh_is_told_by_each_with_the_values_that_were_replaced() {
    for (way, another) in WAYS {
        let (_world, page, twin) = signed_in(another);
        for (acting, other) in [(&page, &twin), (&twin, &page)] {
            let before = acting.token();
            let token = acting.refresh().expect(way);
            for registry in [acting, other] {
                let events = registry.events.take_all();
                let [(_, Event::TokenUpdate { session, before: old })] = events.as_slice() else {
                    panic!("{way}: {} events", events.len())
                };
                assert_eq!(session.token().access_token.expose(), token, "{way}");
                assert_eq!(
                    old.token().refresh_token.as_ref().map(|token| token.expose()),
                    before["refresh_token"].as_str()
                );
                assert_eq!(Some(old.token().access_token.expose()), before["access_token"].as_str());
            }
        }
    }
}

#[test]
fn a_sign_out_is_told_by_each_once() {
    for (way, another) in WAYS {
        let (_world, page, twin) = signed_in(another);
        twin.clear();
        assert_eq!(both(&page, &twin), [["logout local"], ["logout local"]], "{way}");
        page.clear();
        assert_eq!(both(&page, &twin), [[""; 0], [""; 0]], "{way}: nothing changed");
    }
}

#[test]
fn a_refused_refresh_is_told_by_each() {
    for (way, another) in WAYS {
        let (world, page, twin) = signed_in(another);
        world.provider.is_suite.set(false);
        world.provider.forget_everybody();
        page.refresh().expect_err("the provider says no");
        assert_eq!(twin.events.take(), ["logout refresh-rejected"], "{way}");
        assert!(page.events.take().contains(&"logout refresh-rejected".to_owned()), "{way}");
    }
}

#[test]
fn a_change_of_user_is_told_by_each() {
    for (way, another) in WAYS {
        let (_, tab) = World::new().signed_in_tab();
        let page = tab.open_return_of("bob");
        let twin = another(&page);
        page.expect_login();
        let told = ["userchange alice bob", "login bob"];
        assert_eq!(both(&page, &twin), [told, told], "{way}");
    }
}

#[test]
fn a_sign_out_in_another_tab_is_told_by_each_once() {
    for (way, another) in WAYS {
        let (world, page, twin) = signed_in(another);
        let other = page.tab.duplicate().open(HOME);
        world.pass(1);
        other.logout(json!({})).expect("a logout");
        world.bus.deliver();
        assert_eq!(both(&page, &twin), [["logout other-tab"], ["logout other-tab"]], "{way}");
    }
}

#[test]
fn a_refresh_in_another_tab_is_told_by_each_once() {
    for (way, another) in WAYS {
        let (world, page, twin) = signed_in(another);
        let other = page.tab.duplicate().open(HOME);
        world.pass(1);
        other.refresh().expect("a refresh");
        world.bus.deliver();
        assert_eq!(both(&page, &twin), [["tokenupdate alice"], ["tokenupdate alice"]], "{way}");
    }
}

#[test]
fn what_was_there_before_a_registry_counts_as_told() {
    for (way, another) in WAYS {
        let page = World::new().tab().sign_in();
        page.events.take();
        let twin = another(&page);
        twin.oauth.wake_up();
        assert_eq!(both(&page, &twin), [[""; 0], [""; 0]], "{way}");
        page.refresh().expect("a refresh");
        assert_eq!(twin.events.take(), ["tokenupdate alice"], "{way}");
    }
}

#[test]
fn a_page_that_slept_tells_what_another_page_of_the_tab_did() {
    let (world, tab) = World::new().with_tab();
    let asleep = tab.open(HOME);
    world.bus.forget(Rc::as_ptr(&tab));
    tab.sign_in();
    asleep.oauth.wake_up();
    assert_eq!(asleep.events.take(), ["login alice"]);
    world.bus.forget(Rc::as_ptr(&tab));
    tab.open(HOME).clear();
    asleep.oauth.wake_up();
    asleep.oauth.wake_up();
    assert_eq!(asleep.events.take(), ["logout local"]);
}

#[test]
fn what_changes_without_an_event_is_told_by_neither() {
    for (way, another) in WAYS {
        let (_world, page, twin) = signed_in(another);
        page.access_token_for(json!({ "scope": "email" })).expect("a token");
        page.revoke(None).expect("a revocation");
        twin.oauth.wake_up();
        assert_eq!(both(&page, &twin), [[""; 0], [""; 0]], "{way}");
    }
}

#[test]
fn a_forged_nudge_makes_a_registry_look_and_no_more() {
    let (_world, page, twin) = signed_in(WAYS[0].1);
    let address = format!("oidc:{}", client_key("demo"));
    for (address, reason) in
        [(&*address, "local"), (&*address, "other-tab"), (&*address, "<x>"), ("", ""), ("oidc:demo", "local")]
    {
        page.oauth.nudged(address, reason);
    }
    assert_eq!(both(&page, &twin), [[""; 0], [""; 0]]);
    assert!(page.session().is_some());
}

#[test]
fn the_settings_may_be_overwritten_and_nothing_is_told_twice() {
    for (way, another) in WAYS {
        let (_world, page, twin) = signed_in(another);
        let settings = json!({ "scope": "openid email" });
        page.oauth.register("demo", settings, Default::default(), true).expect("settings");
        twin.clear();
        assert_eq!(both(&page, &twin), [["logout local"], ["logout local"]], "{way}");
    }
}

#[test]
fn a_listener_that_signs_out_at_a_login_is_heard_by_each_in_order() {
    for (way, another) in WAYS {
        let tab = World::new().tab();
        let page = tab.open(&tab.come_back());
        let twin = another(&page);
        let client = Rc::downgrade(&page.client());
        page.oauth.events.listen(move |_, event| {
            if matches!(event, Event::Login(..)) {
                client.upgrade().expect("the client").sign_out_here().expect("a sign-out");
            }
        });
        let _ = page.handle_redirect();
        assert!(twin.session().is_none());
        // The twin looked after the sign-out: for it there was neither a login nor an end.
        assert_eq!(twin.events.take(), [""; 0], "{way}");
    }
}

// ---------------------------------------------------------------- two copies share nothing but storage

#[test]
fn a_sign_out_in_another_copy_ends_a_login_that_is_on_its_way() {
    let (world, page) = World::new().coming_back();
    let copy = page.another_copy();
    world.network.hold();
    let handling = page.handling();
    copy.clear();
    world.network.let_go();
    let error = page.handled(handling.finish()).expect_err("the person has left");
    assert_error(&error, ["invalid_state", "rejected", "callback"]);
    assert!(page.session().is_none() && copy.session().is_none());
    page.tab.run_background();
    assert_eq!(world.network.sent_to("/revoke").len(), 1, "what came was given back");
}

#[test]
fn a_sign_out_in_another_copy_ends_a_login_where_storage_is_full() {
    let (world, page) = World::new().coming_back();
    let copy = page.another_copy();
    world.network.hold();
    let handling = page.handling();
    page.tab.storage.full.set(true);
    copy.clear();
    page.tab.storage.full.set(false);
    world.network.let_go();
    page.handled(handling.finish()).expect_err("the person has left");
    assert!(page.session().is_none());
}

#[test]
fn a_sign_out_in_another_copy_ends_a_refresh_that_is_on_its_way() {
    let (world, page, copy) = signed_in(WAYS[1].1);
    world.network.hold();
    let asking = page.asking_for(json!({ "force": true }));
    copy.clear();
    world.network.let_go();
    assert_error(&asking.finish().expect_err("the person has left"), ["missing_token", "usage", "token"]);
    assert!(page.session().is_none());
}

#[test]
fn copies_redeem_a_refresh_token_once() {
    let (world, page, copy) = signed_in(WAYS[1].1);
    world.network.hold();
    let (first, second) = (page.asking_for(json!({ "force": true })), copy.asking_for(json!({ "force": true })));
    world.network.let_go();
    let first = page.got(first).expect("a token");
    world.bus.deliver();
    assert_eq!(copy.got(second).expect("the same"), first);
    assert_eq!(world.network.sent_to("/token").len(), 2, "one for the login, one for both");
}
