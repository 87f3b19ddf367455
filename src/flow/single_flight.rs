//! One piece of work for any number of callers.

use std::cell::{Cell, OnceCell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::error::Error;

/// Work as one of its callers holds it. The first of the callers that wait goes on with the work, and the others sleep until its end: a
/// step of the work costs as much for a thousand callers as for one. The work is dropped with the last caller.
pub struct Flight<T> {
    shared: Rc<Shared<T>>,
    /// The number of this caller among the callers of the work.
    number: usize,
}

struct Shared<T> {
    /// What the work is about: callers share work about the same thing only.
    about: String,
    /// The future of the work: `None` while a caller polls it, and when the work is done.
    work: RefCell<Option<LocalBoxFuture<'static, Result<T, Error>>>>,
    result: OnceCell<Result<T, Error>>,
    callers: Cell<usize>,
    waiting: Arc<Waiting>,
    /// Wakes the first caller that waits.
    waker: Waker,
}

/// The callers that wait, by their numbers.
#[derive(Default)]
struct Waiting(Mutex<Vec<Option<Waker>>>);

impl Waiting {
    fn list(&self) -> MutexGuard<'_, Vec<Option<Waker>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, number: usize, waker: &Waker) {
        let mut waiting = self.list();
        if waiting.len() <= number {
            waiting.resize(number + 1, None);
        }
        if let Some(place) = waiting.get_mut(number) {
            *place = Some(waker.clone());
        }
    }

    fn take(&self, number: usize) -> Option<Waker> {
        self.list().get_mut(number).and_then(Option::take)
    }

    fn wake_all(&self) {
        let waiting = std::mem::take(&mut *self.list());
        waiting.into_iter().flatten().for_each(Waker::wake);
    }
}

/// Wakes the first of them, for the next step of the work.
impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        let first = self.list().iter().flatten().next().cloned();
        // Outside the lock, because a waker may run foreign code.
        first.into_iter().for_each(Waker::wake);
    }
}

impl<T> Shared<T> {
    fn next_caller(self: Rc<Self>) -> Flight<T> {
        let number = self.callers.get();
        self.callers.set(number + 1);
        Flight { shared: self, number }
    }
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        self.shared.clone().next_caller()
    }
}

impl<T> Drop for Flight<T> {
    fn drop(&mut self) {
        // It may have been woken for a step: the next caller takes the step.
        if self.shared.waiting.take(self.number).is_some() {
            self.shared.waker.wake_by_ref();
        }
    }
}

impl<T: Clone> Flight<T> {
    pub fn new(work: impl Future<Output = Result<T, Error>> + 'static) -> Self {
        Self::about(String::new(), work)
    }

    fn about(about: String, work: impl Future<Output = Result<T, Error>> + 'static) -> Self {
        let waiting = Arc::<Waiting>::default();
        let shared = Shared {
            about,
            work: RefCell::new(Some(work.boxed_local())),
            result: OnceCell::new(),
            callers: Cell::default(),
            waker: waiting.clone().into(),
            waiting,
        };
        Rc::new(shared).next_caller()
    }
}

impl<T: Clone> Future for Flight<T> {
    type Output = Result<T, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Shared { work, result, waiting, waker, .. } = &*self.shared;
        if let Some(result) = result.get() {
            return Poll::Ready(result.clone());
        }
        waiting.add(self.number, context.waker());
        // The work is taken out, and not polled while `work` is borrowed, because the work may poll this flight.
        let Some(mut going) = work.take() else { return Poll::Pending };
        match going.as_mut().poll(&mut Context::from_waker(waker)) {
            Poll::Pending => {
                work.replace(Some(going));
                Poll::Pending
            }
            Poll::Ready(done) => {
                let _ = result.set(done.clone());
                waiting.wake_all();
                Poll::Ready(done)
            }
        }
    }
}

/// Callers that arrive while the work is under way wait for the same result; later callers start anew. The work belongs to its callers:
/// when every caller has given up, the work is dropped, and the next caller starts new work.
pub struct SingleFlight<T>(RefCell<Weak<Shared<T>>>);

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> SingleFlight<T> {
    /// This is not an `async fn`: the work is shared from the moment of the call, and no borrow lives across an await.
    pub fn run<F>(&self, about: &str, work: impl FnOnce() -> F) -> Flight<T>
    where
        F: Future<Output = Result<T, Error>> + 'static,
    {
        self.current(about).unwrap_or_else(|| {
            let flight = Flight::about(about.to_owned(), work());
            self.0.replace(Rc::downgrade(&flight.shared));
            flight
        })
    }

    /// The work that was begun last and may be under way, about any subject.
    pub fn last(&self) -> Option<Flight<T>> {
        self.0.borrow().upgrade().map(Shared::next_caller)
    }

    /// Lets the next caller start new work. Callers that wait now still get the result of the work under way.
    pub fn leave(&self) {
        self.0.replace(Weak::new());
    }

    /// The work about this, if it is under way.
    pub fn current(&self, about: &str) -> Option<Flight<T>> {
        self.last().filter(|flight| flight.shared.about == about && flight.shared.result.get().is_none())
    }
}

#[cfg(test)]
#[path = "single_flight_tests.rs"]
mod tests;
