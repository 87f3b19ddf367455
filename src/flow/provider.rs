//! One registered client at one provider: its configuration, and what this page knows of the provider so far.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::events::{Event, Events};
use super::functions::Functions;
use super::held::TokenBeside;
use super::refresh::Refreshing;
use super::session::Unsaved;
use super::single_flight::SingleFlight;
use crate::protocol::config::ClientConfig;
use crate::protocol::jose::JwkSet;
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::options::Options;
use crate::protocol::time::UnixTime;
use crate::protocol::token::Token;

pub struct Provider<P> {
    pub name: String,
    pub config: ClientConfig,
    pub options: Rc<Options>,
    pub platform: Rc<P>,
    pub(super) metadata: Remembered<ServerMetadata>,
    pub(super) keys: Remembered<JwkSet>,
    /// When keys were last fetched although fresh ones were at hand.
    pub(super) keys_forced_at: Cell<Option<UnixTime>>,
    pub functions: Functions,
    pub(super) events: Rc<Events>,
    /// The refresh under way, or the last one.
    pub(super) refreshing: RefCell<Option<Refreshing>>,
    /// The call of `fetchToken` under way.
    pub(super) fetching: SingleFlight<Token>,
    /// Tokens of another scope or resource than the login's; they live as long as this page.
    pub(super) beside: RefCell<Vec<TokenBeside>>,
    /// A session that storage did not take.
    pub(super) unsaved: RefCell<Option<Unsaved>>,
    /// Raised by every login and every end of a session in this page: tells them apart where storage cannot.
    pub(super) epoch: Cell<u32>,
}

impl<P> Provider<P> {
    pub fn new(
        name: &str,
        config: ClientConfig,
        functions: Functions,
        registered: (Rc<Options>, Rc<P>, Rc<Events>),
    ) -> Self {
        let (options, platform, events) = registered;
        Self {
            name: name.to_owned(),
            config,
            options,
            platform,
            functions,
            events,
            refreshing: RefCell::default(),
            fetching: SingleFlight::default(),
            beside: RefCell::default(),
            unsaved: RefCell::default(),
            epoch: Cell::new(0),
            metadata: Remembered::default(),
            keys: Remembered::default(),
            keys_forced_at: Cell::new(None),
        }
    }

    pub(super) fn tell(&self, event: Event) {
        self.events.tell(&self.name, event);
    }

    pub fn prefix(&self) -> &str {
        &self.options.storage_prefix
    }
}

/// A value that was fetched once for everybody, and when.
pub(super) struct Remembered<T> {
    value: RefCell<Option<(Rc<T>, UnixTime)>>,
    pub flight: SingleFlight<Rc<T>>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self { value: RefCell::new(None), flight: SingleFlight::default() }
    }
}

impl<T> Remembered<T> {
    pub fn set(&self, value: Rc<T>, fetched_at: UnixTime) {
        self.value.replace(Some((value, fetched_at)));
    }

    pub fn fresh(&self, now: UnixTime, lifetime: i64) -> Option<Rc<T>> {
        let value = self.value.borrow();
        let (value, fetched_at) = value.as_ref()?;
        is_fresh(*fetched_at, now, lifetime).then(|| value.clone())
    }
}

/// A date in the future means that a clock was set back: the value's age is unknown, so it is not fresh.
pub(super) fn is_fresh(fetched_at: UnixTime, now: UnixTime, lifetime: i64) -> bool {
    (0..lifetime).contains(&now.since(fetched_at))
}
