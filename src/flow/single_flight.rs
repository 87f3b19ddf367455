//! One piece of work for any number of callers.

use std::cell::{OnceCell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, ready};

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared, WeakShared};

use crate::error::Error;

type Work = LocalBoxFuture<'static, ()>;

/// Work as one of its callers holds it. The work writes its result down beside itself, so that the machinery of sharing is compiled
/// once and not for every type of result.
pub struct Flight<T> {
    work: Shared<Work>,
    result: Rc<OnceCell<Result<T, Error>>>,
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self { work: self.work.clone(), result: self.result.clone() }
    }
}

impl<T: Clone + 'static> Flight<T> {
    pub fn new(work: impl Future<Output = Result<T, Error>> + 'static) -> Self {
        let result = Rc::new(OnceCell::new());
        let written = result.clone();
        let work = async move {
            let _ = written.set(work.await);
        };
        Self { work: work.boxed_local().shared(), result }
    }

    pub fn is_done(&self) -> bool {
        self.result.get().is_some()
    }
}

impl<T: Clone> Future for Flight<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(self.work.poll_unpin(context));
        self.result.get().map_or(Poll::Pending, |result| Poll::Ready(result.clone()))
    }
}

/// Callers that arrive while the work is under way wait for the same result; later callers start anew. The work belongs to its callers:
/// when all of them have given up, it is dropped, and the next caller is not told how it ended long ago.
pub struct SingleFlight<T> {
    under_way: RefCell<Option<UnderWay<T>>>,
}

struct UnderWay<T> {
    /// What the work is about: callers share work about the same thing only.
    about: String,
    work: WeakShared<Work>,
    result: Weak<OnceCell<Result<T, Error>>>,
}

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self { under_way: RefCell::new(None) }
    }
}

impl<T: Clone + 'static> SingleFlight<T> {
    pub fn is_under_way(&self, about: &str) -> bool {
        self.current(about).is_some()
    }

    /// Not an `async fn`: the work is shared from the moment of the call, and no borrow lives across an await.
    pub fn run<F>(&self, about: &str, work: impl FnOnce() -> F) -> Flight<T>
    where
        F: Future<Output = Result<T, Error>> + 'static,
    {
        self.current(about).unwrap_or_else(|| {
            let flight = Flight::new(work());
            self.under_way.replace(flight.work.downgrade().map(|work| UnderWay {
                about: about.to_owned(),
                work,
                result: Rc::downgrade(&flight.result),
            }));
            flight
        })
    }

    /// The next caller starts anew, whatever is under way for those who wait.
    pub fn leave(&self) {
        self.under_way.replace(None);
    }

    fn current(&self, about: &str) -> Option<Flight<T>> {
        let under_way = self.under_way.borrow();
        let under_way = under_way.as_ref().filter(|under_way| under_way.about == about)?;
        let flight = Flight { work: under_way.work.upgrade()?, result: under_way.result.upgrade()? };
        (!flight.is_done()).then_some(flight)
    }
}
