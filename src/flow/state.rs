//! What a client is at run time. It belongs to the client's name, client id and provider, not to the settings: a client that is
//! registered again, with `overwrite` or by another registry of the page, goes on with the state that the page has for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::error::Error;
use crate::flow::hooks::FetchToken;
use crate::flow::leaving::Untold;
use crate::flow::op::cached::{Cached, JwksCoolDown};
use crate::flow::session::value::Unsaved;
use crate::flow::single_flight::{Flight, SingleFlight};
use crate::flow::tokens::access_token::ResourceToken;
use crate::flow::tokens::refresh::Refreshing;
use crate::protocol::jose::JwkSet;
use crate::protocol::token::Token;

#[derive(Default)]
pub struct State {
    pub(in crate::flow) keys: Cached<JwkSet>,
    pub(in crate::flow) jwks_cool_down: JwksCoolDown,
    /// The refresh under way, or the last one.
    pub(in crate::flow) refreshing: RefCell<Option<Refreshing>>,
    pub(in crate::flow) fetching: Fetching,
    /// Tokens of another scope or resource than the login's; they live as long as this page.
    pub(in crate::flow) beside: RefCell<Vec<ResourceToken>>,
    /// A session that storage did not take.
    pub(in crate::flow) unsaved: RefCell<Option<Unsaved>>,
    /// Raised by every login and every end of a session in this page: it tells sessions apart where storage cannot.
    pub(in crate::flow) epoch: Cell<u32>,
    /// Raised by every sign-out in this page: it ends the logins that are on their way, too.
    pub(in crate::flow) sign_outs: Cell<u32>,
    /// The logout under way: a second call is the same logout.
    pub(in crate::flow) logout: SingleFlight<()>,
    pub(in crate::flow) untold: Untold,
}

/// The call of `fetchToken` under way, and the function that was called.
#[derive(Default)]
pub(in crate::flow) struct Fetching {
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
