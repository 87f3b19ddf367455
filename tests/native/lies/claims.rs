//! Lies in the claims of an id_token whose signature is good: the provider's own key says it, and still it must hold together.

use crate::support::keys::base64url;
use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

const MISSING: [&str; 3] = ["missing_claim", "rejected", "id_token"];
const INVALID: [&str; 3] = ["invalid_claim", "rejected", "id_token"];
const NONCE: [&str; 3] = ["nonce_mismatch", "rejected", "id_token"];
const AT_HASH: [&str; 3] = ["at_hash_mismatch", "rejected", "id_token"];

#[track_caller]
pub fn rejects(name: &'static str, value: Value, verdict: [&'static str; 3]) {
    let _row = row(format!("{name}: {value:.80}"));
    let error = rejects_login(|op| op.claims.tell(set(name, value.clone())), verdict);
    assert!(error.message.contains(name) || verdict == INVALID, "{}", error.message);
}

#[track_caller]
pub fn signs_in(name: &'static str, value: Value) {
    let _row = row(format!("{name}: {value:.80}"));
    let page = World::whose_provider(|op| op.claims.tell(set(name, value.clone()))).tab().sign_in();
    assert_eq!(page.token()["userinfo"][name], value, "told as it was written");
    assert_eq!(page.tab.reload().token()["userinfo"][name], value, "and as it is restored");
}

fn no_text() -> [Value; 6] {
    [json!(1), json!(true), json!(false), json!(["a"]), json!([]), json!({ "a": 1 })]
}

// ---------------------------------------------------------------- what must be there, and of which type

#[test]
fn a_claim_that_must_be_there_and_is_not() {
    for name in ["iss", "sub", "aud", "exp", "iat", "nonce"] {
        let _row = row(name);
        rejects_login(|op| op.claims.tell(without(name)), MISSING);
        rejects(name, Value::Null, MISSING);
    }
}

/// Names are compared octet by octet.
#[test]
fn a_claim_under_a_name_that_is_almost_its_own() {
    for (name, other) in [
        ("iss", "Iss"),
        ("sub", "SUB"),
        ("aud", "audience"),
        ("exp", "exp "),
        ("iat", "\u{131}at"),
        ("nonce", "Nonce"),
        ("nonce", "n\u{43e}nce"),
    ] {
        let _row = row(other);
        let lie = |op: &FakeProvider| {
            op.claims.tell(move |claims| {
                let value = claims.as_object_mut().expect("an object").remove(name).expect("the claim");
                claims[other] = value;
            });
        };
        rejects_login(lie, MISSING);
    }
}

#[test]
fn a_claim_of_another_type() {
    for name in ["iss", "sub", "azp", "at_hash"] {
        no_text().into_iter().for_each(|value| rejects(name, value, INVALID));
    }
    for value in each(json!([1, true, { "0": CLIENT_ID }, [1], [CLIENT_ID, 1], [CLIENT_ID, null], [[CLIENT_ID]]])) {
        rejects("aud", value, INVALID);
    }
    for name in ["exp", "iat", "nbf"] {
        for value in each(json!(["1900000000", "", "2030-01-01T00:00:00Z", true, [1_900_000_000], {}])) {
            rejects(name, value, INVALID);
        }
    }
    for value in no_text() {
        rejects("nonce", value, NONCE);
    }
}

/// A login must not fail for a claim that the application asked no check to rely on.
#[test]
fn a_claim_of_another_type_that_no_check_relies_on() {
    for name in ["acr", "amr", "auth_time", "email_verified", "sid"] {
        for value in [json!(""), json!("pwd"), json!(1.5), json!(true), json!({ "0": "pwd" }), json!(["pwd", 1])] {
            signs_in(name, value);
        }
    }
}

/// `null` is no value, so an optional claim that is null is absent.
#[test]
fn an_optional_claim_that_is_null() {
    for name in ["azp", "nbf", "auth_time", "acr", "amr", "at_hash", "sid"] {
        signs_in(name, Value::Null);
    }
}

