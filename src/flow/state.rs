//! The state of a client at run time. It belongs to the client's name, client id and provider, not to the settings: a client that is
//! registered again, with `overwrite` or by another registry of the page, goes on with this state.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::error::Error;
use crate::flow::hooks::FetchToken;
use crate::flow::leave::leaving::Untold;
use crate::flow::op::cached::Cached;
use crate::flow::session::store::SessionState;
use crate::flow::session::value::LoginId;
use crate::flow::single_flight::{Flight, SingleFlight};
use crate::flow::tokens::resource_tokens::ResourceTokens;
use crate::protocol::jose::JwkSet;
use crate::protocol::token::Token;

#[derive(Default)]
pub struct State {
    pub(in crate::flow) jwks: Cached<JwkSet>,
    /// Refreshes run one after the other.
    pub(in crate::flow) refreshing: SingleFlight<Rc<Token>>,
    /// Whether the refresh under way waits for its turn among the tabs, and not for the provider.
    pub(in crate::flow) awaits_turn: Cell<bool>,
    pub(in crate::flow) fetching: Fetching,
    pub(in crate::flow) resource_tokens: ResourceTokens,
    pub(in crate::flow) session: Rc<SessionState>,
    /// The logins whose response this page acts on now. A sign-out ends them.
    pub(in crate::flow) logins: LoginsUnderWay,
    /// The logout under way: a second call is the same logout.
    pub(in crate::flow) logout: SingleFlight<()>,
    pub(in crate::flow) untold: Untold,
}

#[derive(Default)]
pub(in crate::flow) struct LoginsUnderWay(RefCell<Vec<LoginId>>);

impl LoginsUnderWay {
    pub fn begin(&self, login: LoginId) {
        self.0.borrow_mut().push(login);
    }

    /// Ends a login that is under way, and says whether it was.
    pub fn finish(&self, login: &LoginId) -> bool {
        let mut logins = self.0.borrow_mut();
        let before = logins.len();
        logins.retain(|other| other != login);
        logins.len() < before
    }

    pub fn end_all(&self) {
        self.0.borrow_mut().clear();
    }
}

/// The call of `fetchToken` under way, and the function that was called.
#[derive(Default)]
pub(in crate::flow) struct Fetching {
    function: RefCell<Option<FetchToken>>,
    flight: SingleFlight<Rc<Token>>,
}

impl Fetching {
    /// Callers share a call of the same function only: the settings may name another function meanwhile.
    pub fn run<F>(&self, function: &FetchToken, work: impl FnOnce() -> F) -> Flight<Rc<Token>>
    where
        F: Future<Output = Result<Rc<Token>, Error>> + 'static,
    {
        let called = self.function.replace(Some(function.clone()));
        if !called.is_some_and(|called| Rc::ptr_eq(&called, function)) {
            self.flight.leave();
        }
        self.flight.run("", work)
    }
}
