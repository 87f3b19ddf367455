//! Lies in the provider's metadata: nobody is sent away on the word of a document that does not hold together.

use oidc_client_wasm::ports::HttpError;
use oidc_client_wasm::protocol::json::{Value, json};

use super::{RAW, assert_plain, mark, nested, raw_answer};
use crate::config_rp::{OPENID, RFC_8414, refuses_metadata, refuses_to_begin};
use crate::support::*;

const INVALID: [&str; 3] = ["invalid_metadata", "rejected", "metadata"];
const MISMATCH: [&str; 3] = ["issuer_mismatch", "rejected", "metadata"];
const UNSUPPORTED: [&str; 3] = ["not_supported_by_provider", "usage", "metadata"];

// ---------------------------------------------------------------- the issuer

#[test]
fn an_issuer_that_is_almost_the_right_one() {
    for (label, issuer) in [
        ("http", "http://id.example.com"),
        ("a scheme in capitals", "HTTPS://id.example.com"),
        ("a host in capitals", "https://ID.example.com"),
        ("the default port", "https://id.example.com:443"),
        ("another port", "https://id.example.com:8443"),
        ("a slash", "https://id.example.com/"),
        ("two slashes", "https://id.example.com//"),
        ("a path", "https://id.example.com/tenant"),
        ("a dot at the end of the host", "https://id.example.com."),
        ("user information", "https://a@id.example.com"),
        ("an empty query", "https://id.example.com?"),
        ("a fragment", "https://id.example.com#x"),
        ("a space before", " https://id.example.com"),
        ("a space after", "https://id.example.com "),
        ("a line break after", "https://id.example.com\n"),
        ("a NUL after", "https://id.example.com\0"),
        ("a percent-encoded letter", "https://id.ex%61mple.com"),
        ("a longer host", "https://id.example.com.evil.example"),
        ("a host before", "https://evil-id.example.com"),
        ("another top-level domain", "https://id.example.org"),
        ("a letter of another script", "https://id.ex\u{430}mple.com"),
        ("a host without its scheme", "id.example.com"),
        ("an empty text", ""),
    ] {
        let _row = row(label);
        refuses_metadata(|op| op.metadata.tell(set("issuer", json!(issuer))), MISMATCH);
    }
}

/// A message names the issuer that was found, for whoever mistyped theirs; it is no place for a provider's prose.
#[test]
fn an_issuer_that_would_fill_a_message() {
    for issuer in ["https://evil.example/".repeat(10_000), "<script>\u{202e}\u{0}\r\n\u{e4}</script>".into()] {
        let error = refuses_metadata(|op| op.metadata.tell(set("issuer", json!(issuer))), MISMATCH);
        assert_plain(&error.message);
    }
}

#[test]
fn an_issuer_that_is_no_text() {
    for issuer in [json!(null), json!(1), json!(true), json!([ISSUER]), json!({ "0": ISSUER })] {
        let _row = row(issuer.to_string());
        refuses_metadata(|op| op.metadata.tell(set("issuer", issuer.clone())), INVALID);
    }
    refuses_metadata(|op| op.metadata.tell(without("issuer")), INVALID);
}

/// The document of RFC 8414 is asked where the first is absent, and believed no sooner.
#[test]
fn a_lie_at_the_second_location() {
    let elsewhere = |change: fn(&mut Value)| {
        move |op: &FakeProvider| {
            let mut document = op.published_metadata();
            change(&mut document);
            op.answer_at(OPENID, 404, "");
            op.answer_at(RFC_8414, 200, document.to_string());
        }
    };
    refuses_metadata(elsewhere(|document| document["issuer"] = json!("https://evil.example")), MISMATCH);
    refuses_metadata(elsewhere(|document| document["token_endpoint"] = json!("javascript:alert(1)")), INVALID);
    refuses_metadata(elsewhere(|document| *document = json!([])), INVALID);
}

