//! Lies in the URL that the person comes back with. Anybody can write one: a response is ours by its state, in the place it was
//! asked for, from the issuer that was asked, and then only its code counts.

use std::rc::Rc;

use crate::support::*;
use crate::whose_response::is_left_alone;
use oidc_client_wasm::protocol::json::json;

const MISMATCH: [&str; 3] = ["issuer_mismatch", "rejected", "callback"];
const DUPLICATE: [&str; 3] = ["duplicate_parameter", "rejected", "callback"];

const PROMISE: &str = "authorization_response_iss_parameter_supported";

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn state_of(url: &str) -> String {
    let (_, rest) = url.split_once("state=").expect("a state");
    rest.split('&').next().expect("a value").to_owned()
}

/// For a forged URL of which something that is nobody's parameter stays.
#[track_caller]
fn rejects(forge: impl Fn(&str) -> String, verdict: [&'static str; 3]) {
    let (world, tab) = World::new().with_tab();
    fails_with(tab.open(&forge(&tab.come_back())).handle_redirect(), verdict);
    assert_eq!(world.network.sent_to("/token").len(), 0);
    assert_eq!(tab.stored_session("demo"), None);
}

// ---------------------------------------------------------------- iss (RFC 9207)

#[test]
fn an_issuer_that_is_almost_the_right_one() {
    for iss in [
        "",
        " ",
        "https://id.example.com/",
        "https://ID.example.com",
        "HTTPS://id.example.com",
        "http://id.example.com",
        "https://id.example.com:443",
        "https://id.example.com.",
        "https://id.example.com?",
        "https://id.example.com#",
        " https://id.example.com",
        "https://id.example.com ",
        "https://id.example.com\0",
        "https%3A%2F%2Fid.example.com",
        "https://id.example.com.evil.example",
        "https://evil.example",
        "https://id.ex\u{430}mple.com",
        "id.example.com",
        "null",
        "{tenantid}",
        "https://id.example.com/{tenantid}",
    ] {
        for promised in [true, false] {
            let _row = row(format!("{iss:?}, promised: {promised}"));
            let lie = |op: &FakeProvider| {
                op.metadata.tell(set(PROMISE, json!(promised)));
                op.response.tell(set_param("iss", iss));
            };
            rejects_response(lie, MISMATCH);
        }
    }
    let long = "https://id.example.com/".to_owned() + &"a".repeat(30_000);
    rejects_response(|op| op.response.tell(set_param("iss", &long)), MISMATCH);
}

#[test]
fn an_issuer_under_a_name_that_is_almost_its_own() {
    for name in ["ISS", "Iss", "iss[]", "iss.", "i%73s "] {
        let _row = row(name);
        rejects(|url| url.replace("iss=", &format!("{name}=")), ["missing_issuer", "rejected", "callback"]);
    }
}

/// The same letters, written otherwise, are the same parameter.
#[test]
fn an_issuer_whose_name_is_percent_encoded() {
    let tab = World::new().tab();
    let url = tab.come_back().replace("iss=", "i%73s=");
    tab.open(&url).expect_login();
    assert_eq!(tab.url(), REDIRECT_URI);
}

// ---------------------------------------------------------------- state

#[test]
fn a_state_that_is_almost_ours() {
    let tab = World::new().tab();
    let genuine = tab.come_back();
    let state = state_of(&genuine);
    for (label, forged) in [
        ("nothing", String::new()),
        ("in capitals", state.to_uppercase()),
        ("in small letters", state.to_lowercase()),
        ("cut short", state[..42].to_owned()),
        ("one more", format!("{state}A")),
        ("a space after", format!("{state}+")),
        ("a NUL after", format!("{state}%00")),
        ("padded", format!("{state}%3D")),
        ("with a path", format!("../transaction:{state}")),
        ("another record's key", format!("{}:{state}", key_of("transaction", "demo"))),
        ("octets that are no UTF-8", format!("{state}%FF%FE")),
        ("half a percent-encoding", format!("{state}%")),
        ("__proto__", "__proto__".into()),
        ("a kilobyte", "A".repeat(1024)),
        ("a megabyte", "A".repeat(1 << 20)),
    ] {
        let _row = row(label);
        let page = tab.open(&genuine.replace(&state, &forged));
        assert_eq!(page.handle_redirect().expect("nothing of ours"), None);
        page.authorize_access_token().expect_err("not ours");
        assert_eq!(tab.world.network.sent_to("/token").len(), 0);
    }
    for name in ["State", "STATE", "state[]", "state.", "x-state"] {
        is_left_alone_by_name(&tab, &genuine.replace("state=", &format!("{name}=")));
    }
    tab.open(&genuine).expect_login();
}

fn is_left_alone_by_name(tab: &Rc<Tab>, url: &str) {
    let _row = row(url);
    let before = tab.storage.snapshot();
    let page = tab.open(url);
    assert_eq!(page.handle_redirect().expect("nothing of ours"), None);
    fails_with(page.authorize_access_token(), ["missing_state", "rejected", "callback"]);
    assert_eq!((tab.storage.snapshot(), tab.url().as_str()), (before, url));
}

// ---------------------------------------------------------------- where it stands

/// In the address bar a query and a fragment stand side by side; the one that was asked for counts.
#[test]
fn tokens_smuggled_in_beside_the_code() {
    let smuggled = "access_token=from-the-attacker&id_token=a.b.c&token_type=Bearer&expires_in=9999";
    for mode in ["query", "fragment"] {
        for place in ["?", "#"] {
            let _row = row(format!("asked for in the {mode}, smuggled in after {place}"));
            let (world, tab) = World::with(json!({ "responseMode": mode })).with_tab();
            let mut url = tab.come_back();
            match (mode, place) {
                ("query", "?") | ("fragment", "#") => url = format!("{url}&{smuggled}"),
                ("query", _) => url = format!("{url}#{smuggled}"),
                _ => url = url.replacen('#', &format!("?{smuggled}#"), 1),
            }
            let page = tab.open(&url);
            page.expect_login();
            assert_ne!(page.held_access_token(), "from-the-attacker");
            assert_eq!(world.network.sent_to("/token").len(), 1, "the token is the code's");
            for rest in ["from-the-attacker", "a.b.c"] {
                assert!(!tab.url().contains(rest), "a token does not stay in the address bar: {}", tab.url());
            }
            assert!(page.tab.storage.snapshot().values().all(|record| !record.contains("from-the-attacker")));
        }
    }
}

/// The implicit flow's whole answer, with our own state: it was not asked for.
#[test]
fn an_answer_of_the_implicit_flow() {
    let tab = World::new().tab();
    let genuine = tab.come_back();
    let state = state_of(&genuine);
    for rest in ["", "&code=stolen", "&iss=https%3A%2F%2Fid.example.com"] {
        let url = format!("{REDIRECT_URI}#access_token=a&id_token=a.b.c&token_type=Bearer&state={state}{rest}");
        is_left_alone(&tab, &url);
    }
    tab.open(&genuine).expect_login();
}

#[test]
fn an_answer_in_the_other_place() {
    for (mode, forge) in [("query", "?"), ("fragment", "#")] {
        let other = if forge == "?" { "#" } else { "?" };
        let tab = World::with(json!({ "responseMode": mode })).tab();
        let genuine = tab.come_back();
        is_left_alone(&tab, &genuine.replacen(forge, other, 1));
        tab.open(&genuine).expect_login();
    }
}

/// Whatever holds of a response in the query holds of one in the fragment.
#[test]
fn the_same_lies_in_the_fragment() {
    for (label, lie, verdict) in [
        ("another issuer", Some(("iss", "https://evil.example")), MISMATCH),
        ("an empty issuer", Some(("iss", "")), MISMATCH),
        ("an empty code", Some(("code", "")), ["missing_code", "rejected", "callback"]),
        ("a refusal", Some(("error", "access_denied")), ["authorization_refused", "refused", "callback"]),
        ("no issuer", None, ["missing_issuer", "rejected", "callback"]),
    ] {
        let _row = row(label);
        let world = World::with(json!({ "responseMode": "fragment" }));
        match lie {
            Some((name, value)) => world.provider.response.tell(set_param(name, value)),
            None => world.provider.response.tell(without_param("iss")),
        }
        rejects_forgery_in(&world, str::to_owned, verdict);
    }
    for name in ["code", "state", "iss"] {
        let _row = row(format!("{name} twice"));
        let tab = World::with(json!({ "responseMode": "fragment" })).tab();
        let genuine = tab.come_back();
        fails_with(tab.open(&format!("{genuine}&{name}=x")).handle_redirect(), DUPLICATE);
        assert_eq!(tab.url(), REDIRECT_URI);
        tab.open(&genuine).expect_login();
    }
}

/// Two answers to one login: the place was settled before the page left, and so is which of the two it is.
#[test]
fn an_answer_in_either_place() {
    let (world, tab) = World::new().with_tab();
    let genuine = tab.come_back();
    let forged = format!("{genuine}#code=stolen&state={}&iss={}", state_of(&genuine), encoded(ISSUER));
    tab.open(&forged).expect_login();
    let sent = world.network.sent_to("/token");
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].field("code"), world.provider.only_code());
    assert_eq!(tab.url(), REDIRECT_URI, "neither stays in sight");
    assert_eq!(tab.reload().handle_redirect().expect("nothing to answer"), None);
    assert_eq!(world.network.sent_to("/token").len(), 1, "the other is not tried afterwards");
}

