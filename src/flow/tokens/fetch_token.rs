//! `fetchToken` of the settings: the access token comes from the app.

use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};

use crate::error::{Code, Error, Phase};
use crate::flow::client::Client;
use crate::flow::session::errors::{expired, signed_out};
use crate::ports::Platform;
use crate::protocol::token::{self, Token};

/// The token that the app gives, once for callers that ask at the same time. This client keeps nothing of it.
pub(in crate::flow) async fn shared<P: Platform>(client: &Rc<Client<P>>) -> Result<Rc<Token>, Error> {
    let Some(fetch_token) = &client.functions.fetch_token else { return Err(signed_out()) };
    let this = client.clone();
    client.state.fetching.run(fetch_token, || async move { ask(&this).await }).await
}

async fn ask<P: Platform>(client: &Client<P>) -> Result<Rc<Token>, Error> {
    let Some(fetch_token) = &client.functions.fetch_token else { return Err(signed_out()) };
    // All callers wait for this one call, and the app's promise may never settle.
    let patience = client.options.request_timeout.saturating_mul(1000);
    let given = match select(fetch_token(&client.name), pin!(client.platform.pause(patience))).await {
        Either::Left((given, _)) => given?,
        Either::Right(_) => return Err(no_answer()),
    };
    if given.is_null() {
        return Err(signed_out());
    }
    let now = client.platform.now();
    let token = token::given(given, now).map_err(|error| Error::from(error).in_phase(Phase::Token))?;
    if token.expires_at.is_some_and(|at| at <= now) { Err(expired()) } else { Ok(Rc::new(token)) }
}

fn no_answer() -> Error {
    Error::new(Code::Timeout, Phase::Token, "The function fetchToken of the settings gave no token in time.")
}
