//! The provider's metadata: found once for any number of callers, remembered in this page and in sessionStorage with its age.

use std::rc::Rc;

use crate::error::{Error, Phase};
use crate::flow::client::Client;
use crate::flow::op::cached::is_fresh;
use crate::flow::op::cached_document::CachedDocument;
use crate::flow::op::jwks::COOL_DOWN;
use crate::flow::records::Slot;
use crate::ports::{Clock, Http, Storage};
use crate::protocol::config::MetadataSource;
use crate::protocol::json::Object;
use crate::protocol::metadata::{self, MetadataError, ServerMetadata};

/// Seconds for which a document counts without asking again.
const LIFETIME: i64 = 3600;
/// Seconds for which it serves where asking again failed, as long as the keys that it leads to: without it they would be worth nothing.
const LIFETIME_IN_OUTAGE: i64 = 86_400;

impl<P: Http + Storage + Clock + 'static> Client<P> {
    pub async fn server_metadata(self: &Rc<Self>, force: bool) -> Result<Rc<ServerMetadata>, Error> {
        if !force {
            let is_cooling = |_: &Rc<ServerMetadata>| self.is_metadata_cooling();
            let fresh = self.cached_metadata().filter(|metadata| !self.doubt.is_raised.get() || is_cooling(metadata));
            if let Some(metadata) = fresh.or_else(|| self.metadata_of(LIFETIME_IN_OUTAGE).filter(is_cooling)) {
                return Ok(metadata);
            }
        }
        let this = self.clone();
        let fetched = self.metadata.ask("", || async move { this.fetch_metadata().await }).await;
        match fetched {
            Err(error) if error.retryable && !force => {
                let old = self.metadata_of(LIFETIME_IN_OUTAGE);
                self.doubt.asked_at.set(Some(self.platform.now()));
                self.store_doubt();
                old.ok_or(error)
            }
            // Fresh metadata was only doubted, and an answer that is refused replaces nothing.
            Err(error) if !force => self.cached_metadata().ok_or(error),
            fetched => fetched,
        }
    }

    /// Without the network: from this page or from storage, if fresh.
    pub fn cached_metadata(&self) -> Option<Rc<ServerMetadata>> {
        self.metadata_of(LIFETIME)
    }

    fn metadata_of(&self, lifetime: i64) -> Option<Rc<ServerMetadata>> {
        let now = self.platform.now();
        let source = source_key(&self.config.metadata_source);
        if let Some(metadata) = self.metadata.get(&source, now, lifetime) {
            return Some(metadata);
        }
        let (document, fetched_at) = match &self.config.metadata_source {
            MetadataSource::Settings => (Object::new(), now),
            // What was fetched for settings that pointed elsewhere is worthless.
            _ => {
                let fetched = self.load_document(Slot::Metadata, &source, lifetime)?;
                self.doubt.is_raised.set(fetched.is_doubted);
                self.doubt.asked_at.set(fetched.asked_again_at);
                (fetched.document, fetched.fetched_at)
            }
        };
        // Storage is not trusted more than the network: the same checks apply again.
        let metadata = Rc::new(self.validate_document(document).ok()?);
        self.metadata.set(&source, metadata.clone(), fetched_at);
        Some(metadata)
    }

    async fn fetch_metadata(&self) -> Result<Rc<ServerMetadata>, Error> {
        let source = &self.config.metadata_source;
        if self.doubt.is_raised.get() {
            self.doubt.asked_at.set(Some(self.platform.now()));
            self.store_doubt();
        }
        let document = self.fetch_document(source).await?;
        let metadata = Rc::new(self.validate_document(document.clone())?);
        self.doubt.is_raised.set(false);
        if !metadata.is_enough_for_a_login(&self.config) {
            // Whoever needs what is missing says so; and the next to ask may be answered better.
            return Ok(metadata);
        }
        let fetched_at = self.platform.now();
        let key = source_key(source);
        self.metadata.set(&key, metadata.clone(), fetched_at);
        if *source != MetadataSource::Settings {
            // The published document as it came, so that changed settings apply to it at once.
            let asked_again_at = self.doubt.asked_at.get();
            let fetched =
                CachedDocument { fetched_at, document, asked_again_at, asked_in_vain_at: None, is_doubted: false };
            self.store_document(Slot::Metadata, &key, &fetched);
        }
        Ok(metadata)
    }

    /// Whether it was asked for a moment ago, because of a doubt or in vain: by this page or by a page before it.
    pub(in crate::flow) fn is_metadata_cooling(&self) -> bool {
        self.doubt.asked_at.get().is_some_and(|at| is_fresh(at, self.platform.now(), COOL_DOWN))
    }

    /// For the pages that come.
    pub(in crate::flow) fn store_doubt(&self) {
        let (slot, source) = (Slot::Metadata, source_key(&self.config.metadata_source));
        if let Some(fetched) = self.load_document(slot, &source, LIFETIME_IN_OUTAGE) {
            let (asked_again_at, is_doubted) = (self.doubt.asked_at.get(), self.doubt.is_raised.get());
            self.store_document(slot, &source, &CachedDocument { asked_again_at, is_doubted, ..fetched });
        }
    }

    /// The app's hook, the issuer, then the whole with the settings' own values.
    fn validate_document(&self, mut document: Object) -> Result<ServerMetadata, Error> {
        let source = &self.config.metadata_source;
        if *source != MetadataSource::Settings {
            if let Some(hook) = &self.functions.metadata {
                document = hook(document)?;
            }
            metadata::check_issuer(source, &document, self.functions.expected_issuer.is_some())?;
        }
        Ok(ServerMetadata::assemble(&self.config, document)?)
    }

    async fn fetch_document(&self, source: &MetadataSource) -> Result<Object, Error> {
        let mut refused: Option<Error> = None;
        for request in metadata::requests(source) {
            let answer = self.platform.send(&request, self.options.request_timeout).await;
            match answer {
                Ok(answer) if metadata::is_absent(&answer) => {
                    // The first refusal is the one to report: it is of the location that most providers use.
                    refused.get_or_insert_with(|| MetadataError::Status(answer.status).into());
                }
                Ok(answer) => return Ok(metadata::response(&answer)?),
                Err(fault) => {
                    let what = ["provider's metadata document ", request.place()].concat();
                    return Err(Error::http(fault, Phase::Metadata, &what));
                }
            }
        }
        refused.map_or(Ok(Object::new()), Err)
    }
}

fn source_key(source: &MetadataSource) -> String {
    match source {
        MetadataSource::Settings => String::new(),
        MetadataSource::Issuer(issuer) => issuer.clone(),
        MetadataSource::Document { url, .. } => url.clone(),
    }
}
