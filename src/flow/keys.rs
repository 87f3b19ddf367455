//! The provider's keys: static ones, remembered ones while they are fresh, or fetched once for any number of callers.

use std::rc::Rc;

use super::provider::{Provider, is_fresh};
use super::store::Slot;
use crate::error::{Error, Phase};
use crate::ports::{Clock, Http, Storage};
use crate::protocol::http::HttpRequest;
use crate::protocol::jose::{JoseError, JwkSet};

/// Seconds for which a key set counts without asking again.
const LIFETIME: i64 = 300;
/// Seconds between two fetches that an unfit token provoked: forged tokens must not become a flood of requests.
const COOL_DOWN: i64 = 60;

impl<P: Http + Storage + Clock + 'static> Provider<P> {
    pub async fn jwk_set(self: &Rc<Self>, force: bool) -> Result<Rc<JwkSet>, Error> {
        if let Some(keys) = &self.config.jwks {
            return Ok(Rc::new(keys.clone()));
        }
        let metadata = self.server_metadata(false).await?;
        let jwks_uri = metadata.jwks_uri()?.to_owned();
        if !force && let Some(keys) = self.remembered_keys(&jwks_uri) {
            return Ok(keys);
        }
        let this = self.clone();
        self.keys.flight.run(|| async move { this.fetch_keys(jwks_uri).await }).await
    }

    /// Asked when a token fits none of the keys or its signature is wrong: the provider may just have rotated them. `None`
    /// when asking again is pointless (static keys) or was done a moment ago.
    pub async fn rotated_jwk_set(self: &Rc<Self>) -> Option<Result<Rc<JwkSet>, Error>> {
        let now = self.platform.now();
        let is_cooling = self.keys_forced_at.get().is_some_and(|at| is_fresh(at, now, COOL_DOWN));
        if self.config.jwks.is_some() || is_cooling {
            return None;
        }
        self.keys_forced_at.set(Some(now));
        Some(self.jwk_set(true).await)
    }

    fn remembered_keys(&self, jwks_uri: &str) -> Option<Rc<JwkSet>> {
        let now = self.platform.now();
        if let Some(keys) = self.keys.fresh(now, LIFETIME) {
            return Some(keys);
        }
        let fetched = self.recall(Slot::Jwks(&self.name), jwks_uri, LIFETIME)?;
        let keys = Rc::new(JwkSet::from_json(&fetched.document).ok()?);
        self.keys.set(keys.clone(), fetched.fetched_at);
        Some(keys)
    }

    async fn fetch_keys(&self, jwks_uri: String) -> Result<Rc<JwkSet>, Error> {
        let request = HttpRequest::get_json(jwks_uri.as_str());
        let answer = self.platform.send(&request, self.options.request_timeout).await;
        let answer = answer.map_err(|fault| Error::http(fault, Phase::IdToken, "provider's key set"))?;
        if answer.status != 200 {
            return Err(Error::key_set_status(answer.status));
        }
        let document = answer.json_object().map_err(|_| JoseError::KeySet)?;
        let keys = Rc::new(JwkSet::from_json(&document)?);
        let fetched_at = self.platform.now();
        self.keys.set(keys.clone(), fetched_at);
        self.note(Slot::Jwks(&self.name), &jwks_uri, fetched_at, keys.to_json());
        Ok(keys)
    }
}
