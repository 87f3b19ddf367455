//! One piece of work for any number of callers.

use std::cell::RefCell;
use std::future::Future;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared, WeakShared};

use crate::error::Error;

pub type Flight<T> = Shared<Work<T>>;
type Work<T> = LocalBoxFuture<'static, Result<T, Error>>;

/// Callers that arrive while the work is under way wait for the same result; later ones start anew. The work is its callers': when
/// all of them have given up it is none's, and who comes then is not told how it ended long ago.
pub struct SingleFlight<T: Clone> {
    under_way: RefCell<Option<WeakShared<Work<T>>>>,
}

impl<T: Clone> Default for SingleFlight<T> {
    fn default() -> Self {
        Self { under_way: RefCell::new(None) }
    }
}

impl<T: Clone + 'static> SingleFlight<T> {
    pub fn is_under_way(&self) -> bool {
        self.current().is_some()
    }

    /// Not an `async fn`: the work is shared from the moment of the call, and no borrow lives across an await.
    pub fn run<F>(&self, work: impl FnOnce() -> F) -> Flight<T>
    where
        F: Future<Output = Result<T, Error>> + 'static,
    {
        self.current().unwrap_or_else(|| {
            let flight = work().boxed_local().shared();
            self.under_way.replace(flight.downgrade());
            flight
        })
    }

    /// The next caller starts anew, whatever is under way for those who wait.
    pub fn leave(&self) {
        self.under_way.replace(None);
    }

    fn current(&self) -> Option<Flight<T>> {
        let flight = self.under_way.borrow().as_ref()?.upgrade()?;
        flight.peek().is_none().then_some(flight)
    }
}
