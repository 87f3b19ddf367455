//! The provider's metadata: found once for any number of callers, remembered in this page and in sessionStorage with its age.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::error::{Error, Phase};
use crate::flow::client::Client;
use crate::flow::op::asked::LIFETIME_IN_OUTAGE;
use crate::flow::op::cached_document::Source;
use crate::flow::records::Slot;
use crate::ports::{Clock, Http, Storage};
use crate::protocol::config::MetadataSource;
use crate::protocol::json::Object;
use crate::protocol::metadata::{self, MetadataError, ServerMetadata};

/// Seconds for which a document counts without asking again.
const LIFETIME: i64 = 3600;

pub fn server_metadata<P>(
    client: &Rc<Client<P>>,
    force: bool,
) -> LocalBoxFuture<'static, Result<Rc<ServerMetadata>, Error>>
where
    P: Http + Storage + Clock + 'static,
{
    let client = client.clone();
    async move {
        let force = force && client.config.metadata_source != MetadataSource::Settings;
        // A forced request skips the known metadata: a look for it may note that the metadata is asked for again.
        if !force && let Some(known) = known(&client) {
            return Ok(known);
        }
        let fetched = client.metadata.flight.run("", || fetch(client.clone())).await;
        fetched.or_else(|error| if force { Err(error) } else { in_trouble(&client, error) })
    }
    .boxed_local()
}

/// The known metadata that needs no new request.
fn known<P: Storage + Clock>(client: &Client<P>) -> Option<Rc<ServerMetadata>> {
    let is_cooling = || client.metadata.asking.is_cooling(&source(client));
    let fresh = cached_metadata(client).filter(|_| !client.metadata.asking.is_doubted() || is_cooling());
    fresh.or_else(|| load(client, LIFETIME_IN_OUTAGE).filter(|_| is_cooling()))
}

/// The metadata that serves where asking has failed. Fresh metadata still counts after a request for newer metadata has failed.
fn in_trouble<P: Storage + Clock>(client: &Client<P>, error: Error) -> Result<Rc<ServerMetadata>, Error> {
    if error.retryable {
        client.metadata.asking.fail(&source(client), &error);
    }
    load(client, if error.retryable { LIFETIME_IN_OUTAGE } else { LIFETIME }).ok_or(error)
}

/// The metadata from this page or from storage, if it is fresh, without a request.
pub fn cached_metadata<P: Storage + Clock>(client: &Client<P>) -> Option<Rc<ServerMetadata>> {
    load(client, LIFETIME)
}

fn load<P: Storage + Clock>(client: &Client<P>, lifetime: i64) -> Option<Rc<ServerMetadata>> {
    if client.config.metadata_source == MetadataSource::Settings {
        return validate(client, Object::new()).ok().map(Rc::new);
    }
    // Storage is not trusted more than the network: the same checks apply again.
    client.metadata.get(&source(client), lifetime, |document| validate(client, document).ok())
}

/// A document that was fetched for another place is not used.
pub(in crate::flow) fn source<P>(client: &Client<P>) -> Source<'_, P> {
    let url = match &client.config.metadata_source {
        MetadataSource::Settings => "",
        MetadataSource::Issuer(issuer) => issuer,
        MetadataSource::Document { url, .. } => url,
    };
    Source { url, slot: Slot::Metadata, records: &client.records, platform: &*client.platform }
}

async fn fetch<P: Http + Storage + Clock>(client: Rc<Client<P>>) -> Result<Rc<ServerMetadata>, Error> {
    if client.metadata.asking.is_doubted() {
        client.metadata.asking.ask_again(&source(&client));
    }
    let mut document = Ok(Object::new());
    for request in metadata::requests(&client.config.metadata_source) {
        let answer = client.platform.send(&request, client.options.request_timeout).await;
        let answer = answer.map_err(|fault| {
            let what = ["provider's metadata document ", request.place()].concat();
            Error::http(fault, Phase::Metadata, &what)
        })?;
        if !metadata::is_absent(&answer) {
            document = metadata::response(&answer);
            break;
        }
        // The first refusal is reported: it is that of the location that most providers use.
        document = document.and(Err(MetadataError::Status(answer.status)));
    }
    accept(&client, document?)
}

/// The metadata of a document that has just been fetched.
fn accept<P: Storage + Clock>(client: &Client<P>, document: Object) -> Result<Rc<ServerMetadata>, Error> {
    let metadata = Rc::new(validate(client, document.clone())?);
    if metadata.is_enough_for_a_login(&client.config) {
        // The document is stored as the provider published it, so that changed settings apply to it at once.
        client.metadata.keep(&source(client), &metadata, document);
    } else {
        // An incomplete document is not remembered. The verb that needs the missing member gives an error, and the next request may bring a
        // complete document.
        client.metadata.asking.settle();
    }
    Ok(metadata)
}

/// Applies the app's hook, checks the issuer, and then checks the whole with the values of the settings.
fn validate<P>(client: &Client<P>, mut document: Object) -> Result<ServerMetadata, Error> {
    let source = &client.config.metadata_source;
    if *source != MetadataSource::Settings {
        if let Some(hook) = &client.functions.metadata {
            document = hook(document)?;
        }
        metadata::check_issuer(source, &document, client.functions.expected_issuer.is_some())?;
    }
    Ok(ServerMetadata::assemble(&client.config, document)?)
}
