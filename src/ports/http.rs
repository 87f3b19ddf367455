//! HTTP requests to a provider.

use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::secret::Secret;

/// Sends one request without credentials, cache, referrer or redirects, and reads the whole answer.
pub trait Http {
    /// `timeout` in seconds covers everything up to the last byte of the body.
    async fn send(&self, request: &HttpRequest, timeout: u32) -> Result<HttpResponse, HttpError>;
    /// Tells the worker that keeps the tokens of the login that has ended. `handle` stands for one of them. From then on the worker sends
    /// the tokens of the login to be revoked, and for nothing else.
    fn forget(&self, handle: &Secret);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpError {
    /// Offline, refused, reset, blocked by CORS or CSP, redirected: a browser does not tell which.
    Network,
    Timeout,
    /// The answer is longer than the request allows.
    TooLarge,
}