/// A document at a well-known place speaks for that place, even where the settings give its URL and no issuer.
#[test]
fn a_well_known_document_that_names_another_place() {
    for issuer in
        ["https://evil.example", "https://id.example.com/", "https://id.example.com/b", "https://id.example.com"]
    {
        let _row = row(issuer);
        let place = "https://id.example.com/a/.well-known/openid-configuration";
        let world = World::with(json!({ "serverMetadataUrl": place, "issuer": null }));
        let mut document = world.provider.published_metadata();
        document["issuer"] = json!(issuer);
        world.network.serve(place, 200, &document.to_string());
        refuses_to_begin(&world, MISMATCH);
    }
}

/// Found by the document's URL alone, an issuer is whatever the document says, so what it said at the beginning must stay.
#[test]
fn an_issuer_that_changes_while_the_person_is_away() {
    let place = "https://id.example.com/metadata.json";
    for is_told in [true, false] {
        let _row = row(format!("settings that name the issuer: {is_told}"));
        let world = World::with(
            json!({ "serverMetadataUrl": place, "issuer": if is_told { json!(ISSUER) } else { json!(null) } }),
        );
        world.network.serve(place, 200, &world.provider.published_metadata().to_string());
        let tab = world.tab();
        let back = tab.come_back();
        let mut other = world.provider.published_metadata();
        other["issuer"] = json!("https://evil.example");
        other["token_endpoint"] = json!("https://evil.example/token");
        world.network.serve(place, 200, &other.to_string());
        tab.storage.drop_item(&tab.storage.keys_of("metadata").remove(0));
        let error = tab.open(&back).handle_redirect().expect_err("a rejection");
        assert_error(&error, ["issuer_mismatch", "rejected", if is_told { "metadata" } else { "callback" }]);
        assert_eq!(world.network.sent_to("/token").len(), 0, "the code stays here");
        assert_eq!(tab.stored_session("demo"), None);
    }
}

/// Metadata that was good when the person left and is none when they come back: the code is sent nowhere on its word.
#[test]
fn lies_that_begin_while_the_person_is_away() {
    type Told = (&'static str, fn(&FakeProvider), [&'static str; 3]);
    let changes: [Told; 7] = [
        ("a login page", |op| op.answer_at(OPENID, 200, "<html>"), INVALID),
        ("another issuer", |op| op.metadata.tell(spoil("issuer", "/")), MISMATCH),
        (
            "a token endpoint of no good",
            |op| op.metadata.tell(set("token_endpoint", json!("javascript:alert(1)"))),
            INVALID,
        ),
        (
            "a token endpoint without TLS",
            |op| op.metadata.tell(set("token_endpoint", json!("http://id.example.com/token"))),
            INVALID,
        ),
        ("no S256", |op| op.metadata.tell(set("code_challenge_methods_supported", json!(["plain"]))), UNSUPPORTED),
        (
            "no token endpoint",
            |op| op.metadata.tell(without("token_endpoint")),
            ["missing_access_token_url", "usage", "metadata"],
        ),
        ("trouble", |op| op.answer_at(OPENID, 503, ""), ["http_status", "environment", "metadata"]),
    ];
    for (label, change, verdict) in changes {
        let _row = row(label);
        let (world, tab) = World::new().with_tab();
        let back = tab.come_back();
        tab.storage.drop_item(&key_of("metadata", "demo"));
        change(&world.provider);
        fails_with(tab.open(&back).handle_redirect(), verdict);
        assert_eq!(world.network.sent_to("/token").len(), 0);
        assert_eq!(tab.stored_session("demo"), None);
        assert_eq!(tab.url(), REDIRECT_URI, "and it does not stay in the address bar");
        world.provider.repent();
        // A document that merely lacks something is remembered as any other.
        world.pass(3600);
        tab.sign_in();
    }
}

// ---------------------------------------------------------------- the document

