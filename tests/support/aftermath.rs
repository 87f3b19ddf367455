//! What holds after anything that went wrong: a fresh page has a whole session or none and can sign in, nothing was redeemed twice,
//! and nobody is handed a token of a session that ended.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::page::{Page, Tab};
use super::world::{HOME, World};

/// What a page that lives on says of itself, and what it hands out.
#[track_caller]
pub fn hands_out_only_what_is_its_own(page: &Page) {
    page.tab.run_background();
    let asked = page.access_token();
    match (asked, page.session()) {
        (Ok(token), Some(_)) => assert_eq!(token, page.held_access_token(), "a token of some other session"),
        (Ok(_), None) => panic!("a token of a session that has ended"),
        (Err(error), session) => {
            let code = error.code.as_str();
            // Keys that the provider has just answered wrongly are asked for again after a while.
            let why = ["missing_token", "token_expired", "refresh_refused", "invalid_jwks"];
            assert!(why.contains(&code), "{error:?}");
            assert!(code != "missing_token" || session.is_none() || page.token()["refresh_token"].is_null());
        }
    }
}

/// The first page that is loaded when everything works again.
#[track_caller]
pub fn a_fresh_page_is_whole(tab: &Rc<Tab>) {
    let world = &tab.world;
    world.skew.set(0);
    world.bus.deliver();
    let page = tab.open(HOME);
    page.oauth.wake_up();
    assert_eq!(page.handle_redirect().expect("nothing to answer at home"), None);
    page.has_a_whole_session_or_none();
    hands_out_only_what_is_its_own(&page);
    if page.session().is_some()
        && let Err(error) = page.refresh()
    {
        let why = ["missing_token", "token_expired", "refresh_refused"];
        assert!(why.contains(&error.code.as_str()), "{error:?}");
        page.has_a_whole_session_or_none();
    }
}

#[track_caller]
pub fn a_person_can_sign_in(tab: &Rc<Tab>) {
    let page = tab.sign_in();
    assert_eq!(page.access_token().expect("a token"), page.held_access_token());
}

/// A code leaves once, whatever became of it. A refresh token arrives once; `limit` is 2 where an answer may have been lost: then
/// nobody can know whether it was redeemed, and the second try finds out.
#[track_caller]
pub fn nothing_is_redeemed_twice(world: &World, limit: usize) {
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for sent in world.network.sent_to("/token") {
        for (name, value) in sent.form {
            match name.as_str() {
                "code" => *codes.entry(value).or_default() += 1,
                "refresh_token" => {
                    let times = world.provider.redemptions(&value);
                    assert!(times <= limit, "a refresh token was redeemed {times} times");
                }
                _ => {}
            }
        }
    }
    assert!(codes.values().all(|times| *times == 1), "a code was sent twice");
}
