//! A fault at every single operation of storage: whatever breaks, and whenever the tab dies, a fresh document finds a whole session
//! or none, and can sign in.

use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::callback::outcome::Outcome;
use oidc_client_wasm::protocol::json::json;

use crate::support::*;

fn at_every_operation(prepare: impl Fn(&Rc<Tab>), scenario: impl Fn(&Rc<Tab>)) -> usize {
    at_every_fault(|fault| {
        let tab = World::new().tab();
        prepare(&tab);
        tab.effects.inject(fault);
        scenario(&tab);
        let has_struck = tab.effects.recover();
        recovers(&tab);
        has_struck
    })
}

#[track_caller]
fn recovers(tab: &Rc<Tab>) {
    let page = tab.open(HOME);
    assert_eq!(page.handle_redirect().expect("nothing to answer at home"), None);
    page.has_a_whole_session_or_none();
    tab.sign_in();
    let page = tab.open(HOME);
    let request = page.logout(json!({})).expect("a logout").expect("a request");
    let back = tab.world.provider.end_session(&request.endpoint, &request.fields).expect("a return");
    assert!(tab.open(&back).handle_redirect().expect("our logout").is_some());
}

#[track_caller]
fn only_storage_is_to_blame(error: &Error) {
    assert_error(error, [error.code.as_str(), "environment", "storage"]);
}

#[test]
fn while_a_login_begins() {
    let operations = at_every_operation(
        |tab| drop(tab.open(HOME).login()),
        |tab| {
            let page = tab.open(HOME);
            match page.login() {
                // The page leaves only when the transaction is safe: then the login can be finished.
                Ok(url) if tab.storage.keys_of("transaction").len() == 2 => drop(tab.world.provider.authorize(&url)),
                Ok(_) => panic!("the page left without its transaction"),
                Err(error) => only_storage_is_to_blame(&error),
            }
        },
    );
    assert!(operations >= 3, "{operations} operations are hardly all");
}

fn finish(callback: &str, result: Result<Option<Outcome>, Error>, tab: &Rc<Tab>) {
    let stored = tab.stored_session("demo").is_some();
    match result {
        Ok(Some(_)) => assert!(stored, "a login without a session"),
        // The operation that failed was the one that looks: the page did not learn that the response is its own.
        Ok(None) => assert!(!stored || tab.url() != callback, "a session that nobody was told of"),
        Err(error) => {
            let is_replay = error.code.as_str() == "invalid_state";
            if !is_replay {
                only_storage_is_to_blame(&error);
            }
            assert!(!stored, "a failed login with a session");
        }
    }
}

#[test]
fn while_a_login_ends() {
    let callback = std::cell::RefCell::new(String::new());
    let operations = at_every_operation(
        |tab| drop(callback.replace(tab.come_back())),
        |tab| {
            let callback = callback.borrow();
            let page = tab.open(&callback);
            finish(&callback, page.handle_redirect(), tab);
        },
    );
    assert!(operations >= 5, "{operations} operations are hardly all");
}

#[test]
fn while_a_login_ends_a_second_time() {
    let callback = std::cell::RefCell::new(String::new());
    at_every_operation(
        |tab| {
            callback.replace(tab.come_back());
            tab.open(&callback.borrow()).expect_login();
        },
        |tab| {
            let sent = tab.world.network.count();
            let _ = tab.open(&callback.borrow()).handle_redirect();
            assert_eq!(tab.world.network.count(), sent, "a replay sends nothing, whatever storage does");
        },
    );
}

#[test]
fn a_code_is_sent_at_most_once_whatever_fails() {
    let callback = std::cell::RefCell::new(String::new());
    at_every_operation(
        |tab| drop(callback.replace(tab.come_back())),
        |tab| {
            let callback = callback.borrow();
            let _ = tab.open(&callback).handle_redirect();
            // Storage works again, and the person comes back to the same URL.
            tab.effects.recover();
            let _ = tab.open(&callback).handle_redirect();
            let redeemed = tab.world.network.sent_to("/token").len();
            assert!(redeemed <= 1, "sent {redeemed} times");
        },
    );
}

#[test]
fn while_a_logout_begins() {
    let operations = at_every_operation(
        |tab| drop(tab.sign_in()),
        |tab| {
            let page = tab.open(HOME);
            match page.logout(json!({})) {
                Ok(request) => {
                    assert!(request.is_some());
                    assert_eq!(tab.stored_session("demo"), None, "the page left signed in");
                }
                Err(error) => {
                    only_storage_is_to_blame(&error);
                    let is_signed_out = tab.stored_session("demo").is_none();
                    let is_expected_back = !tab.storage.keys_of("transaction").is_empty();
                    assert!(is_expected_back || !is_signed_out, "signed out before the return was stored");
                }
            }
        },
    );
    assert!(operations >= 5, "{operations} operations are hardly all");
}

#[test]
fn while_a_logout_ends() {
    let back = std::cell::RefCell::new(String::new());
    at_every_operation(
        |tab| {
            let request = tab.sign_in().logout(json!({})).expect("a logout").expect("a request");
            back.replace(tab.world.provider.end_session(&request.endpoint, &request.fields).expect("a return"));
        },
        |tab| {
            let page = tab.open(&back.borrow());
            if let Err(error) = page.handle_redirect() {
                only_storage_is_to_blame(&error);
            }
            assert_eq!(tab.stored_session("demo"), None);
        },
    );
}
