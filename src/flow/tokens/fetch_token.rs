//! `fetchToken` of the settings: the access token comes from the app.

use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};

use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::hooks::FetchToken;
use crate::flow::session::errors::{expired, signed_out};
use crate::flow::single_flight::Flight;
use crate::ports::Platform;
use crate::protocol::json::Value;
use crate::protocol::time::UnixTime;
use crate::protocol::token::{self, Token};

/// The token that the app gives: one call serves all callers that ask at the same time. This client does not keep the token.
pub(super) fn start<P: Platform>(client: &Rc<Client<P>>, fetch_token: &FetchToken) -> Flight<Rc<Token>> {
    client.state.fetching.run(fetch_token, || ask(client.clone(), fetch_token.clone()))
}

async fn ask<P: Platform>(client: Rc<Client<P>>, fetch_token: FetchToken) -> Result<Rc<Token>, Error> {
    // All callers wait for this call, so it has a time limit: the app's promise may never settle.
    let patience = client.options.request_timeout.saturating_mul(1000);
    match select(fetch_token(&client.name), pin!(client.platform.pause(patience))).await {
        Either::Left((given, _)) => accept(given?, client.platform.now()),
        Either::Right(_) => Err(no_answer()),
    }
}

fn accept(given: Value, now: UnixTime) -> Result<Rc<Token>, Error> {
    if given.is_null() {
        return Err(signed_out());
    }
    let token = token::given(given, now).map_err(in_phase(Phase::Token))?;
    if token.expires_at.is_some_and(|at| at <= now) { Err(expired()) } else { Ok(Rc::new(token)) }
}

fn no_answer() -> Error {
    Error::new(Code::Timeout, Phase::Token, "The function fetchToken of the settings gave no token in time.")
}
