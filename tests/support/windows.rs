//! The popups and hidden frames of a tab: what they were asked to show, and how a test has them end.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use oidc_client_wasm::ports::Unrelayed;

#[derive(Default)]
pub struct Windows {
    shown: RefCell<Vec<Rc<Shown>>>,
}

#[derive(Default)]
pub struct Shown {
    pub url: String,
    pub state: String,
    pub is_popup: bool,
    pub patience: u32,
    relayed: RefCell<Option<Result<String, Unrelayed>>>,
    is_gone: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

/// The window is gone when nothing waits for its response any more.
struct Waiting(Rc<Shown>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.is_gone.set(true);
    }
}

impl Windows {
    pub(super) async fn relayed(
        &self,
        url: &str,
        state: &str,
        is_popup: bool,
        patience: u32,
    ) -> Result<String, Unrelayed> {
        let (url, state) = (url.to_owned(), state.to_owned());
        let shown = Rc::new(Shown { url, state, is_popup, patience, ..Shown::default() });
        self.shown.borrow_mut().push(shown.clone());
        let _waiting = Waiting(shown.clone());
        poll_fn(|context| {
            shown.waiting.borrow_mut().push(context.waker().clone());
            shown.relayed.take().map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    pub fn count(&self) -> usize {
        self.shown.borrow().len()
    }

    /// The window that was shown last.
    #[track_caller]
    pub fn last(&self) -> Rc<Shown> {
        self.shown.borrow().last().expect("a window").clone()
    }
}

impl Shown {
    pub fn is_gone(&self) -> bool {
        self.is_gone.get()
    }

    pub fn end(&self, how: Result<String, Unrelayed>) {
        self.relayed.replace(Some(how));
        self.waiting.take().into_iter().for_each(Waker::wake);
    }

    /// The page in the window relays the query and the fragment of its URL.
    pub fn relay(&self, url: &str) {
        let at = url.find(['?', '#']).expect("a response");
        self.end(Ok(url[at..].to_owned()));
    }
}
