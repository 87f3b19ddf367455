//! The options of the registry, and the names that a client may have.

use super::mistake::{ConfigError, ConfigResult, Problem};
use super::reader::{Kind, Reader, Rules};
use crate::protocol::json::Value;
use crate::protocol::text::contains;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Prefix of every storage key. Default `oidc`.
    pub storage_prefix: String,
    /// Tolerated clock difference in seconds, 0 to 300. Default 60.
    pub clock_tolerance: u32,
    /// Limit of one HTTP request in seconds. Default 30.
    pub request_timeout: u32,
    pub verifier: Verifier,
    /// Whether a tab without a session begins with that of another tab. Default true.
    pub share_session: bool,
    pub token_storage: TokenStorage,
    pub session_lifetime: SessionLifetime,
    /// Whether the access token is renewed ahead of its end. Default false.
    pub auto_renew: bool,
}

/// The time after which a session ends by itself, in seconds. Default none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionLifetime {
    /// Since the login.
    pub max: Option<u32>,
    /// Since the person last did something.
    pub idle: Option<u32>,
}

impl SessionLifetime {
    fn parse(value: &Value) -> Option<Self> {
        let mut lifetime = Self::default();
        for (name, value) in value.as_object()?.iter() {
            let seconds = if value.is_null() {
                None
            } else {
                Some(u32::try_from(value.as_i64()?).ok().filter(|seconds| *seconds > 0)?)
            };
            match name.as_str() {
                "max" => lifetime.max = seconds,
                "idle" => lifetime.idle = seconds,
                _ => return None,
            }
        }
        Some(lifetime)
    }
}

/// Where the session is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenStorage {
    /// In sessionStorage: one session for each tab.
    #[default]
    Session,
    /// In localStorage: one session for all tabs, which outlives the browser.
    Local,
    /// In the memory of the module. sessionStorage has the identity, without a token for an API.
    Memory,
    /// As in memory, with the access and refresh token in a worker. The module has a handle in place of each: its hash.
    Worker,
}

impl TokenStorage {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "session" => Self::Session,
            "local" => Self::Local,
            "memory" => Self::Memory,
            "worker" => Self::Worker,
            _ => return None,
        })
    }
}

/// The choice of the code that checks signatures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verifier {
    /// WebCrypto, and the verifier in Rust where the page has no WebCrypto or WebCrypto lacks the algorithm.
    #[default]
    Auto,
    WebCrypto,
    Rust,
}

impl Verifier {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "auto" => Self::Auto,
            "webcrypto" => Self::WebCrypto,
            "rust" => Self::Rust,
            _ => return None,
        })
    }
}

/// The options that are known.
pub const RULES: &Rules = &[
    // A colon would let one registry's keys lie among another's: `oidc:transaction` among those of `oidc`.
    (
        "storagePrefix",
        &Kind::Value("a non-empty string without a colon", |value| {
            value.as_str().is_some_and(|prefix| !prefix.is_empty() && !contains(prefix, ":"))
        }),
    ),
    ("clockTolerance", &Kind::Seconds("whole seconds from 0 to 300", 0, 300)),
    ("requestTimeout", &Kind::Seconds("whole seconds from 1 to 600", 1, 600)),
    (
        "verifier",
        &Kind::Value("\"auto\", \"webcrypto\" or \"rust\"", |value| value.as_str().and_then(Verifier::parse).is_some()),
    ),
    ("shareSession", Kind::FLAG),
    ("autoRenew", Kind::FLAG),
    (
        "tokenStorage",
        &Kind::Value("\"session\", \"local\", \"memory\" or \"worker\"", |value| {
            value.as_str().and_then(TokenStorage::parse).is_some()
        }),
    ),
    (
        "sessionLifetime",
        &Kind::Value("an object with max and idle in whole seconds, 1 or more", |value| {
            SessionLifetime::parse(value).is_some()
        }),
    ),
];

impl Default for Options {
    fn default() -> Self {
        Self {
            storage_prefix: "oidc".into(),
            clock_tolerance: 60,
            request_timeout: 30,
            verifier: Verifier::Auto,
            token_storage: TokenStorage::Session,
            share_session: true,
            session_lifetime: SessionLifetime::default(),
            auto_renew: false,
        }
    }
}

