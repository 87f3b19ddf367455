//! Tabs and the documents in them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::callback::outcome::{Outcome, OutcomeKind};
use oidc_client_wasm::flow::client::Client;
use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::flow::leave::front_channel;
use oidc_client_wasm::flow::page_state::PageState;
use oidc_client_wasm::flow::registry::Registry;
use oidc_client_wasm::flow::session::value::Session;
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::logout::LogoutRequest;
use oidc_client_wasm::protocol::uri;
use oidc_client_wasm::settings::options::Options;
use oidc_client_wasm::settings::params;

use super::awake::Awake;
use super::effects::Effects;
use super::events::EventLog;
use super::navigation::Departures;
use super::platform::FakePlatform;
use super::run::{Running, now};
use super::storage::FakeStorage;
use super::verbs::ClientVerbs;
use super::windows::Windows;
use super::world::World;

pub struct Tab {
    pub world: Rc<World>,
    pub storage: FakeStorage,
    pub effects: Effects,
    /// What its page hears, and the alarms of that page.
    pub awake: Awake,
    /// Where its pages left for.
    pub departures: Departures,
    /// The popups and hidden frames of its pages.
    pub windows: Windows,
    /// Work that its pages left going on; gone with the tab.
    pub(super) background: RefCell<Vec<Running<()>>>,
    pub(super) history: RefCell<Vec<String>>,
    pub(super) position: Cell<usize>,
    pub replacements: RefCell<Vec<String>>,
    /// What the worker of its pages was told to forget.
    pub forgotten: RefCell<Vec<String>>,
    /// What a page does just before its address is replaced the next time, as a listener of `navigate` hears of it.
    pub navigating: Cell<Option<Box<dyn FnOnce()>>>,
}

impl Tab {
    pub fn over(world: &Rc<World>, storage: FakeStorage) -> Rc<Self> {
        let (history, position) = (RefCell::new(vec!["about:blank".into()]), Cell::new(0));
        let (background, replacements) = (RefCell::default(), RefCell::default());
        let effects = Effects::default();
        let departures = Departures::default();
        Rc::new(Self {
            world: world.clone(),
            storage,
            effects,
            awake: Awake::default(),
            departures,
            windows: Windows::default(),
            background,
            history,
            position,
            replacements,
            forgotten: RefCell::default(),
            navigating: Cell::default(),
        })
    }

    /// Its process is gone: nothing of its pages goes on, and what they held is free again.
    pub fn die(&self) {
        self.background.take();
        self.world.bus.forget(self);
    }

    /// Another tab that starts with a copy of this one's storage.
    pub fn duplicate(&self) -> Rc<Self> {
        Self::over(&self.world, self.storage.copy())
    }

    /// Lets what goes on in the background go on.
    pub fn run_background(&self) {
        let mut running = self.background.take();
        running.retain_mut(|running| !running.advance());
        self.background.borrow_mut().append(&mut running);
    }

    /// The same, to the next thing that it waits for. Whether anything moved.
    pub fn step_background(&self) -> bool {
        let mut running = self.background.take();
        let mut has_moved = false;
        running.retain_mut(|running| {
            has_moved |= running.step();
            !running.is_done()
        });
        self.background.borrow_mut().append(&mut running);
        has_moved
    }

    pub fn url(&self) -> String {
        self.history.borrow()[self.position.get()].clone()
    }

    pub fn history_length(&self) -> usize {
        self.history.borrow().len()
    }

    /// Goes somewhere without running anything of ours there.
    pub fn go(&self, url: &str) {
        let mut history = self.history.borrow_mut();
        history.truncate(self.position.get() + 1);
        history.push(url.to_owned());
        self.position.set(history.len() - 1);
    }

    /// Loads the app at this URL: a fresh document with its client `demo`.
    #[track_caller]
    pub fn open(self: &Rc<Self>, url: &str) -> Page {
        self.go(url);
        self.reload()
    }

    #[track_caller]
    pub fn reload(self: &Rc<Self>) -> Page {
        let page = Page::blank(self);
        let settings = self.world.settings.borrow().clone();
        let functions = self.world.functions.borrow().clone();
        page.oauth.register("demo", settings, functions, false).expect("settings");
        page
    }

    #[track_caller]
    pub fn back(self: &Rc<Self>) -> Page {
        self.position.set(self.position.get().checked_sub(1).expect("a page before this one"));
        self.reload()
    }

