//! What was fetched from a provider, each bound to the URL or the settings that it came from.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use crate::error::Error;
use crate::flow::single_flight::{Flight, SingleFlight};
use crate::protocol::time::UnixTime;

/// When this page asked for keys beyond the ordinary.
#[derive(Default)]
pub(in crate::flow) struct JwksCoolDown {
    source: RefCell<String>,
    /// Although there were fresh ones, because a token did not fit them.
    pub again_at: Cell<Option<UnixTime>>,
    /// In vain.
    pub in_vain_at: Cell<Option<UnixTime>>,
    /// And that was the provider's answer: no outage.
    pub refused: RefCell<Option<Error>>,
}

impl JwksCoolDown {
    /// The same of this source: what another key set's place answered says nothing about it.
    pub fn of(&self, source: &str) -> &Self {
        if *self.source.borrow() != source {
            self.source.replace(source.to_owned());
            self.again_at.set(None);
            self.in_vain_at.set(None);
            self.refused.replace(None);
        }
        self
    }
}

/// A value that was fetched once for everybody, from where, and when.
pub(in crate::flow) struct Cached<T> {
    value: RefCell<Option<Known<T>>>,
    /// The source that the flight under way asks.
    asked: RefCell<String>,
    flight: SingleFlight<Rc<T>>,
}

struct Known<T> {
    source: String,
    value: Rc<T>,
    fetched_at: UnixTime,
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self { value: RefCell::default(), asked: RefCell::default(), flight: SingleFlight::default() }
    }
}

impl<T: 'static> Cached<T> {
    pub fn set(&self, source: &str, value: Rc<T>, fetched_at: UnixTime) {
        self.value.replace(Some(Known { source: source.to_owned(), value, fetched_at }));
    }

    /// If it came from this very source and is younger than `lifetime` seconds.
    pub fn get(&self, source: &str, now: UnixTime, lifetime: i64) -> Option<Rc<T>> {
        let known = self.value.borrow();
        let known = known.as_ref().filter(|known| known.source == source)?;
        is_fresh(known.fetched_at, now, lifetime).then(|| known.value.clone())
    }

    pub fn is_asking(&self, source: &str) -> bool {
        *self.asked.borrow() == source && self.flight.is_under_way()
    }

    /// Callers share a request to the same source only.
    pub fn ask<F>(&self, source: &str, work: impl FnOnce() -> F) -> Flight<Rc<T>>
    where
        F: Future<Output = Result<Rc<T>, Error>> + 'static,
    {
        if *self.asked.borrow() != source {
            self.asked.replace(source.to_owned());
            self.flight.leave();
        }
        self.flight.run(work)
    }
}

/// A date in the future means that a clock was set back: the value's age is unknown, so it is not fresh.
pub(in crate::flow) fn is_fresh(fetched_at: UnixTime, now: UnixTime, lifetime: i64) -> bool {
    (0..lifetime).contains(&now.since(fetched_at))
}
