//! One client, as the contract's `OAuthClient`.

mod members;
mod request;
mod tokens;
mod windows;

use std::cell::RefCell;
use std::future::{pending, ready};
use std::rc::Rc;

use futures_util::FutureExt;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AbortSignal;

use super::convert::{self, Params};
use super::promise::{Work, promise};
use super::warnings;
use crate::browser::foreign::{get, set};
use crate::browser::waiting::is_aborted;
use crate::browser::window::Browser;
use crate::error::{Error, Phase};
use crate::flow::abort::unless_aborted;
use crate::flow::callback::find;
use crate::flow::client::Client;
use crate::flow::leave::{front_channel, login, logout};
use crate::flow::op::jwks::jwk_set;
use crate::flow::op::metadata::{cached_metadata, server_metadata};
use crate::flow::registry::Registry;
use crate::flow::session::value::{self, Session};
use crate::protocol::logout::LogoutParams;
use crate::protocol::transaction::Way;
use crate::settings::params;
use crate::wire::Fields;

#[wasm_bindgen]
pub struct OAuthClient {
    pub(super) registry: Rc<Registry<Browser>>,
    pub(super) client: Rc<Client<Browser>>,
    /// The session as it was last handed out: as long as it is the same, so are the objects (React compares by identity).
    shown: RefCell<Option<Shown>>,
    /// The promise of the access token that is asked for.
    pub(super) asked: Rc<RefCell<Option<Asked>>>,
}

/// The promise of an access token in place of one of this session that is not good any more.
pub(super) struct Asked {
    pub(super) session: Rc<Session>,
    pub(super) promise: JsValue,
}

pub(super) struct Shown {
    session: Rc<Session>,
    pub(super) access_token: JsValue,
    token: JsValue,
    claims: JsValue,
}

/// Begins the work of a verb, with the parameters that it takes.
type Begin<'a> = dyn FnMut(Rc<Client<Browser>>, &mut Params) -> Result<Work, Error> + 'a;

/// The work of a verb, and the signal that ends the wait for it.
type Begun = (Work, Option<AbortSignal>);

impl OAuthClient {
    pub fn new(registry: Rc<Registry<Browser>>, client: Rc<Client<Browser>>) -> Self {
        Self { registry, client, shown: RefCell::default(), asked: Rc::default() }
    }

    /// A part of the session as a page sees it.
    pub(super) fn show(&self, session: Rc<Session>, part: fn(&Shown) -> &JsValue) -> JsValue {
        if let Some(shown) = self
            .shown
            .borrow()
            .as_ref()
            .filter(|shown| Rc::ptr_eq(&shown.session, &session) || shown.session == session)
        {
            return part(shown).clone();
        }
        // `shown` is not borrowed here: a page that has replaced `JSON.parse` may call this method again.
        let token = token_to_js(&session);
        // The session says whether there are claims: other scripts of the page may have put a `userinfo` into `Object.prototype`.
        let known = session.claims().map(|_| get(&token, "userinfo"));
        let claims = known.filter(JsValue::is_object).unwrap_or(JsValue::NULL);
        let access_token = session.token().access_token.expose().into();
        let shown = Shown { session, access_token, token, claims };
        let picked = part(&shown).clone();
        self.shown.replace(Some(shown));
        picked
    }

    fn show_now(&self, part: fn(&Shown) -> &JsValue) -> JsValue {
        self.client.session().map_or(JsValue::NULL, |session| self.show(session, part))
    }

    /// A verb with parameters. `begin` is called at once. If `begin` leaves a `signal` among the parameters, that signal ends the wait for
    /// the work.
    pub(super) fn verb(&self, phase: Phase, params: &JsValue, begin: &mut Begin) -> JsValue {
        let begun = Params::read(params).and_then(|mut params| {
            let work = begin(self.client.clone(), &mut params)?;
            Ok((work, params.signal))
        });
        self.promise(phase, begun)
    }

    /// A verb without parameters that could hold a signal.
    pub(super) fn plain_verb(&self, phase: Phase, begun: Result<Work, Error>) -> JsValue {
        self.promise(phase, begun.map(|work| (work, None)))
    }

    /// A verb whose options have a signal. Nothing begins for a caller that has given up already.
    pub(super) fn with_signal(
        &self,
        phase: Phase,
        options: &JsValue,
        begin: &mut dyn FnMut() -> Result<Work, Error>,
    ) -> JsValue {
        let begun = convert::signal_of(options).and_then(|signal| {
            let is_given_up = signal.as_ref().is_some_and(is_aborted);
            let work = if is_given_up { pending().boxed_local() } else { begin()? };
            Ok((work, signal))
        });
        self.promise(phase, begun)
    }

    /// Gives a promise of work of this client, whose errors name the client. Work that did not begin has failed in `phase`.
    fn promise(&self, phase: Phase, begun: Result<Begun, Error>) -> JsValue {
        let client = self.client.clone();
        let work = async move {
            let done = match begun {
                Ok((work, signal)) => unless_aborted(signal.as_ref(), phase, work).await,
                Err(error) => Err(error.in_phase(phase)),
            };
            done.map_err(|error| find::advise(&client, error).of_client(&client.name))
        };
        promise(work.boxed_local()).into()
    }
}

pub fn token_to_js(session: &Session) -> JsValue {
    convert::frozen(&value::to_json(session, session.token()))
}

impl OAuthClient {
    pub(super) fn name(&self) -> JsValue {
        JsValue::from_str(&self.client.name)
    }

    pub(super) fn client_id(&self) -> JsValue {
        JsValue::from_str(&self.client.config.client_id)
    }

    pub(super) fn claims(&self) -> JsValue {
        self.show_now(|shown| &shown.claims)
    }