/// A JARM response that was not asked for is no response, and one beside a response changes nothing.
#[test]
fn an_answer_in_a_token() {
    let tab = World::new().tab();
    let genuine = tab.come_back();
    is_left_alone_by_name(&tab, &format!("{REDIRECT_URI}?response=a.b.c"));
    tab.open(&format!("{genuine}&response=a.b.c")).expect_login();
}

// ---------------------------------------------------------------- twice, empty, long, odd

#[test]
fn a_parameter_twice_in_any_spelling() {
    for more in [
        "code=x",
        "code=",
        "code",
        "c%6Fde=x",
        "%63%6f%64%65=x",
        "state=",
        "st%61te=x",
        "iss=",
        "%69ss=https%3A%2F%2Fid.example.com",
        "error=&error=",
        "error_uri=a&error%5Furi=b",
    ] {
        let _row = row(more);
        let (world, tab) = World::new().with_tab();
        let genuine = tab.come_back();
        for forged in [format!("{genuine}&{more}"), genuine.replacen('?', &format!("?{more}&"), 1)] {
            fails_with(tab.open(&forged).handle_redirect(), DUPLICATE);
            assert_eq!(tab.url(), REDIRECT_URI);
        }
        assert_eq!(world.network.sent_to("/token").len(), 0);
        tab.open(&genuine).expect_login();
    }
}

