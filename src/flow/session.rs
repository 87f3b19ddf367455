//! The session: who is signed in, in this tab. One record per client in sessionStorage, written whole or not at all, and only
//! after every check; read back without the network.

use serde::{Deserialize, Serialize};

use super::provider::Provider;
use super::store::{self, Slot};
use crate::ports::{Storage, StorageError};
use crate::protocol::config::MetadataSource;
use crate::protocol::id_token::IdTokenClaims;
use crate::protocol::json::Object;
use crate::protocol::secret::Secret;
use crate::protocol::token::{Token, TokenResponse};

const VERSION: u8 = 1;

#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    token: Token,
    /// `None` for a plain OAuth 2.0 provider.
    claims: Option<IdTokenClaims>,
    issuer: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Record {
    v: u8,
    client_id: String,
    issuer: Option<String>,
    token: Token,
    claims: Option<Object>,
}

impl Session {
    /// Signed in with OpenID Connect: the claims prove that the id_token was verified.
    pub fn with_identity(response: TokenResponse, claims: IdTokenClaims, issuer: &str) -> Self {
        let token = Token { id_token: response.id_token, ..response.token };
        Self { token, claims: Some(claims), issuer: Some(issuer.to_owned()) }
    }

    /// Signed in with plain OAuth 2.0: there is a token, and nobody claims whose.
    pub fn without_identity(response: TokenResponse, issuer: Option<&str>) -> Self {
        Self { token: Token { id_token: None, ..response.token }, claims: None, issuer: issuer.map(String::from) }
    }

    pub fn token(&self) -> &Token {
        &self.token
    }

    pub fn claims(&self) -> Option<&Object> {
        self.claims.as_ref().map(IdTokenClaims::as_object)
    }

    pub fn id_token(&self) -> Option<&Secret> {
        self.token.id_token.as_ref()
    }
}

impl<P: Storage> Provider<P> {
    pub fn save_session(&self, session: &Session) -> Result<(), StorageError> {
        let record = Record {
            v: VERSION,
            client_id: self.config.client_id.clone(),
            issuer: session.issuer.clone(),
            token: session.token.clone(),
            claims: session.claims().cloned(),
        };
        store::write(&*self.platform, self.prefix(), Slot::Session(&self.name), &record)
    }

    /// The one way to a session that takes no verified token: this tab's own record of one. Version, client, issuer and
    /// shape are checked again; what does not fit is no session.
    pub fn session(&self) -> Option<Session> {
        let record: Record = store::read(&*self.platform, self.prefix(), Slot::Session(&self.name)).ok()??;
        if record.v != VERSION
            || record.client_id != self.config.client_id
            || !self.may_be_issuer(record.issuer.as_deref())
        {
            return None;
        }
        // An identity and the id_token that proved it come together or not at all.
        let claims = match (record.claims, &record.issuer, &record.token.id_token) {
            (Some(claims), Some(issuer), Some(_)) => Some(IdTokenClaims::restored(claims, issuer)?),
            (None, _, None) => None,
            _ => return None,
        };
        Some(Session { token: record.token, claims, issuer: record.issuer })
    }

    pub fn clear_session(&self) -> Result<(), StorageError> {
        store::remove(&*self.platform, self.prefix(), Slot::Session(&self.name))
    }

    /// Whether the settings, as far as they tell without the network, allow a session of this issuer.
    fn may_be_issuer(&self, issuer: Option<&str>) -> bool {
        let discovered = match &self.config.metadata_source {
            MetadataSource::Issuer(issuer) => Some(issuer.as_str()),
            MetadataSource::Document { issuer, .. } => issuer.as_deref(),
            MetadataSource::Settings => None,
        };
        // As in the metadata: an explicit value wins over the discovered one.
        let explicit = self.config.explicit_metadata.get("issuer").and_then(|issuer| issuer.as_str());
        let configured = explicit.or(discovered);
        configured.is_none() || configured == issuer
    }
}
