//! Session monitoring (OpenID Connect Session Management 1.0): the provider's frame and the silent logins are the browser's; here is the
//! judgement of what they say.

use std::rc::Rc;

use oidc_client_wasm::flow::leave::monitor::{Step, watch};

use crate::support::*;
use crate::tabs::signed_in_side_by_side;

const STATE: &str = "3f9a.salt";

fn question() -> String {
    format!("{CLIENT_ID} {STATE}")
}

fn world() -> Rc<World> {
    World::whose_provider(|op| op.response.tell(set_param("session_state", STATE)))
}

fn signed_in() -> (Rc<World>, Page) {
    let (world, page) = world().signed_in();
    page.events.take();
    (world, page)
}

fn said(page: &Page, answer: &str) -> Step {
    watch(&page.client(), &question(), answer)
}

#[track_caller]
fn goes_on(page: &Page, answer: &str) {
    assert_eq!(said(page, answer), Step::Ask(question()), "{answer}");
}

#[test]
fn the_question_has_the_client_id_and_the_session_state_of_the_login() {
    let (_, page) = signed_in();
    assert_eq!(watch(&page.client(), "", ""), Step::Ask(question()));
    assert_eq!(watch(&page.tab.reload().client(), "", ""), Step::Ask(question()), "after a reload");
    page.refresh().expect("a refresh");
    assert_eq!(watch(&page.client(), "", ""), Step::Ask(question()), "after a refresh");
}

#[test]
fn a_copy_of_the_session_knows_its_session_state() {
    let (_, page) = signed_in();
    let copy = page.tab.duplicate().open(HOME);
    assert_eq!(watch(&copy.client(), "", ""), Step::Ask(question()));
}

#[test]
fn there_is_nothing_to_watch_without_a_session_or_a_session_state() {
    assert_eq!(watch(&world().tab().open(HOME).client(), "", ""), Step::Rest);
    assert_eq!(watch(&World::new().tab().sign_in().client(), "", ""), Step::Rest);
    for bad in ["", "two words"] {
        let world = World::whose_provider(|op| op.response.tell(set_param("session_state", bad)));
        assert_eq!(watch(&world.tab().sign_in().client(), "", ""), Step::Rest, "{bad:?}");
    }
}

/// A browser that keeps the provider's cookies from the frame makes each answer `changed`.
#[test]
fn a_change_counts_only_after_the_frame_has_seen_the_cookies() {
    let (_, page) = signed_in();
    for _ in 0..3 {
        goes_on(&page, "changed");
    }
    goes_on(&page, "unchanged");
    assert_eq!(said(&page, "changed"), Step::LogIn);
    assert!(page.session().is_some() && page.events.take().is_empty());
}

#[test]
fn there_is_one_silent_login_a_minute_at_most() {
    let (world, page) = signed_in();
    goes_on(&page, "unchanged");
    assert_eq!(said(&page, "changed"), Step::LogIn);
    world.pass(59);
    goes_on(&page, "changed");
    world.pass(1);
    assert_eq!(said(&page, "changed"), Step::LogIn);
    world.pass(-3600);
    assert_eq!(said(&page, "changed"), Step::LogIn, "a clock that was set back");
}

#[test]
fn a_person_who_is_gone_or_replaced_is_signed_out_in_every_tab() {
    for answer in ["login_required", "subject_mismatch"] {
        let (world, one, two) = signed_in_side_by_side(world());
        let asleep = one.tab.duplicate();
        assert_eq!(said(&one, answer), Step::Rest);
        world.bus.deliver();
        for page in [&one, &two] {
            assert!(page.session().is_none());
            assert_eq!(page.events.take(), ["logout session-ended"], "{answer}");
        }
        assert!(asleep.open(HOME).session().is_none(), "nor a tab that slept");
        assert!(one.tab.departures.urls().is_empty(), "no navigation");
    }
}

#[test]
fn an_error_of_the_frame_begins_no_login_and_ends_no_session() {
    let (_, page) = signed_in();
    goes_on(&page, "unchanged");
    assert_eq!(said(&page, "error"), Step::Rest);
    assert_eq!(said(&page, "changed"), Step::Rest, "nor later");
    assert!(page.session().is_some() && page.events.take().is_empty());
    assert_eq!(watch(&page.tab.sign_in().client(), "", ""), Step::Ask(question()), "the next login is watched");
}

#[test]
fn a_silent_login_that_failed_otherwise_ends_no_session() {
    let (_, page) = signed_in();
    for passing in ["", "aborted"] {
        goes_on(&page, passing);
    }
    assert_eq!(said(&page, "interaction_required"), Step::Rest);
    assert!(page.session().is_some() && page.events.take().is_empty());
}

#[test]
fn the_answer_to_an_earlier_question_changes_nothing() {
    let (_, page) = signed_in();
    for answer in ["unchanged", "changed", "error", "login_required", "subject_mismatch"] {
        assert_eq!(watch(&page.client(), "spa of-before", answer), Step::Ask(question()), "{answer}");
    }
    goes_on(&page, "changed");
    assert!(page.session().is_some() && page.events.take().is_empty());
}