#[test]
fn a_document_that_is_no_json_object() {
    let good = World::new().provider.published_metadata().to_string();
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cut = good[..good.len() / 2].to_owned();
    // Octets of ISO 8859-1 in an otherwise good text.
    let latin_1 =
        good.replace("public", "p\u{1}blic").bytes().map(|octet| if octet == 1 { 0xfc } else { octet }).collect();
    for (label, body) in [
        ("nothing", Vec::new()),
        ("white space", b" \n".to_vec()),
        ("a login page", b"<!doctype html><title>Sign in to the hotel's network</title>".to_vec()),
        ("null", b"null".to_vec()),
        ("true", b"true".to_vec()),
        ("a number", b"7".to_vec()),
        ("a text", json!(good).to_string().into_bytes()),
        ("a list of the document", format!("[{good}]").into_bytes()),
        ("half the document", cut.into_bytes()),
        ("all but the last brace", good.as_bytes()[..good.len() - 1].to_vec()),
        ("two documents", format!("{good}{good}").into_bytes()),
        ("a document and a semicolon", format!("{good};").into_bytes()),
        ("a document in a call", format!("callback({good})").into_bytes()),
        ("a document after a guard", format!(")]}}'\n{good}").into_bytes()),
        ("two byte order marks", format!("\u{feff}\u{feff}{good}").into_bytes()),
        ("UTF-16", utf16),
        ("octets that are no UTF-8", latin_1),
        ("a comma too many", good.replacen('}', ",}", 1).into_bytes()),
        ("a comment", format!("/* metadata */{good}").into_bytes()),
        ("single quotes", good.replace('"', "'").into_bytes()),
        ("a form", b"issuer=https%3A%2F%2Fid.example.com".to_vec()),
    ] {
        let _row = row(label);
        refuses_metadata(|op| op.answer_at(OPENID, 200, body.clone()), INVALID);
    }
}

