//! The registry: named clients that share options, a platform and the page. And the verbs that start from a URL.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use serde_json::Value;

use super::document::Document;
use super::provider::Provider;
use super::redirect::{self, Outcome, OutcomeKind, Redirect, Want};
use crate::error::{Code, Error, Phase};
use crate::ports::Platform;
use crate::protocol::config::ClientConfig;
use crate::protocol::options::Options;

pub struct Registry<P> {
    pub(super) options: Rc<Options>,
    pub(super) platform: Rc<P>,
    pub(super) document: Rc<Document>,
    clients: RefCell<Vec<Rc<Provider<P>>>>,
}

impl<P: Platform> Registry<P> {
    pub fn new(options: Options, platform: Rc<P>, document: Rc<Document>) -> Self {
        Self { options: Rc::new(options), platform, document, clients: RefCell::new(Vec::new()) }
    }

    pub fn register(&self, name: &str, settings: Value, overwrite: bool) -> Result<Rc<Provider<P>>, Error> {
        Options::check_name(name)?;
        if !overwrite && self.client(name).is_some() {
            let message = format!("A client with the name \"{name}\" exists already.");
            return Err(Error::new(Code::ClientExists, Phase::Config, message).of_client(name));
        }
        let config = ClientConfig::from_json(settings).map_err(|error| Error::from(error).of_client(name))?;
        let provider = Rc::new(Provider::new(name, config, self.options.clone(), self.platform.clone()));
        let mut clients = self.clients.borrow_mut();
        match clients.iter_mut().find(|client| client.name == name) {
            Some(slot) => *slot = provider.clone(),
            None => clients.push(provider.clone()),
        }
        Ok(provider)
    }

    pub fn unregister(&self, name: &str) -> bool {
        let mut clients = self.clients.borrow_mut();
        let before = clients.len();
        clients.retain(|client| client.name != name);
        clients.len() < before
    }

    pub fn client(&self, name: &str) -> Option<Rc<Provider<P>>> {
        self.clients.borrow().iter().find(|client| client.name == name).cloned()
    }

    pub fn names(&self) -> Vec<String> {
        self.clients.borrow().iter().map(|client| client.name.clone()).collect()
    }

    pub(super) fn prefix(&self) -> &str {
        &self.options.storage_prefix
    }

    /// Two registries with different prefixes are different clients of one page.
    pub(super) fn document_key(&self, state: &str) -> String {
        format!("{}:{state}", self.prefix())
    }

    /// `handleRedirect`: `None` where the URL answers nothing of ours. What can be done at once is done when this returns; the
    /// future waits for the rest.
    pub fn handle_redirect(
        self: &Rc<Self>,
        url: Option<String>,
    ) -> impl Future<Output = Result<Option<Outcome>, Error>> + use<P> {
        let begun = redirect::begin(self, url, &Want::Any);
        let this = self.clone();
        async move {
            match begun? {
                Redirect::Ours(answer) => Ok(Some(answer.await?).filter(|outcome| this.still_holds(outcome))),
                Redirect::Foreign { .. } => Ok(None),
            }
        }
    }

    /// `authorizeAccessToken`: an error where `handleRedirect` gives nothing. The token is then in the session.
    pub fn authorize_access_token(
        self: &Rc<Self>,
        client: &str,
        url: Option<String>,
    ) -> impl Future<Output = Result<(), Error>> + use<P> {
        let rejected = |code, message: &str| Err(Error::new(code, Phase::Callback, message));
        let answer = self.answer_to(Want::Login(client.to_owned()), url);
        let client = client.to_owned();
        async move {
            let result = match answer.await {
                Ok(Answer::Outcome(_)) => Ok(()),
                Ok(Answer::Foreign) => rejected(
                    Code::MismatchingState,
                    "The response answers no login that this client began in this tab.",
                ),
                Ok(Answer::Absent) => rejected(Code::MissingState, "The URL has no response with a state."),
                Err(error) => Err(error),
            };
            result.map_err(|error| error.of_client(&client))
        }
    }

    /// `validateLogoutResponse`: the outcome of a logout, or an error.
    pub fn validate_logout_response(
        self: &Rc<Self>,
        client: &str,
        url: Option<String>,
    ) -> impl Future<Output = Result<Outcome, Error>> + use<P> {
        let rejected = |code, message: &str| Err(Error::new(code, Phase::Logout, message));
        let answer = self.answer_to(Want::Logout(client.to_owned()), url);
        let client = client.to_owned();
        async move {
            let result = match answer.await {
                Ok(Answer::Outcome(outcome)) => Ok(outcome),
                Ok(Answer::Foreign) => {
                    rejected(Code::InvalidState, "The response answers no logout that this client began in this tab.")
                }
                Ok(Answer::Absent) => rejected(Code::MissingState, "The URL has no state."),
                Err(error) => Err(error),
            };
            result.map_err(|error| error.in_phase(Phase::Logout).of_client(&client))
        }
    }

    fn answer_to(
        self: &Rc<Self>,
        want: Want,
        url: Option<String>,
    ) -> impl Future<Output = Result<Answer, Error>> + use<P> {
        let begun = redirect::begin(self, url, &want);
        let this = self.clone();
        async move {
            let answer = match begun? {
                Redirect::Ours(answer) => answer,
                Redirect::Foreign { has_state } => return Ok(if has_state { Answer::Foreign } else { Answer::Absent }),
            };
            let outcome = answer.await?;
            Ok(if this.still_holds(&outcome) { Answer::Outcome(outcome) } else { Answer::Foreign })
        }
    }

    /// What was answered before holds as long as the client is known here and, for a login, its session lasts.
    fn still_holds(&self, outcome: &Outcome) -> bool {
        self.client(&outcome.client).is_some_and(|client| match outcome.kind {
            OutcomeKind::Login => client.session().is_some(),
            OutcomeKind::Logout { .. } => true,
        })
    }
}

enum Answer {
    Outcome(Outcome),
    /// A response to something else.
    Foreign,
    /// No response at all.
    Absent,
}
