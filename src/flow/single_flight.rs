//! One piece of work for any number of callers.

use std::cell::RefCell;
use std::future::Future;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};

use crate::error::Error;

pub type Flight<T> = Shared<LocalBoxFuture<'static, Result<T, Error>>>;

/// Callers that arrive while the work is under way wait for the same result; later ones start anew.
pub struct SingleFlight<T: Clone> {
    under_way: RefCell<Option<Flight<T>>>,
}

impl<T: Clone> Default for SingleFlight<T> {
    fn default() -> Self {
        Self { under_way: RefCell::new(None) }
    }
}

impl<T: Clone + 'static> SingleFlight<T> {
    pub fn is_under_way(&self) -> bool {
        self.under_way.borrow().as_ref().is_some_and(|flight| flight.peek().is_none())
    }

    /// Not an `async fn`: the work is shared from the moment of the call, and no borrow lives across an await.
    pub fn run<F>(&self, work: impl FnOnce() -> F) -> Flight<T>
    where
        F: Future<Output = Result<T, Error>> + 'static,
    {
        let mut under_way = self.under_way.borrow_mut();
        match under_way.as_ref() {
            Some(flight) if flight.peek().is_none() => flight.clone(),
            _ => {
                let flight = work().boxed_local().shared();
                *under_way = Some(flight.clone());
                flight
            }
        }
    }
}
