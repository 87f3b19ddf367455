//! One piece of work for any number of callers.

use std::cell::{OnceCell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::error::Error;

/// Work as one of its callers holds it. Each caller that waits goes on with the work; it is dropped with the last caller.
pub struct Flight<T>(Rc<Shared<T>>);

struct Shared<T> {
    /// What the work is about: callers share work about the same thing only.
    about: String,
    /// Absent while a caller goes on with it, and when it is done.
    work: RefCell<Option<LocalBoxFuture<'static, Result<T, Error>>>>,
    result: OnceCell<Result<T, Error>>,
    waiting: Arc<Waiting>,
    /// Wakes those that wait.
    waker: Waker,
}

/// The callers that wait. All of them are woken, because any of them may be gone by now.
#[derive(Default)]
struct Waiting(Mutex<Vec<Waker>>);

impl Waiting {
    fn list(&self) -> MutexGuard<'_, Vec<Waker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, waker: &Waker) {
        let mut waiting = self.list();
        if !waiting.iter().any(|known| known.will_wake(waker)) {
            waiting.push(waker.clone());
        }
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        let waiting = std::mem::take(&mut *self.list());
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Clone> Flight<T> {
    pub fn new(work: impl Future<Output = Result<T, Error>> + 'static) -> Self {
        Self::about(String::new(), work)
    }

    fn about(about: String, work: impl Future<Output = Result<T, Error>> + 'static) -> Self {
        let work = RefCell::new(Some(work.boxed_local()));
        let waiting = Arc::<Waiting>::default();
        Self(Rc::new(Shared { about, work, result: OnceCell::new(), waker: waiting.clone().into(), waiting }))
    }
}

impl<T: Clone> Future for Flight<T> {
    type Output = Result<T, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Shared { work, result, waiting, waker, .. } = &*self.0;
        if let Some(result) = result.get() {
            return Poll::Ready(result.clone());
        }
        waiting.add(context.waker());
        // Not while `work` is borrowed: the work may come back to this flight.
        let Some(mut going) = work.take() else { return Poll::Pending };
        match going.as_mut().poll(&mut Context::from_waker(waker)) {
            Poll::Pending => {
                work.replace(Some(going));
                Poll::Pending
            }
            Poll::Ready(done) => {
                let _ = result.set(done.clone());
                waker.wake_by_ref();
                Poll::Ready(done)
            }
        }
    }
}

/// Callers that arrive while the work is under way wait for the same result; later callers start anew. The work belongs to its callers:
/// when all of them have given up, it is dropped, and the next caller is not told how it ended long ago.
pub struct SingleFlight<T>(RefCell<Weak<Shared<T>>>);

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> SingleFlight<T> {
    /// Not an `async fn`: the work is shared from the moment of the call, and no borrow lives across an await.
    pub fn run<F>(&self, about: &str, work: impl FnOnce() -> F) -> Flight<T>
    where
        F: Future<Output = Result<T, Error>> + 'static,
    {
        self.current(about).unwrap_or_else(|| {
            let flight = Flight::about(about.to_owned(), work());
            self.0.replace(Rc::downgrade(&flight.0));
            flight
        })
    }

    /// What was begun last and may be under way, whatever it is about.
    pub fn last(&self) -> Option<Flight<T>> {
        self.0.borrow().upgrade().map(Flight)
    }

    /// The next caller starts anew, whatever is under way for those who wait.
    pub fn leave(&self) {
        self.0.replace(Weak::new());
    }

    /// The work about this, if it is under way.
    pub fn current(&self, about: &str) -> Option<Flight<T>> {
        self.last().filter(|flight| flight.0.about == about && flight.0.result.get().is_none())
    }
}