/// Values that are no JSON, or that no reader should have to make sense of, beside everything that is right.
#[test]
fn a_good_document_with_something_unreadable_in_it() {
    let deep = nested(40);
    for (label, text) in [
        ("a number out of range", "1e400"),
        ("NaN", "NaN"),
        ("undefined", "undefined"),
        ("a leading zero", "01"),
        ("a lone surrogate", r#""\ud800""#),
        ("a raw control character", "\"a\u{1}b\""),
        ("an unknown escape", r#""\x41""#),
        ("forty levels", deep.as_str()),
        ("a name that stands twice inside", r#"{"a":1,"b":2,"a":1}"#),
    ] {
        let _row = row(label);
        let lie = |op: &FakeProvider| {
            op.metadata.tell(mark("service_documentation"));
            raw_answer(op, OPENID, text);
        };
        refuses_metadata(lie, INVALID);
    }
}

#[test]
fn a_member_that_stands_twice() {
    for (name, text) in [
        ("issuer", r#""issuer":"https://id.example.com","issuer":"https://id.example.com","#),
        ("issuer, once in escapes", r#""\u0069ssuer":"https://id.example.com","#),
        ("token_endpoint", r#""token_endpoint":"https://evil.example/token","#),
        ("jwks_uri", r#""jwks_uri":"https://evil.example/jwks","#),
        ("a member nobody reads", r#""x":1,"x":1,"#),
    ] {
        let _row = row(name);
        let body = World::new().provider.published_metadata().to_string().replacen('{', &format!("{{{text}"), 1);
        refuses_metadata(|op| op.answer_at(OPENID, 200, body.clone()), INVALID);
    }
}

/// What counts is the document, not what its server calls it: static hosts know no better.
#[test]
fn a_document_under_another_media_type_is_judged_by_itself() {
    for media_type in [Some("text/html"), Some("application/octet-stream"), Some("text/plain; charset=utf-8"), None] {
        let world = World::new();
        world.provider.wire.tell(move |(_, answer)| answer.content_type = media_type.map(String::from));
        world.tab().sign_in();
    }
}

#[test]
fn a_status_that_brings_no_document() {
    let good = World::new().provider.published_metadata().to_string();
    for status in [201, 202, 204, 206, 300, 301, 302, 303, 304, 307, 308] {
        let _row = row(status.to_string());
        let body = if status == 204 { String::new() } else { good.clone() };
        let error = refuses_metadata(
            |op| op.answer_at(OPENID, status, body.clone()),
            ["http_status", "environment", "metadata"],
        );
        assert_eq!((error.status, error.retryable), (Some(status), false));
    }
}

/// A redirect, a refused CORS request and a dead network look alike to a page; silence does not.
#[test]
fn a_provider_that_does_not_answer_at_either_location() {
    for (fault, code) in [(HttpError::Network, "network"), (HttpError::Timeout, "timeout")] {
        let _row = row(code);
        let world = World::whose_provider(|op| op.answer_at(OPENID, 404, ""));
        world.network.cut(RFC_8414, fault);
        assert!(refuses_to_begin(&world, [code, "environment", "metadata"]).retryable);
    }
    refuses_metadata(|op| op.answer_at(OPENID, 200, vec![b' '; (1 << 20) + 1]), INVALID);
}

// ---------------------------------------------------------------- what the provider says it can do

#[test]
fn lists_that_are_none() {
    for name in [
        "id_token_signing_alg_values_supported",
        "userinfo_signing_alg_values_supported",
        "code_challenge_methods_supported",
        "response_types_supported",
    ] {
        for value in each(json!(["RS256 code S256", 1, true, { "0": "RS256" }, ["code", 1], [["S256"]]])) {
            let _row = row(format!("{name}: {value}"));
            let error = refuses_metadata(|op| op.metadata.tell(set(name, value.clone())), INVALID);
            assert!(error.message.contains(name));
        }
    }
}

/// A promise that is not `true` would be none; `"true"` is a mistake that must not switch a check off.
#[test]
fn a_promise_of_iss_that_is_neither_true_nor_false() {
    for value in [json!("true"), json!(1), json!([true]), json!({})] {
        let _row = row(value.to_string());
        let name = "authorization_response_iss_parameter_supported";
        refuses_metadata(|op| op.metadata.tell(set(name, value.clone())), INVALID);
    }
}

#[test]
fn a_provider_that_does_not_do_the_code_flow() {
    for types in [json!([]), json!(["token"]), json!(["id_token", "code id_token"]), json!(["Code"])] {
        let _row = row(types.to_string());
        refuses_metadata(|op| op.metadata.tell(set("response_types_supported", types.clone())), UNSUPPORTED);
    }
}

#[test]
fn a_provider_that_does_not_do_pkce_with_s256() {
    for methods in [json!([]), json!(["plain"]), json!(["s256"]), json!(["S256 "]), json!(["S512", "plain"])] {
        let _row = row(methods.to_string());
        refuses_metadata(|op| op.metadata.tell(set("code_challenge_methods_supported", methods.clone())), UNSUPPORTED);
    }
}

/// RFC 8414 section 2 lets a provider leave them out, and then nothing is known rather than nothing supported.
#[test]
fn a_provider_that_says_nothing_of_what_it_can_do() {
    for name in [
        "response_types_supported",
        "code_challenge_methods_supported",
        "id_token_signing_alg_values_supported",
        "authorization_response_iss_parameter_supported",
    ] {
        for lie in [None, Some(Value::Null)] {
            let _row = row(format!("{name}: {lie:?}"));
            let world = World::new();
            match lie {
                None => world.provider.metadata.tell(without(name)),
                Some(null) => world.provider.metadata.tell(set(name, null)),
            }
            world.tab().sign_in();
        }
    }
}

/// Ordinary names here, and handed on as ordinary members: JSON's way into JavaScript makes them that.
#[test]
fn names_that_mean_something_to_javascript() {
    let world = World::new();
    for name in ["__proto__", "constructor", "prototype", "toString", "then", RAW] {
        world.provider.metadata.tell(set(name, json!({ "issuer": "https://evil.example", "token_endpoint": 1 })));
    }
    let page = world.tab().sign_in();
    let client = page.client();
    let metadata = now(async move { client.server_metadata(false).await }).expect("metadata");
    assert_eq!(metadata.issuer(), Some(ISSUER));
    assert_eq!(metadata.token_endpoint(), Ok("https://id.example.com/token"));
    assert_eq!(metadata.members()["__proto__"]["issuer"], "https://evil.example");
}
