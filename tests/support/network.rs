//! Between the page and the servers: every request is checked and recorded, and can be held back, cut off or counted.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::credential::Credential;
use oidc_client_wasm::protocol::http::{HttpRequest, HttpResponse, Method};

use super::provider::FakeProvider;
use super::secrets::Secrets;

#[derive(Clone, Debug)]
pub struct Sent {
    pub url: String,
    pub form: Vec<(String, String)>,
    pub bearer: Option<String>,
    pub timeout: u32,
    /// What the address bar showed when it was sent.
    pub bar: String,
}

impl Sent {
    pub fn is_to(&self, path: &str) -> bool {
        self.url.ends_with(path)
    }

    pub fn names(&self) -> Vec<&str> {
        self.form.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[track_caller]
    pub fn field(&self, name: &str) -> &str {
        let found = self.form.iter().find(|(key, _)| key == name);
        found.map_or_else(|| panic!("the form has no {name}"), |(_, value)| value)
    }
}

/// The access token of a request, if the request has one.
pub fn bearer(request: &HttpRequest) -> Option<&str> {
    request.credential.as_ref().map(|Credential::Bearer(token)| token.expose())
}

pub struct Network {
    secrets: Rc<Secrets>,
    providers: RefCell<Vec<Rc<FakeProvider>>>,
    documents: RefCell<Vec<(String, HttpResponse)>>,
    sent: RefCell<Vec<Sent>>,
    faults: RefCell<Vec<(String, HttpError)>>,
    holding: Cell<bool>,
    /// Whether everything that a page waits for takes a turn: see [`super::Running::step`].
    pub is_slow: Cell<bool>,
    held: RefCell<Vec<Weak<AccessToken>>>,
}

struct AccessToken {
    url: String,
    is_released: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Network {
    pub fn new(secrets: Rc<Secrets>) -> Self {
        Self {
            secrets,
            providers: RefCell::default(),
            documents: RefCell::default(),
            sent: RefCell::default(),
            faults: RefCell::default(),
            holding: Cell::new(false),
            is_slow: Cell::new(false),
            held: RefCell::default(),
        }
    }

    pub fn connect(&self, provider: &Rc<FakeProvider>) {
        self.providers.borrow_mut().push(provider.clone());
    }

    /// A document of some other server, from now on.
    pub fn serve(&self, url: &str, status: u16, body: &str) {
        self.documents.borrow_mut().insert(0, (url.to_owned(), HttpResponse::new(status, body)));
    }

    /// Requests whose URL ends so fail from now on; `""` is all of them.
    pub fn cut(&self, path: &str, fault: HttpError) {
        self.faults.borrow_mut().push((path.to_owned(), fault));
    }

    pub fn mend(&self) {
        self.faults.borrow_mut().clear();
    }

    /// From now on nothing is answered before it is released.
    pub fn hold(&self) {
        self.holding.set(true);
    }

    /// Answers at once again, the requests that somebody waits for included.
    pub fn let_go(&self) {
        self.holding.set(false);
        if !self.in_flight().is_empty() {
            self.release("");
        }
    }

    /// The requests that somebody waits for.
    pub fn in_flight(&self) -> Vec<String> {
        let held = self.held.borrow();
        let waiting = held.iter().filter_map(Weak::upgrade).filter(|held| !held.is_released.get());
        waiting.map(|held| held.url.clone()).collect()
    }

    #[track_caller]
    pub fn release(&self, path: &str) {
        let held = self.held.borrow();
        let waiting = held.iter().filter_map(Weak::upgrade).filter(|held| !held.is_released.get());
        let of_path: Vec<_> = waiting.filter(|held| held.url.ends_with(path)).collect();
        assert!(!of_path.is_empty(), "nobody waits for {path}");
        for held in of_path {
            held.is_released.set(true);
            if let Some(waker) = held.waker.take() {
                waker.wake();
            }
        }
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.sent.borrow().clone()
    }

    pub fn sent_to(&self, path: &str) -> Vec<Sent> {
        self.sent().into_iter().filter(|sent| sent.is_to(path)).collect()
    }

    pub fn count(&self) -> usize {
        self.sent.borrow().len()
    }

    /// Gives the record out and begins a new one.
    pub fn take_sent(&self) -> Vec<Sent> {
        self.sent.take()
    }

    /// A request leaves the page.
    pub async fn depart(&self, request: &HttpRequest, timeout: u32, bar: String) {
        let form = self.check(request, timeout);
        let bearer = bearer(request).map(String::from);
        self.sent.borrow_mut().push(Sent { url: request.url.clone(), form, bearer, timeout, bar });
        if self.holding.get() {
            self.wait(&request.url).await;
        }
        self.take_time().await;
    }

    /// It reaches a server, which acts on it.
    pub async fn arrive(&self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        let fault = self.faults.borrow().iter().find(|(path, _)| request.url.ends_with(path)).map(|(_, fault)| *fault);
        let answer = match fault {
            Some(fault) => return Err(fault),
            None => self.answer(request)?,
        };
        self.take_time().await;
        if answer.body.len() > request.body_limit { Err(HttpError::TooLarge) } else { Ok(answer) }
    }

    /// Where things take time, a page waits for each of them for one turn.
    pub async fn take_time(&self) {
        let mut is_over = !self.is_slow.get();
        poll_fn(|context| {
            if std::mem::replace(&mut is_over, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    async fn wait(&self, url: &str) {
        let (is_released, waker) = (Cell::new(false), RefCell::default());
        let held = Rc::new(AccessToken { url: url.to_owned(), is_released, waker });
        self.held.borrow_mut().push(Rc::downgrade(&held));
        poll_fn(|context| {
            held.waker.replace(Some(context.waker().clone()));
            if held.is_released.get() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        if let Some((_, answer)) = self.documents.borrow().iter().find(|(url, _)| *url == request.url) {
            return Ok(answer.clone());
        }
        let providers = self.providers.borrow().clone();
        let provider = providers.iter().find(|provider| provider.owns(&request.url)).ok_or(HttpError::Network)?;
        Ok(provider.answer(request))
    }

    /// What holds for every request of every test: secrets only where they belong, and a CORS simple request wherever no bearer
    /// is needed.
    fn check(&self, request: &HttpRequest, timeout: u32) -> Vec<(String, String)> {
        let is_userinfo = request.url.ends_with("/userinfo");
        let accepted = if is_userinfo { "application/json, application/jwt" } else { "application/json" };
        assert_eq!(request.accept, accepted);
        assert!((1..=600).contains(&timeout), "every request has a limit");
        assert!(request.body_limit <= 1 << 20, "every answer has a limit");
        assert_eq!(self.secrets.found_in(&request.url), None, "a secret in the URL of a request");
        assert_eq!(request.credential.is_some(), is_userinfo, "a bearer for {}", request.url);
        if let Some(bearer) = bearer(request) {
            let kind = self.secrets.found_in(bearer);
            assert!(matches!(kind, None | Some("access token")), "a {kind:?} as the bearer");
        }
        assert_eq!(request.method == Method::Post, request.form.is_some());
        let form = request.form.as_deref().unwrap_or_default();
        let form: Vec<(String, String)> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        for (name, value) in &form {
            let Some(kind) = self.secrets.found_in(value) else { continue };
            let belongs = match name.as_str() {
                "code" => kind == "code",
                "code_verifier" => kind == "state, nonce or code_verifier",
                "refresh_token" => kind == "refresh token",
                "token" => matches!(kind, "refresh token" | "access token"),
                _ => false,
            };
            assert!(belongs, "a {kind} in the field {name}");
        }
        form
    }
}
