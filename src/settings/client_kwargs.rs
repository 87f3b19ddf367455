//! `client_kwargs`, the nested form of server-side frameworks ([Authlib's
//! settings](https://docs.authlib.org/en/latest/client/frameworks.html)): its members are read as if they were given flat.

use super::mistake::{ConfigError, ConfigResult, Problem};
use super::reader::{Member, Members};
use crate::protocol::json::{Object, Value};

/// The names that `client_kwargs` may have, with the meaning of each.
pub const NAMES: &[(&str, Meaning)] = &[
    ("scope", Meaning::Setting("scope")),
    ("redirect_uri", Meaning::Setting("redirectUri")),
    ("response_mode", Meaning::Setting("responseMode")),
    ("resource", Meaning::Setting("resource")),
    ("prompt", Meaning::AuthorizeParam),
    ("login_hint", Meaning::AuthorizeParam),
    // PKCE with S256 is always on; another method is refused, because it would be weaker.
    ("code_challenge_method", Meaning::Only("S256")),
    ("token_endpoint_auth_method", Meaning::Only("none")),
    ("revocation_endpoint_auth_method", Meaning::Only("none")),
    // RFC 6750 section 2.2 and 2.3: in a body or a URL a token would end in logs.
    ("token_placement", Meaning::Only("header")),
    ("response_type", Meaning::Only("code")),
];

#[derive(Clone, Copy)]
pub enum Meaning {
    /// A setting that can stand flat, too.
    Setting(&'static str),
    /// A parameter of the authorization request.
    AuthorizeParam,
    /// The name may have only this value, which has no effect.
    Only(&'static str),
}

/// Reads `{"client_kwargs": {"scope": …}}` as `{"scope": …}`. The result says whether the settings ask for a secret in the body of token
/// requests. That is a mistake where the settings have no secret to send, which is known when all settings are read.
pub fn flatten(settings: &mut Members) -> ConfigResult<bool> {
    let mut secret_in_body = false;
    let Some(Member { key, value, .. }) = settings.take("clientKwargs") else { return Ok(false) };
    let nested = match value {
        Value::Object(nested) => nested,
        Value::Null => return Ok(false),
        _ => return Err(ConfigError::new(&key, Problem::Expected("an object"))),
    };
    for (name, value) in nested {
        let meaning = NAMES.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning);
        let problem = match meaning {
            Some(Meaning::Only(only)) if value == only => continue,
            Some(Meaning::Only(_)) if name == "token_endpoint_auth_method" && value == "client_secret_post" => {
                secret_in_body = true;
                continue;
            }
            Some(Meaning::Only(only)) => Problem::Expected(only),
            Some(Meaning::AuthorizeParam) => {
                add_authorize_param(settings, name, value);
                continue;
            }
            Some(Meaning::Setting(setting)) if settings.get(setting).is_none() => {
                settings.put(Member { name: setting.to_owned(), key: name, value });
                continue;
            }
            Some(Meaning::Setting(_)) => Problem::Twice,
            None if name == "client_secret" || name == "clientSecret" => Problem::ClientSecret,
            None => Problem::Unknown,
        };
        return Err(ConfigError::within(&key, &name, problem));
    }
    Ok(secret_in_body)
}

/// Adds a parameter to `authorizeParams`, unless the settings have it there already. An `authorizeParams` that is no object is refused
/// later.
fn add_authorize_param(settings: &mut Members, param: String, value: Value) {
    let name = "authorizeParams";
    match settings.get(name) {
        Some(Member { value: Value::Object(params), .. }) if !params.contains_key(&param) => {
            params.insert(param, value);
        }
        Some(_) => {}
        None => {
            let mut params = Object::new();
            params.insert(param, value);
            settings.put(Member { name: name.to_owned(), key: name.to_owned(), value: Value::Object(params) });
        }
    }
}
