//! Pages that leave: where for, and how a test has them stay.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use oidc_client_wasm::ports::Left;

#[derive(Default)]
pub struct Departures {
    begun: RefCell<Vec<Departure>>,
    waiting: RefCell<Vec<Waker>>,
}

struct Departure {
    url: String,
    is_post: bool,
    left: Rc<Cell<Option<Left>>>,
}

impl Departures {
    /// As in a browser, a navigation cancels the one before.
    pub(super) async fn leave(&self, url: &str, is_post: bool) -> Left {
        self.end(Left::Stayed);
        let left: Rc<Cell<Option<Left>>> = Rc::default();
        self.begun.borrow_mut().push(Departure { url: url.to_owned(), is_post, left: left.clone() });
        poll_fn(|context| {
            self.waiting.borrow_mut().push(context.waker().clone());
            left.get().map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    /// The page is there all the same.
    pub fn end(&self, how: Left) {
        for departure in self.begun.borrow().iter() {
            departure.left.set(departure.left.get().or(Some(how)));
        }
        self.waiting.take().into_iter().for_each(Waker::wake);
    }

    /// Where the page is on its way to.
    pub fn on_the_way(&self) -> Option<String> {
        let begun = self.begun.borrow();
        begun.last().filter(|departure| departure.left.get().is_none()).map(|departure| departure.url.clone())
    }

    pub fn urls(&self) -> Vec<String> {
        self.begun.borrow().iter().map(|departure| departure.url.clone()).collect()
    }

    pub fn is_post(&self) -> bool {
        self.begun.borrow().last().is_some_and(|departure| departure.is_post)
    }
}
