//! One registered client at one provider: its settings, and the state that it shares with every client object of the same name
//! and owner in this page. An object whose settings were overwritten goes on with its old settings, on that same state.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::error::{Code, Error, Phase};
use crate::flow::callback::recorded_responses::RecordedResponses;
use crate::flow::callback::transactions::Transactions;
use crate::flow::events::{Event, Events};
use crate::flow::hooks::Functions;
use crate::flow::leave::leaving::Leaving;
use crate::flow::op::cached::Cached;
use crate::flow::records::Records;
use crate::flow::session::SessionRules;
use crate::flow::session::errors::signed_out;
use crate::flow::session::store::SessionStore;
use crate::flow::session::value::Session;
use crate::flow::state::State;
use crate::ports::{Alarm, Clock, Storage, StorageError};
use crate::protocol::config::{ClientConfig, MetadataSource};
use crate::protocol::json::{Value, json};
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::secret::fingerprint;
use crate::protocol::time::UnixTime;
use crate::settings::options::Options;

pub struct Client<P> {
    pub name: String,
    pub config: Rc<ClientConfig>,
    pub functions: Functions,
    /// The name and the owner. The records in storage and the messages of other tabs that name both are this client's.
    pub key: String,
    pub(in crate::flow) records: Records,
    pub sessions: SessionStore,
    /// The provider's metadata as these settings complete it.
    pub(in crate::flow) metadata: Cached<ServerMetadata>,
    pub options: Rc<Options>,
    pub platform: Rc<P>,
    pub(in crate::flow) transactions: Transactions,
    pub(in crate::flow) recorded_responses: RecordedResponses,
    pub(in crate::flow) events: Rc<Events>,
    pub(in crate::flow) state: Rc<State>,
    /// The turns belong to the name alone, so settings for another owner do not go around them.
    pub(in crate::flow) leaving: Rc<Leaving>,
    /// The alarm for the next work of this client.
    pub(in crate::flow) alarm: RefCell<Option<Alarm>>,
    /// The end of the access token that was told to be expiring.
    pub(in crate::flow) told_expiring: Cell<Option<UnixTime>>,
    /// The lock that tells other tabs that this client has a session here, and its name.
    pub(in crate::flow) presence: RefCell<Option<(String, Box<dyn Any>)>>,
    /// The session that this registry told its listeners last.
    pub(in crate::flow) told: Rc<RefCell<Option<Rc<Session>>>>,
    /// Whether the name was given to another client id or provider. Then a login that is on its way for these settings fails.
    pub(in crate::flow) is_replaced: Cell<bool>,
}

/// The parts that a client shares with other clients of its registry or its page.
pub(in crate::flow) struct Shared<P> {
    pub key: String,
    pub options: Rc<Options>,
    pub platform: Rc<P>,
    pub events: Rc<Events>,
    pub state: Rc<State>,
    pub leaving: Rc<Leaving>,
    pub told: Rc<RefCell<Option<Rc<Session>>>>,
}

impl<P> Client<P> {
    pub(in crate::flow) fn new(name: &str, config: ClientConfig, functions: Functions, shared: Shared<P>) -> Self {
        let Shared { key, options, platform, events, state, leaving, told } = shared;
        let (config, records) = (Rc::new(config), Records::new(&options.storage_prefix, &key, options.token_storage));
        let issuer = required_issuer(&config, &functions).map(String::from);
        let (lifetime, is_in_worker) = (options.session_lifetime, options.is_in_worker());
        let rules = SessionRules { config: config.clone(), issuer, lifetime, is_in_worker };
        Self {
            name: name.to_owned(),
            sessions: SessionStore::new(records.clone(), rules, state.session.clone()),
            transactions: Transactions(records.clone()),
            recorded_responses: RecordedResponses { records: records.clone(), client: name.to_owned() },
            records,
            key,
            config,
            functions,
            metadata: Cached::default(),
            options,
            platform,
            events,
            state,
            leaving,
            alarm: RefCell::default(),
            told_expiring: Cell::default(),
            presence: RefCell::default(),
            told,
            is_replaced: Cell::new(false),
        }
    }

