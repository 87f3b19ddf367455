//! The provider's keys: static ones, remembered ones while they are fresh, or fetched once for any number of callers.
//!
//! A set is fresh for five minutes, and serves for a day while the provider cannot be reached. A token that does not fit it has
//! it fetched again at once, but not more often than once a minute, whoever asks and however often the page is loaded.

use std::rc::Rc;

use futures_util::future::join;

use crate::error::{Error, Phase};
use crate::flow::client::Client;
use crate::flow::op::cached::is_fresh;
use crate::flow::op::cached_document::CachedDocument;
use crate::flow::op::moved::moved;
use crate::flow::records::Slot;
use crate::ports::{Clock, Http, SignatureVerifier, Storage};
use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::jose::{JoseError, JwkSet};
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::time::UnixTime;

/// Seconds for which a key set counts without asking again.
const LIFETIME: i64 = 300;
/// Seconds for which it serves where asking again failed: a provider in trouble should not keep anybody out, and a key that was
/// withdrawn should not let anybody in for long.
const LIFETIME_IN_OUTAGE: i64 = 86_400;
/// Seconds between two fetches that an unfit token provoked, and between two tries during an outage: neither forged tokens nor
/// trouble at the provider must become a flood of requests.
pub(in crate::flow) const COOL_DOWN: i64 = 60;

