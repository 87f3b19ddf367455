//! `protocol/authorization_response.rs`: a URL that somebody was sent to. A code comes out of it exactly when a naive reading of
//! its parameters agrees, and nothing of the response stays behind in the URL.

use oidc_client_wasm::protocol::authorization_response::{RedirectResponse, without_response};
use oidc_client_wasm::protocol::config::ResponseMode;
use oidc_client_wasm::protocol::form;
use oidc_client_wasm::protocol::secret::Secret;
use oidc_client_wasm::protocol::transaction::LoginTransaction;
use oidc_client_wasm::protocol::uri;

const ISSUER: &str = "https://id.example.com";
const TEMPLATE: &str = "https://id.example.com/{tenant}";
const PARAMETERS: [&str; 7] = ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"];

/// Nothing of a code flow; only somebody else puts them there.
const TOKENS: [&str; 3] = ["access_token", "refresh_token", "id_token"];
const RESPONSE: [&str; 7] = ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"];

pub fn check(data: &[u8]) {
    let Ok(url) = str::from_utf8(data) else { return };
    let (_, query, fragment) = uri::split(url);
    for response in RedirectResponse::read(url) {
        let mode = response.mode();
        let part = if mode == ResponseMode::Query { query } else { fragment };
        let params = form::decode(part.expect("a part that has a state"));
        for (issuer, promised) in [(Some(ISSUER), true), (Some(ISSUER), false), (Some(TEMPLATE), true), (None, false)] {
            let transaction = transaction(mode, issuer, promised);
            let grant = response.accept(transaction.clone());
            assert_eq!(grant.is_ok(), is_good(&params, issuer, promised));
            assert!(grant.is_err() || grant.is_ok_and(|grant| *grant.transaction() == transaction));
        }
        let state = response.states().next().expect("a state").to_owned();
        let cleaned = without_response(url, mode, &state);
        assert!(RedirectResponse::read(&cleaned).iter().all(|left| left.mode() != mode));
        assert_eq!(without_response(&cleaned, mode, &state), cleaned);
        let (_, other_query, other_fragment) = uri::split(&cleaned);
        let left = [other_query, other_fragment].into_iter().flatten().flat_map(form::decode);
        assert!(left.into_iter().all(|(name, _)| !TOKENS.contains(&name.as_str())), "a smuggled token stays");
        let is_smuggled = |part: &str| form::decode(part).contains(&("state".into(), state.clone()));
        let other = if mode == ResponseMode::Query { (fragment, other_fragment) } else { (query, other_query) };
        let kept = other
            .0
            .map(|part| uri::without_params(part, &TOKENS))
            .map(|kept| if is_smuggled(&kept) { uri::without_params(&kept, &RESPONSE) } else { kept })
            .filter(|part| !part.is_empty() || other.0 == Some(""));
        assert_eq!(other.1, kept.as_deref());
    }
}

fn is_good(params: &[(String, String)], issuer: Option<&str>, promised: bool) -> bool {
    let all =
        |name: &str| params.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>();
    let is_from_there = |iss: &str| match issuer {
        Some(TEMPLATE) => iss == TEMPLATE || uri::is_same_origin(iss, ISSUER),
        issuer => issuer.is_none_or(|issuer| issuer == iss),
    };
    PARAMETERS.iter().all(|name| all(name).len() < 2)
        && all("iss").first().map_or(!promised, |iss| is_from_there(iss))
        && all("error").iter().all(|error| error.is_empty())
        && all("code").first().is_some_and(|code| !code.is_empty())
}

fn transaction(response_mode: ResponseMode, issuer: Option<&str>, iss_promised: bool) -> LoginTransaction {
    let (client, client_id) = ("demo".into(), "spa".into());
    let (issuer, redirect_uri, scope) = (issuer.map(String::from), "https://app.example/".into(), vec![]);
    let (state, code_verifier) = (Secret::new("s"), Secret::new("v".repeat(43)));
    let (nonce, max_age, essential_acr, app_state) = (None, None, None, None);
    LoginTransaction {
        client,
        client_id,
        state,
        code_verifier,
        redirect_uri,
        response_mode,
        issuer,
        place: None,
        iss_promised,
        nonce,
        scope,
        max_age,
        essential_acr,
        app_state,
    }
}
