//! Refusals that are lies: of nobody who was asked, in words that are none, or in words that somebody might obey.

use super::assert_plain;
use crate::support::*;
use crate::whose_response::is_left_alone;
use oidc_client_wasm::protocol::json::json;

const MISMATCH: [&str; 3] = ["issuer_mismatch", "rejected", "callback"];
const REFUSED: [&str; 3] = ["authorization_refused", "refused", "callback"];

// ---------------------------------------------------------------- of whom

/// An error is bound to its issuer as a code is: somebody else's refusal does not end this login with their words.
#[test]
fn a_refusal_of_another_issuer() {
    for (label, iss) in [("wrong", Some("https://evil.example")), ("empty", Some("")), ("missing", None)] {
        let _row = row(label);
        let lie = |op: &FakeProvider| {
            op.response.tell(without_param("code"));
            op.response.tell(set_param("error", "access_denied"));
            op.response.tell(set_param("error_description", "call this number"));
            match iss {
                Some(iss) => op.response.tell(set_param("iss", iss)),
                None => op.response.tell(without_param("iss")),
            }
        };
        let verdict = if iss.is_some() { MISMATCH } else { REFUSED };
        assert_eq!(rejects_response(lie, verdict).provider, None);
    }
}

#[test]
fn a_refusal_under_a_state_that_is_not_ours() {
    let tab = World::new().tab();
    let genuine = tab.come_back();
    let forged = "https://app.example/callback?error=access_denied&error_description=call+this+number&state=forged";
    is_left_alone(&tab, forged);
    let error = tab.open(forged).authorize_access_token().expect_err("not ours");
    assert_eq!(error.provider, None, "the words of nobody we asked");
    tab.open(&genuine).expect_login();
}

#[test]
fn a_refusal_and_a_code() {
    let both = |url: &str| format!("{url}&error=access_denied");
    rejects_forgery_in(&World::new(), both, REFUSED);
}

/// RFC 6749 appendix A.7 gives an error at least one character.
#[test]
fn an_empty_error_beside_a_code_is_none() {
    for empty in ["&error=", "&error", "&error=&error_description=&error_uri="] {
        let _row = row(empty);
        let tab = World::new().tab();
        let url = tab.come_back();
        tab.open(&format!("{url}{empty}")).expect_login();
    }
}

// ---------------------------------------------------------------- words

/// RFC 6749 section 4.1.2.1 knows what an error may look like; a provider that does not is quoted, never obeyed.
#[test]
fn an_error_that_is_almost_one_with_a_meaning() {
    for word in [
        "LOGIN_REQUIRED",
        "Login_Required",
        "login_required ",
        " login_required",
        "login_required\0",
        "login_required\n",
        "login-required",
        "interaction_required\u{200b}",
        "\"login_required\"",
        "\u{e4}",
        "<script>alert(1)</script>",
        "__proto__",
        "constructor",
        "toString",
    ] {
        let _row = row(format!("{word:?}"));
        let lie = |op: &FakeProvider| {
            op.response.tell(without_param("code"));
            op.response.tell(set_param("error", word));
        };
        let error = rejects_response(lie, REFUSED);
        assert_eq!(error.provider.as_ref().map(|words| words.error.as_str()), Some(word), "verbatim");
        assert!(!error.message.contains(word) && !error.retryable);
    }
}

#[test]
fn hostile_words_stay_in_their_fields() {
    let description = format!("<img src=x onerror=alert(1)>\u{202e}\u{0}\r\n{}", "x".repeat(10_000));
    let lie = |op: &FakeProvider| {
        op.response.tell(without_param("code"));
        op.response.tell(set_param("error", "access_denied"));
        op.response.tell(set_param("error_description", &description));
        op.response.tell(set_param("error_uri", "javascript:alert(document.domain)"));
    };
    let error = rejects_response(lie, REFUSED);
    let words = error.provider.as_ref().expect("words");
    assert_eq!(words.error_description.as_deref(), Some(description.as_str()));
    assert_eq!(words.error_uri.as_deref(), Some("javascript:alert(document.domain)"));
    assert_plain(&error.message);
    assert!(!error.message.contains('<'));
    assert!(!error.remedy().unwrap_or_default().contains("javascript"));
}

#[test]
fn words_without_an_error_are_no_refusal() {
    let lie = |op: &FakeProvider| {
        op.response.tell(without_param("code"));
        op.response.tell(set_param("error_description", "something went wrong"));
        op.response.tell(set_param("error_uri", "https://id.example.com/why"));
    };
    let error = rejects_response(lie, ["missing_code", "rejected", "callback"]);
    assert_eq!(error.provider, None);
}

#[test]
fn hostile_words_of_the_token_endpoint_stay_in_their_fields() {
    let description = format!("<script>alert(1)</script>\u{202e}\u{0}\r\nSet-Cookie: a=b{}", "x".repeat(100_000));
    let body = json!({ "error": "x\"><img>", "error_description": description, "error_uri": "javascript:alert(1)" });
    let refused =
        rejects_login(|op| op.answer_at("/token", 400, body.to_string()), ["token_refused", "refused", "token"]);
    let words = refused.provider.as_ref().expect("words");
    assert_eq!(words.error, "x\"><img>");
    assert_eq!(words.error_description.as_deref(), Some(description.as_str()));
    assert_eq!(words.error_uri.as_deref(), Some("javascript:alert(1)"));
    assert_plain(&refused.message);
    assert!(!refused.message.contains('<'));
}

/// Some providers quote what they were sent. It may be read where they say it, and nowhere else.
#[test]
fn words_that_quote_the_code() {
    let (world, tab) = World::new().with_tab();
    let back = tab.come_back();
    let code = world.provider.only_code();
    let body = json!({ "error": code, "error_description": format!("the code {code} was used"), "error_uri": code });
    world.provider.answer_at("/token", 400, body.to_string());
    // The page of a test looks for secrets in the message, the remedy and `Debug` of every error.
    let error = fails_with(tab.open(&back).handle_redirect(), ["token_refused", "refused", "token"]);
    assert_eq!(error.provider.as_ref().map(|words| words.error.as_str()), Some(code.as_str()));
}
