//! How a redirect ended well: the value that a page is told, and its record.

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
        /// Of the session that began, which tells it from those of later logins.
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

    pub fn from_json(record: Members) -> Option<Self> {
        let kind = Members::of(record.get("kind")?)?;
        let kind = match kind.get("login") {
            Some(login) => OutcomeKind::Login { login: LoginId::restored(Members::of(login)?.text("id")?) },
            None => {
                let logout = Members::of(kind.get("logout")?)?;
                OutcomeKind::Logout { post_logout_redirect_uri: logout.text("post_logout_redirect_uri")? }
            }
        };
        let app_state = record.optional("app_state", Members::text)?;
        Some(Self { kind, client: record.text("client")?, app_state })
    }
}

/// A response whose login or logout did not end well has no outcome, however often it comes.
pub fn already_ended() -> Error {
    let message = "The response belongs to a login or logout that has already ended.";
    Error::new(Code::InvalidState, Phase::Callback, message)
}
