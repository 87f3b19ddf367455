//! The entry of a response: whether the URL of the page answers a request of this tab, and whether this client acted on it before.
//!
//! One response is acted on once. Callers that come later, in this document or in another one, get the same result, and nothing is sent
//! twice. The response of another app is left alone.

use std::rc::Rc;

use crate::error::{Code, Error, Phase};
use crate::flow::callback::find::{Found, Want, find};
use crate::flow::callback::finish_login::{Arrival, finish_login};
use crate::flow::callback::outcome::{Outcome, OutcomeKind, already_ended};
use crate::flow::callback::page_responses::{Answer, PageResponses};
use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::session::tombstones::Kind;
use crate::flow::single_flight::Flight;
use crate::ports::Platform;
use crate::protocol::authorization_response::{self, RedirectResponse};
use crate::protocol::transaction::{Transaction, TransactionRecord, Way};

pub(in crate::flow) enum Redirect {
    /// The response belongs to a client here and is of the wanted sort; the work has begun.
    Ours(Flight<Outcome>),
    /// The URL has no response of a client here; `has_state` tells whether it has another response.
    Foreign { has_state: bool },
}

/// Looks at `url`, or at the address bar, and begins to act on a response of a client here. This is not an `async fn`: when it returns, it
/// has read the URL, taken the transaction and cleaned the address bar.
pub(in crate::flow) fn begin<P: Platform>(
    platform: &P,
    responses: &PageResponses,
    clients: &[Rc<Client<P>>],
    url: Option<String>,
    want: &Want,
) -> Result<Redirect, Error> {
    let bar = platform.url();
    // A router may give the address without its fragment.
    let is_in_bar = url.as_ref().is_none_or(|url| *url == bar || Some(&**url) == without_fragment(&bar));
    if is_in_bar
        && let Some(answer) = responses.answer_of_cleaned_url(platform)
        && clients.iter().any(|client| want.accepts_answer(client, &answer))
    {
        return Ok(Redirect::Ours(answer.outcome));
    }
    let mut has_state = false;
    for response in RedirectResponse::read(url.as_ref().unwrap_or(&bar)) {
        has_state = true;
        let Some((client, state, found)) = find(clients, responses, &response, want)? else { continue };
        // The response belongs to a client here, so it is removed from the address bar even if a later step fails.
        if is_in_bar {
            platform.replace(&authorization_response::without_response(&bar, response.mode(), &state));
        }
        // What the page did meanwhile, in a listener of its navigation, may have taken the response up.
        let answer = match (responses.answer(client.prefix(), &state), found) {
            (Some(answer), _) | (_, Found::Answer(answer)) => answer,
            (_, Found::Recorded(recorded)) => {
                let outcome = ready(recorded.outcome.ok_or_else(already_ended));
                Answer { client: client.key.clone(), is_login: Some(recorded.is_login), outcome }
            }
            (_, Found::Transaction(record)) => act(client, responses, response, state, *record),
            (_, Found::Unfit) => drop_unfit(&client, responses, &state),
        };
        if is_in_bar {
            responses.set_cleaned_url(platform, &answer);
        }
        return Ok(Redirect::Ours(answer.outcome));
    }
    Ok(Redirect::Foreign { has_state })
}

fn without_fragment(url: &str) -> Option<&str> {
    url.split_once('#').map(|(page, _)| page)
}

/// Acts on the response once: takes the transaction, checks its age, and finishes the login or the logout.
fn act<P: Platform>(
    client: Rc<Client<P>>,
    responses: &PageResponses,
    response: RedirectResponse,
    state: String,
    record: TransactionRecord,
) -> Answer {
    let answer_of = |client: &Client<P>, is_login, outcome| Answer {
        client: client.key.clone(),
        is_login: Some(is_login),
        outcome,
    };
    let is_login = record.transaction.is_login();
    // A response with a parameter twice is refused before the transaction is taken, so the transaction stays for the genuine response.
    if let Err(error) = response.reject_duplicates() {
        let error = failed(&client, &state, record.transaction.app_state(), error.into());
        return answer_of(&client, is_login, ready(Err(error)));
    }
    let taken = take(&client, &state, &record);
    let arrival = Arrival::now(&client, &state);
    let (acting, acted_state) = (client.clone(), state.clone());
    let work = async move {
        let (client, state) = (acting, acted_state);
        let app_state = record.transaction.app_state().map(String::from);
        let kind = match (taken, record.transaction) {
            (Err(error), _) => Err(error),
            (Ok(()), Transaction::Login(login)) => {
                finish_login(&client, response, login, arrival).await.map(|login| OutcomeKind::Login { login })
            }
            (Ok(()), Transaction::Logout(logout)) => {
                Ok(OutcomeKind::Logout { post_logout_redirect_uri: logout.post_logout_redirect_uri })
            }
        };
        match kind {
            Ok(kind) => {
                let outcome = Outcome { kind, client: client.name.clone(), app_state };
                client.recorded_responses.record_outcome(&*client.platform, &state, &outcome, client.platform.now());
                Ok(outcome)
            }
            Err(error) => Err(failed(&client, &state, app_state.as_deref(), error)),
        }
    };
    let answer = answer_of(&client, is_login, Flight::new(work));
    responses.keep(client.prefix(), &state, &answer);
    answer
}

/// Takes the transaction of this state, so that no response is ever acted on by it again. An error where it must not be acted on.
fn take<P: Platform>(client: &Client<P>, state: &str, record: &TransactionRecord) -> Result<(), Error> {
    let now = client.platform.now();
    // A tab with a copy of this tab's storage may have acted on the response: if a code is redeemed twice, the provider may revoke the
    // tokens of the first redemption.
    let (platform, tombstones) = (&*client.platform, &client.sessions.tombstones);
    let is_consumed = tombstones.has(platform, Kind::ConsumedState, record.transaction.state());
    client.transactions.remove(platform, state)?;
    client.recorded_responses.begin(platform, state, record.transaction.is_login(), now)?;
    tombstones.add_of(platform, Kind::ConsumedState, record.transaction.state(), now);
    if is_consumed {
        return Err(already_ended());
    }
    if record.is_expired(now) {
        let message = "The response came too late: its login or logout began more than ten minutes ago.";
        return Err(Error::new(Code::ExpiredState, Phase::Callback, message));
    }
    Ok(())
}

/// The error as every caller gets it, and once as an event, even where the name was given to another client meanwhile. The error of a login
/// in a window belongs to its call alone: that no session is there to take up is no failure of the app.
fn failed<P>(client: &Client<P>, state: &str, app_state: Option<&str>, error: Error) -> Error {
    let error = error.of_client(&client.name).with_app_state(app_state);
    if Way::of(state) == Way::Redirect {
        client.events.emit(&client.name, Event::Error(error.clone()));
    }
    error
}

/// Drops the record under the state, so that it serves no response.
fn drop_unfit<P: Platform>(client: &Client<P>, responses: &PageResponses, state: &str) -> Answer {
    let message = "The record of the login or logout that this answers was damaged in sessionStorage.";
    let error = match client.transactions.remove(&*client.platform, state) {
        Ok(()) => Error::new(Code::InvalidState, Phase::Callback, message),
        Err(fault) => fault.into(),
    };
    let answer = Answer { client: client.key.clone(), is_login: None, outcome: ready(Err(error)) };
    responses.keep(client.prefix(), state, &answer);
    answer
}

fn ready(result: Result<Outcome, Error>) -> Flight<Outcome> {
    Flight::new(std::future::ready(result))
}
