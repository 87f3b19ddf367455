//! The order in which the logins and logouts of a client leave the page.
//!
//! A page that has begun to leave goes on running until the provider answers, and a navigation that begins meanwhile cancels the earlier
//! one. So a logout goes before every login, a login goes before every later login, and the others wait. If the page leaves, the others end
//! with the page. If the page stays, they are refused: otherwise a waiting login would sign the person in again after a logout.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

use crate::error::{Code, Error, Phase};
use crate::protocol::logout::LogoutRequest;
use crate::protocol::secret::Secret;

/// The turns of a client in a page. They belong to its name, so another registry or new settings do not go around them.
#[derive(Default)]
pub struct Leaving {
    /// The turn that leaves the page, or prepares to.
    ahead: RefCell<Weak<Turn>>,
    /// Raised when a turn ends that changed something: every turn that waited for it is refused.
    concluded: Cell<u32>,
    waiting: RefCell<Vec<Waker>>,
}

/// The hint of a logout that ended the session here and did not reach the provider, for the next try.
#[derive(Default)]
pub(in crate::flow) struct Untold(RefCell<Option<Hint>>);

struct Hint {
    endpoint: String,
    id_token: Secret,
}

impl Untold {
    /// The hint that the provider at this endpoint did not get.
    pub fn hint(&self, endpoint: &str) -> Option<Secret> {
        let hint = self.0.borrow();
        hint.as_ref().filter(|hint| hint.endpoint == endpoint).map(|hint| hint.id_token.clone())
    }

    pub fn keep(&self, request: &LogoutRequest) {
        let id_token = request.fields.iter().find(|(name, _)| name == "id_token_hint");
        let id_token = id_token.map(|(_, id_token)| Secret::new(id_token.clone()));
        self.0.replace(id_token.map(|id_token| Hint { endpoint: request.endpoint.clone(), id_token }));
    }

    pub fn forget(&self) {
        self.0.replace(None);
    }
}

/// A login or a logout, from its call to its end. The turns that wait for it go on when it is dropped.
pub struct Turn {
    leaving: Rc<Leaving>,
    /// The number of concluded turns at the time of the call.
    since: u32,
    concludes: Cell<bool>,
}

impl Leaving {
    /// Begins the turn of a login. The login does not leave before [`Turn::comes`].
    pub(in crate::flow) fn login(self: &Rc<Self>) -> Rc<Turn> {
        let (leaving, since, concludes) = (self.clone(), self.concluded.get(), Cell::new(false));
        Rc::new(Turn { leaving, since, concludes })
    }

    /// Begins the turn of a logout, which goes before every other turn.
    pub(in crate::flow) fn logout(self: &Rc<Self>) -> Rc<Turn> {
        let turn = self.login();
        self.ahead.replace(Rc::downgrade(&turn));
        turn
    }
}

impl Turn {
    /// Waits until no other turn goes before this login. The login is refused if an earlier turn has changed something.
    pub(in crate::flow) async fn comes(self: &Rc<Self>) -> Result<(), Error> {
        poll_fn(|context| {
            let leaving = &self.leaving;
            let ahead = leaving.ahead.borrow().upgrade();
            let is_free = ahead.is_none_or(|ahead| Rc::ptr_eq(&ahead, self));
            if !is_free {
                leaving.waiting.borrow_mut().push(context.waker().clone());
                return Poll::Pending;
            }
            if leaving.concluded.get() != self.since {
                return Poll::Ready(Err(page_leaving()));
            }
            leaving.ahead.replace(Rc::downgrade(self));
            Poll::Ready(Ok(()))
        })
        .await
    }

    /// From here on, the end of this turn refuses every turn that waits for it.
    pub(in crate::flow) fn conclude(&self) {
        self.concludes.set(true);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.concludes.get() {
            self.leaving.concluded.update(|concluded| concluded.wrapping_add(1));
        }
        self.leaving.waiting.take().into_iter().for_each(Waker::wake);
    }
}

fn page_leaving() -> Error {
    let message = "A logout or another login of this client had begun to leave the page, and the page stayed.";
    Error::new(Code::PageLeaving, Phase::Authorize, message)
}
