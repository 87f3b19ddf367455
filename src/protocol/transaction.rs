//! The data of a login or logout between leaving the page and coming back: one record per `state`, used once, for ten minutes.
//!
//! Logins and logouts are different types with different kinds on disk, so one never passes for the other.

use super::config::{ClientConfig, ResponseMode};
use super::pkce::CodeVerifier;
use super::record::Members;
use super::secret::Secret;
use super::time::UnixTime;
use crate::protocol::json::{self, Value, json};

/// Seconds a person has to finish at the provider.
pub const LIFETIME: u32 = 600;
/// The version of the records. It rises when a stored shape changes: a record of another version is not read.
pub const VERSION: u8 = 1;

/// The way by which the response of a login comes back to the page that began the login. The end of the `state` says it, so a page that has
/// no record of the login knows it, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// The page leaves, and a page of the same tab at the redirect URI acts on the response.
    #[default]
    Redirect,
    /// The page in a popup relays the response.
    Popup,
    /// The page in a hidden frame relays the response.
    Silent,
}

impl Way {
    /// The end of the `state`. RFC 6749 appendix A.5 allows every visible character there, and the random part has no dot.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Redirect => "",
            Self::Popup => ".oidc-popup",
            Self::Silent => ".oidc-silent",
        }
    }

    pub fn of(state: &str) -> Self {
        [Self::Popup, Self::Silent].into_iter().find(|way| state.ends_with(way.mark())).unwrap_or_default()
    }
}

/// A login under way. Every value that the callback is checked against was fixed here before the page left.
#[derive(Clone, Debug, PartialEq)]
pub struct LoginTransaction {
    pub client: String,
    pub client_id: String,
    pub state: Secret,
    pub code_verifier: Secret,
    pub redirect_uri: String,
    pub response_mode: ResponseMode,
    /// The issuer; absent for a plain OAuth 2.0 provider without one.
    pub issuer: Option<String>,
    /// The place of the provider in the settings, which tells providers without an issuer apart.
    pub place: Option<String>,
    /// RFC 9207: the provider promised `iss`, so its absence is an attack.
    pub iss_promised: bool,
    /// Present exactly when `openid` was asked for; then an id_token must come.
    pub nonce: Option<Secret>,
    pub scope: Vec<String>,
    pub max_age: Option<u32>,
    /// The acr values one of which the id_token must have.
    pub essential_acr: Option<Vec<String>>,
    /// JSON text of the app's own state.
    pub app_state: Option<String>,
}

/// A logout under way.
#[derive(Clone, Debug, PartialEq)]
pub struct LogoutTransaction {
    pub client: String,
    pub state: Secret,
    pub post_logout_redirect_uri: String,
    pub app_state: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Transaction {
    Login(LoginTransaction),
    Logout(LogoutTransaction),
}

impl LoginTransaction {
    fn to_json(&self) -> Value {
        json!({
            "client": self.client,
            "client_id": self.client_id,
            "state": self.state.expose(),
            "code_verifier": self.code_verifier.expose(),
            "redirect_uri": self.redirect_uri,
            "response_mode": self.response_mode.as_str(),
            "issuer": self.issuer,
            "place": self.place,
            "iss_promised": self.iss_promised,
            "nonce": self.nonce.as_ref().map(Secret::expose),
            "scope": self.scope,
            "max_age": self.max_age,
            "essential_acr": self.essential_acr,
            "app_state": self.app_state,
        })
    }

    fn from_json(record: &Value) -> Option<Self> {
        let record = Members::of(record)?;
        let login = Self {
            client: record.text("client"),
            client_id: record.text("client_id"),
            state: record.secret("state"),
            code_verifier: record.secret("code_verifier"),
            redirect_uri: record.text("redirect_uri"),
            response_mode: ResponseMode::parse(&record.text("response_mode"))?,
            issuer: record.optional_text("issuer"),
            place: record.optional_text("place"),
            iss_promised: record.flag("iss_promised"),
            nonce: record.optional_secret("nonce"),
            scope: record.words("scope"),
            max_age: record.optional("max_age", |seconds| u32::try_from(seconds.as_i64()?).ok()),
            essential_acr: record.optional("essential_acr", json::string_list),
            app_state: record.optional_text("app_state"),
        };
        // Without its nonce the id_token of a login would go unbound, without `openid` unasked for. A verifier that PKCE does not allow
        // would bring no token.
        let is_bound = ClientConfig::is_openid(&login.scope) == login.nonce.is_some()
            && CodeVerifier::parse(login.code_verifier.expose()).is_some();
        record.sound(login).filter(|_| is_bound)
    }
}

impl LogoutTransaction {
    fn to_json(&self) -> Value {
        json!({
            "client": self.client,
            "state": self.state.expose(),
            "post_logout_redirect_uri": self.post_logout_redirect_uri,
            "app_state": self.app_state,
        })
    }