    /// Whether the page before this one is the app's.
    pub fn can_go_back(&self) -> bool {
        let history = self.history.borrow();
        self.position.get().checked_sub(1).is_some_and(|before| history[before].starts_with(super::HOME))
    }

    /// What `sessionStorage` has for the session of a client, if anything.
    pub fn stored_session(&self, client: &str) -> Option<Value> {
        let keys = self.storage.keys_of(&format!("session:{client}"));
        keys.first().and_then(|key| self.storage.peek(key))
    }

    /// Signs in from beginning to end; the page it ends on.
    #[track_caller]
    pub fn sign_in(self: &Rc<Self>) -> Page {
        let page = self.open(&self.come_back());
        page.expect_login();
        page
    }

    /// The page at which somebody's login comes back; it has not looked at the response.
    #[track_caller]
    pub fn open_return_of(self: &Rc<Self>, sub: &str) -> Page {
        self.world.provider.sub.replace(sub.into());
        self.open(&self.come_back())
    }

    /// Begins a login and lets the provider agree: the URL that the browser is sent back to.
    #[track_caller]
    pub fn come_back(self: &Rc<Self>) -> String {
        let url = self.open(super::HOME).login().expect("a login that begins");
        self.go(&url);
        self.world.provider.authorize(&url)
    }
}

/// One document: what runs from a page load to the next.
pub struct Page {
    pub tab: Rc<Tab>,
    pub platform: Rc<FakePlatform>,
    pub document: Rc<PageState>,
    pub oauth: Rc<Registry<FakePlatform>>,
    /// What its registry told.
    pub events: EventLog,
}

impl Page {
    /// A document without any client.
    #[track_caller]
    pub fn blank(tab: &Rc<Tab>) -> Self {
        let platform = Rc::new(FakePlatform { tab: tab.clone() });
        let document = Rc::new(PageState::default());
        let oauth = Self::registry(tab, &platform, &document, tab.world.options.borrow().clone());
        let events = EventLog::of(&oauth, &tab.world);
        Self { tab: tab.clone(), platform, document, oauth, events }
    }

    /// The same page once more, with the events that it is told from now on still in the first log.
    pub fn alias(&self) -> Self {
        let events = EventLog::default();
        let (tab, platform, document) = (self.tab.clone(), self.platform.clone(), self.document.clone());
        Self { tab, platform, document, oauth: self.oauth.clone(), events }
    }

    /// A registry of another copy of the package in the same page: nothing but the browser is shared.
    pub fn another_copy(&self) -> Self {
        let document = Rc::new(PageState::default());
        Self {
            tab: self.tab.clone(),
            platform: self.platform.clone(),
            document,
            oauth: self.oauth.clone(),
            events: EventLog::default(),
        }
        .another_registry(self.world().options.borrow().clone())
    }

    /// Another registry in the same document.
    #[track_caller]
    pub fn another_registry(&self, options: Value) -> Self {
        let oauth = Self::registry(&self.tab, &self.platform, &self.document, options);
        oauth
            .register("demo", self.tab.world.settings.borrow().clone(), Functions::default(), false)
            .expect("settings");
        let events = EventLog::of(&oauth, self.world());
        Self { tab: self.tab.clone(), platform: self.platform.clone(), document: self.document.clone(), oauth, events }
    }

    #[track_caller]
    fn registry(
        tab: &Rc<Tab>,
        platform: &Rc<FakePlatform>,
        document: &Rc<PageState>,
        options: Value,
    ) -> Rc<Registry<FakePlatform>> {
        assert!(Rc::ptr_eq(tab, &platform.tab));
        let options = Options::from_json(options).expect("options");
        let registry = Rc::new(Registry::new(options, platform.clone(), document.clone()));
        tab.world.bus.listen(tab, &registry);
        registry
    }

    pub fn world(&self) -> &Rc<World> {
        &self.tab.world
    }

    #[track_caller]
    pub fn register(&self, name: &str, settings: Value) -> Result<Rc<Client<FakePlatform>>, Error> {
        self.audited(self.oauth.register(name, settings, Functions::default(), false))
    }

    #[track_caller]
    pub fn client(&self) -> Rc<Client<FakePlatform>> {
        self.oauth.client("demo").expect("the client demo")
    }

