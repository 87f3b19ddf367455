//! The provider's keys: static ones, remembered ones while they are fresh, or fetched once for any number of callers.
//!
//! A set is fresh for five minutes, and serves for a day while the provider cannot be reached. For a token that does not fit, the set is
//! fetched again at once, but at most once a minute for all callers and page loads together.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, join};

use crate::error::{Error, Phase};
use crate::flow::client::Client;
use crate::flow::op::asked::LIFETIME_IN_OUTAGE;
use crate::flow::op::cached_document::Source;
use crate::flow::op::metadata::server_metadata;
use crate::flow::op::moved::{Place, send_to};
use crate::flow::records::Slot;
use crate::ports::{Clock, Http, SignatureVerifier, Storage};
use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::jose::{JoseError, JwkSet};
use crate::protocol::metadata::ServerMetadata;

/// Seconds for which a key set counts without asking again.
const LIFETIME: i64 = 300;

pub fn jwk_set<P>(client: &Rc<Client<P>>, force: bool) -> LocalBoxFuture<'static, Result<Rc<JwkSet>, Error>>
where
    P: Http + Storage + Clock + 'static,
{
    keys(client, if force { Wanted::Fetched } else { Wanted::Known })
}

/// The keys that a caller asks for.
pub(in crate::flow) enum Wanted {
    /// The known keys, if they are fresh.
    Known,
    Fetched,
    /// Newer keys than these, for a token that fits no key of them or whose signature is wrong: the provider may just have rotated its
    /// keys. The result is the same keys if they are static or were fetched a moment ago.
    OtherThan(Rc<JwkSet>),
}

pub(in crate::flow) fn keys<P>(
    client: &Rc<Client<P>>,
    wanted: Wanted,
) -> LocalBoxFuture<'static, Result<Rc<JwkSet>, Error>>
where
    P: Http + Storage + Clock + 'static,
{
    let client = client.clone();
    async move {
        if let Some(keys) = &client.config.jwks {
            return Ok(keys.clone());
        }
        let metadata = server_metadata(&client, false).await?;
        let jwks_uri = metadata.jwks_uri()?;
        if let Some(known) = known(&client, jwks_uri, &wanted) {
            return known;
        }
        let flight = &client.state.jwks.flight;
        let fetched = flight.run(jwks_uri, || fetch(client.clone(), metadata.clone(), jwks_uri.to_owned())).await;
        match wanted {
            Wanted::Known => fetched.or_else(|error| in_trouble(&client, jwks_uri, error)),
            _ => fetched,
        }
    }
    .boxed_local()
}

/// The keys that need no new request, or the provider's answer that it has no keys.
fn known<P: Storage + Clock>(client: &Client<P>, jwks_uri: &str, wanted: &Wanted) -> Option<Result<Rc<JwkSet>, Error>> {
    let (cache, source) = (&client.state.jwks, source(client, jwks_uri));
    let load = |lifetime| load(client, jwks_uri, lifetime).map(Ok);
    match wanted {
        Wanted::Known => load(LIFETIME).or_else(|| {
            // An answer of the provider counts for that long; an outage is no answer.
            let is_stale = cache.asking.has_just_failed(&source);
            is_stale.then(|| cache.asking.refused(jwks_uri).map(Err).or_else(|| load(LIFETIME_IN_OUTAGE)))?
        }),
        Wanted::Fetched => None,
        Wanted::OtherThan(tried) => {
            // Another caller may have asked meanwhile, or may be asking now.
            let current = self::load(client, jwks_uri, LIFETIME).filter(|keys| !Rc::ptr_eq(keys, tried));
            if current.is_none() && cache.flight.current(jwks_uri).is_none() {
                if cache.asking.is_cooling(&source) {
                    return Some(Ok(tried.clone()));
                }
                cache.asking.ask_again(&source);
            }
            current.map(Ok)
        }
    }
}

/// The keys that serve where asking has failed.
fn in_trouble<P: Storage + Clock>(client: &Client<P>, jwks_uri: &str, error: Error) -> Result<Rc<JwkSet>, Error> {
    client.state.jwks.asking.fail(&source(client, jwks_uri), &error);
    let old = if error.retryable { load(client, jwks_uri, LIFETIME_IN_OUTAGE) } else { None };
    old.ok_or(error)
}

/// Fetches the keys and loads the verifier at the same time.
pub(in crate::flow) fn prepare_to_verify<P>(
    client: &Rc<Client<P>>,
) -> LocalBoxFuture<'static, Result<Rc<JwkSet>, Error>>
where
    P: Http + Storage + Clock + SignatureVerifier + 'static,
{
    let client = client.clone();
    async move { join(keys(&client, Wanted::Known), client.platform.prepare()).await.0 }.boxed_local()
}

fn load<P: Storage + Clock>(client: &Client<P>, jwks_uri: &str, lifetime: i64) -> Option<Rc<JwkSet>> {
    client.state.jwks.get(&source(client, jwks_uri), lifetime, |document| JwkSet::from_json(&document).ok())
}

fn source<'a, P>(client: &'a Client<P>, jwks_uri: &'a str) -> Source<'a, P> {
    Source { url: jwks_uri, slot: Slot::Jwks, records: &client.records, platform: &*client.platform }
}

async fn fetch<P>(
    client: Rc<Client<P>>,
    mut metadata: Rc<ServerMetadata>,
    jwks_uri: String,
) -> Result<Rc<JwkSet>, Error>
where
    P: Http + Storage + Clock + 'static,
{
    let mut request = HttpRequest::get_json(jwks_uri);
    let (place, timeout) = (Place::Endpoint(ServerMetadata::jwks_uri), client.options.request_timeout);
    match send_to(&client, &mut metadata, place, &mut request, timeout).await {
        Ok((answer, _)) => accept(&client, &request.url, &answer),
        Err(fault) => {
            let what = ["provider's key set ", request.place()].concat();
            Err(Error::http(fault, Phase::IdToken, &what))
        }
    }
}

/// The keys of an answer.
fn accept<P: Storage + Clock>(client: &Client<P>, jwks_uri: &str, answer: &HttpResponse) -> Result<Rc<JwkSet>, Error> {
    if answer.status != 200 {
        return Err(Error::key_set_status(answer.status));
    }
    let document = answer.json_object().map_err(|_| JoseError::KeySet)?;
    let keys = Rc::new(JwkSet::from_json(&document)?);
    // An empty set is returned and not remembered: the provider may be about to publish keys.
    if !keys.is_empty() {
        client.state.jwks.keep(&source(client, jwks_uri), &keys, keys.to_json());
    }
    Ok(keys)
}
