//! HTTP requests and responses as plain values, so that a protocol step can be tested without a network.

use std::fmt;

use super::credential::Credential;
use super::form;
use super::json::{self, JsonError, Object};

#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    pub method: Method,
    pub url: String,
    /// Only CORS-safelisted headers stand here; any other would cost every login a preflight.
    pub accept: &'static str,
    /// `application/x-www-form-urlencoded`, for POST.
    pub form: Option<String>,
    /// The one header that costs a preflight: only a request that needs a token has it.
    pub credential: Option<Credential>,
    /// A longer body is an error: no honest answer is longer.
    pub body_limit: usize,
    /// Where a worker may send the tokens that the answer brings, as JSON: with the code of a login, if a worker keeps its tokens.
    pub places: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// Metadata and key sets of real providers stay below 100 kB; 1 MiB leaves room and still bounds the work.
const BODY_LIMIT: usize = 1 << 20;

impl HttpRequest {
    pub fn get_json(url: impl Into<String>) -> Self {
        let (method, accept) = (Method::Get, "application/json");
        Self { method, url: url.into(), accept, form: None, credential: None, body_limit: BODY_LIMIT, places: None }
    }

    /// The URL as a message may have it: a query may hold a key, and a provider may write a long one.
    pub fn place(&self) -> &str {
        let (before, ..) = super::uri::split(&self.url);
        before.get(..200).unwrap_or(before)
    }

    pub fn post_form<'a>(url: impl Into<String>, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let form = form::encode(fields);
        Self { method: Method::Post, form: Some(form), ..Self::get_json(url) }
    }
}

/// The form holds codes and tokens: it stays out of `Debug`.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.method, self.url)
    }
}

#[derive(Clone)]
pub struct HttpResponse {
    pub status: u16,
    pub content_type: Option<String>,
    /// `WWW-Authenticate`, where CORS lets a page see it.
    pub challenge: Option<String>,
    pub body: Vec<u8>,
}

impl HttpResponse {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, content_type: None, challenge: None, body: body.into() }
    }

    /// Whether the media type is this one, with any parameters (RFC 9110 section 8.3.1).
    pub fn is_of_type(&self, media_type: &str) -> bool {
        let essence = self.content_type.as_deref().and_then(|text| text.split(';').next()).unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(media_type)
    }

    /// 5xx, 408 (Request Timeout), 425 (Too Early) and 429 (Too Many Requests) may pass; any other status is an answer.
    pub fn is_passing_fault(status: u16) -> bool {
        status >= 500 || matches!(status, 408 | 425 | 429)
    }

    /// A 4xx by which the server refuses this very request.
    pub fn is_refusal(status: u16) -> bool {
        (400..500).contains(&status) && !Self::is_passing_fault(status)
    }

    /// There is nothing at this place that takes such a request: 404 (Not Found), 405 (Method Not Allowed), 410 (Gone).
    pub fn is_gone(status: u16) -> bool {
        matches!(status, 404 | 405 | 410)
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Like `Response.json()`, it takes a byte order mark before the text.
    pub fn json_object(&self) -> Result<Object, JsonError> {
        json::parse_object(json::without_byte_order_mark(&self.body))
    }
}

/// The body holds tokens: it stays out of `Debug`.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {} ({} bytes)", self.status, self.body.len())
    }
}
