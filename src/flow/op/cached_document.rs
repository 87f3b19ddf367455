//! A document that was fetched for everybody and is remembered in sessionStorage with its age: metadata, keys.

use crate::flow::client::Client;
use crate::flow::op::cached::is_fresh;
use crate::flow::records::Slot;
use crate::ports::{Clock, Storage};
use crate::protocol::json::{Object, Value, json};
use crate::protocol::record::Members;
use crate::protocol::time::UnixTime;

const VERSION: u8 = 1;

pub(in crate::flow) struct CachedDocument {
    pub fetched_at: UnixTime,
    pub document: Object,
    /// When it was fetched although it was fresh, the last time.
    pub asked_again_at: Option<UnixTime>,
    /// When it could not be had although it was not fresh any more, the last time.
    pub asked_in_vain_at: Option<UnixTime>,
    /// Whether what it names was found gone.
    pub is_doubted: bool,
}

impl<P: Storage + Clock> Client<P> {
    /// The document under `slot`, if it was fetched from this very source and is younger than `lifetime` seconds.
    pub(in crate::flow) fn load_document(&self, slot: Slot, source: &str, lifetime: i64) -> Option<CachedDocument> {
        let now = self.platform.now();
        let read = |record: &Value| {
            let record = Members::of(record).filter(|record| record.is_version(VERSION))?;
            let is_ours = record.text("source")? == source;
            let fetched_at = record.time("fetched_at").filter(|at| is_ours && is_fresh(*at, now, lifetime))?;
            let asked_again_at = record.optional("asked_again_at", Members::time)?;
            let asked_in_vain_at = record.optional("asked_in_vain_at", Members::time)?;
            let is_doubted = record.optional("doubted", Members::flag)?.unwrap_or_default();
            Some(CachedDocument {
                fetched_at,
                document: record.object("document")?,
                asked_again_at,
                asked_in_vain_at,
                is_doubted,
            })
        };
        self.records.read(&*self.platform, slot, read).ok()?
    }

    /// Only a memory: where storage is blocked or full the next page simply asks again.
    pub(in crate::flow) fn store_document(&self, slot: Slot, source: &str, fetched: &CachedDocument) {
        let record = json!({
            "v": VERSION,
            "fetched_at": fetched.fetched_at.0,
            "source": source,
            "document": fetched.document,
            "asked_again_at": fetched.asked_again_at.map(|at| at.0),
            "asked_in_vain_at": fetched.asked_in_vain_at.map(|at| at.0),
            "doubted": fetched.is_doubted,
        });
        let _ = self.records.write(&*self.platform, slot, &record);
    }
}
