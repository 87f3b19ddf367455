//! `client_kwargs`, the nested form of server-side frameworks
//! ([Authlib's settings](https://docs.authlib.org/en/latest/client/frameworks.html)): what is in it is read as if given flat.

use serde_json::{Value, json};

use crate::protocol::json::Object;
use crate::protocol::settings::{ConfigError, ConfigResult, Problem};

/// What the nested form says that no flat setting does.
#[derive(Default)]
pub struct Noted {
    /// `client_secret_post`: fine where there is a value to send, and a mistake where there is none.
    pub secret_in_body: bool,
}

impl Noted {
    /// For settings that will be read again.
    pub fn restore(self, settings: &mut Object) {
        if self.secret_in_body {
            settings.insert("client_kwargs".into(), json!({ "token_endpoint_auth_method": "client_secret_post" }));
        }
    }
}

/// `{"client_kwargs": {"scope": …}}` is read as `{"scope": …}`: server-side frameworks nest the settings of the session there.
pub fn flatten_client_kwargs(settings: &mut Object) -> ConfigResult<Noted> {
    let mut noted = Noted::default();
    for key in ["client_kwargs", "clientKwargs"] {
        let nested = match settings.remove(key) {
            None | Some(Value::Null) => continue,
            Some(Value::Object(nested)) => nested,
            Some(_) => return Err(ConfigError::new(key, Problem::Expected("an object"))),
        };
        let mut extra = Object::new();
        for (name, value) in nested {
            match name.as_str() {
                // Always on here; any other method is refused rather than weakened.
                "code_challenge_method" if value == "S256" => {}
                "token_endpoint_auth_method" | "revocation_endpoint_auth_method" if value == "none" => {}
                "token_endpoint_auth_method" if value == "client_secret_post" => noted.secret_in_body = true,
                "token_placement" if value == "header" => {}
                "response_type" if value == "code" => {}
                "code_challenge_method" => return Err(ConfigError::new(name, Problem::Expected("S256")).within(key)),
                "token_endpoint_auth_method" | "revocation_endpoint_auth_method" => {
                    return Err(ConfigError::new(name, Problem::Expected("none")).within(key));
                }
                // RFC 6750 section 2.2 and 2.3: in a body or a URL a token would end in logs.
                "token_placement" => return Err(ConfigError::new(name, Problem::Expected("header")).within(key)),
                "response_type" => return Err(ConfigError::new(name, Problem::Expected("code")).within(key)),
                "prompt" | "login_hint" => {
                    extra.insert(name, value);
                }
                "scope" | "redirect_uri" | "response_mode" | "resource" => {
                    if settings.contains_key(&name) {
                        return Err(ConfigError::new(name, Problem::Twice).within(key));
                    }
                    settings.insert(name, value);
                }
                "client_secret" | "clientSecret" => {
                    return Err(ConfigError::new(name, Problem::ClientSecret).within(key));
                }
                _ => return Err(ConfigError::new(name, Problem::Unknown).within(key)),
            }
        }
        if !extra.is_empty() {
            let slot = if settings.contains_key("authorizeParams") { "authorizeParams" } else { "authorize_params" };
            match settings.entry(slot).or_insert_with(|| json!({})) {
                Value::Object(params) => extra.into_iter().for_each(|(name, value)| {
                    params.entry(name).or_insert(value);
                }),
                _ => return Err(ConfigError::new(slot, Problem::Expected("an object"))),
            }
        }
    }
    Ok(noted)
}
