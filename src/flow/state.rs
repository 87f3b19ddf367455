//! What a client is at run time. It belongs to the client's name, client id and provider, not to the settings: a client that is
//! registered again, with `overwrite` or by another registry of the page, goes on with the state that the page has for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::cached::{KeysAsked, Remembered};
use super::functions::FetchToken;
use super::held::TokenBeside;
use super::leaving::Untold;
use super::refresh::Refreshing;
use super::session::Unsaved;
use super::single_flight::{Flight, SingleFlight};
use crate::error::Error;
use crate::protocol::jose::JwkSet;
use crate::protocol::token::Token;

#[derive(Default)]
pub struct State {
    pub(super) keys: Remembered<JwkSet>,
    pub(super) keys_asked: KeysAsked,
    /// The refresh under way, or the last one.
    pub(super) refreshing: RefCell<Option<Refreshing>>,
    pub(super) fetching: Fetching,
    /// Tokens of another scope or resource than the login's; they live as long as this page.
    pub(super) beside: RefCell<Vec<TokenBeside>>,
    /// A session that storage did not take.
    pub(super) unsaved: RefCell<Option<Unsaved>>,
    /// Raised by every login and every end of a session in this page: it tells sessions apart where storage cannot.
    pub(super) epoch: Cell<u32>,
    /// Raised by every sign-out in this page: it ends the logins that are on their way, too.
    pub(super) sign_outs: Cell<u32>,
    /// The logout under way: a second call is the same logout.
    pub(super) logout: SingleFlight<()>,
    pub(super) untold: Untold,
}

/// The call of `fetchToken` under way, and the function that was called.
#[derive(Default)]
pub(super) struct Fetching {
    function: RefCell<Option<FetchToken>>,
    flight: SingleFlight<Token>,
}

impl Fetching {
    /// Callers share a call of the same function only: the settings may name another function meanwhile.
    pub fn run<F>(&self, function: &FetchToken, work: impl FnOnce() -> F) -> Flight<Token>
    where
        F: Future<Output = Result<Token, Error>> + 'static,
    {
        let called = self.function.replace(Some(function.clone()));
        if !called.is_some_and(|called| Rc::ptr_eq(&called, function)) {
            self.flight.leave();
        }
        self.flight.run(work)
    }
}

/// States that nothing uses and that are kept all the same, so that a client that is registered again finds its own.
const MAX_IDLE: usize = 16;

/// The states of a page by prefix, name and owner.
#[derive(Default)]
pub struct States(RefCell<Vec<(String, Rc<State>)>>);

impl States {
    pub fn of(&self, key: &str) -> Rc<State> {
        let mut states = self.0.borrow_mut();
        if let Some((_, state)) = states.iter().find(|(known, _)| known == key) {
            return state.clone();
        }
        let is_idle = |state: &Rc<State>| Rc::strong_count(state) == 1;
        let mut surplus = states.iter().filter(|(_, state)| is_idle(state)).count().saturating_sub(MAX_IDLE - 1);
        // The oldest first: an application may register names without end.
        states.retain(|(_, state)| {
            let goes = surplus > 0 && is_idle(state);
            surplus -= usize::from(goes);
            !goes
        });
        let state = Rc::<State>::default();
        states.push((key.to_owned(), state.clone()));
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_found_again() {
        let states = States::default();
        states.of("a").epoch.set(7);
        assert_eq!((states.of("a").epoch.get(), states.of("b").epoch.get()), (7, 0));
    }

    #[test]
    fn states_that_nothing_uses_are_bounded_and_states_in_use_stay() {
        let states = States::default();
        let used: Vec<_> = (0..40).map(|index| states.of(&format!("used-{index}"))).collect();
        for index in 0..100 {
            states.of(&format!("idle-{index}")).epoch.set(1);
        }
        assert_eq!(states.0.borrow().len(), used.len() + MAX_IDLE);
        assert!(used.iter().enumerate().all(|(index, state)| Rc::ptr_eq(state, &states.of(&format!("used-{index}")))));
        assert_eq!(states.of("idle-99").epoch.get(), 1, "the latest stays");
        assert_eq!(states.of("idle-0").epoch.get(), 0, "the oldest went");
    }
}
