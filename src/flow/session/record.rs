//! The record of a session in storage, which tabs also hand to each other: one JSON object.

use std::rc::Rc;

use super::value::{LoginId, Session, Times};
use crate::protocol::config::ClientConfig;
use crate::protocol::id_token::{IdTokenClaims, Restoring};
use crate::protocol::json::{Value, json, put_value};
use crate::protocol::record::Members;
use crate::protocol::token::Token;
use crate::settings::options::SessionLifetime;

const VERSION: u8 = 3;

/// The settings of a client that its session must fit.
pub struct SessionRules {
    pub config: Rc<ClientConfig>,
    /// The issuer that every session must have. `None` where only the place of the metadata is known beforehand.
    pub issuer: Option<String>,
    pub lifetime: SessionLifetime,
    /// Whether a worker has the tokens.
    pub is_in_worker: bool,
}

impl SessionRules {
    pub fn to_record(&self, session: &Session) -> Value {
        let mut record = json!({
            "v": VERSION,
            "login": session.login.as_str(),
            "client_id": self.config.client_id,
            "issuer": session.issuer,
            "place": self.config.place(),
            "token": session.token.to_record(),
            "claims": session.claims(),
            // The fingerprints are for `oidc-client-wasm/hint`, which looks for the tombstone of this session and has no SHA-256.
            "subject_fingerprint": session.subject(),
            "provider_session": session.provider_session(),
            "session_state": session.session_state.as_deref(),
            "logged_in_at": session.times.logged_in_at.0,
            "obtained_at": session.times.obtained_at.0,
            "bound": session.is_bound,
            "replaced": session.replaced,
        });
        if let (Value::Object(members), Some(at)) = (&mut record, session.times.ends_at) {
            put_value(members, "ends_at", &at.0);
        }
        record
    }

    /// The one way to a session that takes no verified token: this tab's own record of one, or one that another tab of this origin handed
    /// over. The version, the client, the issuer, the shape and the owner of the claims are checked again. A record that does not fit is no
    /// session.
    pub fn restore(&self, record: &Value) -> Option<Session> {
        let record = Members::of_version(record, VERSION)?;
        let client_id = &*self.config.client_id;
        let (issuer, place) = (record.optional_text("issuer"), record.optional_text("place"));
        if record.text("client_id") != client_id || !self.is_of(issuer.as_deref(), place.as_deref()) {
            return None;
        }
        let token = Token::from_record(record.get("token")?)?;
        let is_bound = record.flag("bound");
        // Claims stand only beside the id_token that proved them.
        let claims = match (record.optional_object("claims"), &issuer, &token.id_token) {
            (Some(stored), Some(issuer), Some(id_token)) => {
                let expected = Restoring {
                    issuer,
                    client_id,
                    trusted_audiences: &self.config.trusted_audiences,
                    algorithms: &self.config.id_token_signing_algs,
                    access_token: is_bound.then(|| token.access_token.expose()),
                    is_hash: self.is_in_worker,
                };
                Some(IdTokenClaims::restored(&stored, id_token, &expected)?)
            }
            (None, _, None) => None,
            _ => return None,
        };
        let login = LoginId::restored(record.text("login"));
        let times = Times {
            logged_in_at: record.date("logged_in_at"),
            obtained_at: record.date("obtained_at"),
            ends_at: record.optional_date("ends_at"),
        };
        let session = Session::assemble(login, client_id, token, claims, issuer, times, is_bound);
        let session_state = record.optional_text("session_state").map(Rc::from);
        record.sound(Session {
            replaced: record.words("replaced"),
            is_in_worker: self.is_in_worker,
            session_state,
            ..session
        })
    }

    /// Whether a session of this issuer, which began at this place, is one of the provider that the settings name. Its tokens must not be
    /// sent to another provider when the settings change.
    fn is_of(&self, issuer: Option<&str>, place: Option<&str>) -> bool {
        match &self.issuer {
            Some(required) => issuer == Some(required),
            None => place == self.config.place(),
        }
    }
}
