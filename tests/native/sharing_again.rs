//! A page whose own login or logout is over takes the session of another tab like any other page.

use std::rc::Rc;

use oidc_client_wasm::flow::leave::windows::{Window, authorize_in};
use oidc_client_wasm::protocol::json::json;

use crate::support::sharing::*;
use crate::support::*;

#[track_caller]
fn takes_a_login_elsewhere(world: &Rc<World>, page: &Page) {
    assert!(page.session().is_none());
    world.bus.deliver();
    page.events.take();
    world.pass(2);
    let _elsewhere = world.tab().sign_in();
    hear_of_login(world);
    assert_eq!(page.events.take(), ["login alice of another tab"]);
}

#[test]
fn after_a_login_that_the_provider_refused() {
    let world = World::new();
    let tab = world.tab();
    let url = tab.open(HOME).login().expect("a login");
    let page = tab.open(&world.provider.refuse(&url, "access_denied"));
    begin(&page);
    page.handle_redirect().expect_err("a refusal");
    takes_a_login_elsewhere(&world, &page);
}

#[test]
fn after_a_logout_came_back() {
    let world = World::new();
    let tab = world.tab();
    let back = crate::logout::logged_out(&world, &tab);
    let page = tab.open(&back);
    begin(&page);
    page.handle_redirect().expect("an outcome").expect("a logout");
    takes_a_login_elsewhere(&world, &page);
}

#[test]
fn after_a_silent_login_that_failed() {
    let world = World::with(json!({ "silentRedirectUri": REDIRECT_URI }));
    let page = load(&world.tab());
    let call = Running::start(authorize_in(Window::Frame, &page.client(), json!({}), None));
    let shown = page.tab.windows.last();
    shown.relay(&world.provider.refuse(&shown.url, "login_required"));
    call.finish().expect_err("a refusal");
    takes_a_login_elsewhere(&world, &page);
}
