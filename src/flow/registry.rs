//! The registry: named clients that share options, a platform and the page. It has the verbs that start from a URL, too.

use std::cell::RefCell;
use std::future::Future;
use std::rc::{Rc, Weak};

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::error::{Code, Error, Phase};
use crate::flow::callback::entry::{self, Redirect};
use crate::flow::callback::find::Want;
use crate::flow::callback::outcome::{Outcome, OutcomeKind};
use crate::flow::client::{self, Client, Shared};
use crate::flow::events::{Events, LogoutReason};
use crate::flow::hooks::Functions;
use crate::flow::page_state::PageState;
use crate::flow::session::{sharing, tabs};
use crate::ports::Platform;
use crate::protocol::json::Value;
use crate::settings::client::ClientSettings;
use crate::settings::mistake::{ConfigError, Problem};
use crate::settings::options::Options;

pub struct Registry<P> {
    pub options: Rc<Options>,
    pub platform: Rc<P>,
    page: Rc<PageState>,
    pub events: Rc<Events>,
    clients: RefCell<Vec<Registered<P>>>,
    /// Clients that were unregistered and are still at work.
    gone: RefCell<Vec<Weak<Client<P>>>>,
}

struct Registered<P> {
    client: Rc<Client<P>>,
    /// The settings as they were given, for later settings that are put over them.
    settings: ClientSettings,
}

impl<P: Platform> Registry<P> {
    pub fn new(options: Options, platform: Rc<P>, page: Rc<PageState>) -> Self {
        let (events, clients) = (Rc::default(), RefCell::new(Vec::new()));
        Self { options: Rc::new(options), platform, page, events, clients, gone: RefCell::default() }
    }

    /// With `overwrite`, settings are put over those of the client that has the name.
    pub fn register(
        &self,
        name: &str,
        settings: Value,
        functions: Functions,
        overwrite: bool,
    ) -> Result<Rc<Client<P>>, Error> {
        Options::check_name(name)?;
        let mut clients = self.clients.borrow_mut();
        let known = clients.iter_mut().find(|client| client.client.name == name);
        if !overwrite && known.is_some() {
            let message = ["A client with the name \"", name, "\" exists already."].concat();
            return Err(Error::new(Code::ClientExists, Phase::Config, message).of_client(name));
        }
        let wrong = |error: ConfigError| Error::from(error).of_client(name);
        let settings = ClientSettings::read(settings).map_err(wrong)?;
        let (settings, functions) = match &known {
            Some(known) => (settings.over(known.settings.clone()), functions.over(&known.client.functions)),
            None => (settings, functions),
        };
        let config = settings.parse().map_err(wrong)?;
        if self.options.is_in_worker() && functions.fetch_token.is_some() {
            return Err(wrong(ConfigError::new(
                "fetchToken",
                Problem::Expected("left out with tokenStorage \"worker\""),
            )));
        }
        let key = client::key(name, &config, &functions);
        let same = known.as_ref().map(|known| &known.client).filter(|before| before.key == key);
        let told = same.map(|before| before.told.clone());
        let is_new = told.is_none();
        let shared = Shared {
            told: told.unwrap_or_default(),
            options: self.options.clone(),
            platform: self.platform.clone(),
            events: self.events.clone(),
            state: self.page.clients.of(&[self.prefix(), ":", &key].concat()),
            leaving: self.page.leaving.of(&[self.prefix(), ":", name].concat()),
            key,
        };
        let client = Rc::new(Client::new(name, config, functions, shared));
        for gone in self.gone.borrow().iter() {
            if let Some(gone) = gone.upgrade() {
                client.replace(&gone);
            }
        }
        if let Some(known) = &known {
            client.replace(&known.client);
            // The new object shows the session from now on.
            known.client.presence.take();
        }
        let registered = Registered { client: client.clone(), settings };
        match known {
            Some(slot) => *slot = registered,
            None => clients.push(registered),
        }
        drop(clients);
        if is_new {
            client.told.replace(client.session());
        }
        Ok(client)
    }

    pub fn unregister(&self, name: &str) -> bool {
        let mut clients = self.clients.borrow_mut();
        let Some(index) = clients.iter().position(|client| client.client.name == name) else { return false };
        let client = clients.remove(index).client;
        client.presence.take();
        let mut gone = self.gone.borrow_mut();
        gone.retain(|gone| gone.strong_count() > 0);
        gone.push(Rc::downgrade(&client));
        true
    }

    pub fn client(&self, name: &str) -> Option<Rc<Client<P>>> {
        let clients = self.clients.borrow();
        clients.iter().find(|client| client.client.name == name).map(|client| client.client.clone())
    }

    /// The client of this name, if it has the same owner.
    fn client_by_key(&self, key: &str) -> Option<Rc<Client<P>>> {
        let clients = self.clients.borrow();
        clients.iter().find(|client| client.client.key == key).map(|client| client.client.clone())
    }

    pub fn names(&self) -> Vec<String> {
        self.clients.borrow().iter().map(|client| client.client.name.clone()).collect()
    }

