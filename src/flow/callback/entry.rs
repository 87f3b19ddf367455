//! What a page does with the URL it was loaded at: is it an answer to something this tab began, and was it answered before?
//!
//! One response is acted on once. Callers that come later, in this document or in another one, get the same result, and
//! nothing is sent twice. A response that is not ours is left alone.

use std::rc::Rc;

use futures_util::FutureExt;
use serde_json::{Value, json};

use crate::error::{Code, Error, Phase};
use crate::flow::callback::page_responses::{Answer, Owner};
use crate::flow::callback::recorded_responses::RecordedResponse;
use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::records::Slot;
use crate::flow::registry::Registry;
use crate::flow::single_flight::Flight;
use crate::ports::{Platform, StorageError};
use crate::protocol::authorization_response::{self, RedirectResponse};
use crate::protocol::config::ResponseMode;
use crate::protocol::record::Members;
use crate::protocol::time::UnixTime;
use crate::protocol::transaction::{Transaction, TransactionRecord};

/// How a redirect ended well.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub kind: OutcomeKind,
    pub client: String,
    /// JSON text.
    pub app_state: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum OutcomeKind {
    Login {
        /// Tells the session that it began from those of later logins.
        at: UnixTime,
    },
    Logout {
        post_logout_redirect_uri: String,
    },
}

impl Outcome {
    pub(in crate::flow) fn to_json(&self) -> Value {
        let kind = match &self.kind {
            OutcomeKind::Login { at } => json!({ "login": { "at": at.0 } }),
            OutcomeKind::Logout { post_logout_redirect_uri } => {
                json!({ "logout": { "post_logout_redirect_uri": post_logout_redirect_uri } })
            }
        };
        json!({ "kind": kind, "client": self.client, "app_state": self.app_state })
    }

    pub(in crate::flow) fn from_json(record: Members) -> Option<Self> {
        let kind = Members::of(record.get("kind")?)?;
        let kind = match kind.get("login") {
            Some(login) => OutcomeKind::Login { at: Members::of(login)?.time("at")? },
            None => {
                let logout = Members::of(kind.get("logout")?)?;
                OutcomeKind::Logout { post_logout_redirect_uri: logout.text("post_logout_redirect_uri")? }
            }
        };
        let app_state = record.optional("app_state", Members::text)?;
        Some(Self { kind, client: record.text("client")?, app_state })
    }
}

/// Whose answer is looked for.
#[derive(Clone, Debug)]
pub enum Want {
    Any,
    Login(String),
    Logout(String),
}

impl Want {
    pub fn accepts(&self, client: &str, is_login: bool) -> bool {
        match self {
            Self::Any => true,
            Self::Login(name) => is_login && name == client,
            Self::Logout(name) => !is_login && name == client,
        }
    }
}

pub enum Redirect {
    /// The response is ours and of the wanted sort, and being acted on.
    Ours(Flight<Outcome>),
    /// There is no answer to anything of ours; `has_state` tells whether there is one to something else.
    Foreign { has_state: bool },
}

/// Looks at `url`, or at the address bar, and begins to act on a response that is ours. Not an `async fn`: when it returns,
/// the URL was read, the transaction taken and the address bar cleaned, whatever the page does next.
pub fn begin<P: Platform>(registry: &Registry<P>, url: Option<String>, want: &Want) -> Result<Redirect, Error> {
    let (document, platform) = (&registry.document, &*registry.platform);
    let bar = platform.url();
    // A router may give the address without its fragment.
    let is_in_bar = url.as_ref().is_none_or(|url| *url == bar || Some(&**url) == without_fragment(&bar));
    if is_in_bar
        && let Some(answer) = document.answer_of_cleaned_url(platform)
        && is_wanted(registry, &answer.owner, want)
    {
        return Ok(Redirect::Ours(answer.outcome));
    }
    let url = url.unwrap_or_else(|| bar.clone());
    let mut has_state = false;
    for response in RedirectResponse::read(&url) {
        has_state = true;
        let Some((client, state, found)) = find(registry, &response, want)? else { continue };
        // From here on the response is ours: whatever happens next, it does not stay in sight.
        if is_in_bar {
            platform.replace(&authorization_response::without_response(&bar, response.mode(), &state));
        }
        let answer = match found {
            Found::TakenUp(answer) => answer,
            Found::RecordedResponse(used) => {
                let outcome = ready(used.outcome.ok_or_else(already_ended));
                Answer { owner: Owner { client: client.key.clone(), is_login: Some(used.is_login) }, outcome }
            }
            Found::Transaction(record) => act(registry, client, response, &state, *record),
            Found::Unfit => drop_unfit(registry, &client, &state),
        };
        if is_in_bar {
            document.clean(platform, &answer);
        }
        return Ok(Redirect::Ours(answer.outcome));
    }
    Ok(Redirect::Foreign { has_state })
}

