//! The provider's metadata: found once for any number of callers, remembered in this page and in sessionStorage with its age.

use std::rc::Rc;

use crate::error::{Error, Phase};
use crate::flow::client::Client;
use crate::flow::op::cached::LIFETIME_IN_OUTAGE;
use crate::flow::op::cached_document::Source;
use crate::flow::records::Slot;
use crate::ports::{Clock, Http, Storage};
use crate::protocol::config::MetadataSource;
use crate::protocol::json::Object;
use crate::protocol::metadata::{self, MetadataError, ServerMetadata};

/// Seconds for which a document counts without asking again.
const LIFETIME: i64 = 3600;

pub async fn server_metadata<P>(client: &Rc<Client<P>>, force: bool) -> Result<Rc<ServerMetadata>, Error>
where
    P: Http + Storage + Clock + 'static,
{
    let cache = &client.metadata;
    let force = force && client.config.metadata_source != MetadataSource::Settings;
    if !force {
        let fresh = cached_metadata(client).filter(|_| !cache.is_doubted() || cache.is_cooling(&source(client)));
        let known = fresh.or_else(|| load(client, LIFETIME_IN_OUTAGE).filter(|_| cache.is_cooling(&source(client))));
        if let Some(metadata) = known {
            return Ok(metadata);
        }
    }
    let this = client.clone();
    match cache.flight.run("", || async move { fetch(&this).await }).await {
        Err(error) if !force => {
            if error.retryable {
                cache.fail(&source(client), &error);
            }
            // Fresh metadata was only doubted, and an answer that is refused replaces nothing.
            load(client, if error.retryable { LIFETIME_IN_OUTAGE } else { LIFETIME }).ok_or(error)
        }
        fetched => fetched,
    }
}

/// Without the network: from this page or from storage, if fresh.
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

/// What was fetched for settings that pointed elsewhere is worthless.
pub(in crate::flow) fn source<P>(client: &Client<P>) -> Source<'_, P> {
    let url = match &client.config.metadata_source {
        MetadataSource::Settings => "",
        MetadataSource::Issuer(issuer) => issuer,
        MetadataSource::Document { url, .. } => url,
    };
    Source { url, slot: Slot::Metadata, records: &client.records, platform: &*client.platform }
}

async fn fetch<P: Http + Storage + Clock>(client: &Client<P>) -> Result<Rc<ServerMetadata>, Error> {
    let cache = &client.metadata;
    if cache.is_doubted() {
        cache.ask_again(&source(client));
    }
    let document = fetch_document(client).await?;
    let metadata = Rc::new(validate(client, document.clone())?);
    if metadata.is_enough_for_a_login(&client.config) {
        // The published document as it came, so that changed settings apply to it at once.
        cache.keep(&source(client), &metadata, document);
    } else {
        // The verb that needs what is missing says so; and the next one to ask may be answered better.
        cache.settle();
    }
    Ok(metadata)
}

/// The app's hook, the issuer, then the whole with the settings' own values.
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

async fn fetch_document<P: Http>(client: &Client<P>) -> Result<Object, Error> {
    let mut refused: Option<Error> = None;
    for request in metadata::requests(&client.config.metadata_source) {
        let answer = client.platform.send(&request, client.options.request_timeout).await;
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
