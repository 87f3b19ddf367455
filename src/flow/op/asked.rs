//! The extra requests for a document of the provider, limited so that neither forged tokens nor trouble at the provider cause a flood of
//! requests.

use std::cell::{RefCell, RefMut};

use crate::error::Error;
use crate::flow::op::cached_document::{Asked, CachedDocument, Source, is_fresh};
use crate::ports::{Clock, Storage};
use crate::protocol::time::UnixTime;

/// Seconds for which a document serves after a newer one could not be had: people should be able to sign in during an outage, and a key
/// that was withdrawn should not count for long. Metadata and keys have the same limit, because metadata needs its keys.
pub(in crate::flow) const LIFETIME_IN_OUTAGE: i64 = 86_400;
/// Seconds between two requests that a token or an endpoint that does not fit provoked, and between two tries during an outage.
const COOL_DOWN: i64 = 60;

/// The extra requests that this page knows of.
#[derive(Default)]
pub(in crate::flow) struct Asking(RefCell<InPage>);

/// The extra requests for the document of one source.
#[derive(Default)]
struct InPage {
    source: String,
    asked: Asked,
    /// The provider's answer, if that was not the document.
    refused: Option<Error>,
}

impl Asking {
    /// The answer of another source says nothing about this one.
    fn page(&self, source: &str) -> RefMut<'_, InPage> {
        let mut page = self.0.borrow_mut();
        if page.source != source {
            *page = InPage { source: source.to_owned(), ..InPage::default() };
        }
        page
    }

    /// This page or an earlier one may have asked: after a login that fails, the next try is on another page.
    fn asked(&self, source: &Source<'_, impl Storage + Clock>) -> Asked {
        let page = self.page(source.url).asked;
        if page.again_at.is_some() && page.in_vain_at.is_some() {
            return page;
        }
        let stored = CachedDocument::load(source, LIFETIME_IN_OUTAGE).map(|stored| stored.asked).unwrap_or_default();
        let (again_at, in_vain_at) = (page.again_at.or(stored.again_at), page.in_vain_at.or(stored.in_vain_at));
        Asked { again_at, in_vain_at, ..page }
    }

    /// Notes it for this page, and in the record for later pages.
    fn set_asked(&self, source: &Source<'_, impl Storage + Clock>, asked: Asked) {
        self.page(source.url).asked = asked;
        if let Some(stored) = CachedDocument::load(source, LIFETIME_IN_OUTAGE) {
            CachedDocument { asked, ..stored }.store(source);
        }
    }

    /// Notes that a document has come, and gives the note for its record.
    pub fn answered(&self, source: &Source<'_, impl Storage + Clock>) -> Asked {
        let asked = Asked { again_at: self.asked(source).again_at, ..Asked::default() };
        let mut page = self.page(source.url);
        (page.asked, page.refused) = (asked, None);
        asked
    }

    /// The document is asked for although it is fresh.
    pub fn ask_again(&self, source: &Source<'_, impl Storage + Clock>) {
        self.set_asked(source, Asked { again_at: Some(source.now()), ..self.asked(source) });
    }

    /// Notes that the document could not be had. The provider's refusal is kept in this page alone: the next page asks the provider, and
    /// does not use the old document.
    pub fn fail(&self, source: &Source<'_, impl Storage + Clock>, error: &Error) {
        let asked = Asked { in_vain_at: Some(source.now()), ..self.asked(source) };
        if error.retryable {
            self.page(source.url).refused = None;
            self.set_asked(source, asked);
        } else {
            let mut page = self.page(source.url);
            (page.asked, page.refused) = (asked, Some(error.clone()));
        }
    }

    /// The answer that the provider gave instead of the document.
    pub fn refused(&self, source: &str) -> Option<Error> {
        self.page(source).refused.clone()
    }

    /// Whether a request for the document failed a moment ago.
    pub fn has_just_failed(&self, source: &Source<'_, impl Storage + Clock>) -> bool {
        is_recent(self.asked(source).in_vain_at, source.now())
    }

    /// Whether the document was asked for a moment ago, and the request failed or the document was fresh.
    pub fn is_cooling(&self, source: &Source<'_, impl Storage + Clock>) -> bool {
        let (asked, now) = (self.asked(source), source.now());
        is_recent(asked.again_at, now) || is_recent(asked.in_vain_at, now)
    }

    /// Whether something that the document names was found gone.
    pub fn is_doubted(&self) -> bool {
        self.0.borrow().asked.is_doubted
    }

    /// Doubts the document, but not one that was asked for a moment ago.
    pub fn doubt(&self, source: &Source<'_, impl Storage + Clock>) {
        if !self.is_cooling(source) {
            self.set_asked(source, Asked { is_doubted: true, ..self.asked(source) });
        }
    }

    pub fn set_doubted(&self, source: &str, is_doubted: bool) {
        self.page(source).asked.is_doubted = is_doubted;
    }

    /// Notes that an answer came which is not kept.
    pub fn settle(&self) {
        self.0.borrow_mut().asked.is_doubted = false;
    }
}

fn is_recent(at: Option<UnixTime>, now: UnixTime) -> bool {
    at.is_some_and(|at| is_fresh(at, now, COOL_DOWN))
}
