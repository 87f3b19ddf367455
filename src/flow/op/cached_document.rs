//! A document of the provider in sessionStorage, with its age and its source.

use crate::flow::records::{Records, Slot};
use crate::ports::{Clock, Storage};
use crate::protocol::json::{Object, Value, json};
use crate::protocol::record::Members;
use crate::protocol::time::UnixTime;

const VERSION: u8 = 1;

/// The source of a document, and the place where it is kept.
pub(in crate::flow) struct Source<'a, P> {
    pub url: &'a str,
    pub slot: Slot<'static>,
    pub records: &'a Records,
    pub platform: &'a P,
}

impl<P: Clock> Source<'_, P> {
    pub fn now(&self) -> UnixTime {
        self.platform.now()
    }
}

/// The times of extra requests for a document.
#[derive(Clone, Copy, Default)]
pub(in crate::flow) struct Asked {
    /// The last time that the document was asked for although it was fresh.
    pub again_at: Option<UnixTime>,
    /// The last time that a request for the document failed.
    pub in_vain_at: Option<UnixTime>,
    /// Whether an endpoint that the document names was found gone.
    pub is_doubted: bool,
}

pub(in crate::flow) struct CachedDocument {
    pub fetched_at: UnixTime,
    pub document: Object,
    pub asked: Asked,
}

impl CachedDocument {
    /// The document, if it was fetched from this very source and is younger than `lifetime` seconds.
    pub fn load(source: &Source<'_, impl Storage + Clock>, lifetime: i64) -> Option<Self> {
        let record = source.records.value(source.platform, source.slot).ok()??;
        let record = Members::of_version(&record, VERSION)?;
        let is_ours = record.text("source") == source.url;
        let fetched_at = record.time("fetched_at");
        if !is_ours || !is_fresh(fetched_at, source.now(), lifetime) {
            return None;
        }
        let asked = Asked {
            again_at: record.optional_time("asked_again_at"),
            in_vain_at: record.optional_time("asked_in_vain_at"),
            is_doubted: record.optional("doubted", Value::as_bool).unwrap_or_default(),
        };
        record.sound(Self { fetched_at, document: record.optional_object("document")?, asked })
    }

    /// Stores the document where storage takes it: otherwise the next page asks the provider again.
    pub fn store(self, source: &Source<'_, impl Storage>) {
        let record = json!({
            "v": VERSION,
            "fetched_at": self.fetched_at.0,
            "source": source.url,
            "document": self.document,
            "asked_again_at": self.asked.again_at.map(|at| at.0),
            "asked_in_vain_at": self.asked.in_vain_at.map(|at| at.0),
            "doubted": self.asked.is_doubted,
        });
        let _ = source.records.write(source.platform, source.slot, &record);
    }
}

/// A date in the future means that a clock was set back: the value's age is unknown, so it is not fresh.
pub(in crate::flow) fn is_fresh(fetched_at: UnixTime, now: UnixTime, lifetime: i64) -> bool {
    (0..lifetime).contains(&now.since(fetched_at))
}
