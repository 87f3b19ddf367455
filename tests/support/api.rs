//! An API, the requests that an app sends to it, and the signal by which the app stops waiting.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::tokens::api;
use oidc_client_wasm::ports::{ApiAnswer, ApiRequest, Reason, Signal, Terms, Unsent};
use oidc_client_wasm::protocol::credential::Credential;

use super::page::Page;
use super::run::{Gate, Running};

pub const API: &str = "https://api.example.com";
pub const INVALID_TOKEN: &str = r#"Bearer error="invalid_token""#;

/// Answers what a test has prepared; 200 after that.
#[derive(Default)]
pub struct FakeApi {
    pub answers: RefCell<VecDeque<Result<FakeAnswer, Unsent>>>,
    /// The `Authorization` of each request that arrived.
    pub arrived: RefCell<Vec<Option<String>>>,
    pub discarded: Rc<Cell<usize>>,
    /// Requests wait here while the API is slow.
    pub is_slow: Cell<bool>,
    pub gate: Gate,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct FakeAnswer {
    pub status: u16,
    pub challenge: Option<&'static str>,
    discarded: Rc<Cell<usize>>,
}

impl ApiAnswer for FakeAnswer {
    fn status(&self) -> u16 {
        self.status
    }

    fn challenge(&self) -> Option<String> {
        self.challenge.map(String::from)
    }

    fn discard(self) {
        self.discarded.set(self.discarded.get() + 1);
    }
}

impl FakeApi {
    pub fn answer(&self, status: u16, challenge: Option<&'static str>) {
        let answer = FakeAnswer { status, challenge, discarded: self.discarded.clone() };
        self.answers.borrow_mut().push_back(Ok(answer));
    }

    pub fn fail(&self, unsent: Unsent) {
        self.answers.borrow_mut().push_back(Err(unsent));
    }

    /// The tokens that arrived, without the word before them.
    pub fn tokens(&self) -> Vec<Option<String>> {
        let bare = |value: &String| value.strip_prefix("Bearer ").expect("a scheme").to_owned();
        self.arrived.borrow().iter().map(|value| value.as_ref().map(bare)).collect()
    }
}

pub struct FakeRequest {
    pub api: Rc<FakeApi>,
    pub terms: Terms,
    pub is_repeatable: bool,
}

impl FakeRequest {
    /// `GET` of the API.
    pub fn to(api: &Rc<FakeApi>) -> Self {
        let terms = Terms { origin: API.into(), is_no_cors: false, withhold_token: false };
        Self { api: api.clone(), terms, is_repeatable: true }
    }
}

impl ApiRequest for FakeRequest {
    type Answer = FakeAnswer;

    fn terms(&self) -> &Terms {
        &self.terms
    }

    fn is_repeatable(&self) -> bool {
        self.is_repeatable
    }

    async fn send(&self, credential: Option<&Credential>) -> Result<FakeAnswer, Unsent> {
        self.api.arrived.borrow_mut().push(credential.map(Credential::authorization));
        if self.api.is_slow.get() {
            self.api.gate.opened().await;
        }
        let prepared = self.api.answers.borrow_mut().pop_front();
        prepared.unwrap_or_else(|| Ok(FakeAnswer { status: 200, ..FakeAnswer::default() }))
    }
}

/// An `AbortController` and its signal.
#[derive(Clone, Default)]
pub struct Abort(Rc<State>);

#[derive(Default)]
struct State {
    /// Whether a time limit was the reason.
    reason: Cell<Option<bool>>,
    gate: Gate,
}

impl Abort {
    pub fn fire(&self, is_timeout: bool) {
        self.0.reason.set(Some(is_timeout));
        self.0.gate.open();
    }
}

impl Signal for Abort {
    fn reason(&self) -> Option<Reason> {
        let is_timeout = self.0.reason.get()?;
        Some(Reason { is_timeout, thrown: Rc::new("the reason") })
    }

    async fn fired(&self) {
        self.0.gate.opened().await;
    }
}

impl Page {
    /// `fetch(…)`, not awaited.
    pub fn fetching(&self, request: FakeRequest, signal: Option<&Abort>) -> Running<Result<FakeAnswer, Error>> {
        Running::start(api::fetch(self.client(), request, signal.cloned()))
    }

    #[track_caller]
    pub fn fetch(&self, request: FakeRequest) -> Result<FakeAnswer, Error> {
        self.audited(self.fetching(request, None).finish())
    }
}
