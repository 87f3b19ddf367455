//! Front-channel logout: the provider loads a page of the app in a frame, with the issuer and the `sid` of a session that is over.
//!
//! Any page can load that page, with any parameters. A session that did not begin at this origin changes nothing: neither a session nor a
//! tombstone, which would push an older tombstone out.

use crate::flow::client::Client;
use crate::flow::events::{Event, LogoutReason};
use crate::flow::session::tombstones::Kind;
use crate::flow::session::{changes, sharing, tabs};
use crate::ports::{Platform, StorageError};
use crate::protocol::front_channel_logout::session_named_by;

/// `handleFrontChannelLogout`: ends the session that the URL, or the address of this page, names, in this tab and in every other tab. The
/// result says whether the session is one that began at this origin and that no front-channel logout has ended before.
pub fn handle_front_channel_logout<P: Platform>(client: &Client<P>, url: Option<String>) -> Result<bool, StorageError> {
    let platform = &*client.platform;
    let Some(ended) = session_named_by(&url.unwrap_or_else(|| platform.url())) else { return Ok(false) };
    let own = client.sessions.own(platform);
    let is_here = own.is_some_and(|session| session.provider_session() == Some(&*ended));
    if is_here {
        sharing::end_session(client)?;
    }
    // The sessions of the other tabs are theirs alone. The list of the logins of this origin tells whether there is one that sleeps.
    let is_known = client.sessions.tombstones.remove(platform, Kind::ProviderSession, &ended) || is_here;
    if is_known {
        client.sessions.tombstones.add(platform, Kind::SignedOut, ended.clone(), platform.now());
    }
    // The tabs that are awake hear of an unknown session, too: the list is short, and a full localStorage takes no more.
    tabs::broadcast_ended(client, &ended, LogoutReason::FrontChannel);
    if is_here {
        changes::emit(client, Event::Logout(LogoutReason::FrontChannel));
    }
    Ok(is_known)
}