    #[track_caller]
    pub fn audited<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.world().secrets.audit_error(error);
        }
        result
    }

    // ------------------------------------------------------------ login

    #[track_caller]
    pub fn login(&self) -> Result<String, Error> {
        self.login_with(json!({}), None)
    }

    #[track_caller]
    pub fn login_with(&self, params: Value, app_state: Option<&str>) -> Result<String, Error> {
        let (client, app_state) = (self.client(), app_state.map(String::from));
        self.audited(now(async move { client.begin_login(params, app_state).await }))
    }

    /// `handleRedirect()`, not awaited.
    pub fn handling(&self) -> Running<Result<Option<Outcome>, Error>> {
        Running::start(self.oauth.handle_redirect(None))
    }

    #[track_caller]
    pub fn handle_redirect(&self) -> Result<Option<Outcome>, Error> {
        self.handled(self.handling().finish())
    }

    #[track_caller]
    pub fn handle_redirect_at(&self, url: &str) -> Result<Option<Outcome>, Error> {
        self.handled(now(self.oauth.handle_redirect(Some(url.to_owned()))))
    }

    #[track_caller]
    pub fn handled(&self, result: Result<Option<Outcome>, Error>) -> Result<Option<Outcome>, Error> {
        if let Ok(outcome) = &result {
            self.world().secrets.audit("the Debug output of an outcome", outcome);
            self.world().secrets.audit("the Debug output of a session", &self.client().session());
        }
        self.audited(result)
    }

    #[track_caller]
    pub fn expect_login(&self) -> Rc<Session> {
        let outcome = self.handle_redirect();
        assert!(
            matches!(&outcome, Ok(Some(outcome)) if matches!(outcome.kind, OutcomeKind::Login { .. })),
            "{outcome:?}"
        );
        self.session().expect("a session")
    }

    #[track_caller]
    pub fn authorize_access_token(&self) -> Result<(), Error> {
        self.audited(now(self.oauth.authorize_access_token("demo", None)).map(drop))
    }

    pub fn session(&self) -> Option<Rc<Session>> {
        self.client().session()
    }

    /// What is stored counts, and what counts is stored, with everything that proves it.
    #[track_caller]
    pub fn has_a_whole_session_or_none(&self) {
        match (self.tab.stored_session("demo"), self.session()) {
            (None, None) => {}
            (Some(_), Some(session)) => assert!(session.claims().is_some() && session.id_token().is_some()),
            (stored, session) => panic!("half a session: {} stored, {session:?}", stored.is_some()),
        }
    }

    pub fn sub(&self) -> Option<String> {
        Some(self.session()?.claims()?["sub"].as_str()?.to_owned())
    }

    // ------------------------------------------------------------ leaving

    /// `authorizeRedirect()`, not awaited.
    pub fn leaving_to_log_in(&self) -> Running<Result<(), Error>> {
        let client = self.client();
        let ready = client.prepare_login(json!({}), None);
        Running::start(async move { client.leave_for_login(ready.await?).await })
    }

    /// `logoutRedirect()`, not awaited.
    pub fn leaving_to_log_out(&self, params: Value) -> Running<Result<(), Error>> {
        let params = params::logout(params).expect("parameters");
        Running::start(self.client().logout_redirect(params, None))
    }

    // ------------------------------------------------------------ logout

    #[track_caller]
    pub fn logout(&self, params: Value) -> Result<Option<LogoutRequest>, Error> {
        self.logout_with(params, None)
    }

    #[track_caller]
    pub fn logout_with(&self, params: Value, app_state: Option<&str>) -> Result<Option<LogoutRequest>, Error> {
        let params = params::logout(params).map_err(Error::from);
        let (client, app_state) = (self.client(), app_state.map(String::from));
        let request = params.and_then(|params| {
            now(async move { Ok(client.begin_logout(params, app_state).await?.map(|(request, _)| request)) })
        });
        self.world().secrets.audit("the Debug output of a logout request", &request.as_ref().ok());
        self.audited(request)
    }

    /// `handleFrontChannelLogout()` on the page that the provider loads in a frame.
    #[track_caller]
    pub fn front_channel_logout(&self, iss: &str, sid: &str) -> bool {
        self.front_channel_logout_at(&uri::append_query("https://app.example/signed-out", [("iss", iss), ("sid", sid)]))
    }

    #[track_caller]
    pub fn front_channel_logout_at(&self, url: &str) -> bool {
        front_channel::handle_front_channel_logout(&self.client(), Some(url.to_owned())).expect("storage that works")
    }

    #[track_caller]
    pub fn validate_logout_response(&self) -> Result<Outcome, Error> {
        self.audited(now(self.oauth.validate_logout_response("demo", None)))
    }
}
