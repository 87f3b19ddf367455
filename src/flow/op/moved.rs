//! Endpoints that a provider has moved while its metadata is remembered. An endpoint that is gone (404, 405, 410) has the metadata asked for
//! again at once, and the request goes to the new place: nothing was consumed at the old one. An endpoint that cannot be reached has the next
//! call ask for the metadata. Both happen at most once a minute, however often a page is loaded.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::flow::client::Client;
use crate::flow::op::metadata::{server_metadata, source};
use crate::ports::{Clock, Http, HttpError, Storage};
use crate::protocol::config::MetadataSource;
use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::metadata::{MetadataError, ServerMetadata};

/// Reads an endpoint of the metadata.
pub(in crate::flow) type Endpoint = fn(&ServerMetadata) -> Result<&str, MetadataError>;

/// The destination of a request.
#[derive(Clone, Copy)]
pub(in crate::flow) enum Place {
    /// To a URL that no metadata moves.
    Fixed,
    /// To an endpoint as the metadata at hand names it. If the endpoint is gone, the next call asks for the metadata.
    AsKnown,
    /// To an endpoint, at its new place if it has moved.
    Endpoint(Endpoint),
}

/// Sends a request. Where its endpoint has moved, the request and the metadata are changed to the new place. The result is the answer, and
/// whether current metadata names the place that answered: `false` where that place is gone and the metadata cannot be had, or may not be
/// asked for so soon.
pub(in crate::flow) fn send_to<'a, P>(
    client: &'a Rc<Client<P>>,
    metadata: &'a mut Rc<ServerMetadata>,
    mut place: Place,
    request: &'a mut HttpRequest,
    timeout: u32,
) -> LocalBoxFuture<'a, Result<(HttpResponse, bool), HttpError>>
where
    P: Http + Storage + Clock + 'static,
{
    async move {
        loop {
            let answer = client.platform.send(request, timeout).await;
            let is_doubtful = match &answer {
                Ok(answer) => HttpResponse::is_gone(answer.status),
                Err(fault) => matches!(fault, HttpError::Network | HttpError::Timeout),
            };
            if !is_doubtful || matches!(place, Place::Fixed) {
                return answer.map(|answer| (answer, true));
            }
            doubt_metadata(client);
            let answer = answer?;
            let Place::Endpoint(endpoint) = place else { return Ok((answer, true)) };
            // Metadata that was asked for a moment ago, because of another request, may be out of date again.
            let is_asked_now =
                client.metadata.asking.is_doubted() || client.config.metadata_source == MetadataSource::Settings;
            let now = server_metadata(client, false).await.ok().filter(|_| !client.metadata.asking.is_doubted());
            let Some(now) = now else { return Ok((answer, false)) };
            let Some(url) = moved(metadata, &now, endpoint, &request.url) else { return Ok((answer, is_asked_now)) };
            (request.url, *metadata, place) = (url, now, Place::Fixed);
        }
    }
    .boxed_local()
}

fn doubt_metadata<P: Storage + Clock>(client: &Client<P>) {
    if client.config.metadata_source != MetadataSource::Settings {
        client.metadata.asking.doubt(&source(client));
    }
}

/// The endpoint's new place at the same provider, if it has one.
fn moved(before: &ServerMetadata, now: &ServerMetadata, endpoint: Endpoint, url: &str) -> Option<String> {
    let place = endpoint(now).ok().filter(|place| *place != url && before.issuer() == now.issuer());
    place.map(String::from)
}