impl Options {
    pub fn from_json(options: Value) -> ConfigResult<Self> {
        let mut reader = Reader::of(options, "options", RULES)?;
        let defaults = Self::default();
        let token_storage = reader.text("tokenStorage").and_then(|name| TokenStorage::parse(&name)).unwrap_or_default();
        // A handle opens nothing in another tab.
        let can_share = token_storage != TokenStorage::Worker;
        Ok(Self {
            storage_prefix: reader.text("storagePrefix").unwrap_or(defaults.storage_prefix),
            clock_tolerance: reader.seconds("clockTolerance").unwrap_or(defaults.clock_tolerance),
            request_timeout: reader.seconds("requestTimeout").unwrap_or(defaults.request_timeout),
            share_session: reader.take("shareSession") != Some(Value::Bool(false)) && can_share,
            auto_renew: reader.flag("autoRenew"),
            verifier: reader.text("verifier").and_then(|name| Verifier::parse(&name)).unwrap_or_default(),
            token_storage,
            session_lifetime: reader
                .take("sessionLifetime")
                .and_then(|value| SessionLifetime::parse(&value))
                .unwrap_or_default(),
        })
    }

    /// Whether a worker has the tokens.
    pub fn is_in_worker(&self) -> bool {
        self.token_storage == TokenStorage::Worker
    }

    /// A client's name becomes a property of the registry and a part of storage keys.
    pub fn check_name(name: &str) -> ConfigResult<()> {
        // `then` would make the registry a thenable, which `await` would call.
        const TAKEN: [&str; 16] = [
            "register",
            "unregister",
            "client",
            "names",
            "handleRedirect",
            "addEventListener",
            "removeEventListener",
            "dispatchEvent",
            "constructor",
            "prototype",
            "then",
            "toString",
            "toJSON",
            "valueOf",
            "hasOwnProperty",
            "__proto__",
        ];
        match name {
            "" => Err(ConfigError::new("name", Problem::Expected("a non-empty string"))),
            _ if TAKEN.contains(&name) => {
                Err(ConfigError::new(name, Problem::Expected("a name that the registry itself does not use")))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json::json;

    #[test]
    fn defaults_are_those_of_the_contract() {
        assert_eq!(Options::from_json(Value::Null), Ok(Options::default()));
        assert_eq!(
            Options::from_json(json!({ "tokenStorage": "session", "verifier": "auto" })),
            Ok(Options::default())
        );
    }

    #[test]
    fn values_out_of_range_name_their_key() {
        for (key, value) in [
            ("clockTolerance", json!(301)),
            ("clockTolerance", json!(-1)),
            ("clockTolerance", json!(1.5)),
            ("requestTimeout", json!(0)),
            ("requestTimeout", json!("30")),
            ("storagePrefix", json!("")),
            ("storagePrefix", json!("oidc:transaction")),
            ("verifier", json!("RUST")),
            ("verifier", json!(true)),
            ("shareSession", json!("no")),
            ("autoRenew", json!(60)),
            ("tokenStorage", json!("cookie")),
            ("tokenstorage", json!("session")),
            ("sessionLifetime", json!(3600)),
            ("sessionLifetime", json!({ "max": 0 })),
            ("sessionLifetime", json!({ "idle": 1.5 })),
            ("sessionLifetime", json!({ "max": 4_294_967_296_u64 })),
            ("sessionLifetime", json!({ "maximum": 1 })),
        ] {
            assert_eq!(Options::from_json(json!({ key: value })).unwrap_err().key, key);
        }
    }

    #[test]
    fn a_lifetime_may_have_either_end() {
        let read = |value| Options::from_json(json!({ "sessionLifetime": value })).unwrap().session_lifetime;
        assert_eq!(read(json!({})), SessionLifetime::default());
        assert_eq!(read(json!({ "max": 60, "idle": null })), SessionLifetime { max: Some(60), idle: None });
        assert_eq!(read(json!({ "idle": 5 })), SessionLifetime { max: None, idle: Some(5) });
    }

    #[test]
    fn a_name_the_registry_uses_is_refused() {
        for name in ["", "register", "then", "__proto__", "handleRedirect"] {
            assert!(Options::check_name(name).is_err(), "{name}");
        }
        assert!(Options::check_name("google").is_ok());
    }
}
