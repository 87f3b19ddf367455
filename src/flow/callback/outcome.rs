//! The outcome of a login or logout that ended well: the value that a page gets, and its record.

use crate::error::{Code, Error, Phase};
use crate::flow::session::value::LoginId;
use crate::protocol::json::{Value, json};
use crate::protocol::record::Members;

#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub kind: OutcomeKind,
    pub client: String,
    /// JSON text.
    pub app_state: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum OutcomeKind {
    Login {
        /// The id of the login that began the session. It tells the session from those of later logins.
        login: LoginId,
    },
    Logout {
        post_logout_redirect_uri: String,
    },
}

impl Outcome {
    pub fn to_json(&self) -> Value {
        let kind = match &self.kind {
            OutcomeKind::Login { login } => json!({ "login": { "id": login.as_str() } }),
            OutcomeKind::Logout { post_logout_redirect_uri } => {
                json!({ "logout": { "post_logout_redirect_uri": post_logout_redirect_uri } })
            }
        };
        json!({ "kind": kind, "client": self.client, "app_state": self.app_state })
    }

    pub fn from_json(record: &Value) -> Option<Self> {
        let record = Members::of(record)?;
        let kind = Members::of(record.get("kind")?)?;
        let text = |of: &str, name: &str| kind.get(of)?.get(name)?.as_str().map(String::from);
        let kind = match kind.get("login") {
            Some(_) => OutcomeKind::Login { login: LoginId::restored(text("login", "id")?) },
            None => OutcomeKind::Logout { post_logout_redirect_uri: text("logout", "post_logout_redirect_uri")? },
        };
        record.sound(Self { kind, client: record.text("client"), app_state: record.optional_text("app_state") })
    }
}

/// A response whose login or logout did not end well has no outcome, however often it comes.
pub fn already_ended() -> Error {
    let message = "The response belongs to a login or logout that has already ended.";
    Error::new(Code::InvalidState, Phase::Callback, message)
}
