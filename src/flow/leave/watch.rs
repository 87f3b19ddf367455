//! The knowledge of a page about the provider's frame that the session monitor asks.

use std::cell::{Cell, RefCell};

use crate::flow::session::value::LoginId;
use crate::protocol::time::UnixTime;

/// Seconds between two silent logins of the monitor.
const BETWEEN_LOGINS: i64 = 60;

#[derive(Default)]
pub(in crate::flow) struct Watch {
    /// Whether the frame has seen the provider's cookies.
    pub is_proven: Cell<bool>,
    logged_in_at: Cell<Option<UnixTime>>,
    given_up: RefCell<Option<LoginId>>,
}

impl Watch {
    /// Whether a silent login may begin now. A clock that was set back does not count as one that waits.
    pub fn may_log_in(&self, now: UnixTime) -> bool {
        let may = self.logged_in_at.get().is_none_or(|last| !(0..BETWEEN_LOGINS).contains(&now.since(last)));
        if may {
            self.logged_in_at.set(Some(now));
        }
        may
    }

    /// From now on, the session of this login is not watched.
    pub fn give_up(&self, login: &LoginId) {
        self.given_up.replace(Some(login.clone()));
    }

    pub fn has_given_up(&self, login: &LoginId) -> bool {
        self.given_up.borrow().as_ref() == Some(login)
    }
}
