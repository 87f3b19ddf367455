//! The provider's keys: static ones, remembered ones while they are fresh, or fetched once for any number of callers.
//!
//! A set is fresh for five minutes, and serves for a day while the provider cannot be reached. A token that does not fit it has
//! it fetched again at once, but not more often than once a minute, whoever asks and however often the page is loaded.

use std::rc::Rc;

use futures_util::future::join;

use crate::error::{Error, Phase};
use crate::flow::client::Client;
use crate::flow::op::cached::LIFETIME_IN_OUTAGE;
use crate::flow::op::cached_document::Source;
use crate::flow::op::metadata::server_metadata;
use crate::flow::op::moved::{metadata_again, moved, send_or_doubt};
use crate::flow::records::Slot;
use crate::ports::{Clock, Http, SignatureVerifier, Storage};
use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::jose::{JoseError, JwkSet};
use crate::protocol::metadata::ServerMetadata;

/// Seconds for which a key set counts without asking again.
const LIFETIME: i64 = 300;

pub async fn jwk_set<P>(client: &Rc<Client<P>>, force: bool) -> Result<Rc<JwkSet>, Error>
where
    P: Http + Storage + Clock + 'static,
{
    if let Some(keys) = &client.config.jwks {
        return Ok(keys.clone());
    }
    let metadata = server_metadata(client, false).await?;
    let jwks_uri = metadata.jwks_uri()?;
    let cache = &client.state.jwks;
    if !force {
        if let Some(keys) = load(client, jwks_uri, LIFETIME) {
            return Ok(keys);
        }
        if cache.has_just_failed(&source(client, jwks_uri)) {
            // What the provider answered stands, for that long; an outage is not its word.
            let refused = cache.refused(jwks_uri).map(Err);
            if let Some(known) = refused.or_else(|| load(client, jwks_uri, LIFETIME_IN_OUTAGE).map(Ok)) {
                return known;
            }
        }
    }
    match fetch(client, &metadata, jwks_uri).await {
        Err(error) if !force => {
            cache.fail(&source(client, jwks_uri), &error);
            let old = if error.retryable { load(client, jwks_uri, LIFETIME_IN_OUTAGE) } else { None };
            old.ok_or(error)
        }
        fetched => fetched,
    }
}

/// The keys for a token that fits none of the keys that were `tried`, or whose signature is wrong: the provider may just have rotated
/// them. `None` when asking again is pointless (static keys) or was done a moment ago.
pub(in crate::flow) async fn rotated_jwk_set<P>(
    client: &Rc<Client<P>>,
    tried: &Rc<JwkSet>,
) -> Result<Option<Rc<JwkSet>>, Error>
where
    P: Http + Storage + Clock + 'static,
{
    if client.config.jwks.is_some() {
        return Ok(None);
    }
    let metadata = server_metadata(client, false).await?;
    let jwks_uri = metadata.jwks_uri()?;
    // Another caller may have asked meanwhile, or be asking.
    let current = load(client, jwks_uri, LIFETIME).filter(|keys| !Rc::ptr_eq(keys, tried));
    if current.is_some() {
        return Ok(current);
    }
    let cache = &client.state.jwks;
    if !cache.flight.is_under_way(jwks_uri) {
        let source = source(client, jwks_uri);
        if cache.is_cooling(&source) {
            return Ok(None);
        }
        cache.ask_again(&source);
    }
    fetch(client, &metadata, jwks_uri).await.map(Some)
}

/// All that a verification needs, on its way at the same time.
pub(in crate::flow) async fn prepare_to_verify<P>(client: &Rc<Client<P>>) -> Result<Rc<JwkSet>, Error>
where
    P: Http + Storage + Clock + SignatureVerifier + 'static,
{
    join(jwk_set(client, false), client.platform.prepare()).await.0
}

fn load<P: Storage + Clock>(client: &Client<P>, jwks_uri: &str, lifetime: i64) -> Option<Rc<JwkSet>> {
    client.state.jwks.get(&source(client, jwks_uri), lifetime, |document| JwkSet::from_json(&document).ok())
}

fn source<'a, P>(client: &'a Client<P>, jwks_uri: &'a str) -> Source<'a, P> {
    Source { url: jwks_uri, slot: Slot::Jwks, records: &client.records, platform: &*client.platform }
}

async fn fetch<P>(client: &Rc<Client<P>>, metadata: &ServerMetadata, jwks_uri: &str) -> Result<Rc<JwkSet>, Error>
where
    P: Http + Storage + Clock + 'static,
{
    match fetch_at(client, jwks_uri).await {
        Err(error) if error.status.is_some_and(HttpResponse::is_gone) => {
            let now = metadata_again(client).await;
            match now.and_then(|now| moved(metadata, &now, ServerMetadata::jwks_uri, jwks_uri)) {
                Some(place) => fetch_at(client, &place).await,
                None => Err(error),
            }
        }
        keys => keys,
    }
}

async fn fetch_at<P>(client: &Rc<Client<P>>, jwks_uri: &str) -> Result<Rc<JwkSet>, Error>
where
    P: Http + Storage + Clock + 'static,
{
    let (this, from) = (client.clone(), jwks_uri.to_owned());
    client.state.jwks.flight.run(jwks_uri, || async move { fetch_now(&this, &from).await }).await
}

async fn fetch_now<P: Http + Storage + Clock>(client: &Client<P>, jwks_uri: &str) -> Result<Rc<JwkSet>, Error> {
    let request = HttpRequest::get_json(jwks_uri);
    let answer = send_or_doubt(client, &request, client.options.request_timeout).await;
    let what = || ["provider's key set ", request.place()].concat();
    let answer = answer.map_err(|fault| Error::http(fault, Phase::IdToken, &what()))?;
    if answer.status != 200 {
        return Err(Error::key_set_status(answer.status));
    }
    let document = answer.json_object().map_err(|_| JoseError::KeySet)?;
    let keys = Rc::new(JwkSet::from_json(&document)?);
    // An empty set is what there is now, and nothing to remember: the provider may be about to publish keys.
    if !keys.is_empty() {
        client.state.jwks.keep(&source(client, jwks_uri), &keys, keys.to_json());
    }
    Ok(keys)
}