    fn from_json(record: &Value) -> Option<Self> {
        let record = Members::of(record)?;
        record.sound(Self {
            client: record.text("client"),
            state: record.secret("state"),
            post_logout_redirect_uri: record.text("post_logout_redirect_uri"),
            app_state: record.optional_text("app_state"),
        })
    }
}

impl Transaction {
    fn to_json(&self) -> Value {
        match self {
            Self::Login(login) => json!({ "login": login.to_json() }),
            Self::Logout(logout) => json!({ "logout": logout.to_json() }),
        }
    }

    /// Exactly one of the two kinds.
    fn from_json(record: &Value) -> Option<Self> {
        let record = Members::of(record)?;
        match (record.get("login"), record.get("logout")) {
            (Some(login), None) => LoginTransaction::from_json(login).map(Self::Login),
            (None, Some(logout)) => LogoutTransaction::from_json(logout).map(Self::Logout),
            _ => None,
        }
    }

    pub fn is_login(&self) -> bool {
        matches!(self, Self::Login(_))
    }

    pub fn client(&self) -> &str {
        match self {
            Self::Login(login) => &login.client,
            Self::Logout(logout) => &logout.client,
        }
    }

    pub fn state(&self) -> &Secret {
        match self {
            Self::Login(login) => &login.state,
            Self::Logout(logout) => &logout.state,
        }
    }

    pub fn app_state(&self) -> Option<&str> {
        match self {
            Self::Login(login) => login.app_state.as_deref(),
            Self::Logout(logout) => logout.app_state.as_deref(),
        }
    }
}

/// A transaction as it lies in storage.
#[derive(Clone, Debug, PartialEq)]
pub struct TransactionRecord {
    pub created_at: UnixTime,
    pub expires_at: UnixTime,
    pub transaction: Transaction,
}

impl TransactionRecord {
    pub fn new(transaction: Transaction, now: UnixTime) -> Self {
        Self { created_at: now, expires_at: now.plus(LIFETIME), transaction }
    }

    pub fn to_json(&self) -> Value {
        json!({
            "v": VERSION,
            "created_at": self.created_at.0,
            "expires_at": self.expires_at.0,
            "transaction": self.transaction.to_json(),
        })
    }

    pub fn from_json(record: &Value) -> Option<Self> {
        let record = Members::of_version(record, VERSION)?;
        let transaction = Transaction::from_json(record.get("transaction")?)?;
        record.sound(Self { created_at: record.time("created_at"), expires_at: record.time("expires_at"), transaction })
    }

    /// A clock that was set back does not stretch a life: the age counts in both directions.
    pub fn is_expired(&self, now: UnixTime) -> bool {
        now >= self.expires_at
            || now.plus(LIFETIME) < self.created_at
            || self.expires_at > self.created_at.plus(LIFETIME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(created_at: i64) -> TransactionRecord {
        let logout = LogoutTransaction {
            client: "demo".into(),
            state: Secret::new("s"),
            post_logout_redirect_uri: "https://app.example/".into(),
            app_state: None,
        };
        TransactionRecord::new(Transaction::Logout(logout), UnixTime(created_at))
    }

    #[test]
    fn a_record_lives_ten_minutes() {
        assert!(!record(1000).is_expired(UnixTime(1000)));
        assert!(!record(1000).is_expired(UnixTime(1599)));
        assert!(record(1000).is_expired(UnixTime(1600)));
        assert!(record(10_000).is_expired(UnixTime(1000)), "a record from the far future is not trusted");
    }

    #[test]
    fn a_record_edited_to_live_longer_is_expired() {
        let mut edited = record(1000);
        edited.expires_at = UnixTime(9_999_999);
        assert!(edited.is_expired(UnixTime(1001)));
    }

    #[test]
    fn records_survive_storage() {
        let stored = record(1000).to_json();
        assert!(stored["transaction"]["logout"].is_object());
        assert_eq!(TransactionRecord::from_json(&stored), Some(record(1000)));
    }

    #[test]
    fn a_kind_never_passes_for_the_other() {
        let mut stored = record(1000).to_json();
        let logout = stored["transaction"]["logout"].take();
        stored["transaction"] = json!({ "login": logout });
        assert_eq!(TransactionRecord::from_json(&stored), None);
    }

    #[test]
    fn the_end_of_the_state_says_by_which_way_the_response_comes() {
        for way in [Way::Redirect, Way::Popup, Way::Silent] {
            assert_eq!(Way::of(&["s", way.mark()].concat()), way);
            assert_eq!(Way::of(&["s", way.mark(), "x"].concat()), Way::Redirect);
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        assert!(!format!("{:?}", record(1)).contains("\"s\""));
    }
}
