//! The state of a client at run time. It belongs to the client's name, client id and provider, not to the settings: a client that is
//! registered again, with `overwrite` or by another registry of the page, goes on with this state.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Waker;

use crate::error::Error;
use crate::flow::callback::outcome::Outcome;
use crate::flow::hooks::FetchToken;
use crate::flow::leave::leaving::Untold;
use crate::flow::leave::watch::Watch;
use crate::flow::op::cached::Cached;
use crate::flow::records::Dated;
use crate::flow::session::store::SessionState;
use crate::flow::session::value::LoginId;
use crate::flow::single_flight::{Flight, SingleFlight};
use crate::flow::tokens::resource_tokens::ResourceTokens;
use crate::protocol::jose::JwkSet;
use crate::protocol::time::UnixTime;
use crate::protocol::token::Token;
use crate::protocol::transaction::Way;

#[derive(Default)]
pub struct State {
    pub(in crate::flow) jwks: Cached<JwkSet>,
    /// Refreshes run one after the other.
    pub(in crate::flow) refreshing: SingleFlight<Rc<Token>>,
    /// Whether the refresh under way waits for its turn among the tabs, and not for the provider.
    pub(in crate::flow) awaits_turn: Cell<bool>,
    /// Whether a refresh has sent its request. Its answer then decides about the session.
    pub(in crate::flow) is_redeeming: Cell<bool>,
    /// The renewal ahead of the end of the access token.
    pub(in crate::flow) renewal: Cell<Renewal>,
    pub(in crate::flow) fetching: Fetching,
    pub(in crate::flow) resource_tokens: ResourceTokens,
    pub(in crate::flow) session: Rc<SessionState>,
    /// The logins whose response this page acts on now, or that wait for a window. A sign-out ends them.
    pub(in crate::flow) logins: LoginsUnderWay,
    /// The login in a hidden frame under way.
    pub(in crate::flow) silent: SingleFlight<Outcome>,
    /// Whether this page has begun the silent login that brings a person back.
    pub(in crate::flow) is_brought_back: Cell<bool>,
    /// The logout under way: a second call is the same logout.
    pub(in crate::flow) logout: SingleFlight<()>,
    pub(in crate::flow) untold: Untold,
    pub(in crate::flow) watch: Watch,
    /// The person who signed out last in another tab. An answer that was sent before the sign-out may arrive after it.
    pub(in crate::flow) left: RefCell<Option<Dated>>,
}

#[derive(Clone, Copy, Default)]
pub(in crate::flow) struct Renewal {
    pub is_under_way: bool,
    /// Renewals of this access token that failed by faults that may pass.
    pub failures: u32,
    /// When the next renewal may begin after a failure.
    pub not_before: Option<UnixTime>,
    /// A renewal of this access token failed for good.
    pub is_given_up: bool,
}

#[derive(Default)]
pub(in crate::flow) struct LoginsUnderWay {
    logins: RefCell<Vec<LoginId>>,
    /// Raised when every login ends, and when the popup logins end.
    ended: Cell<u32>,
    popups_ended: Cell<u32>,
    /// The logins that wait for a window.
    waiting: RefCell<Vec<Waker>>,
}

impl LoginsUnderWay {
    pub fn begin(&self, login: LoginId) {
        self.logins.borrow_mut().push(login);
    }

    /// Ends a login that is under way, and says whether it was.
    pub fn finish(&self, login: &LoginId) -> bool {
        let mut logins = self.logins.borrow_mut();
        let before = logins.len();
        logins.retain(|other| other != login);
        logins.len() < before
    }

    pub fn are_none(&self) -> bool {
        self.logins.borrow().is_empty()
    }

    pub fn end_all(&self) {
        self.logins.borrow_mut().clear();
        self.ended.update(|ends| ends.wrapping_add(1));
        self.wake_all();
    }

    /// Ends the popup login that waits.
    pub fn end_popups(&self) {
        self.popups_ended.update(|ends| ends.wrapping_add(1));
        self.wake_all();
    }

    /// A number that changes when the logins in a window of this kind end.
    pub fn ends(&self, way: Way) -> u32 {
        let of_popups = if way == Way::Popup { self.popups_ended.get() } else { 0 };
        self.ended.get().wrapping_add(of_popups)
    }

    /// Wakes the waiter when a login may have ended.
    pub fn wait(&self, waker: &Waker) {
        self.waiting.borrow_mut().push(waker.clone());
    }

    fn wake_all(&self) {
        self.waiting.take().into_iter().for_each(Waker::wake);
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