    /// A new list of the clients: a listener that is told meanwhile may register more of them.
    pub(in crate::flow) fn all(&self) -> Vec<Rc<Client<P>>> {
        self.clients.borrow().iter().map(|client| client.client.clone()).collect()
    }

    /// Handles a message that another tab sent on the channel of this registry.
    pub fn on_message(&self, message: Value) {
        tabs::on_message(&message, |key| self.client_by_key(key));
    }

    /// Whether a text of that channel may be of use here, before it is parsed.
    pub fn needs(&self, text: &str) -> bool {
        sharing::is_of_use(text, &self.all())
    }

    /// Another registry of this page, or of another copy of the package in it, has changed the session of a client. The nudge is not
    /// believed: it makes this registry look at the session.
    pub fn nudged(&self, address: &str, reason: &str) {
        let reason = LogoutReason::parse(reason).unwrap_or(LogoutReason::Local);
        for client in self.all().iter().filter(|client| client.address() == address) {
            tabs::look(client, reason);
        }
    }

    /// Another page of the origin has changed localStorage.
    pub fn stored_elsewhere(&self) {
        for client in self.all() {
            tabs::look(&client, LogoutReason::OtherTab);
        }
    }

    /// The page is shown again after it slept.
    pub fn wake_up(&self) {
        for client in self.all() {
            tabs::wake_up(&client);
        }
    }

    fn prefix(&self) -> &str {
        &self.options.storage_prefix
    }

    /// `handleRedirect`: `None` where the URL is no response to a request of this client. The synchronous part is done when this returns;
    /// the future does the rest. Every page load calls it, so it also drops a record that is no session.
    pub fn handle_redirect(
        self: &Rc<Self>,
        url: Option<String>,
    ) -> impl Future<Output = Result<Option<Outcome>, Error>> + use<P> {
        for client in self.all() {
            client.drop_unfit_session();
        }
        let begun = self.begin(url, &Want::Any);
        let this = self.clone();
        async move {
            match begun? {
                Redirect::Ours(answer) => Ok(Some(answer.await?).filter(|outcome| this.still_holds(outcome))),
                Redirect::Foreign { .. } => Ok(None),
            }
        }
    }

    /// `authorizeAccessToken`: an error where `handleRedirect` gives nothing. The token is then in the session.
    pub fn authorize_access_token(
        self: &Rc<Self>,
        client: &str,
        url: Option<String>,
    ) -> LocalBoxFuture<'static, Result<Outcome, Error>> {
        self.answer_to(client, Want::Login(client.to_owned()), url)
    }

    /// `validateLogoutResponse`: the outcome of a logout, or an error.
    pub fn validate_logout_response(
        self: &Rc<Self>,
        client: &str,
        url: Option<String>,
    ) -> LocalBoxFuture<'static, Result<Outcome, Error>> {
        self.answer_to(client, Want::Logout(client.to_owned()), url)
    }

    fn begin(&self, url: Option<String>, want: &Want) -> Result<Redirect, Error> {
        entry::begin(&*self.platform, &self.page.responses, &self.all(), url, want)
    }

    /// The outcome of a response that `client` was asked for; an absent response is an error.
    fn answer_to(
        self: &Rc<Self>,
        client: &str,
        want: Want,
        url: Option<String>,
    ) -> LocalBoxFuture<'static, Result<Outcome, Error>> {
        let begun = self.begin(url, &want);
        let (this, client) = (self.clone(), client.to_owned());
        let answer = async move {
            let outcome = match begun {
                Ok(Redirect::Ours(answer)) => answer.await,
                Ok(Redirect::Foreign { has_state }) => Err(no_answer(&want, has_state)),
                Err(error) => Err(error),
            };
            match outcome {
                Ok(outcome) if !this.still_holds(&outcome) => Err(no_answer(&want, true)),
                outcome => outcome,
            }
            .map_err(|error| match want {
                Want::Logout(_) => error.of_client(&client).in_phase(Phase::Logout),
                _ => error.of_client(&client),
            })
        };
        answer.boxed_local()
    }

    /// An earlier outcome counts as long as the client is registered here and, for a login, the session lasts that the login began.
    fn still_holds(&self, outcome: &Outcome) -> bool {
        self.client(&outcome.client).is_some_and(|client| match &outcome.kind {
            OutcomeKind::Login { login } => client.session().is_some_and(|session| session.login() == login),
            OutcomeKind::Logout { .. } => true,
        })
    }
}

/// The error for a URL without a response of the wanted sort: the URL has another response, or no response.
fn no_answer(want: &Want, has_state: bool) -> Error {
    let (code, message) = match (want, has_state) {
        (Want::Logout(_), true) => {
            (Code::InvalidState, "The response answers no logout that this client began in this tab.")
        }
        (Want::Logout(_), false) => (Code::MissingState, "The URL has no state."),
        (_, true) => (Code::MismatchingState, "The response answers no login that this client began in this tab."),
        (_, false) => (Code::MissingState, "The URL has no response with a state."),
    };
    Error::new(code, Phase::Callback, message)
}
