//! The worker of `tokenStorage: "worker"`: what it is told of a login. It keeps the tokens of the answer, and sends them to no other place.

use crate::flow::client::Client;
use crate::protocol::json::json;
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::uri::Uri;

/// The places that the tokens of a login may go to, if a worker keeps them: to endpoints of the provider in a form, and to origins in a header.
pub(in crate::flow) fn places<P>(client: &Client<P>, metadata: &ServerMetadata) -> Option<String> {
    if !client.options.is_in_worker() {
        return None;
    }
    let refresh = client.config.refresh_token_url.as_deref();
    let endpoints = [refresh, metadata.token_endpoint().ok(), metadata.revocation_endpoint().ok()];
    let mut origins = client.config.api_origins.clone();
    let userinfo = metadata.userinfo_endpoint().ok().and_then(|url| Uri::parse(url).ok());
    origins.extend(userinfo.map(|uri| uri.web_origin()));
    Some(json!({ "endpoints": endpoints.into_iter().flatten().collect::<Vec<_>>(), "origins": origins }).to_text())
}
