//! A document of the provider (its metadata or its keys) in this page: read once, kept in sessionStorage for later pages, and fetched by
//! one request for any number of callers.

use std::cell::RefCell;
use std::rc::Rc;

use crate::flow::op::asked::Asking;
use crate::flow::op::cached_document::{CachedDocument, Source, is_fresh};
use crate::flow::single_flight::SingleFlight;
use crate::ports::{Clock, Storage};
use crate::protocol::json::Object;
use crate::protocol::time::UnixTime;

pub(in crate::flow) struct Cached<T> {
    known: RefCell<Option<Known<T>>>,
    pub asking: Asking,
    pub flight: SingleFlight<Rc<T>>,
}

struct Known<T> {
    source: String,
    value: Rc<T>,
    fetched_at: UnixTime,
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self { known: RefCell::default(), asking: Asking::default(), flight: SingleFlight::default() }
    }
}

impl<T> Cached<T> {
    /// The document, if it came from this very source and is younger than `lifetime` seconds: as this page has it, or as `read` makes it of
    /// the stored one.
    pub fn get(
        &self,
        source: &Source<'_, impl Storage + Clock>,
        lifetime: i64,
        read: impl FnOnce(Object) -> Option<T>,
    ) -> Option<Rc<T>> {
        // The clock is read before the borrow, because the page may have replaced it by its own code.
        let now = source.now();
        if let Some(known) = &*self.known.borrow()
            && known.source == source.url
            && is_fresh(known.fetched_at, now, lifetime)
        {
            return Some(known.value.clone());
        }
        let CachedDocument { fetched_at, document, asked } = CachedDocument::load(source, lifetime)?;
        let value = Rc::new(read(document)?);
        self.know(source.url, &value, fetched_at);
        self.asking.set_doubted(source.url, asked.is_doubted);
        Some(value)
    }

    /// Keeps a document that has just been fetched.
    pub fn keep(&self, source: &Source<'_, impl Storage + Clock>, value: &Rc<T>, document: Object) {
        let fetched_at = source.now();
        self.know(source.url, value, fetched_at);
        CachedDocument { fetched_at, document, asked: self.asking.answered(source) }.store(source);
    }

    fn know(&self, source: &str, value: &Rc<T>, fetched_at: UnixTime) {
        self.known.replace(Some(Known { source: source.to_owned(), value: value.clone(), fetched_at }));
    }
}
