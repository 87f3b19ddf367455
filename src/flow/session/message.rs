//! The messages between tabs: one JSON object each, on the channel of the prefix, for the client that it names. The kind stands first, so a
//! tab knows a message that it does not need before it parses it.

use crate::flow::client::Client;
use crate::ports::Channel;
use crate::protocol::json::{Object, Value};

// The kinds, each the name of the first member.

/// A person signed out: the fingerprint of the person. Or the provider has ended a session: the fingerprint of that session, with the
/// `reason` that listeners are told.
pub const ENDED: &str = "ended";
/// A tab asks for the successor of the refresh token of this fingerprint.
pub const ASKS: &str = "asks";
/// The tokens of a refresh, for the tabs that hold the refresh token of this fingerprint, with the record of the session.
pub const REPLACES: &str = "replaces";
/// A tab without a session asks the tab that holds the lock of this name, or those with the login of this id, or every tab if the name is empty.
pub const WANTS: &str = "wants";
/// A session for the tabs that have none, by the id of its login: with its record as the answer to a question, without it to tell of a login.
pub const GIVES: &str = "gives";
/// The provider refused the refresh token of this fingerprint for good.
pub const REFUSED: &str = "refused";

// The members beside the kind and the client.

pub const CLIENT: &str = "client";
pub const SESSION: &str = "session";

/// Sends a message to every other tab that is awake.
pub fn send<P: Channel>(client: &Client<P>, kind: &str, name: &str, more: Option<(&str, Value)>) {
    let mut message = Object::new();
    message.put(kind, Value::from(name));
    message.put(CLIENT, Value::from(&*client.key));
    if let Some((name, value)) = more {
        message.put(name, value);
    }
    client.platform.broadcast(client.prefix(), &message.to_text());
}

/// Whether a text is a message of the kind [`GIVES`].
pub fn gives_session(text: &str) -> bool {
    text.starts_with("{\"gives\"")
}
