//! Hostile endpoints in the provider's metadata.

use crate::config_rp::refuses_metadata;
use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

const INVALID: [&str; 3] = ["invalid_metadata", "rejected", "metadata"];

/// Everything in metadata that this client sends a person or a request to.
const ENDPOINTS: [&str; 6] = [
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "end_session_endpoint",
    "revocation_endpoint",
];

/// What only an application that reads the metadata may use.
const OTHERS: [&str; 7] = [
    "introspection_endpoint",
    "registration_endpoint",
    "pushed_authorization_request_endpoint",
    "device_authorization_endpoint",
    "backchannel_authentication_endpoint",
    "check_session_iframe",
    "endpoint_of_a_specification_to_come_endpoint",
];

#[test]
fn hostile_endpoints_are_refused() {
    for name in ENDPOINTS {
        for url in [
            "http://id.example.com/x",
            "javascript:alert(1)//",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "blob:https://id.example.com/x",
            "file:///etc/passwd",
            "ftp://id.example.com/x",
            "ws://id.example.com/x",
            "about:blank",
            "/relative",
            "relative",
            "//id.example.com/x",
            "https:/id.example.com/x",
            "https:id.example.com",
            "https://",
            "https:///x",
            "https://user:password@id.example.com/x",
            "https://id.example.com@evil.example/x",
            "https://id.example.com\\@evil.example/x",
            "https://id.example.com:99999/x",
            "https://id.example.com:x/x",
            "https://[::1",
            "https://id..example.com/x",
            "https://id.example.com/x#fragment",
            "https://id.example.com/x#",
            " https://id.example.com/x",
            "https://id.example.com/\nx",
            "https://id.example.com/\tx",
            "https://id.example.com/\0",
            "https://id.example.com/a b",
            "https://id.ex\u{e4}mple.com/x",
            "https://id.example.com/\u{e4}",
            "https://id.example.com\u{ff0f}x",
            "http://localhost.evil.example/x",
            "http://127.0.0.1.evil.example/x",
            "http://127.1/x",
            "http://0x7f000001/x",
            "http://2130706433/x",
            "http://0.0.0.0/x",
            "http://[::ffff:127.0.0.1]/x",
        ] {
            let _row = row(format!("{name}: {url:?}"));
            let error = refuses_metadata(|op| op.metadata.tell(set(name, json!(url))), INVALID);
            assert!(error.message.contains(name), "the message names {name}: {}", error.message);
            assert!(!error.message.contains(url), "and does not repeat what it says");
        }
    }
}

#[test]
fn endpoints_that_are_no_text() {
    for name in ENDPOINTS {
        for value in
            [json!(1), json!(true), json!(["https://id.example.com/x"]), json!({ "url": "https://id.example.com/x" })]
        {
            let _row = row(format!("{name}: {value}"));
            let error = refuses_metadata(|op| op.metadata.tell(set(name, value.clone())), INVALID);
            assert!(error.message.contains(name));
        }
    }
}

/// An endpoint that this client does not use costs no login, whatever it is. The application is not given one that is no URL to send
/// anything to.
#[test]
fn a_malformed_endpoint_that_is_not_used() {
    for name in OTHERS {
        for value in each(json!(["", "javascript:alert(1)", "/path", "http://id.example.com/x", 1, []])) {
            let _row = row(format!("{name}: {value}"));
            let page = World::whose_provider(|op| op.metadata.tell(set(name, value.clone()))).tab().sign_in();
            let metadata = page.client().cached_metadata().expect("metadata");
            assert_eq!(metadata.members().get(name), None);
        }
        let world = World::whose_provider(|op| op.metadata.tell(set(name, json!("https://id.example.com/x"))));
        let metadata = world.tab().sign_in().client().cached_metadata().expect("metadata");
        assert_eq!(metadata.members()[name], "https://id.example.com/x");
    }
}

#[test]
fn an_endpoint_that_is_empty_is_missing() {
    for (name, code) in [
        ("authorization_endpoint", "missing_authorize_url"),
        ("token_endpoint", "missing_access_token_url"),
        ("jwks_uri", "missing_jwks_uri"),
    ] {
        let _row = row(name);
        refuses_metadata(|op| op.metadata.tell(set(name, json!(""))), [code, "usage", "authorize"]);
    }
    for name in ["userinfo_endpoint", "revocation_endpoint", "end_session_endpoint"] {
        World::whose_provider(|op| op.metadata.tell(set(name, json!("")))).tab().sign_in();
    }
}

#[test]
fn an_endpoint_that_is_null_is_missing() {
    for (name, code) in [
        ("authorization_endpoint", "missing_authorize_url"),
        ("token_endpoint", "missing_access_token_url"),
        ("jwks_uri", "missing_jwks_uri"),
    ] {
        let _row = row(name);
        let error = refuses_metadata(|op| op.metadata.tell(set(name, Value::Null)), [code, "usage", "authorize"]);
        assert!(!error.retryable);
    }
}

/// Google's and many another provider's endpoints are of several origins.
#[test]
fn endpoints_of_other_origins_are_accepted() {
    let world = World::new();
    for name in ENDPOINTS {
        world.provider.metadata.tell(set(name, json!("https://elsewhere.example:8443/of?tenant=7")));
    }
    let url = world.tab().open(HOME).login().expect("a login");
    assert!(url.starts_with("https://elsewhere.example:8443/of?tenant=7&response_type=code&"), "its own query is kept");
}