impl<P: Platform> Client<P> {
    /// Whether the address bar has a response that a login of this client still waits for: the page did not call `handleRedirect()`.
    pub fn has_unread_response(&self) -> bool {
        let want = Want::Login(self.name.clone());
        let waits = |response: &RedirectResponse, state| {
            matches!(find_of(self, response, state, &want), Ok(Some(Found::Transaction(_))))
        };
        let responses = RedirectResponse::read(&self.platform.url());
        responses.iter().any(|response| response.states().any(|state| waits(response, state)))
    }

    /// The error of a call, which says what was forgotten where that is why nobody is signed in.
    pub fn advise(&self, error: Error) -> Error {
        let is_forgotten = error.code == Code::MissingToken && self.session().is_none() && self.has_unread_response();
        if is_forgotten { error.with_remedy(UNREAD_RESPONSE) } else { error }
    }
}

/// What to do about [`Provider::has_unread_response`].
pub const UNREAD_RESPONSE: &str =
    "Call oauth.handleRedirect() on every page load, before anything else: this URL answers a login that waits for it.";

fn without_fragment(url: &str) -> Option<&str> {
    url.split_once('#').map(|(page, _)| page)
}

enum Found {
    TakenUp(Answer),
    Transaction(Box<TransactionRecord>),
    RecordedResponse(RecordedResponse),
    /// What lies there under this state is no record: the response can be nobody's but ours, and nothing can be made of it.
    Unfit,
}

/// The client, the state, and what lies under it.
type Ours<P> = (Rc<Client<P>>, String, Found);

/// What a state of the response names, and of which client, if it is ours and of the wanted sort. Nothing is consumed.
fn find<P: Platform>(
    registry: &Registry<P>,
    response: &RedirectResponse,
    want: &Want,
) -> Result<Option<Ours<P>>, Error> {
    for state in response.states() {
        let answers = registry.document.answers(&registry.document_key(state));
        if let Some(answer) = answers
            && is_wanted(registry, &answer.owner, want)
            && let Some(client) = registry.client_by_key(&answer.owner.client)
        {
            return Ok(Some((client, state.to_owned(), Found::TakenUp(answer))));
        }
        for client in registry.all() {
            if let Some(found) = find_of(&client, response, state, want)? {
                return Ok(Some((client, state.to_owned(), found)));
            }
        }
    }
    Ok(None)
}

fn find_of<P: Platform>(
    client: &Client<P>,
    response: &RedirectResponse,
    state: &str,
    want: &Want,
) -> Result<Option<Found>, Error> {
    let wanted = |is_login| want.accepts(&client.name, is_login);
    let of_state = |record: &TransactionRecord| {
        record.transaction.state().matches(state) && record.transaction.client() == client.name
    };
    let read = |stored: &Value| Some(TransactionRecord::from_json(stored).filter(of_state));
    let stored = match client.records.read(&*client.platform, Slot::Transaction(state), read) {
        // Blocked storage remembered nothing: for a page that merely looks, the response is not ours.
        Err(StorageError::Unavailable) if matches!(want, Want::Any) => return Ok(None),
        stored => stored?,
    };
    let is_unfit = matches!(stored, Some(None));
    let fits =
        |transaction: &Transaction| response.mode() == response_mode(transaction) && wanted(transaction.is_login());
    if let Some(record) = stored.flatten().filter(|record| fits(&record.transaction)) {
        return Ok(Some(Found::Transaction(Box::new(record))));
    }
    if let Some(used) = client.read_response(state)?.filter(|used| wanted(used.is_login)) {
        return Ok(Some(Found::RecordedResponse(used)));
    }
    // A caller that asks for one client is told of that client's records only.
    let is_asked = wanted(true) || wanted(false);
    Ok((is_unfit && is_asked).then_some(Found::Unfit))
}

