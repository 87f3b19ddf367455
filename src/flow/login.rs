//! `authorizeRedirect` up to the moment the page leaves: the URL, and the transaction that the callback will be judged by.

use std::future::Future;
use std::rc::Rc;

use serde_json::Value;

use crate::error::{Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::leaving::Turn;
use crate::flow::records::{self, Slot};
use crate::ports::{Clock, Http, Navigation, Platform, SignatureVerifier, Storage, StorageError};
use crate::protocol::authorization_request::{AuthorizationRequest, LoginEntropy};
use crate::protocol::config::ClientConfig;
use crate::protocol::saved_request;
use crate::protocol::transaction::{LoginTransaction, Transaction, TransactionRecord};
use crate::settings::params;

/// Logins a person may have open in one tab; the oldest give way, so that storage cannot fill up with abandoned ones.
const MAX_TRANSACTIONS: usize = 20;

impl<P: Http + Storage + Clock + SignatureVerifier + 'static> Client<P> {
    /// Fetches what a login and its callback will need, so that a click navigates at once and the callback sends one request.
    pub async fn preload(self: &Rc<Self>) -> Result<(), Error> {
        if ClientConfig::is_openid(&self.config.scope) {
            self.prepare_to_verify().await?;
        } else {
            self.server_metadata(false).await?;
        }
        Ok(())
    }
}

impl<P: Platform> Client<P> {
    /// Builds the URL and stores nothing.
    pub async fn create_authorization_url(self: &Rc<Self>, params: Value) -> Result<AuthorizationRequest, Error> {
        let mut params = params::authorize(params).map_err(in_phase(Phase::Authorize))?;
        let metadata = self.server_metadata(false).await?;
        let octets = || self.platform.octets().map_err(in_phase(Phase::Authorize));
        let entropy = LoginEntropy { state: octets()?, nonce: octets()?, code_verifier: octets()? };
        // A hint is for the provider that gave the id_token.
        let session = self.session().filter(|session| self.check_provider(session, &metadata).is_ok());
        params.stored_id_token = session.as_ref().and_then(|session| session.id_token().cloned());
        AuthorizationRequest::build(&self.name, &self.config, &metadata, params, entropy)
            .map_err(in_phase(Phase::Authorize))
    }

    /// Stores what [`Self::create_authorization_url`] returned, as JavaScript hands it back.
    pub async fn save_authorize_data(self: &Rc<Self>, data: Value, app_state: Option<String>) -> Result<(), Error> {
        let metadata = self.server_metadata(false).await?;
        let saved = params::save_authorize_data(data).map_err(in_phase(Phase::Authorize))?;
        let transaction =
            saved_request::read(&self.name, &self.config, &metadata, saved).map_err(in_phase(Phase::Authorize))?;
        Ok(self.remember(Transaction::Login(LoginTransaction { app_state, ..transaction }))?)
    }

    /// `authorizeRedirect` up to the navigation: the URL, and the turn that leaves for it. The place among those that leave is
    /// that of the call, not of the first poll.
    pub fn prepare_login(
        self: &Rc<Self>,
        params: Value,
        app_state: Option<String>,
    ) -> impl Future<Output = Result<(Rc<Turn>, String), Error>> + use<P> {
        let (this, turn) = (self.clone(), self.leaving.login());
        async move {
            turn.comes().await?;
            let AuthorizationRequest { url, transaction } = this.create_authorization_url(params).await?;
            this.wait_for_logouts_elsewhere().await;
            // A logout may have been called while the metadata or the lock was on its way.
            turn.comes().await?;
            this.remember(Transaction::Login(LoginTransaction { app_state, ..transaction }))?;
            Ok((turn, url))
        }
    }

    /// Everything before navigation: returns the URL once the transaction is safely stored.
    pub async fn begin_login(self: &Rc<Self>, params: Value, app_state: Option<String>) -> Result<String, Error> {
        let AuthorizationRequest { url, transaction } = self.create_authorization_url(params).await?;
        self.remember(Transaction::Login(LoginTransaction { app_state, ..transaction }))?;
        Ok(url)
    }
}

impl<P: Navigation> Client<P> {
    /// Leaves for the provider. Settles only if the page stayed or came back.
    pub async fn leave_for_login(&self, (turn, url): (Rc<Turn>, String)) -> Result<(), Error> {
        self.state.untold.forget();
        self.platform.leave(&url, None, self.options.request_timeout, None).await;
        // A logout that was called meanwhile has cancelled the navigation.
        turn.comes().await?;
        turn.conclude();
        Ok(())
    }
}

impl<P: Storage + Clock> Client<P> {
    pub(in crate::flow) fn remember(&self, transaction: Transaction) -> Result<(), StorageError> {
        self.sweep_transactions()?;
        let record = TransactionRecord::new(transaction, self.platform.now());
        let state = record.transaction.state().expose();
        self.records.write(&*self.platform, Slot::Transaction(state), &record.to_json())
    }

    /// Removes what expired or cannot be read, then the oldest beyond the limit.
    fn sweep_transactions(&self) -> Result<(), StorageError> {
        let now = self.platform.now();
        let mut alive = Vec::new();
        for state in self.records.states(&*self.platform, Slot::Transaction)? {
            match self.records.read(&*self.platform, Slot::Transaction(&state), TransactionRecord::from_json)? {
                Some(record) if !record.is_expired(now) => alive.push((record.created_at, state)),
                _ => self.records.remove(&*self.platform, Slot::Transaction(&state))?,
            }
        }
        for state in records::surplus(alive, MAX_TRANSACTIONS) {
            self.records.remove(&*self.platform, Slot::Transaction(&state))?;
        }
        Ok(())
    }

    /// Logins that were begun and not finished end with the session: their answers must not sign anybody in again.
    pub(in crate::flow) fn forget_logins(&self) -> Result<(), StorageError> {
        for state in self.records.states(&*self.platform, Slot::Transaction)? {
            let record = self.records.read(&*self.platform, Slot::Transaction(&state), TransactionRecord::from_json)?;
            if record.is_some_and(|record| record.transaction.is_login()) {
                self.records.remove(&*self.platform, Slot::Transaction(&state))?;
            }
        }
        self.end_logins_on_their_way()
    }
}
