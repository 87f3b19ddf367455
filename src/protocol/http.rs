//! HTTP requests and responses as plain values, so that a protocol step can be tested without a network.

use std::fmt;

use super::json::{self, JsonError, Object};

#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    pub method: Method,
    pub url: String,
    /// Only CORS-safelisted headers stand here; any other would cost every login a preflight.
    pub accept: &'static str,
    /// `application/x-www-form-urlencoded`, for POST.
    pub form: Option<String>,
    /// A longer body is an error: no honest answer is longer.
    pub body_limit: usize,
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
        Self { method: Method::Get, url: url.into(), accept: "application/json", form: None, body_limit: BODY_LIMIT }
    }

    pub fn post_form<'a>(url: impl Into<String>, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
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
    pub body: Vec<u8>,
}

impl HttpResponse {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn json_object(&self) -> Result<Object, JsonError> {
        json::parse_object(&self.body)
    }
}

/// The body holds tokens: it stays out of `Debug`.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {} ({} bytes)", self.status, self.body.len())
    }
}
