//! A tab that dies at every single effect of a verb, while a duplicate of it is at every single step of the same verb, or of another
//! one: what the dead tab left behind never makes the other one redeem what was redeemed, or half-end a session.

use crate::support::aftermath::*;
use crate::support::verbs::*;
use crate::support::*;

/// What the survivor may be told: another tab was faster, or took what it needed along.
const CAUSES: [&str; 5] = ["refresh_refused", "token_expired", "invalid_state", "missing_token", "userinfo_refused"];

/// Takes a step of what a page does, or of what it left going on.
fn step<T>(tab: &Tab, doing: &mut Running<T>) -> bool {
    // Both, always: they are polled side by side.
    doing.step() | tab.step_background()
}

/// `one` dies by the fault while `two` is `ahead` steps into what it does. Whether it died, and whether `two` had that many steps.
fn round(one: &Verb, two: &Verb, ahead: usize, fault: Fault) -> (bool, bool) {
    let (world, tab, url) = one.world();
    let copy = tab.duplicate();
    let before =
        tab.stored_session("demo").and_then(|session| session["token"]["refresh_token"].as_str().map(String::from));
    world.pass(1);
    world.network.is_slow.set(true);

    let survivor = copy.open(&url);
    let mut surviving = Running::new((two.begin)(&survivor));
    let is_ahead = (0..ahead).all(|_| step(&copy, &mut surviving));
    tab.effects.inject(fault);
    let ended_well = until_death(&tab, || {
        let page = tab.open(&url);
        let mut dying = Running::new((one.begin)(&page));
        while !dying.is_done() {
            if !step(&tab, &mut dying) && !step(&copy, &mut surviving) {
                // Each waits to hear of the other.
                world.bus.deliver();
            }
        }
        dying.finish().is_ok()
    });
    let has_died = tab.effects.recover();
    assert_eq!(has_died, ended_well.is_none());
    let was_faster = surviving.is_done();
    let mut rests = 0;
    while !surviving.is_done() {
        if !step(&copy, &mut surviving) {
            rests += 1;
            assert!(rests < 100, "the survivor waits for the dead");
            world.bus.deliver();
        }
    }
    let survived = survivor.audited(surviving.finish());
    if one.brings == Brings::Logout && ended_well == Some(true) && two.brings == Brings::Nothing {
        assert!(was_faster || survived.is_err(), "a token of a session that has ended");
    }
    if let Err(error) = &survived {
        assert!(CAUSES.contains(&error.code.as_str()), "{error:?}");
    }
    let successor =
        tab.stored_session("demo").filter(|session| session["token"]["refresh_token"].as_str() != before.as_deref());
    world.bus.deliver();

    // Who has left is signed out in both tabs.
    let has_left =
        one.brings == Brings::Logout && ended_well == Some(true) || two.brings == Brings::Logout && survived.is_ok();
    if has_left {
        assert!(survivor.session().is_none() && tab.reload().session().is_none());
    }
    hands_out_only_what_is_its_own(&survivor);
    a_fresh_page_is_whole(&copy);
    a_fresh_page_is_whole(&tab);
    // Once, and if the answer died with the tab, each of the two copies finds out for itself that it cannot be had again.
    nothing_is_redeemed_twice(&world, 3);
    if let (Some(_), Some(before)) = (successor, before) {
        // Not even in a tab that has not heard of it: to redeem it again would cost this one its session.
        assert!(world.provider.redemptions(&before) <= 1, "a refresh token whose successor is stored");
    }
    a_person_can_sign_in(&tab);
    a_person_can_sign_in(&copy);
    (has_died, is_ahead)
}

fn at_every_step(one: &Verb, two: &Verb) {
    let mut rounds = 0;
    for ahead in 0.. {
        let mut is_ahead = true;
        rounds += at_every(Kind::Killed, false, |fault| {
            let _told = Told(one.name, two.name, ahead, fault.at);
            let (has_died, still) = round(one, two, ahead, fault);
            is_ahead = still;
            has_died
        });
        if !is_ahead {
            break;
        }
    }
    assert!(rounds > 5, "{rounds} rounds are hardly all");
}

struct Told(&'static str, &'static str, usize, usize);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("\"{}\" dies at effect {}, \"{}\" being at step {}", self.0, self.3, self.1, self.2);
        }
    }
}

#[test]
fn two_callbacks() {
    at_every_step(&CALLBACK, &CALLBACK);
}

#[test]
fn two_refreshes() {
    at_every_step(&REFRESH, &REFRESH);
}

#[test]
fn two_renewals() {
    at_every_step(&RENEWAL, &RENEWAL);
}

#[test]
fn a_token_of_another_scope_and_a_refresh() {
    at_every_step(&TOKEN_BESIDE, &REFRESH);
}

#[test]
fn two_logouts() {
    at_every_step(&LOGOUT, &LOGOUT);
}

#[test]
fn a_refresh_and_a_logout() {
    at_every_step(&REFRESH, &LOGOUT_THAT_REVOKES);
}

#[test]
fn a_logout_and_a_refresh() {
    at_every_step(&LOGOUT, &RENEWAL);
}

#[test]
fn two_revocations() {
    at_every_step(&REVOKE_REFRESH_TOKEN, &REVOKE_REFRESH_TOKEN);
}

#[test]
fn a_revocation_and_a_refresh() {
    at_every_step(&REVOKE_REFRESH_TOKEN, &REFRESH);
}

#[test]
fn two_questions_who_it_is() {
    at_every_step(&USERINFO_TWICE, &USERINFO_TWICE);
}