// ---------------------------------------------------------------- iss, sub, aud, azp

#[test]
fn an_issuer_that_is_almost_the_right_one() {
    for issuer in [
        "https://id.example.com/",
        "https://ID.example.com",
        "HTTPS://id.example.com",
        "http://id.example.com",
        "id.example.com",
        "//id.example.com",
        "https://id.example.com:443",
        "https://id.example.com.",
        "https://id.example.com#",
        "https://id.example.com?",
        " https://id.example.com",
        "https://id.example.com\n",
        "https://id.example.com\0",
        "https%3A%2F%2Fid.example.com",
        "https://id.example.com.evil.example",
        "https://id.ex\u{430}mple.com",
        "{tenantid}",
        "",
    ] {
        rejects("iss", json!(issuer), INVALID);
    }
}

#[test]
fn a_subject_that_names_nobody() {
    rejects("sub", json!(""), INVALID);
    rejects("sub", json!("s".repeat(256)), INVALID);
    rejects("sub", json!("s".repeat(100_000)), INVALID);
    // Core counts ASCII characters; what is not ASCII counts as the octets that it is stored in.
    rejects("sub", json!("\u{e4}".repeat(128)), INVALID);
}

/// OIDC Core section 2 speaks of ASCII; providers that name people by their names exist, and nothing depends on it here.
#[test]
fn a_subject_that_names_somebody() {
    for sub in
        ["a", " ", "0", "null", "__proto__", "auth0|5f7c8ec7c33c6c004bbafe82", "j\u{fc}rgen", "\u{1f600}", "a\nb"]
    {
        signs_in("sub", json!(sub));
    }
    signs_in("sub", json!("s".repeat(255)));
}

#[test]
fn an_audience_that_is_not_this_client() {
    for aud in [
        json!(""),
        json!([]),
        json!([""]),
        json!("SPA"),
        json!("spa "),
        json!("spa\0"),
        json!("sp"),
        json!("spa1"),
        json!("spa another"),
        json!("spa,another"),
        json!("[\"spa\"]"),
        json!("*"),
        json!(["another"]),
        json!([CLIENT_ID, "another"]),
        json!(["another", CLIENT_ID]),
        json!([CLIENT_ID, ISSUER]),
        json!([CLIENT_ID, ""]),
        json!(vec!["another"; 10_000]),
    ] {
        rejects("aud", aud, INVALID);
    }
}

#[test]
fn an_audience_that_is_this_client() {
    signs_in("aud", json!([CLIENT_ID]));
    signs_in("aud", json!([CLIENT_ID, CLIENT_ID]));
}

#[test]
fn an_authorized_party_that_is_not_this_client() {
    for azp in ["", "another", "SPA", "spa ", ISSUER] {
        rejects("azp", json!(azp), INVALID);
    }
    signs_in("azp", json!(CLIENT_ID));
}

/// What is trusted is an audience, not a party: the token is still to be meant for this client.
#[test]
fn trusted_audiences_are_no_way_around_this_client() {
    let trusted = json!({ "trustedAudiences": ["https://api.example"] });
    for (name, value) in [
        ("aud", json!("https://api.example")),
        ("aud", json!(["https://api.example"])),
        ("aud", json!([CLIENT_ID, "https://api.example", "another"])),
        ("aud", json!([CLIENT_ID, "https://api.example/"])),
        ("azp", json!("https://api.example")),
    ] {
        let _row = row(format!("{name}: {value}"));
        rejects_login_in(&World::with(trusted.clone()), |op| op.claims.tell(set(name, value.clone())), INVALID);
    }
}

// ---------------------------------------------------------------- nonce, at_hash, acr

