//! Endpoints that a provider has moved while its metadata is remembered. An endpoint that is gone (404, 405, 410) has the metadata asked for
//! again at once, and the request goes to the new place: nothing was consumed at the old one. An endpoint that cannot be reached has the next
//! call ask for the metadata. Both happen at most once a minute, however often a page is loaded.

use std::cell::Cell;
use std::rc::Rc;

use crate::flow::client::Client;
use crate::ports::{Clock, Http, HttpError, Storage};
use crate::protocol::config::MetadataSource;
use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::metadata::{MetadataError, ServerMetadata};
use crate::protocol::time::UnixTime;

/// Reads an endpoint of the metadata.
pub(in crate::flow) type Endpoint = fn(&ServerMetadata) -> Result<&str, MetadataError>;

/// Whether the remembered metadata may name endpoints that are gone.
#[derive(Default)]
pub(in crate::flow) struct Doubt {
    pub is_raised: Cell<bool>,
    /// When the metadata was asked for because of a doubt, or in vain.
    pub asked_at: Cell<Option<UnixTime>>,
}

impl<P: Http + Storage + Clock + 'static> Client<P> {
    /// Sends a request to an endpoint of the metadata, wherever the endpoint is by now. The answer, and whether the provider's metadata of
    /// today names the place that answered: `false` where a place that is gone may have moved and the metadata cannot be had, or not asked for so soon.
    pub(in crate::flow) async fn send_to(
        self: &Rc<Self>,
        metadata: &mut Rc<ServerMetadata>,
        endpoint: Endpoint,
        request: &HttpRequest,
        timeout: u32,
    ) -> Result<(HttpResponse, bool), HttpError> {
        let answer = self.send_or_doubt(request, timeout).await?;
        if !HttpResponse::is_gone(answer.status) {
            return Ok((answer, true));
        }
        // Metadata that was asked for a moment ago, because of another request, may be out of date again.
        let is_asked_now = self.doubt.is_raised.get() || self.config.metadata_source == MetadataSource::Settings;
        let Some(now) = self.metadata_again().await else { return Ok((answer, false)) };
        match moved(metadata, &now, endpoint, &request.url) {
            Some(url) => {
                *metadata = now;
                let answer = self.platform.send(&HttpRequest { url, ..request.clone() }, timeout).await?;
                Ok((answer, true))
            }
            None => Ok((answer, is_asked_now)),
        }
    }

    /// The same without a second request: the next call is the one that asks for the metadata.
    pub(in crate::flow) async fn send_or_doubt(
        &self,
        request: &HttpRequest,
        timeout: u32,
    ) -> Result<HttpResponse, HttpError> {
        let answer = self.platform.send(request, timeout).await;
        let is_doubtful = match &answer {
            Ok(answer) => HttpResponse::is_gone(answer.status),
            Err(fault) => matches!(fault, HttpError::Network | HttpError::Timeout),
        };
        if is_doubtful {
            self.doubt_metadata();
        }
        answer
    }

    /// The metadata of today, for who found an endpoint gone; `None` where the metadata cannot be had.
    pub(in crate::flow) async fn metadata_again(self: &Rc<Self>) -> Option<Rc<ServerMetadata>> {
        self.doubt_metadata();
        let metadata = self.server_metadata(false).await.ok()?;
        (!self.doubt.is_raised.get()).then_some(metadata)
    }

    pub(in crate::flow) fn doubt_metadata(&self) {
        if self.config.metadata_source != MetadataSource::Settings && !self.is_metadata_cooling() {
            self.doubt.is_raised.set(true);
            self.store_doubt();
        }
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
