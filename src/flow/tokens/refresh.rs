//! The refresh, which runs once for any number of callers in any number of tabs.
//!
//! A refresh token that is rotated works once, so this code must not lose its successor: the refreshes of a client run one after the other,
//! go on when their callers stop waiting, tell the other tabs that hold the same token, and keep the answer even where storage is full. A
//! rotated refresh token is stored as soon as it arrives, before the rest of its answer is validated. A session ends only if the provider
//! refuses the refresh token for good, or a verified id_token is about another person.

use std::pin::pin;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{Either, LocalBoxFuture, select};

use super::redeem::{self, Brought, Refused};
use super::revoke;
use super::turn::{self, Turn};
use crate::error::{Code, Error, Phase};
use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::session::tabs;
use crate::flow::session::value::Session;
use crate::flow::single_flight::Flight;
use crate::ports::{HttpError, Platform};
use crate::protocol::json::json;
use crate::protocol::refresh::TokenTarget;
use crate::protocol::secret::Secret;
use crate::protocol::token::Token;

/// Replaces the access token `stale`; callers that arrive meanwhile share the answer.
pub(in crate::flow) fn start<P: Platform>(
    client: &Rc<Client<P>>,
    target: &TokenTarget,
    stale: Option<Secret>,
) -> Flight<Rc<Token>> {
    let (refreshing, about) = (&client.state.refreshing, json!([target.scope, target.resource]).to_text());
    if let Some(same) = refreshing.current(&about) {
        return same;
    }
    let (this, target, before) = (client.clone(), target.clone(), refreshing.last());
    let flight = refreshing.run(&about, || refresh(this, target, stale, before));
    client.platform.spawn(flight.clone().map(drop).boxed_local());
    flight
}

/// Waits for a refresh, for `requestTimeout` at most. The refresh itself goes on without this caller.
pub(in crate::flow) fn awaited<P: Platform>(
    client: &Rc<Client<P>>,
    flight: Flight<Rc<Token>>,
) -> LocalBoxFuture<'_, Result<Rc<Token>, Error>> {
    async move {
        let patience = client.platform.pause(client.options.request_timeout.saturating_mul(1000));
        match select(flight, pin!(patience)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(late(client.state.awaits_turn.get())),
        }
    }
    .boxed_local()
}

fn late(awaits_turn: bool) -> Error {
    let late = |what| Error::http(HttpError::Timeout, Phase::Refresh, what);
    match awaits_turn {
        true => late("other tab that renews the token")
            .with_remedy("Try again. If the other tab is frozen, show it or close it."),
        false => late("token endpoint"),
    }
}

async fn refresh<P: Platform>(
    client: Rc<Client<P>>,
    target: TokenTarget,
    stale: Option<Secret>,
    before: Option<Flight<Rc<Token>>>,
) -> Result<Rc<Token>, Error> {
    if let Some(before) = before {
        // This refresh waits only for the end of the earlier one: two requests with one refresh token at a time would look like theft.
        let _ = before.await;
    }
    let mut tries_left = 3;
    let error = loop {
        tries_left -= 1;
        client.state.awaits_turn.set(true);
        let turn = turn::wait(&client, &target, stale.as_ref()).await;
        client.state.awaits_turn.set(false);
        let (session, hold) = match turn {
            Ok(Turn::NotNeeded(token)) => return Ok(token),
            Ok(Turn::Ours(session, hold)) => (session, hold),
            Err(error) => break error,
        };
        let mut brought = Brought::nothing(&session);
        client.state.is_redeeming.set(true);
        let redeemed = redeem::refresh_token(&client, &session, &target, &mut brought).await;
        client.state.is_redeeming.set(false);
        let refused = match redeemed {
            Ok(token) => {
                hold.end(&client, brought.is_rotated);
                return Ok(token);
            }
            Err(refused) => refused,
        };
        // Where the browser has no locks, another tab may have redeemed the refresh token first: then its tokens are the answer. The
        // broadcast of that tab may arrive after the provider refused this tab.
        if refused.is_no() || !brought.is_rotated && client.sessions.is_spent(&*client.platform, &session) {
            tabs::ask_for_successor(&client, &session).await;
        }
        // The session of the same person by now, which another tab may have refreshed.
        let successor = client.session().filter(|now| now.subject() == session.subject());
        let newer = successor.as_ref().and_then(|now| turn::newer_token(&client, now, &target, stale.as_ref()));
        if let Some(token) = newer {
            return Ok(token);
        }
        let is_replaced = successor.is_some_and(|now| now.has_other_refresh_token(&brought.kept));
        if is_replaced && tries_left > 0 && (refused.is_no() || brought.has_tokens) {
            // The refusal was about a refresh token that another tab has replaced meanwhile.
            continue;
        }
        hold.end(&client, brought.is_rotated);
        break settle(&client, &session, refused, brought, is_replaced);
    };
    let error = error.of_client(&client.name);
    // A person who signed out while a refresh was under way gets no error.
    if error.code != Code::MissingToken {
        client.emit(Event::Error(error.clone()));
    }
    Err(error)
}

/// Clears up after a refresh that failed, and gives its error.
fn settle<P: Platform>(
    client: &Rc<Client<P>>,
    session: &Session,
    refused: Refused,
    brought: Brought,
    is_replaced: bool,
) -> Error {
    let Refused { error, ends_session } = refused;
    let Brought { kept, is_rotated, has_tokens, stored } = brought;
    if client.sessions.has_moved_on(&*client.platform, &kept) {
        // The new tokens belong to no session, so they are revoked, unless another tab may have them, too.
        if has_tokens && !is_replaced {
            revoke::give_back(client, kept);
        }
    } else if ends_session {
        tabs::end_refused(client, session);
        if has_tokens || error.code == Code::SubjectMismatch {
            revoke::give_back(client, kept);
        }
    } else if is_rotated {
        redeem::emit_storage_fault(client, stored);
        tabs::broadcast_refreshed(client, session, &kept);
    }
    error
}
