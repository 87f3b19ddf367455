//! Lies in the dates of an id_token: numbers that no clock shows, and the edges of the tolerance.

use super::claims::{rejects, signs_in};
use super::{in_raw, mark};
use crate::support::*;
use oidc_client_wasm::protocol::json::json;

const INVALID: [&str; 3] = ["invalid_claim", "rejected", "id_token"];
const EXPIRED: [&str; 3] = ["expired_token", "rejected", "id_token"];
const NOT_YET: [&str; 3] = ["token_not_yet_valid", "rejected", "id_token"];

/// The world's clock.
const NOW: i64 = 1_800_000_000;

/// The claim as this text, which need not be a value that we could hold.
#[track_caller]
fn rejects_text(name: &'static str, text: &'static str, verdict: [&'static str; 3]) {
    let _row = row(format!("{name}: {text}"));
    let lie = |op: &FakeProvider| {
        op.claims.tell(mark(name));
        op.signed.tell(move |(_, payload)| in_raw(payload, text.as_bytes()));
    };
    rejects_login(lie, verdict);
}

#[test]
fn an_expiry_at_the_edge_of_the_tolerance() {
    for tolerance in [0, 60, 300] {
        for (exp, is_good) in [(NOW + 1, true), (NOW - tolerance + 1, true), (NOW - tolerance, false), (0, false)] {
            let _row = row(format!("tolerance {tolerance}, exp {}", exp - NOW));
            let world = World::new();
            world.options.replace(json!({ "clockTolerance": tolerance }));
            if is_good {
                world.provider.claims.tell(set("exp", json!(exp)));
                world.tab().sign_in();
            } else {
                rejects_login_in(&world, |op| op.claims.tell(set("exp", json!(exp))), EXPIRED);
            }
        }
    }
}

#[test]
fn a_beginning_at_the_edge_of_the_tolerance() {
    for name in ["iat", "nbf"] {
        for tolerance in [0, 60, 300] {
            let _row = row(format!("{name}, tolerance {tolerance}"));
            let world = World::new();
            world.options.replace(json!({ "clockTolerance": tolerance }));
            world.provider.claims.tell(set(name, json!(NOW + tolerance)));
            world.tab().sign_in();
            let late = json!(NOW + tolerance + 1);
            let world = World::new();
            world.options.replace(json!({ "clockTolerance": tolerance }));
            rejects_login_in(&world, |op| op.claims.tell(set(name, late.clone())), NOT_YET);
        }
    }
}

/// Numbers that no clock shows, and those that a sum would carry over the edge.
#[test]
fn dates_that_are_none() {
    for name in ["exp", "iat", "nbf"] {
        for text in [
            "-1",
            "-0.5",
            "-9223372036854775808",
            "1000000000000",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551615",
            "18446744073709551616",
            "1e308",
            "-1e308",
        ] {
            rejects_text(name, text, INVALID);
        }
        // No number of JSON's at all, or one that nobody can hold: the payload cannot be read.
        for text in ["1e400", "-1e400", "NaN", "Infinity", "0x7fffffff", "1_800_000_000", "+1"] {
            rejects_text(name, text, ["malformed_jwt", "rejected", "id_token"]);
        }
    }
    // In milliseconds, as many a library gives them.
    for name in ["exp", "iat", "nbf"] {
        rejects(name, json!(NOW * 1000), INVALID);
    }
}

#[test]
fn dates_that_are_odd_and_still_ones() {
    signs_in("exp", json!(NOW as f64 + 0.5));
    signs_in("exp", json!(253_402_300_799_i64));
    signs_in("iat", json!(NOW as f64 - 0.5));
    signs_in("nbf", json!(0));
    signs_in("auth_time", json!(0));
    // How old a token may be is bounded by its exp and by the nonce, which is of this login.
    signs_in("iat", json!(0));
    signs_in("iat", json!(NOW - 10 * 365 * 86_400));
}

/// A login of the future is no recent one.
#[test]
fn an_authentication_that_is_yet_to_come() {
    for (ahead, is_good) in [(60, true), (61, false), (86_400, false)] {
        let _row = row(format!("{ahead} s ahead"));
        let (world, tab) = World::whose_provider(|op| op.claims.tell(set("auth_time", json!(NOW + ahead)))).with_tab();
        let url = tab.open(HOME).login_with(json!({ "maxAge": 100 }), None).expect("a login");
        let handled = tab.open(&world.provider.authorize(&url)).handle_redirect();
        if is_good {
            handled.expect("a login");
        } else {
            assert_error(&handled.expect_err("a rejection"), NOT_YET);
            assert_eq!(tab.stored_session("demo"), None);
        }
    }
}

#[test]
fn an_auth_time_that_max_age_cannot_be_judged_by() {
    for value in [json!("1800000000"), json!(-1), json!(1e300), json!(true), json!(NOW * 1000)] {
        let _row = row(value.to_string());
        let (world, tab) = World::whose_provider(|op| op.claims.tell(set("auth_time", value))).with_tab();
        let url = tab.open(HOME).login_with(json!({ "maxAge": 100 }), None).expect("a login");
        fails_with(tab.open(&world.provider.authorize(&url)).handle_redirect(), INVALID);
        assert_eq!(tab.stored_session("demo"), None);
    }
}
