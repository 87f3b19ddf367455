//! Finds the client and the transaction that the response in a URL belongs to, by its `state`. A search consumes nothing.

use std::rc::Rc;

use crate::error::{Code, Error};
use crate::flow::callback::page_responses::{Answer, PageResponses};
use crate::flow::callback::recorded_responses::RecordedResponse;
use crate::flow::client::Client;
use crate::ports::{Platform, StorageError};
use crate::protocol::authorization_response::RedirectResponse;
use crate::protocol::config::ResponseMode;
use crate::protocol::secret::Secret;
use crate::protocol::transaction::{Transaction, TransactionRecord, Way};

/// The client whose response is searched for.
#[derive(Clone, Debug)]
pub enum Want {
    Any,
    Login(String),
    Logout(String),
    /// The response of this state, which the page in a window of this login has relayed.
    Relayed(Secret),
}

impl Want {
    /// Whether a response of this state comes by the wanted way. A page acts on no response of a login in a window that stands in an address
    /// bar: the page in the window may have a copy of the transaction.
    fn accepts_state(&self, state: &str) -> bool {
        match self {
            Self::Relayed(wanted) => wanted.matches(state),
            _ => Way::of(state) == Way::Redirect,
        }
    }

    pub fn accepts(&self, client: &str, is_login: bool) -> bool {
        match self {
            Self::Any => true,
            Self::Relayed(_) => is_login,
            Self::Login(name) => is_login && name == client,
            Self::Logout(name) => !is_login && name == client,
        }
    }

    /// Whether the response belongs to this client and is of the wanted sort.
    pub(in crate::flow) fn accepts_answer<P>(&self, client: &Client<P>, answer: &Answer) -> bool {
        let accepts =
            |is_login| answer.is_login.is_none_or(|sort| sort == is_login) && self.accepts(&client.name, is_login);
        client.key == answer.client && (accepts(true) || accepts(false))
    }
}

/// The record under the state of a response.
pub(in crate::flow) enum Found {
    /// This page acts on the response already, or has done so.
    Answer(Answer),
    Transaction(Box<TransactionRecord>),
    Recorded(RecordedResponse),
    /// The record under this state cannot be read. The response belongs to this client, and this client cannot act on it.
    Unfit,
}

/// The client, the state, and the record under the state.
type Ours<P> = (Rc<Client<P>>, String, Found);

/// Finds the record and its client by the state of the response, if the response belongs to a client here and is of the wanted sort.
pub(in crate::flow) fn find<P: Platform>(
    clients: &[Rc<Client<P>>],
    responses: &PageResponses,
    response: &RedirectResponse,
    want: &Want,
) -> Result<Option<Ours<P>>, Error> {
    for state in response.states().filter(|state| want.accepts_state(state)) {
        let ours = |client: &Rc<Client<P>>, found| Ok(Some((client.clone(), state.to_owned(), found)));
        for client in clients {
            let answer = responses.answer(client.prefix(), state);
            if let Some(answer) = answer.filter(|answer| want.accepts_answer(client, answer)) {
                return ours(client, Found::Answer(answer));
            }
        }
        for client in clients {
            if let Some(found) = find_stored(client, response, state, want)? {
                return ours(client, found);
            }
        }
    }
    Ok(None)
}

fn find_stored<P: Platform>(
    client: &Client<P>,
    response: &RedirectResponse,
    state: &str,
    want: &Want,
) -> Result<Option<Found>, StorageError> {
    let wanted = |is_login| want.accepts(&client.name, is_login);
    let stored = match client.transactions.read(&*client.platform, state) {
        // Blocked storage holds no transaction, so for a page that merely looks, the response belongs to another app.
        Err(StorageError::Unavailable) if matches!(want, Want::Any) => return Ok(None),
        stored => stored?,
    };
    let is_stored = stored.is_some();
    let of_state = |record: &TransactionRecord| {
        record.transaction.state().matches(state) && record.transaction.client() == client.name
    };
    let record = stored.flatten().filter(of_state);
    let is_unfit = is_stored && record.is_none();
    let fits =
        |transaction: &Transaction| response.mode() == response_mode(transaction) && wanted(transaction.is_login());
    if let Some(record) = record.filter(|record| fits(&record.transaction)) {
        return Ok(Some(Found::Transaction(Box::new(record))));
    }
    if let Some(recorded) =
        client.recorded_responses.read(&*client.platform, state)?.filter(|recorded| wanted(recorded.is_login))
    {
        return Ok(Some(Found::Recorded(recorded)));
    }
    // A caller that asks for one client sees the records of that client only.
    let is_asked = wanted(true) || wanted(false);
    Ok((is_unfit && is_asked).then_some(Found::Unfit))
}

/// RP-Initiated Logout section 3: the state of a logout comes back in the query.
fn response_mode(transaction: &Transaction) -> ResponseMode {
    match transaction {
        Transaction::Login(login) => login.response_mode,
        Transaction::Logout(_) => ResponseMode::Query,
    }
}

/// Whether the address bar has a response that a login of this client still waits for: the page did not call `handleRedirect()`.
pub fn has_unread_response<P: Platform>(client: &Client<P>) -> bool {
    let want = Want::Login(client.name.clone());
    let waits = |response: &RedirectResponse, state| {
        matches!(find_stored(client, response, state, &want), Ok(Some(Found::Transaction(_))))
    };
    let responses = RedirectResponse::read(&client.platform.url());
    responses.iter().any(|response| response.states().any(|state| waits(response, state)))
}

/// The remedy for [`has_unread_response`].
pub const UNREAD_RESPONSE: &str =
    "Call oauth.handleRedirect() on every page load, before anything else: this URL answers a login that waits for it.";

/// Adds the remedy to an error, if no person is signed in because the page did not read the response.
pub fn advise<P: Platform>(client: &Client<P>, error: Error) -> Error {
    let is_forgotten = error.code == Code::MissingToken && client.session().is_none() && has_unread_response(client);
    if is_forgotten { error.with_remedy(UNREAD_RESPONSE) } else { error }
}