impl<P: Http + Storage + Clock + 'static> Client<P> {
    pub async fn jwk_set(self: &Rc<Self>, force: bool) -> Result<Rc<JwkSet>, Error> {
        if let Some(keys) = &self.config.jwks {
            return Ok(keys.clone());
        }
        let metadata = self.server_metadata(false).await?;
        let jwks_uri = metadata.jwks_uri()?;
        if force {
            return self.fetch_key_set(&metadata, jwks_uri).await;
        }
        if let Some(keys) = self.cached_keys(jwks_uri, LIFETIME) {
            return Ok(keys);
        }
        let old = || self.cached_keys(jwks_uri, LIFETIME_IN_OUTAGE);
        if self.is_cooling(self.asked_in_vain_at(jwks_uri)) {
            // What the provider answered stands, for that long; an outage is not its word.
            let refused = self.state.jwks_cool_down.of(jwks_uri).refused.borrow().clone();
            if let Some(known) = refused.map(Err).or_else(|| old().map(Ok)) {
                return known;
            }
        }
        match self.fetch_key_set(&metadata, jwks_uri).await {
            Ok(keys) => Ok(keys),
            Err(error) => {
                self.record_asked_in_vain(jwks_uri, Some(&error).filter(|error| !error.retryable));
                if error.retryable { old().ok_or(error) } else { Err(error) }
            }
        }
    }

    /// Asked when a token fits none of the keys that were `tried`, or its signature is wrong: the provider may just have rotated
    /// them. `None` when asking again is pointless (static keys) or was done a moment ago.
    pub async fn rotated_jwk_set(self: &Rc<Self>, tried: &Rc<JwkSet>) -> Result<Option<Rc<JwkSet>>, Error> {
        if self.config.jwks.is_some() {
            return Ok(None);
        }
        let metadata = self.server_metadata(false).await?;
        let jwks_uri = metadata.jwks_uri()?;
        // Another caller may have asked meanwhile, or be asking.
        let current = self.cached_keys(jwks_uri, LIFETIME).filter(|keys| !Rc::ptr_eq(keys, tried));
        if current.is_some() {
            return Ok(current);
        }
        if !self.state.keys.is_asking(jwks_uri) {
            if self.is_cooling(self.asked_again_at(jwks_uri)) || self.is_cooling(self.asked_in_vain_at(jwks_uri)) {
                return Ok(None);
            }
            self.record_asked_again(jwks_uri);
        }
        self.fetch_key_set(&metadata, jwks_uri).await.map(Some)
    }

    fn is_cooling(&self, asked_at: Option<UnixTime>) -> bool {
        asked_at.is_some_and(|at| is_fresh(at, self.platform.now(), COOL_DOWN))
    }

    /// Of this page or of one before it: a login that fails is one page, and the next try another.
    fn asked_again_at(&self, jwks_uri: &str) -> Option<UnixTime> {
        let of_this_page = self.state.jwks_cool_down.of(jwks_uri).again_at.get();
        of_this_page.or_else(|| self.stored_keys(jwks_uri, LIFETIME_IN_OUTAGE)?.asked_again_at)
    }

    /// The same of a try during an outage.
    fn asked_in_vain_at(&self, jwks_uri: &str) -> Option<UnixTime> {
        let of_this_page = self.state.jwks_cool_down.of(jwks_uri).in_vain_at.get();
        of_this_page.or_else(|| self.stored_keys(jwks_uri, LIFETIME_IN_OUTAGE)?.asked_in_vain_at)
    }

    fn record_asked_again(&self, jwks_uri: &str) {
        let now = Some(self.platform.now());
        self.state.jwks_cool_down.of(jwks_uri).again_at.set(now);
        self.update_stored_keys(jwks_uri, |fetched| CachedDocument { asked_again_at: now, ..fetched });
    }

    fn record_asked_in_vain(&self, jwks_uri: &str, refused: Option<&Error>) {
        let now = Some(self.platform.now());
        let asked = self.state.jwks_cool_down.of(jwks_uri);
        asked.in_vain_at.set(now);
        asked.refused.replace(refused.cloned());
        if refused.is_some() {
            // Of this page alone: the next one is to hear it from the provider, and not to go by the old keys.
            return;
        }
        self.update_stored_keys(jwks_uri, |fetched| CachedDocument { asked_in_vain_at: now, ..fetched });
    }

    fn update_stored_keys(&self, jwks_uri: &str, change: impl FnOnce(CachedDocument) -> CachedDocument) {
        if let Some(fetched) = self.stored_keys(jwks_uri, LIFETIME_IN_OUTAGE) {
            self.store_document(Slot::Jwks, jwks_uri, &change(fetched));
        }
    }

    fn cached_keys(&self, jwks_uri: &str, lifetime: i64) -> Option<Rc<JwkSet>> {
        if let Some(keys) = self.state.keys.get(jwks_uri, self.platform.now(), lifetime) {
            return Some(keys);
        }
        let fetched = self.stored_keys(jwks_uri, lifetime)?;
        let keys = Rc::new(JwkSet::from_json(&fetched.document).ok()?);
        self.state.keys.set(jwks_uri, keys.clone(), fetched.fetched_at);
        Some(keys)
    }

    fn stored_keys(&self, jwks_uri: &str, lifetime: i64) -> Option<CachedDocument> {
        self.load_document(Slot::Jwks, jwks_uri, lifetime)
    }

    async fn fetch_key_set(self: &Rc<Self>, metadata: &ServerMetadata, jwks_uri: &str) -> Result<Rc<JwkSet>, Error> {
        match self.fetch_key_set_at(jwks_uri).await {
            Err(error) if error.status.is_some_and(HttpResponse::is_gone) => {
                let now = self.metadata_again().await;
                match now.and_then(|now| moved(metadata, &now, ServerMetadata::jwks_uri, jwks_uri)) {
                    Some(place) => self.fetch_key_set_at(&place).await,
                    None => Err(error),
                }
            }
            keys => keys,
        }
    }

    async fn fetch_key_set_at(self: &Rc<Self>, jwks_uri: &str) -> Result<Rc<JwkSet>, Error> {
        let (this, from) = (self.clone(), jwks_uri.to_owned());
        self.state.keys.ask(jwks_uri, || async move { this.fetch_keys(&from).await }).await
    }

    async fn fetch_keys(self: &Rc<Self>, jwks_uri: &str) -> Result<Rc<JwkSet>, Error> {
        let request = HttpRequest::get_json(jwks_uri);
        let answer = self.send_or_doubt(&request, self.options.request_timeout).await;
        let what = || ["provider's key set ", request.place()].concat();
        let answer = answer.map_err(|fault| Error::http(fault, Phase::IdToken, &what()))?;
        if answer.status != 200 {
            return Err(Error::key_set_status(answer.status));
        }
        let document = answer.json_object().map_err(|_| JoseError::KeySet)?;
        let keys = Rc::new(JwkSet::from_json(&document)?);
        if keys.is_empty() {
            // That is what there is now, and nothing to remember: the provider may be about to publish some.
            return Ok(keys);
        }
        let fetched_at = self.platform.now();
        self.state.keys.set(jwks_uri, keys.clone(), fetched_at);
        let asked = self.state.jwks_cool_down.of(jwks_uri);
        asked.in_vain_at.set(None);
        asked.refused.replace(None);
        let asked_again_at = self.asked_again_at(jwks_uri);
        let fetched = CachedDocument {
            fetched_at,
            document: keys.to_json(),
            asked_again_at,
            asked_in_vain_at: None,
            is_doubted: false,
        };
        self.store_document(Slot::Jwks, jwks_uri, &fetched);
        Ok(keys)
    }
}

impl<P: Http + Storage + Clock + SignatureVerifier + 'static> Client<P> {
    /// All that a verification needs, on its way at the same time.
    pub async fn prepare_to_verify(self: &Rc<Self>) -> Result<Rc<JwkSet>, Error> {
        join(self.jwk_set(false), self.platform.prepare()).await.0
    }
}