    /// Tells an event to the listeners, unless this object has lost its name: listeners hear of the client that has the name now.
    pub(in crate::flow) fn emit(&self, event: Event) {
        if !self.is_replaced.get() {
            self.events.emit(&self.name, event);
        }
    }

    /// Tells a client that had the same name that the name is another owner's now, if it is.
    pub(in crate::flow) fn replace(&self, before: &Self) {
        if before.name == self.name && before.key != self.key {
            before.is_replaced.set(true);
        }
    }

    pub fn prefix(&self) -> &str {
        &self.options.storage_prefix
    }

    /// The address of a nudge: the prefix, the name and the owner.
    pub(in crate::flow) fn address(&self) -> String {
        [self.prefix(), &self.key].join(":")
    }

    /// Makes sure that no part of a session is sent to another provider than its own, once the metadata is known.
    pub(in crate::flow) fn check_provider(&self, session: &Session, metadata: &ServerMetadata) -> Result<(), Error> {
        let is_its = match (&self.functions.expected_issuer, session.claims()) {
            (Some(expected_issuer), Some(claims)) => {
                let expected = expected_issuer(metadata.issuer().unwrap_or_default(), claims);
                expected.is_ok_and(|expected| session.issuer() == Some(expected.as_str()))
            }
            _ => session.issuer() == metadata.issuer(),
        };
        let message = "The provider's metadata names another issuer than the one that this session began at.";
        is_its.then_some(()).ok_or_else(|| Error::new(Code::IssuerMismatch, Phase::Metadata, message))
    }
}

impl<P: Storage + Clock> Client<P> {
    /// The session of the person who is signed in.
    pub fn session(&self) -> Option<Rc<Session>> {
        self.sessions.current(&*self.platform)
    }

    /// The person did something: the idle time begins anew.
    pub fn touch(&self) {
        if let Some(session) = self.session() {
            self.sessions.touch(&*self.platform, &session);
        }
    }

    /// The session, or the error of a verb that needs one.
    pub(in crate::flow) fn session_at_hand(&self) -> Result<Rc<Session>, Error> {
        self.session().ok_or_else(|| {
            self.drop_unfit_session();
            signed_out()
        })
    }

    /// Removes a stored record that is no session of this client, because this client could never read it, and tells the listeners once.
    pub(in crate::flow) fn drop_unfit_session(&self) {
        if self.sessions.has_unfit_record(&*self.platform) && self.clear_session().is_ok() {
            let message = "The stored session is not one that this client wrote, and was dropped.";
            let error = Error::new(Code::InvalidSession, Phase::Storage, message);
            self.emit(Event::Error(error.of_client(&self.name)));
        }
    }

    pub(in crate::flow) fn clear_session(&self) -> Result<(), StorageError> {
        self.state.resource_tokens.clear();
        self.sessions.clear(&*self.platform)
    }
}

/// The name with a fingerprint of its owner: the client id at its provider, as the settings name the two. Clients of one name and different
/// owners share no state.
pub(in crate::flow) fn key(name: &str, config: &ClientConfig, functions: &Functions) -> String {
    let client = required_issuer(config, functions).or(config.place());
    [name, ":", &fingerprint(&json!([config.client_id, client]).to_text())].concat()
}

/// The issuer that every session must have. With the function, the settings name a template, or a provider of many issuers: then
/// only the place of its metadata is known beforehand.
pub(in crate::flow) fn required_issuer<'a>(config: &'a ClientConfig, functions: &Functions) -> Option<&'a str> {
    // As in the metadata, an explicit value wins over the discovered one.
    let explicit = config.explicit_metadata.get("issuer").and_then(Value::as_str);
    let configured = explicit.or(match &config.metadata_source {
        MetadataSource::Issuer(issuer) => Some(issuer),
        MetadataSource::Document { issuer, .. } => issuer.as_deref(),
        MetadataSource::Settings => None,
    });
    configured.filter(|_| functions.expected_issuer.is_none())
}
