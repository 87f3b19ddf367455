//! The events of sessions, for the listeners of the page: the browser's counterpart of server-side signals.

use std::cell::RefCell;
use std::rc::Rc;

use crate::error::Error;
use crate::flow::session::value::Session;
use crate::protocol::time::UnixTime;

#[derive(Clone, Debug)]
pub enum Event {
    Login(Rc<Session>, LoginReason),
    /// The tokens of this session were replaced.
    TokenUpdate {
        session: Rc<Session>,
        before: Rc<Session>,
    },
    Logout(LogoutReason),
    /// Another person signed in while a person was signed in already.
    UserChange {
        previous_sub: String,
        sub: String,
    },
    Expiring(UnixTime),
    /// A login or a refresh failed; once for any number of callers.
    Error(Error),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginReason {
    /// A login whose response came to this tab.
    Response,
    /// Another tab shared its session.
    OtherTab,
}

impl LoginReason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::OtherTab => LogoutReason::OtherTab.as_str(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutReason {
    Local,
    OtherTab,
    /// The provider asked for it (Front-Channel Logout 1.0).
    FrontChannel,
    RefreshRejected,
    /// The lifetime of the session is over, or the end that the provider stated for it.
    Expired,
    /// The person did nothing for too long.
    Idle,
    /// The session at the provider is over, or is that of another person (Session Management 1.0).
    SessionEnded,
}

const ALL: [LogoutReason; 7] = [
    LogoutReason::Local,
    LogoutReason::OtherTab,
    LogoutReason::FrontChannel,
    LogoutReason::RefreshRejected,
    LogoutReason::Expired,
    LogoutReason::Idle,
    LogoutReason::SessionEnded,
];

impl LogoutReason {
    pub fn parse(name: &str) -> Option<Self> {
        ALL.into_iter().find(|reason| reason.as_str() == name)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::OtherTab => "other-tab",
            Self::FrontChannel => "front-channel",
            Self::RefreshRejected => "refresh-rejected",
            Self::Expired => "expired",
            Self::Idle => "idle",
            Self::SessionEnded => "session-ended",
        }
    }
}

type Listener = Box<dyn Fn(&str, Event)>;

/// The one listener is the registry's class in `js/`, which tells the page. An event comes after its state is stored.
#[derive(Default)]
pub struct Events {
    listener: RefCell<Option<Listener>>,
}

impl Events {
    pub fn listen(&self, listener: impl Fn(&str, Event) + 'static) {
        self.listener.replace(Some(Box::new(listener)));
    }

    pub(in crate::flow) fn emit(&self, client: &str, event: Event) {
        if let Some(listener) = self.listener.borrow().as_ref() {
            listener(client, event);
        }
    }
}