#[test]
fn a_code_that_is_none() {
    for (label, forge) in [("an empty one", "code=&x="), ("a name alone", "code&x="), ("under another name", "Code=")] {
        let _row = row(label);
        rejects(|url| url.replace("code=", forge), ["missing_code", "rejected", "callback"]);
    }
}

/// What the code looks like is the provider's matter: it gets back exactly what came, encoded, and nothing leaks into another field.
#[test]
fn a_code_of_odd_characters_is_sent_as_it_came() {
    for (label, written, read) in [
        ("a plus", "a+b", "a b"),
        ("an encoded plus", "a%2Bb", "a+b"),
        ("an ampersand", "a%26client_id%3Devil", "a&client_id=evil"),
        ("a line break", "a%0D%0Ab", "a\r\nb"),
        ("a NUL", "a%00b", "a\0b"),
        ("encoded twice", "a%2526b", "a%26b"),
        ("half an encoding", "a%2", "a%2"),
        ("octets that are no UTF-8", "a%FFb", "a\u{fffd}b"),
        ("beyond ASCII", "%F0%9F%98%80", "\u{1f600}"),
        ("a path", "..%2F..%2Ftoken", "../../token"),
        ("__proto__", "__proto__", "__proto__"),
    ] {
        let _row = row(label);
        let (world, tab) = World::whose_provider(|op| op.is_suite.set(false)).with_tab();
        let genuine = tab.come_back();
        let code = world.provider.only_code();
        let error = tab.open(&genuine.replace(&code, written)).handle_redirect().expect_err("a code nobody issued");
        assert_error(&error, ["token_refused", "refused", "token"]);
        let sent = world.network.sent_to("/token").remove(0);
        assert_eq!(sent.field("code"), read);
        assert_eq!(sent.names(), ["grant_type", "code", "redirect_uri", "code_verifier", "client_id"]);
        assert_eq!(sent.field("client_id"), CLIENT_ID);
    }
}

/// A megabyte in the address bar is nobody's answer: it is not even taken apart.
#[test]
fn an_answer_that_is_too_long() {
    let tab = World::new().tab();
    let genuine = tab.come_back();
    for name in ["code", "error_description", "iss", "session_state", "x"] {
        let _row = row(name);
        let forged = format!("{genuine}&{name}={}", "A".repeat(2 << 20));
        let before = tab.storage.snapshot();
        let page = tab.open(&forged);
        assert_eq!(page.handle_redirect().expect("nothing of ours"), None);
        page.authorize_access_token().expect_err("nothing of ours");
        assert_eq!(tab.storage.snapshot(), before);
    }
    tab.open(&genuine).expect_login();
}

#[test]
fn ten_thousand_parameters() {
    let tab = World::new().tab();
    let genuine = tab.come_back();
    let forged = format!("{genuine}{}", "&a=b".repeat(10_000));
    tab.open(&forged).expect_login();
    assert_eq!(tab.url(), format!("{REDIRECT_URI}?{}", "a=b&".repeat(10_000).trim_end_matches('&')));
}
