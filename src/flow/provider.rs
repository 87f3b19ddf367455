//! One registered client at one provider: its configuration, and what this page knows of the provider so far.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::events::{Event, Events};
use super::functions::Functions;
use super::held::TokenBeside;
use super::refresh::Refreshing;
use super::session::Unsaved;
use super::single_flight::SingleFlight;
use crate::error::Error;
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
    pub(super) keys_asked: KeysAsked,
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
    /// Raised by every sign-out in this page: it ends the logins that are on their way, too.
    pub(super) sign_outs: Cell<u32>,
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
            sign_outs: Cell::new(0),
            metadata: Remembered::default(),
            keys: Remembered::default(),
            keys_asked: KeysAsked::default(),
        }
    }

    pub(super) fn tell(&self, event: Event) {
        self.events.tell(&self.name, event);
    }

    pub fn prefix(&self) -> &str {
        &self.options.storage_prefix
    }
}

/// When this page asked for keys beyond the ordinary.
#[derive(Default)]
pub(super) struct KeysAsked {
    /// Although there were fresh ones, because a token did not fit them.
    pub again_at: Cell<Option<UnixTime>>,
    /// In vain.
    pub in_vain_at: Cell<Option<UnixTime>>,
    /// And that was the provider's answer: no outage.
    pub refused: RefCell<Option<Error>>,
}

/// A value that was fetched once for everybody, from where, and when.
pub(super) struct Remembered<T> {
    value: RefCell<Option<Known<T>>>,
    pub flight: SingleFlight<Rc<T>>,
}

struct Known<T> {
    source: String,
    value: Rc<T>,
    fetched_at: UnixTime,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self { value: RefCell::new(None), flight: SingleFlight::default() }
    }
}

impl<T> Remembered<T> {
    pub fn set(&self, source: &str, value: Rc<T>, fetched_at: UnixTime) {
        self.value.replace(Some(Known { source: source.to_owned(), value, fetched_at }));
    }

    /// If it came from this very source and is younger than `lifetime` seconds.
    pub fn get(&self, source: &str, now: UnixTime, lifetime: i64) -> Option<Rc<T>> {
        let known = self.value.borrow();
        let known = known.as_ref().filter(|known| known.source == source)?;
        is_fresh(known.fetched_at, now, lifetime).then(|| known.value.clone())
    }
}

/// A date in the future means that a clock was set back: the value's age is unknown, so it is not fresh.
pub(super) fn is_fresh(fetched_at: UnixTime, now: UnixTime, lifetime: i64) -> bool {
    (0..lifetime).contains(&now.since(fetched_at))
}
