//! A fault at every single effect of every verb. Generated: the rows of the table are `support/verbs.rs`, its columns the kinds of
//! `support/effects.rs`, and every cell has as many rounds as the verb has effects that the fault can strike.
//!
//! Afterwards (`support/aftermath.rs`) a fresh page has a whole session or none, and can sign in; a code was sent at most once; and
//! a token of a session that ended is handed out to nobody. A refresh token was redeemed at most once, unless the answer was lost:
//! then nobody can know, the page tries again, and a provider that takes this for theft ends the session.

use std::rc::Rc;

use oidc_client_wasm::error::Error;

use crate::support::aftermath::*;
use crate::support::verbs::*;
use crate::support::*;

/// What there is of a page after its round.
struct Ended {
    page: Page,
    /// `None`: given up.
    result: Option<Result<Option<String>, Error>>,
}

fn run(verb: &Verb, tab: &Rc<Tab>, url: &str, fault: Fault) -> Option<Ended> {
    until_death(tab, || {
        let page = tab.open(url);
        let mut doing = Running::new((verb.begin)(&page));
        if fault.kind == Kind::Abandoned {
            for _ in 0..=fault.at {
                doing.step();
                tab.step_background();
            }
            if !doing.is_done() {
                return Ended { page, result: None };
            }
        }
        let result = page.audited(doing.finish());
        Ended { page, result: Some(result) }
    })
}

/// One verb in a world of its own, with this fault on its way. Whether it was met.
fn round(verb: &Verb, fault: Fault, causes: &[&str]) -> bool {
    let (world, tab, url) = verb.world();
    world.network.is_slow.set(true);
    let before = tab.stored_session("demo");
    tab.effects.inject(fault);
    let ended = run(verb, &tab, &url, fault);
    let has_struck = tab.effects.recover() || ended.as_ref().is_some_and(|ended| ended.result.is_none());
    if let Some(Ended { page, result }) = &ended {
        match (result, verb.brings) {
            (Some(Err(error)), brings) => {
                assert!(causes.contains(&error.code.as_str()), "{error:?}");
                assert!(brings != Brings::Login || tab.stored_session("demo") == before, "a login that failed");
            }
            (Some(Ok(Some(_))), Brings::Login) => assert!(page.session().is_some(), "a login without a session"),
            (Some(Ok(_)), Brings::Logout) => assert!(page.session().is_none(), "left, and still signed in"),
            _ => {}
        }
        // The page lives on.
        world.skew.set(0);
        hands_out_only_what_is_its_own(page);
    }
    drop(ended);
    world.skew.set(0);
    // The person reloads: the answer is taken up, or was.
    if let Err(error) = tab.open(&url).handle_redirect() {
        assert!(["invalid_state", "expired_state", "expired_token"].contains(&error.code.as_str()), "{error:?}");
    }
    a_fresh_page_is_whole(&tab);
    a_person_can_sign_in(&tab);
    nothing_is_redeemed_twice(&world, if fault.kind.may_lose_an_answer() { 2 } else { 1 });
    has_struck
}

/// The column of a kind, once and lasting if it can last. `causes` are the codes of the errors that it may show as.
fn at_every_effect_of_every_verb(kind: Kind, lasting: bool, causes: &[&str]) {
    let mut rounds = 0;
    for verb in &VERBS {
        for and_after in [false, true].into_iter().filter(|and_after| lasting || !and_after) {
            rounds += at_every(kind, and_after, |fault| {
                let _told = Told(verb.name, fault);
                round(verb, fault, causes)
            });
        }
    }
    assert!(rounds > 0, "{kind:?} strikes nowhere");
}

/// Says in which cell of the table it failed.
struct Told(&'static str, Fault);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in the verb \"{}\", with {:?}", self.0, self.1);
        }
    }
}

#[test]
fn a_tab_that_dies() {
    at_every_effect_of_every_verb(Kind::Killed, false, &[]);
}

#[test]
fn a_caller_that_loses_interest() {
    at_every_effect_of_every_verb(Kind::Abandoned, false, &[]);
}

#[test]
fn a_request_that_is_lost() {
    // An API that refused the token keeps its word where no other one can be had.
    at_every_effect_of_every_verb(Kind::Lost, true, &["network", "userinfo_refused"]);
}

#[test]
fn an_answer_that_is_lost() {
    at_every_effect_of_every_verb(Kind::Unanswered, true, &["network", "userinfo_refused"]);
}

#[test]
fn an_answer_that_is_late() {
    at_every_effect_of_every_verb(Kind::TimedOut, true, &["timeout", "userinfo_refused"]);
}

#[test]
fn an_answer_that_is_cut_short() {
    let causes = ["invalid_metadata", "invalid_jwks", "invalid_token_response", "malformed_jwt", "userinfo_refused"];
    at_every_effect_of_every_verb(Kind::Truncated, true, &causes);
}

#[test]
fn storage_that_is_blocked() {
    // A session that cannot be read is nobody's.
    let causes = ["storage_unavailable", "missing_token", "userinfo_refused"];
    at_every_effect_of_every_verb(Kind::Blocked, true, &causes);
}

#[test]
fn storage_that_is_full() {
    at_every_effect_of_every_verb(Kind::Full, true, &["storage_full"]);
}

/// Other tabs learn less; a tab by itself needs no notices.
#[test]
fn notices_that_are_blocked() {
    at_every_effect_of_every_verb(Kind::NoTombstones, true, &[]);
}

#[test]
fn no_random_numbers() {
    at_every_effect_of_every_verb(Kind::NoRandom, true, &["crypto_unavailable"]);
}

#[test]
fn no_verifier() {
    at_every_effect_of_every_verb(Kind::NoVerifier, true, &["crypto_unavailable"]);
}

const OF_TIME: [&str; 4] = ["expired_state", "expired_token", "token_not_yet_valid", "userinfo_refused"];

#[test]
fn a_clock_that_is_set_forward() {
    for seconds in [600, 86_400] {
        at_every_effect_of_every_verb(Kind::Clock(seconds), false, &OF_TIME);
    }
}

#[test]
fn a_clock_that_is_set_back() {
    for seconds in [-600, -86_400] {
        at_every_effect_of_every_verb(Kind::Clock(seconds), false, &OF_TIME);
    }
}

#[test]
fn a_device_that_sleeps() {
    for seconds in [600, 86_400] {
        at_every_effect_of_every_verb(Kind::Asleep(seconds), false, &OF_TIME);
    }
}
