//! The methods of `OAuthClient` that renew, revoke and explain tokens.

use std::future::pending;
use std::rc::Rc;

use futures_util::FutureExt;
use js_sys::Promise;
use wasm_bindgen::JsValue;

use super::super::convert::{self, bad};
use super::{Asked, OAuthClient, nothing};
use crate::error::{Error, Phase};
use crate::flow::op::verify::parse_id_token;
use crate::flow::session::value::Session;
use crate::flow::tokens::userinfo::userinfo;
use crate::flow::tokens::{get, revoke};
use crate::protocol::revocation::TokenKind;
use crate::settings::params;

impl OAuthClient {
    pub(super) fn get_access_token(&self, options: &JsValue) -> JsValue {
        // A page may call this before each of a thousand requests. A good token costs no task, and callers that wait for the same refresh share
        // a promise.
        let session = if options.is_undefined() { get::session_of_token(&self.client) } else { None };
        let Some(session) = session else { return self.ask_for_access_token(options, None) };
        if get::is_good(&self.client, &session) {
            return Promise::resolve(&self.show(session, |shown| &shown.access_token)).into();
        }
        let asked = self
            .asked
            .borrow()
            .as_ref()
            .filter(|asked| Rc::ptr_eq(&asked.session, &session))
            .map(|asked| asked.promise.clone());
        asked.unwrap_or_else(|| self.ask_for_access_token(options, Some(session)))
    }

    pub(super) fn refresh_token(&self, options: &JsValue) -> JsValue {
        self.verb(Phase::Refresh, options, &mut |client, options| {
            let (is_given_up, options) = (options.is_given_up(), params::access_token(options.json.take(), true)?);
            if is_given_up {
                return Ok(pending().boxed_local());
            }
            let asked = get::refresh_token(&client, &options);
            Ok(async move { Ok(convert::frozen(&asked.await?)) }.boxed_local())
        })
    }

    pub(super) fn revoke_token(&self, hint: &JsValue, options: &JsValue) -> JsValue {
        self.with_signal(Phase::Token, options, &mut || {
            let (client, kind) = (self.client.clone(), kind_of_token(hint)?);
            Ok(async move { revoke::revoke_token(&client, kind).await.map(nothing) }.boxed_local())
        })
    }

    pub(super) fn userinfo(&self, options: &JsValue) -> JsValue {
        self.verb(Phase::Userinfo, options, &mut |client, _| {
            Ok(async move { Ok(convert::json_to_js(&userinfo(&client).await?)) }.boxed_local())
        })
    }

    pub(super) fn parse_id_token(&self, id_token: &JsValue, expected: &JsValue) -> JsValue {
        self.verb(Phase::IdToken, expected, &mut |client, expected| {
            expected.signal = None;
            let id_token = id_token.as_string().ok_or_else(|| bad("idToken", "a string"))?;
            let expected = params::parse_id_token(expected.json.take())?;
            let work = async move {
                let claims = parse_id_token(&client, &id_token, expected).await?;
                Ok(convert::frozen(claims.as_object()))
            };
            Ok(work.boxed_local())
        })
    }
}

impl OAuthClient {
    /// Later callers of the same session get the same promise until it is settled.
    fn ask_for_access_token(&self, options: &JsValue, session: Option<Rc<Session>>) -> JsValue {
        let asked = self.asked.clone();
        let promise = self.verb(Phase::Token, options, &mut |client, options| {
            get::check_readable(&client)?;
            let is_given_up = options.is_given_up();
            let (options, asked) = (params::access_token(options.json.take(), false)?, asked.clone());
            if is_given_up {
                return Ok(pending().boxed_local());
            }
            let token = get::access_token(&client, &options);
            let work = async move {
                let token = token.await;
                asked.replace(None);
                Ok(token?.access_token.expose().into())
            };
            Ok(work.boxed_local())
        });
        self.asked.replace(session.map(|session| Asked { session, promise: promise.clone() }));
        promise
    }
}

/// The hint of `revokeToken`.
fn kind_of_token(hint: &JsValue) -> Result<Option<TokenKind>, Error> {
    if hint.is_undefined() || hint.is_null() {
        return Ok(None);
    }
    let kind = hint.as_string().as_deref().and_then(TokenKind::parse);
    kind.map(Some).ok_or_else(|| bad("hint", "\"access_token\" or \"refresh_token\""))
}
