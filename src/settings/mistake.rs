//! A mistake of the developer, with the key that the developer wrote.

use std::ops::Deref;

use crate::protocol::uri::UriError;

/// A mistake in settings, options or call parameters. Boxed, because every `Result` of a reader carries it and hardly any holds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(Box<Mistake>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The key as it was written; `key.inner` for a nested one.
    pub key: String,
    pub problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    Unknown,
    Missing,
    /// The value must be as the text says.
    Expected(&'static str),
    /// The value was given in both spellings, or flat and nested.
    Twice,
    /// A setting of the contract that this version does not have; ignoring it could weaken a login.
    NotInThisVersion,
    ClientSecret,
    OAuth1,
    FormPost,
    /// A parameter of the protocol that only this client may set.
    Reserved,
    RedirectUri(UriError),
}

pub type ConfigResult<T> = Result<T, ConfigError>;

impl Deref for ConfigError {
    type Target = Mistake;

    fn deref(&self) -> &Mistake {
        &self.0
    }
}

impl ConfigError {
    #[cold]
    #[inline(never)]
    pub fn new(key: &str, problem: Problem) -> Self {
        Self(Box::new(Mistake { key: key.to_owned(), problem }))
    }

    /// A mistake in a member of `parent`.
    #[cold]
    #[inline(never)]
    pub fn within(parent: &str, key: &str, problem: Problem) -> Self {
        Self::new(&[parent, ".", key].concat(), problem)
    }

    pub fn describe(&self) -> String {
        let (before, after) = match self.problem {
            Problem::Unknown => ("is not a known setting", ""),
            Problem::Missing => ("is missing", ""),
            Problem::Expected(what) => ("must be ", what),
            Problem::Twice => ("is given twice, in two spellings", ""),
            Problem::NotInThisVersion => ("with this value is not supported by this version", ""),
            Problem::ClientSecret => ("has no place in a browser: every visitor can read it", ""),
            Problem::OAuth1 => ("belongs to OAuth 1.0, which a browser cannot speak: it signs with a secret", ""),
            Problem::FormPost => ("cannot be form_post: a page without a server cannot receive a POST", ""),
            Problem::Reserved => ("is set by the protocol and cannot be given", ""),
            Problem::RedirectUri(why) => (why.describe(), ""),
        };
        ["\"", &self.key, "\" ", before, after, "."].concat()
    }
}