    pub(super) fn token(&self) -> JsValue {
        self.show_now(|shown| &shown.token)
    }

    pub(super) fn is_authenticated(&self) -> JsValue {
        self.client.session().is_some().into()
    }

    pub(super) fn supports_rp_logout(&self) -> JsValue {
        let metadata = cached_metadata(&self.client);
        metadata.map_or(JsValue::UNDEFINED, |metadata| metadata.end_session_endpoint().is_some().into())
    }

    pub(super) fn load_server_metadata(&self, options: &JsValue) -> JsValue {
        self.with_signal(Phase::Metadata, options, &mut || {
            let (client, force) = (self.client.clone(), convert::force(options)?);
            let work = async move {
                let metadata = server_metadata(&client, force).await?;
                Ok(convert::json_to_js(metadata.members()))
            };
            Ok(work.boxed_local())
        })
    }

    pub(super) fn fetch_jwk_set(&self, options: &JsValue) -> JsValue {
        self.with_signal(Phase::IdToken, options, &mut || {
            let (client, force) = (self.client.clone(), convert::force(options)?);
            Ok(async move { Ok(convert::json_to_js(&jwk_set(&client, force).await?.to_json())) }.boxed_local())
        })
    }

    pub(super) fn preload(&self, options: &JsValue) -> JsValue {
        self.with_signal(Phase::Metadata, options, &mut || {
            let client = self.client.clone();
            Ok(async move { login::preload(&client).await.map(nothing) }.boxed_local())
        })
    }

    pub(super) fn create_authorization_url(&self, params: &JsValue) -> JsValue {
        self.verb(Phase::Authorize, params, &mut |client, params| {
            let params = params.json.take();
            let work = async move {
                let request = login::create_authorization_url(&client, params, Way::Redirect).await?;
                Ok(convert::to_js(&Fields::of_authorization_url(&request)))
            };
            Ok(work.boxed_local())
        })
    }

    pub(super) fn save_authorize_data(&self, data: &JsValue) -> JsValue {
        self.verb(Phase::Authorize, data, &mut |client, data| {
            data.signal = None;
            let (json, app_state) = (data.json.take(), data.app_state.take());
            Ok(async move { login::save_authorize_data(&client, json, app_state).await.map(nothing) }.boxed_local())
        })
    }

    pub(super) fn authorize_redirect(&self, params: &JsValue) -> JsValue {
        if find::has_unread_response(&self.client) {
            warnings::of_unread_response();
        }
        self.verb(Phase::Authorize, params, &mut |client, params| {
            let (json, app_state) = (params.json.take(), params.app_state.take());
            let begun = login::authorize_redirect(&client, json, app_state, params.signal.take());
            Ok(async move { begun.await.map(nothing) }.boxed_local())
        })
    }

    /// The URL is read during this call: a router may change it a moment later.
    pub(super) fn authorize_access_token(&self, url: &JsValue, options: &JsValue) -> JsValue {
        self.with_signal(Phase::Config, options, &mut || {
            let this = Self::new(self.registry.clone(), self.client.clone());
            let begun = self.registry.authorize_access_token(&self.client.name, convert::optional_url(url)?);
            Ok(async move { begun.await.map(|_| this.token()) }.boxed_local())
        })
    }

    pub(super) fn create_logout_url(&self, params: &JsValue) -> JsValue {
        self.verb(Phase::Logout, params, &mut |client, params| {
            let params = logout_params(params)?;
            let work = async move {
                let request = logout::create_logout_request(&client, params).await?;
                Ok(convert::to_js(&Fields::of_logout_url(&request, &request.url())))
            };
            Ok(work.boxed_local())
        })
    }

    pub(super) fn logout_redirect(&self, params: &JsValue) -> JsValue {
        self.verb(Phase::Logout, params, &mut |client, params| {
            let logout = logout_params(params)?;
            if params.is_given_up() {
                return Ok(pending().boxed_local());
            }
            let begun = logout::logout_redirect(&client, logout, params.app_state.take());
            Ok(async move { begun.await.map(nothing) }.boxed_local())
        })
    }

    /// The URL is read at once, as for `authorizeAccessToken`.
    pub(super) fn validate_logout_response(&self, url: &JsValue) -> JsValue {
        self.plain_verb(
            Phase::Logout,
            convert::optional_url(url).map(|url| {
                let begun = self.registry.validate_logout_response(&self.client.name, url);
                let work = async move {
                    let outcome = begun.await?;
                    let result = convert::to_js(&Fields::of_logout(&outcome));
                    set(&result, "appState", &convert::app_state_to_js(outcome.app_state.as_deref()));
                    Ok(result)
                };
                work.boxed_local()
            }),
        )
    }

    /// The URL is read at once, as for `authorizeAccessToken`.
    pub(super) fn handle_front_channel_logout(&self, url: &JsValue) -> JsValue {
        self.plain_verb(
            Phase::Logout,
            convert::optional_url(url).and_then(|url| {
                let is_ended = front_channel::handle_front_channel_logout(&self.client, url)?;
                Ok(ready(Ok(is_ended.into())).boxed_local())
            }),
        )
    }

    pub(super) fn touch(&self) -> JsValue {
        self.client.touch();
        JsValue::UNDEFINED
    }

    pub(super) fn clear(&self) -> JsValue {
        let done = logout::sign_out_here(&self.client).map(nothing).map_err(Error::from);
        self.plain_verb(Phase::Storage, Ok(ready(done).boxed_local()))
    }
}

/// The result of a verb that has no value to give.
pub fn nothing((): ()) -> JsValue {
    JsValue::UNDEFINED
}

fn logout_params(params: &mut Params) -> Result<LogoutParams, Error> {
    Ok(params::logout(params.json.take())?)
}
