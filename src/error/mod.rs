//! The one error type that leaves the crate. Stage errors live beside their stage and know facts; only this folder knows the
//! stable codes, who is to blame, and what a developer can do.
//!
//! No message holds a code, token, verifier, nonce or state, and the provider's own words stay in their own fields.

mod code;
mod convert;
mod remedy;

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

pub use code::{Code, Kind, Phase};

use crate::protocol::http::HttpResponse;
use crate::protocol::oauth_error::ProviderError;

/// Boxed, because every `Result` of a flow carries it and hardly any ever holds one.
#[derive(Clone, Debug)]
pub struct Error(Box<Facts>);

#[derive(Clone, Debug)]
pub struct Facts {
    pub code: Code,
    pub phase: Phase,
    /// Our own words; one sentence, no secret, nothing of the provider's.
    pub message: String,
    pub retryable: bool,
    /// The provider's own words, verbatim.
    pub provider: Option<ProviderError>,
    pub status: Option<u16>,
    pub client_name: Option<String>,
    /// JSON text.
    pub app_state: Option<String>,
    pub cause: Option<Cause>,
    /// What helps in this very place, where the sentence for the code does not.
    remedy: Option<Cow<'static, str>>,
}

/// What code outside this crate threw (a hook of the app, `fetch`), or another [`Error`] that is told beside. `Debug` does not look
/// inside.
#[derive(Clone)]
pub struct Cause(pub Rc<dyn Any>);

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cause")
    }
}

impl Deref for Error {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}

impl Error {
    pub fn new(code: Code, phase: Phase, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Facts {
            code,
            phase,
            message,
            retryable: code.is_retryable(),
            provider: None,
            status: None,
            client_name: None,
            app_state: None,
            cause: None,
            remedy: None,
        }))
    }

    /// What an HTTP status means does not depend on who answered: 5xx, 408, 425 and 429 may pass, the rest will not.
    fn http_status(status: u16, phase: Phase, message: String) -> Self {
        let mut error = Self::new(Code::HttpStatus, phase, message);
        error.status = Some(status);
        error.retryable = HttpResponse::is_passing_fault(status);
        error
    }

    pub fn in_phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    pub fn of_client(mut self, name: &str) -> Self {
        self.client_name.get_or_insert_with(|| name.to_owned());
        self
    }

    pub fn with_app_state(mut self, app_state: Option<&str>) -> Self {
        if self.app_state.is_none() {
            self.app_state = app_state.map(String::from);
        }
        self
    }

    /// What the app's own code threw.
    pub fn caused_by(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// A remedy for this place. It stands instead of the sentence that the table has for the code.
    pub fn with_remedy(mut self, remedy: impl Into<Cow<'static, str>>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// What a developer can do about it.
    pub fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref().or(Some(self.code.remedy())).filter(|remedy| !remedy.is_empty())
    }
}

/// `map_err(in_phase(Phase::Token))`
pub fn in_phase<E: Into<Error>>(phase: Phase) -> impl Fn(E) -> Error {
    move |error| error.into().in_phase(phase)
}
