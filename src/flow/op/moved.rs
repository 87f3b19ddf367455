//! Endpoints that a provider has moved while its metadata is remembered. An endpoint that is gone (404, 405, 410) has the metadata asked for
//! again at once, and the request goes to the new place: nothing was consumed at the old one. An endpoint that cannot be reached has the next
//! call ask for the metadata. Both happen at most once a minute, however often a page is loaded.

use std::rc::Rc;

use crate::flow::client::Client;
use crate::flow::op::metadata::{server_metadata, source};
use crate::ports::{Clock, Http, HttpError, Storage};
use crate::protocol::config::MetadataSource;
use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::metadata::{MetadataError, ServerMetadata};

/// Reads an endpoint of the metadata.
pub(in crate::flow) type Endpoint = fn(&ServerMetadata) -> Result<&str, MetadataError>;

/// Sends a request to an endpoint of the metadata, wherever the endpoint is by now. The answer, and whether the provider's metadata of
/// today names the place that answered: `false` where a place that is gone may have moved and the metadata cannot be had, or not asked for so soon.
pub(in crate::flow) async fn send_to<P>(
    client: &Rc<Client<P>>,
    metadata: &mut Rc<ServerMetadata>,
    endpoint: Endpoint,
    request: &HttpRequest,
    timeout: u32,
) -> Result<(HttpResponse, bool), HttpError>
where
    P: Http + Storage + Clock + 'static,
{
    let answer = send_or_doubt(client, request, timeout).await?;
    if !HttpResponse::is_gone(answer.status) {
        return Ok((answer, true));
    }
    // Metadata that was asked for a moment ago, because of another request, may be out of date again.
    let is_asked_now = client.metadata.is_doubted() || client.config.metadata_source == MetadataSource::Settings;
    let Some(now) = metadata_again(client).await else { return Ok((answer, false)) };
    match moved(metadata, &now, endpoint, &request.url) {
        Some(url) => {
            *metadata = now;
            let answer = client.platform.send(&HttpRequest { url, ..request.clone() }, timeout).await?;
            Ok((answer, true))
        }
        None => Ok((answer, is_asked_now)),
    }
}

/// The same without a second request: the next call is the one that asks for the metadata.
pub(in crate::flow) async fn send_or_doubt<P: Http + Storage + Clock>(
    client: &Client<P>,
    request: &HttpRequest,
    timeout: u32,
) -> Result<HttpResponse, HttpError> {
    let answer = client.platform.send(request, timeout).await;
    let is_doubtful = match &answer {
        Ok(answer) => HttpResponse::is_gone(answer.status),
        Err(fault) => matches!(fault, HttpError::Network | HttpError::Timeout),
    };
    if is_doubtful {
        doubt_metadata(client);
    }
    answer
}

/// The metadata of today, for a caller that found an endpoint gone; `None` where the metadata cannot be had.
pub(in crate::flow) async fn metadata_again<P>(client: &Rc<Client<P>>) -> Option<Rc<ServerMetadata>>
where
    P: Http + Storage + Clock + 'static,
{
    doubt_metadata(client);
    let metadata = server_metadata(client, false).await.ok()?;
    (!client.metadata.is_doubted()).then_some(metadata)
}

fn doubt_metadata<P: Storage + Clock>(client: &Client<P>) {
    if client.config.metadata_source != MetadataSource::Settings {
        client.metadata.doubt(&source(client));
    }
}

/// The endpoint's new place at the same provider, if it has one.
pub(in crate::flow) fn moved(
    before: &ServerMetadata,
    now: &ServerMetadata,
    endpoint: Endpoint,
    url: &str,
) -> Option<String> {
    let place = endpoint(now).ok().filter(|place| *place != url && before.issuer() == now.issuer());
    place.map(String::from)
}