#[test]
fn a_nonce_that_is_almost_the_one_sent() {
    type Change = fn(&str) -> String;
    let changes: [(&str, Change); 8] = [
        ("nothing", |_| String::new()),
        ("in capitals", str::to_uppercase),
        ("a space before", |nonce| format!(" {nonce}")),
        ("a space after", |nonce| format!("{nonce} ")),
        ("a NUL after", |nonce| format!("{nonce}\0")),
        ("cut short", |nonce| nonce[..nonce.len() - 1].to_owned()),
        ("padded", |nonce| format!("{nonce}=")),
        ("its hash", |nonce| {
            base64url(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, nonce.as_bytes()).as_ref())
        }),
    ];
    for (label, change) in changes {
        let _row = row(label);
        let spoil = move |claims: &mut Value| {
            claims["nonce"] = json!(change(claims["nonce"].as_str().expect("a nonce")));
        };
        rejects_login(move |op| op.claims.tell(spoil), NONCE);
    }
}

#[test]
fn an_at_hash_of_something_else() {
    let of = |token: &str, algorithm, octets: usize| {
        let hash = aws_lc_rs::digest::digest(algorithm, token.as_bytes());
        base64url(&hash.as_ref()[..octets])
    };
    use aws_lc_rs::digest::{SHA256, SHA384, SHA512};
    let token = "the-token-of-this-test";
    for (label, at_hash) in [
        ("the left quarter", of(token, &SHA256, 8)),
        ("the whole hash", of(token, &SHA256, 32)),
        ("the hash of another algorithm", of(token, &SHA512, 32)),
        ("the hash of yet another", of(token, &SHA384, 24)),
        ("the hash of another token", of("another", &SHA256, 16)),
        ("padded", format!("{}==", of(token, &SHA256, 16))),
        ("a character less", of(token, &SHA256, 16)[..21].to_owned()),
        ("nothing", String::new()),
        ("the token itself", token.to_owned()),
    ] {
        let _row = row(label);
        let lie = |op: &FakeProvider| {
            op.token.tell(set("access_token", json!(token)));
            op.claims.tell(set("at_hash", json!(at_hash)));
        };
        rejects_login(lie, AT_HASH);
    }
    let world = World::new();
    world.provider.token.tell(set("access_token", json!(token)));
    world.provider.claims.tell(set("at_hash", json!(of(token, &SHA256, 16))));
    world.tab().sign_in();
}

/// c_hash and s_hash are of the hybrid flow, which is not ours: members like any other.
#[test]
fn hashes_of_another_flow_mean_nothing_here() {
    signs_in("c_hash", json!("AAAA"));
    signs_in("c_hash", json!(1));
    signs_in("s_hash", json!("AAAA"));
}

#[test]
fn an_acr_that_is_almost_the_one_demanded() {
    for acr in [json!("Gold"), json!("gold "), json!("gold silver"), json!(""), json!("0"), json!(null)] {
        let _row = row(acr.to_string());
        let (world, tab) = World::whose_provider(|op| op.claims.tell(set("acr", acr))).with_tab();
        let demand = json!({ "acrValues": ["gold"], "essentialAcr": true });
        let url = tab.open(HOME).login_with(demand, None).expect("a login");
        let error = tab.open(&world.provider.authorize(&url)).handle_redirect().expect_err("a rejection");
        assert_error(&error, ["acr_not_met", "rejected", "id_token"]);
        assert_eq!(tab.stored_session("demo"), None);
    }
}

// ---------------------------------------------------------------- what a claim cannot do

/// Authlib let `nonce_supported` switch the nonce off until 1.9; nothing in a token switches a check off here.
#[test]
fn claims_that_would_switch_a_check_off() {
    for name in ["nonce_supported", "verified", "validated", "skip_nonce", "allowMissingNonce"] {
        for value in [json!(false), json!(true), json!("true")] {
            let _row = row(format!("{name}: {value}"));
            let lie = |op: &FakeProvider| {
                op.claims.tell(without("nonce"));
                op.claims.tell(set(name, value.clone()));
            };
            rejects_login(lie, MISSING);
        }
    }
}

#[test]
fn claims_whose_names_mean_something_to_javascript() {
    for name in ["__proto__", "constructor", "prototype", "toJSON", "then", "hasOwnProperty"] {
        signs_in(name, json!({ "sub": "mallory", "email_verified": true }));
    }
}
