//! `fetchToken` of the settings: the access token comes from the app.

use std::pin::pin;

use futures_util::future::{Either, select};

use crate::error::{Code, Error, Phase};
use crate::flow::client::Client;
use crate::flow::session::value::signed_out;
use crate::flow::tokens::refresh::expired;
use crate::ports::{Clock, Timer};
use crate::protocol::token::{self, Token};

impl<P: Clock + Timer> Client<P> {
    /// `fetchToken` of the settings; this client keeps nothing of it.
    pub(in crate::flow) async fn token_from_elsewhere(&self) -> Result<Token, Error> {
        let Some(fetch_token) = &self.functions.fetch_token else { return Err(signed_out()) };
        // All callers wait for this one call, and the app's promise may never settle.
        let patience = self.options.request_timeout.saturating_mul(1000);
        let given = match select(fetch_token(&self.name), pin!(self.platform.pause(patience))).await {
            Either::Left((given, _)) => given?,
            Either::Right(_) => return Err(no_answer()),
        };
        if given.is_null() {
            return Err(signed_out());
        }
        let now = self.platform.now();
        let token = token::given(given, now).map_err(|error| Error::from(error).in_phase(Phase::Token))?;
        if token.expires_at.is_some_and(|at| at <= now) { Err(expired()) } else { Ok(token) }
    }
}

fn no_answer() -> Error {
    Error::new(Code::Timeout, Phase::Token, "The function fetchToken of the settings gave no token in time.")
}
