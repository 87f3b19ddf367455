//! Functions of the app, for providers that bend the rules. They run before validation and cannot skip it: their results are validated like
//! any other input from outside.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use crate::error::{Code, Error, Phase};
use crate::protocol::form;
use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::json::{MAX_MEMBERS, Object, Value};
use crate::protocol::secret::Secret;
use crate::protocol::token;

pub type Hook = Rc<dyn Fn(Object) -> Result<Object, Error>>;

pub type ExpectedIssuer = Rc<dyn Fn(&str, &Object) -> Result<String, Error>>;
pub type FetchToken = Rc<dyn Fn(&str) -> LocalBoxFuture<'static, Result<Value, Error>>>;

#[derive(Clone, Default)]
pub struct Functions {
    /// Sees the provider's metadata document.
    pub metadata: Option<Hook>,
    /// Sees the form of a request to the token endpoint.
    pub token_request: Option<Hook>,
    /// Sees the body of the token endpoint's answer.
    pub token_response: Option<Hook>,
    /// The exact issuer, from the metadata's template and the claims of a token whose signature is good.
    pub expected_issuer: Option<ExpectedIssuer>,
    /// Gives the access token that the app has from another source, for the client of this name.
    pub fetch_token: Option<FetchToken>,
}

impl Functions {
    /// These functions where they are given, else the earlier ones.
    pub fn over(mut self, before: &Self) -> Self {
        fn fill<F: ?Sized>(place: &mut Option<Rc<F>>, before: &Option<Rc<F>>) {
            if place.is_none() {
                place.clone_from(before);
            }
        }
        fill(&mut self.metadata, &before.metadata);
        fill(&mut self.token_request, &before.token_request);
        fill(&mut self.token_response, &before.token_response);
        fill(&mut self.expected_issuer, &before.expected_issuer);
        fill(&mut self.fetch_token, &before.fetch_token);
        self
    }

    /// An object cannot hold a field twice (RFC 8707 allows it for `resource`): such fields pass the hook by.
    pub(in crate::flow) fn apply_token_request(&self, request: HttpRequest) -> Result<HttpRequest, Error> {
        let (Some(hook), Some(form)) = (&self.token_request, &request.form) else { return Ok(request) };
        let mut repeated = form::decode(form);
        let mut single = Object::new();
        for (name, value) in form::decode(form) {
            if repeated.iter().filter(|(other, _)| *other == name).count() == 1 {
                repeated.retain(|(other, _)| *other != name);
                single.put(&name, Value::String(value));
            }
        }
        let hooked = hook(single)?;
        let mut fields = Vec::new();
        for (name, value) in hooked.iter() {
            let text = value.as_str().ok_or_else(|| {
                Error::new(Code::ConfigInvalid, Phase::Token, "The hook tokenRequest must return an object of strings.")
            })?;
            fields.push((name.as_str(), text));
        }
        fields.extend(repeated.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Ok(HttpRequest::post_form(request.url.as_str(), fields))
    }

    /// A hook also means that the answer may be form-encoded, as some providers write it: it sees the fields as an object.
    pub(in crate::flow) fn apply_token_response(&self, mut response: HttpResponse) -> Result<HttpResponse, Error> {
        if let Some(hook) = &self.token_response
            && let Some(body) = response.json_object().ok().or_else(|| form_fields(&response.body))
        {
            response.body = hook(body)?.to_text().into_bytes();
        }
        Ok(response)
    }

    /// The refresh token of an answer that may be refused for what stands beside it.
    pub(in crate::flow) fn rotated_refresh_token(&self, answer: &HttpResponse) -> Option<Secret> {
        token::rotated(answer).or_else(|| {
            let fields = form_fields(&answer.body).filter(|_| self.token_response.is_some())?;
            token::rotated(&HttpResponse::new(answer.status, fields.to_text()))
        })
    }
}

/// The fields of a form-encoded body, or `None` where the text is something else, has a field twice, or too many.
fn form_fields(body: &[u8]) -> Option<Object> {
    let text = std::str::from_utf8(body).ok()?.trim_ascii();
    let has_pairs = text.bytes().any(|byte| byte == b'=');
    if !has_pairs || matches!(text.as_bytes().first(), Some(b'<' | b'{' | b'[')) {
        return None;
    }
    let mut fields = Object::new();
    for (name, value) in form::decode(text) {
        if fields.insert(name, Value::String(value)).is_some() || fields.len() > MAX_MEMBERS {
            return None;
        }
    }
    (!fields.is_empty()).then_some(fields)
}