fn is_wanted<P: Platform>(registry: &Registry<P>, owner: &Owner, want: &Want) -> bool {
    let accepts =
        |is_login: bool, name: &str| owner.is_login.is_none_or(|sort| sort == is_login) && want.accepts(name, is_login);
    registry
        .client_by_key(&owner.client)
        .is_some_and(|client| accepts(true, &client.name) || accepts(false, &client.name))
}

/// RP-Initiated Logout section 3: the state of a logout comes back in the query.
fn response_mode(transaction: &Transaction) -> ResponseMode {
    match transaction {
        Transaction::Login(login) => login.response_mode,
        Transaction::Logout(_) => ResponseMode::Query,
    }
}

/// Acts on the response, once: takes the transaction, judges its age, and does what it is about.
fn act<P: Platform>(
    registry: &Registry<P>,
    client: Rc<Client<P>>,
    response: RedirectResponse,
    state: &str,
    record: TransactionRecord,
) -> Answer {
    let is_login = record.transaction.is_login();
    let name = client.name.clone();
    let owner = Owner { client: client.key.clone(), is_login: Some(is_login) };
    let app_state = record.transaction.app_state().map(String::from);
    let answer = |outcome| Answer { owner: owner.clone(), outcome };
    let failed = {
        let (app_state, events) = (app_state.clone(), registry.events.clone());
        move |error: Error| {
            let error = error.of_client(&name).with_app_state(app_state.as_deref());
            events.emit(&name, Event::Error(error.clone()));
            error
        }
    };
    // A response with a parameter twice is refused before the transaction is taken, which stays good for the genuine one.
    if let Err(error) = response.reject_duplicates() {
        return answer(ready(Err(failed(error.into()))));
    }
    // A tab with a copy of this one's storage may have answered it: a code that is redeemed twice costs the first what it gave.
    let is_consumed = client.is_consumed(record.transaction.state());
    let taken = client.take_transaction(state, is_login);
    if taken.is_ok() {
        client.record_consumed_state(record.transaction.state());
    }
    let is_expired = record.is_expired(client.platform.now());
    let arrival = client.arrival();
    let state = state.to_owned();
    let key = registry.document_key(&state);
    let work = async move {
        taken?;
        if is_consumed {
            return Err(already_ended());
        }
        if is_expired {
            let message = "The response came too late: its login or logout began more than ten minutes ago.";
            return Err(Error::new(Code::ExpiredState, Phase::Callback, message));
        }
        let kind = match record.transaction {
            Transaction::Login(login) => {
                OutcomeKind::Login { at: client.clone().finish_login(response, login, arrival).await? }
            }
            Transaction::Logout(logout) => {
                OutcomeKind::Logout { post_logout_redirect_uri: logout.post_logout_redirect_uri }
            }
        };
        let outcome = Outcome { kind, client: client.name.clone(), app_state };
        client.record_outcome(&state, &outcome);
        Ok(outcome)
    };
    let answer = answer(work.map(|result: Result<Outcome, Error>| result.map_err(failed)).boxed_local().shared());
    registry.document.keep(key, &answer);
    answer
}

/// Drops what lies under the state: no response is ever acted on by it.
fn drop_unfit<P: Platform>(registry: &Registry<P>, client: &Client<P>, state: &str) -> Answer {
    let removed = client.records.remove(&*client.platform, Slot::Transaction(state));
    let message = "The record of the login or logout that this answers was damaged in sessionStorage.";
    let error = removed.map_or_else(Error::from, |()| Error::new(Code::InvalidState, Phase::Callback, message));
    let answer = Answer { owner: Owner { client: client.key.clone(), is_login: None }, outcome: ready(Err(error)) };
    registry.document.keep(registry.document_key(state), &answer);
    answer
}

fn ready(result: Result<Outcome, Error>) -> Flight<Outcome> {
    std::future::ready(result).boxed_local().shared()
}

pub(in crate::flow) fn already_ended() -> Error {
    let message = "The response belongs to a login or logout that has already ended.";
    Error::new(Code::InvalidState, Phase::Callback, message)
}
