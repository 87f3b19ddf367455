//! A person who leaves while something of theirs is on its way: nothing of it signs them in again, and nobody is told about them.

use std::cell::RefCell;
use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::callback::outcome::Outcome;
use oidc_client_wasm::flow::events::Event;
use oidc_client_wasm::protocol::json::{Value, json};

use crate::support::verbs::ClientVerbs;
use crate::support::*;

type Handling = Running<Result<Option<Outcome>, Error>>;

/// A page whose login waits for the provider's tokens.
fn on_its_way(world: Rc<World>) -> (Rc<World>, Page, Handling) {
    let (world, page) = world.coming_back();
    world.network.hold();
    let handling = page.handling();
    assert!(world.network.in_flight().iter().any(|url| url.ends_with("/token")), "the code is on its way");
    (world, page, handling)
}

#[track_caller]
fn is_nobodys(world: &World, page: &Page, handling: Handling) {
    world.network.let_go();
    let error = page.handled(handling.finish()).expect_err("the person has left");
    assert_error(&error, ["invalid_state", "rejected", "callback"]);
    assert!(page.session().is_none() && page.tab.stored_session("demo").is_none());
    assert!(!page.events.take().iter().any(|event| event.starts_with("login")));
    page.tab.run_background();
    assert_eq!(world.network.sent_to("/revoke").len(), 1, "what came was given back");
    assert!(page.tab.sign_in().session().is_some(), "and they may come again");
}

#[test]
fn clearing_during_a_callback_ends_its_login() {
    let (world, page, handling) = on_its_way(World::new());
    page.clear();
    is_nobodys(&world, &page, handling);
}

#[test]
fn a_logout_during_a_callback_ends_its_login() {
    let (world, page, handling) = on_its_way(World::new());
    page.logout(json!({})).expect("a logout");
    is_nobodys(&world, &page, handling);
}

#[test]
fn a_logout_of_the_same_person_in_another_tab_ends_the_login_that_is_on_its_way() {
    let world = World::new();
    let other = world.tab();
    other.sign_in();
    let (world, page, handling) = on_its_way(world);
    world.pass(1);
    other.open(HOME).logout(json!({})).expect("a logout");
    world.bus.deliver();
    is_nobodys(&world, &page, handling);
}

#[test]
fn a_logout_of_somebody_else_in_another_tab_does_not() {
    let world = World::new();
    let other = world.tab();
    other.sign_in();
    world.provider.sub.replace("bob".into());
    let (world, page, handling) = on_its_way(world);
    world.pass(1);
    other.open(HOME).logout(json!({})).expect("alice's logout");
    world.bus.deliver();
    world.network.let_go();
    page.handled(handling.finish()).expect("bob's login");
    assert_eq!(page.sub().as_deref(), Some("bob"));
}

/// The session that was there before ends by itself; nobody has left.
#[test]
fn a_refused_refresh_during_a_callback_does_not_end_its_login() {
    let (world, tab) = World::new().signed_in_tab();
    world.provider.forget_everybody();
    world.provider.is_suite.set(false);
    let page = tab.open(&tab.come_back());
    world.network.hold();
    let (handling, asking) = (page.handling(), page.asking_for(json!({ "force": true })));
    world.network.let_go();
    let error = page.got(asking).expect_err("the old session is over");
    assert_eq!(error.code.as_str(), "refresh_refused");
    page.handled(handling.finish()).expect("the login");
    assert!(page.session().is_some());
}

#[test]
fn a_clock_that_was_fast_at_an_earlier_logout_does_not_refuse_a_login() {
    let (world, tab) = World::new().signed_in_tab();
    world.pass(500);
    tab.open(HOME).logout(json!({})).expect("a logout");
    world.pass(-500);
    assert!(tab.sign_in().session().is_some());
}

/// "Never switch people silently": the app signs everybody out when it hears of another person.
#[test]
fn who_is_signed_out_on_a_change_of_user_is_told_no_login() {
    let (_, tab) = World::new().signed_in_tab();
    let page = tab.open_return_of("bob");
    let (heard, client): (Rc<RefCell<Vec<&str>>>, _) = (Rc::default(), Rc::downgrade(&page.client()));
    let told = heard.clone();
    page.oauth.events.listen(move |_, event| match event {
        Event::UserChange { .. } => {
            told.borrow_mut().push("userchange");
            client.upgrade().expect("the client").sign_out_here().expect("a sign-out");
        }
        Event::Logout(_) => told.borrow_mut().push("logout"),
        Event::Login(..) => told.borrow_mut().push("login"),
        _ => {}
    });
    assert_eq!(page.handle_redirect().expect("a login that its own app has ended"), None);
    assert_eq!(*heard.borrow(), ["userchange", "logout"]);
    assert!(page.session().is_none());
}

// ---------------------------------------------------------------- userinfo

fn asking_about(page: &Page) -> Running<Result<Value, Error>> {
    let client = page.client();
    Running::start(async move { client.userinfo().await.map(Value::Object) })
}

#[test]
fn nobody_is_asked_about_with_the_token_of_who_left_while_it_was_renewed() {
    let (world, page) = World::new().signed_in();
    world.provider.userinfo.tell(set("sub", json!("mallory")));
    world.pass(4000);
    // In the very moment at which the new token is there.
    let client = Rc::downgrade(&page.client());
    page.oauth.events.listen(move |_, event| {
        if matches!(event, Event::TokenUpdate { .. }) {
            client.upgrade().expect("the client").sign_out_here().expect("a sign-out");
        }
    });
    world.network.take_sent();
    assert_error(&asking_about(&page).finish().expect_err("nobody is signed in"), ["missing_token", "usage", "token"]);
    assert!(world.network.sent_to("/userinfo").is_empty());
}

#[test]
fn nobody_is_told_about_who_left_while_the_answer_was_on_its_way() {
    let (world, page) = World::new().signed_in();
    world.network.hold();
    let asking = asking_about(&page);
    page.clear();
    world.network.let_go();
    assert_error(&asking.finish().expect_err("they have left"), ["missing_token", "usage", "userinfo"]);
}

// ---------------------------------------------------------------- an answer that was given before

#[test]
fn a_callback_of_one_person_gives_nothing_of_the_next() {
    let (world, tab) = World::new().with_tab();
    let callback = tab.come_back();
    let page = tab.open(&callback);
    page.expect_login();
    page.clear();
    world.provider.sub.replace("bob".into());
    world.pass(1);
    let page = tab.sign_in();
    assert_eq!(page.handle_redirect_at(&callback).expect("nothing to act on"), None);
    assert_eq!(tab.open(&callback).handle_redirect().expect("nothing to act on"), None);
    assert_eq!(page.sub().as_deref(), Some("bob"));
}
