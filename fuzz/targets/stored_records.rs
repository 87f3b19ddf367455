//! What lies in storage, or comes from another tab: the first line names the record, the rest is its text. Anything may stand
//! there; nobody becomes somebody else by it, and what was read is written again the same.

use oidc_client_wasm::ports::{Scope, Storage};
use oidc_client_wasm::protocol::base64url;
use oidc_client_wasm::protocol::json::{self, Value, json};
use oidc_client_wasm::protocol::transaction::TransactionRecord;

use super::input;
use crate::support::{CLIENT_ID, FakeProvider, ISSUER, SigningKey, World, client_key, key_of};

pub fn check(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == b'\n');
    let kind = parts.next().and_then(|kind| str::from_utf8(kind).ok()).unwrap_or_default();
    let data = parts.next().unwrap_or_default();

    // Somebody is signed in, and another login is under way.
    let world = World::new();
    world.provider.is_suite.set(false);
    world.provider.sign_with(SigningKey::new("Ed25519", 0, Some("key-0")));
    let tab = world.tab();
    tab.sign_in();
    let url = tab.come_back();
    let page = tab.open(&url);
    let (before, key) = (page.session().expect("a session"), tab.storage.keys_of(kind).pop());
    let genuine = || key.as_deref().and_then(|key| tab.storage.peek(key));
    let message = || json!({ "client": client_key("demo"), "replaces": "x", "session": tab.stored_session("demo") });
    let text = input::json_text(data, || match kind {
        "ended" | "answered" | "spent" => json!([["x", 1_800_000_000]]),
        _ => genuine().unwrap_or_else(message),
    });
    // A browser keeps nothing but text.
    let text = String::from_utf8_lossy(&text);
    let record: Value = json::parse_record(text.as_bytes()).unwrap_or_default();
    match kind {
        "ended" | "answered" | "spent" => {
            let _ = page.platform.write(Scope::Origin, &key_of(kind, "demo"), &record.to_string());
        }
        "message" => page.oauth.on_message(record.clone()),
        _ => key.iter().for_each(|key| tab.storage.put_text(key, &text)),
    }
    if let Some(read) = TransactionRecord::from_json(&record) {
        assert_eq!(TransactionRecord::from_json(&read.to_json()), Some(read));
    }
    if kind == "metadata" && !is_fair(&record["document"], &world.provider) {
        return;
    }

    let page = tab.reload();
    if let Some(session) = page.session() {
        assert!(kind != "session" || may_be_restored(&record));
        assert!(session.claims().is_none() || session.sub() == before.sub() || kind == "session");
        page.client().sessions.save(&*page.platform, &session).expect("storage that works");
        assert_eq!(page.session(), Some(session), "read again otherwise than written");
    }
    if page.handle_redirect().is_ok_and(|outcome| outcome.is_some()) {
        assert!(page.session().is_some_and(|session| session.claims().is_none() || session.sub() == Some("alice")));
    }
    let _ = (page.userinfo(), page.refresh(), page.revoke(None), page.logout(json!({})));
}

/// The fake provider takes nothing for granted, but which request comes where.
fn is_fair(document: &Value, provider: &FakeProvider) -> bool {
    let published = provider.published_metadata();
    let ends = ["/token", "/userinfo", "/revoke", "/jwks", "/end", "/auth"];
    let is_its = |url: &str| ends.iter().any(|end| url.ends_with(end));
    let mut members = document.as_object().into_iter().flatten();
    document.get("userinfo_endpoint").is_none_or(|url| *url == published["userinfo_endpoint"] || url.is_null())
        && members.all(|(name, value)| !value.as_str().is_some_and(is_its) || published.get(name) == Some(value))
}

fn may_be_restored(record: &Value) -> bool {
    let (token, claims) = (&record["token"], &record["claims"]);
    let payload = token["id_token"].as_str().and_then(|text| base64url::decode(text.split('.').nth(1)?));
    let proven: Value = json::parse_record(&payload.unwrap_or_default()).unwrap_or_default();
    let is_same = ["iss", "sub", "aud"].iter().all(|name| claims[name] == proven[name]);
    let is_somebody = is_same && claims["iss"] == ISSUER && claims["sub"].as_str().is_some_and(|sub| !sub.is_empty());
    let parts = token["id_token"].as_str().map_or(0, |text| text.split('.').count());
    record["v"] == 3
        && record["login"].is_string()
        && record["bound"].is_boolean()
        && (claims.is_null() || parts == 3)
        && record["client_id"] == CLIENT_ID
        && record["issuer"] == ISSUER
        && token["access_token"].is_string()
        && if claims.is_null() { token["id_token"].is_null() } else { token["id_token"].is_string() && is_somebody }
}
