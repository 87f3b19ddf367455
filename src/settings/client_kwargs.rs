//! `client_kwargs`, the nested form of server-side frameworks
//! ([Authlib's settings](https://docs.authlib.org/en/latest/client/frameworks.html)): what is in it is read as if given flat.

use super::client::ClientSettings;
use super::mistake::{ConfigError, ConfigResult, Problem};
use super::reader::Member;
use crate::protocol::json::{Object, Value};

/// The names that `client_kwargs` may have, with what each means.
pub const NAMES: &[(&str, Meaning)] = &[
    ("scope", Meaning::Setting("scope")),
    ("redirect_uri", Meaning::Setting("redirectUri")),
    ("response_mode", Meaning::Setting("responseMode")),
    ("resource", Meaning::Setting("resource")),
    ("prompt", Meaning::AuthorizeParam),
    ("login_hint", Meaning::AuthorizeParam),
    // Always on here; any other method is refused rather than weakened.
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
    /// The one value that changes nothing.
    Only(&'static str),
}

/// `{"client_kwargs": {"scope": …}}` is read as `{"scope": …}`.
pub fn flatten(settings: &mut ClientSettings) -> ConfigResult<()> {
    let Some(index) = settings.members.iter().position(|member| member.name == "clientKwargs") else { return Ok(()) };
    let Member { key, value, .. } = settings.members.swap_remove(index);
    let nested = match value {
        Value::Object(nested) => nested,
        Value::Null => return Ok(()),
        _ => return Err(ConfigError::new(&key, Problem::Expected("an object"))),
    };
    let mut extra = Object::new();
    for (name, value) in nested {
        let meaning = NAMES.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning);
        let problem = match meaning {
            Some(Meaning::Only(only)) if value == only => continue,
            // Fine where there is a value to send, and a mistake where there is not: that is known when all is read.
            Some(Meaning::Only(_)) if name == "token_endpoint_auth_method" && value == "client_secret_post" => {
                settings.secret_in_body = true;
                continue;
            }
            Some(Meaning::Only(only)) => Problem::Expected(only),
            Some(Meaning::AuthorizeParam) => {
                extra.insert(name, value);
                continue;
            }
            Some(Meaning::Setting(setting)) => match settings.get(setting) {
                Some(flat) if !flat.value.is_null() => Problem::Twice,
                _ => {
                    settings.put(Member { name: setting.to_owned(), key: name, value });
                    continue;
                }
            },
            None if name == "client_secret" || name == "clientSecret" => Problem::ClientSecret,
            None => Problem::Unknown,
        };
        return Err(ConfigError::within(&key, &name, problem));
    }
    if extra.is_empty() {
        return Ok(());
    }
    let name = "authorizeParams";
    match settings.members.iter_mut().find(|member| member.name == name && !member.value.is_null()) {
        // The flat form wins. A flat form that is no object is refused later.
        Some(Member { value: Value::Object(params), .. }) => {
            for (name, value) in extra {
                if !params.contains_key(&name) {
                    params.insert(name, value);
                }
            }
        }
        Some(_) => {}
        None => settings.put(Member { name: name.to_owned(), key: name.to_owned(), value: Value::Object(extra) }),
    }
    Ok(())
}
