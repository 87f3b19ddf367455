use super::*;
use crate::protocol::id_token_hint::IdTokenHint;
use crate::protocol::json::{Value, json};
use crate::protocol::secret::Secret;
use crate::protocol::transaction::Way;
use crate::settings::mistake::ConfigResult;

#[test]
fn bad_parameters_name_their_key() {
    type Read = fn(Value) -> ConfigResult<()>;
    let login: Read = |params| authorize(params, Way::Redirect).map(drop);
    let logout: Read = |params| logout(params).map(drop);
    let token: Read = |options| access_token(options, false).map(drop);
    let refresh: Read = |options| access_token(options, true).map(drop);
    let saved: Read = |data| save_authorize_data(data).map(drop);
    let expected: Read = |expected| parse_id_token(expected).map(drop);
    for (read, params, key) in [
        (login, json!({ "promt": "none" }), "promt"),
        (login, json!({ "maxAge": -1 }), "maxAge"),
        (login, json!({ "maxAge": 1.5 }), "maxAge"),
        (login, json!({ "maxAge": "1" }), "maxAge"),
        (login, json!({ "maxAge": 0, "prompt": "none" }), "maxAge"),
        (login, json!({ "essentialAcr": true }), "essentialAcr"),
        (login, json!({ "redirectUri": "/cb" }), "redirectUri"),
        (login, json!({ "params": { "state": "mine" } }), "params.state"),
        (login, json!({ "params": { "max_age": "1" } }), "params.max_age"),
        (login, json!({ "params": { "x": {} } }), "params.x"),
        (login, json!({ "authorizationDetails": {} }), "authorizationDetails"),
        (login, json!({ "state": "mine" }), "state"),
        (login, json!([]), "params"),
        (logout, json!({ "returnTo": "x" }), "returnTo"),
        (logout, json!({ "postLogoutRedirectUri": "/bye" }), "postLogoutRedirectUri"),
        (logout, json!({ "method": "put" }), "method"),
        (logout, json!({ "fallback": "none" }), "fallback"),
        (logout, json!({ "idTokenHint": 7 }), "idTokenHint"),
        (logout, json!({ "state": "" }), "state"),
        (logout, json!({ "params": { "state": "x" } }), "params.state"),
        (logout, json!({ "revoke": "yes" }), "revoke"),
        (token, json!({ "minValidity": -1 }), "minValidity"),
        (token, json!({ "minValidity": "5" }), "minValidity"),
        (token, json!({ "forced": true }), "forced"),
        // `refreshToken` has no `minValidity`.
        (refresh, json!({ "minValidity": 5 }), "minValidity"),
        (refresh, json!({ "force": true }), "force"),
        (saved, json!({ "url": "x", "state": "x" }), "codeVerifier"),
        (expected, json!({ "nonce": "" }), "nonce"),
    ] {
        assert_eq!(read(params.clone()).unwrap_err().key, key, "{params}");
    }
}

/// Only one of the two could be asked for, and what is remembered would be the other.
#[test]
fn an_essential_acr_beside_an_acr_of_the_callers_is_refused() {
    for id_token in [json!({ "acr": null }), json!({ "acr": { "values": ["x"] } }), json!([]), json!("acr")] {
        let params = json!({ "acrValues": "gold", "essentialAcr": true, "claims": { "id_token": id_token } });
        assert!(authorize(params, Way::Redirect).is_err_and(|error| error.key == "essentialAcr"));
    }
}

#[test]
fn options_of_get_access_token_are_read() {
    let options = json!({ "minValidity": 5, "force": true, "scope": "a b", "resource": "https://x" });
    let parsed = access_token(options, false).unwrap();
    assert_eq!((parsed.min_validity, parsed.force), (Some(5), true));
    assert_eq!(parsed.target.scope, ["a", "b"]);
    assert_eq!(parsed.target.resource, ["https://x"]);
    assert!(access_token(json!({}), true).unwrap().force);
}

/// For a hint, `null` is no absence.
#[test]
fn a_hint_may_be_null() {
    for (params, hint) in [
        (json!({}), IdTokenHint::Stored),
        (json!({ "idTokenHint": null }), IdTokenHint::Nothing),
        (json!({ "idTokenHint": "x.y.z" }), IdTokenHint::Given(Secret::new("x.y.z"))),
    ] {
        assert_eq!(authorize(params, Way::Redirect).unwrap().id_token_hint, hint);
    }
}

/// In a hidden frame the provider must not ask: any other prompt is a mistake of the caller.
#[test]
fn a_login_in_a_hidden_frame_has_prompt_none() {
    let prompt = |params: Value| {
        let plain = authorize(params, Way::Silent)?.plain;
        Ok::<_, crate::settings::mistake::ConfigError>(plain.into_iter().find(|(name, _)| *name == "prompt"))
    };
    for params in [json!({}), json!({ "prompt": "none" }), json!({ "params": { "prompt": "login" } })] {
        assert_eq!(prompt(params).unwrap(), Some(("prompt", "none".into())));
    }
    assert_eq!(prompt(json!({ "prompt": "login" })).unwrap_err().key, "prompt");
    assert_eq!(prompt(json!({ "maxAge": 0 })).unwrap_err().key, "maxAge");
}
