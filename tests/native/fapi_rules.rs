//! Of `fapi2-security-profile-final-client-test-plan` what holds without PAR and DPoP: the rules for judging answers.

use crate::support::*;
use oidc_client_wasm::protocol::json::json;

#[test]
fn invalid_secondary_aud() {
    let lie = |op: &FakeProvider| op.claims.tell(set("aud", json!([CLIENT_ID, "spa1"])));
    rejects_login(lie, ["invalid_claim", "rejected", "id_token"]);
}

#[test]
fn invalid_secondary_aud_with_our_azp() {
    let lie = |op: &FakeProvider| {
        op.claims.tell(set("aud", json!([CLIENT_ID, "spa1"])));
        op.claims.tell(set("azp", json!(CLIENT_ID)));
    };
    rejects_login(lie, ["invalid_claim", "rejected", "id_token"]);
}

#[test]
fn a_foreign_aud_with_our_azp() {
    let lie = |op: &FakeProvider| {
        op.claims.tell(set("aud", json!("spa1")));
        op.claims.tell(set("azp", json!(CLIENT_ID)));
    };
    rejects_login(lie, ["invalid_claim", "rejected", "id_token"]);
}

#[test]
fn a_foreign_azp() {
    let lie = |op: &FakeProvider| op.claims.tell(set("azp", json!("spa1")));
    rejects_login(lie, ["invalid_claim", "rejected", "id_token"]);
}

#[test]
fn a_further_audience_is_accepted_when_it_is_trusted_by_name() {
    let world = World::with(json!({ "trustedAudiences": ["https://api.example"] }));
    world.provider.claims.tell(set("aud", json!([CLIENT_ID, "https://api.example"])));
    world.tab().sign_in();
}

#[test]
fn valid_aud_as_array() {
    World::whose_provider(|op| op.claims.tell(set("aud", json!([CLIENT_ID])))).tab().sign_in();
}

#[test]
fn invalid_null_alg() {
    let lie = |op: &FakeProvider| op.header.tell(set("alg", json!("none")));
    rejects_login(lie, ["unsupported_algorithm", "rejected", "id_token"]);
}

#[test]
fn invalid_alternate_alg() {
    let tab = World::with(json!({ "idTokenSigningAlgs": ["PS256", "ES256"] })).tab();
    fails_with(tab.open(&tab.come_back()).handle_redirect(), ["unsupported_algorithm", "rejected", "id_token"]);
    assert_eq!(tab.stored_session("demo"), None);
}

#[test]
fn an_alg_that_the_provider_does_not_publish() {
    let lie = |op: &FakeProvider| op.metadata.tell(set("id_token_signing_alg_values_supported", json!(["ES256"])));
    rejects_login(lie, ["unsupported_algorithm", "rejected", "id_token"]);
}

/// Nothing in common, and still not "anything goes".
#[test]
fn no_alg_in_common() {
    let world = World::new();
    world.provider.metadata.tell(set("id_token_signing_alg_values_supported", json!(["HS256", "none"])));
    let error = world.tab().open(HOME).login().expect_err("told before the person leaves");
    assert_error(&error, ["unsupported_algorithm", "rejected", "authorize"]);
}

#[test]
fn invalid_expired_exp() {
    // Even at the largest tolerance that can be set.
    let world = World::new();
    world.options.replace(json!({ "clockTolerance": 300 }));
    let expired = json!(world.clock.get() - 360);
    rejects_login_in(
        &world,
        |op| op.claims.tell(set("exp", expired.clone())),
        ["expired_token", "rejected", "id_token"],
    );
}

#[test]
fn a_clock_that_is_wrong_by_less_than_the_tolerance_is_no_obstacle() {
    for skew in [-59, 59] {
        let world = World::new();
        let now = world.clock.get() + skew;
        world.provider.claims.tell(set("iat", json!(now)));
        world.provider.claims.tell(set("exp", json!(now + 1)));
        world.tab().sign_in();
    }
}

#[test]
fn a_clock_that_is_wrong_by_ten_minutes_is_named_as_such() {
    let (behind, ahead) = (World::new(), World::new());
    let now = behind.clock.get();
    let dates = |op: &FakeProvider, at: i64| {
        op.claims.tell(set("iat", json!(at)));
        op.claims.tell(set("exp", json!(at + 300)));
    };
    rejects_login_in(&behind, |op| dates(op, now + 600), ["token_not_yet_valid", "rejected", "id_token"]);
    rejects_login_in(&ahead, |op| dates(op, now - 600), ["expired_token", "rejected", "id_token"]);
}

#[test]
fn nbf_in_the_future() {
    let later = json!(World::new().clock.get() + 61);
    rejects_login(|op| op.claims.tell(set("nbf", later.clone())), ["token_not_yet_valid", "rejected", "id_token"]);
}

#[test]
fn invalid_missing_exp_aud_iss_nonce() {
    for name in ["exp", "aud", "iss", "nonce"] {
        rejects_login(|op| op.claims.tell(without(name)), ["missing_claim", "rejected", "id_token"]);
    }
}

#[test]
fn invalid_authorization_response_iss() {
    let lie = |op: &FakeProvider| op.response.tell(set_param("iss", &format!("{ISSUER}1")));
    rejects_response(lie, ["issuer_mismatch", "rejected", "callback"]);
}

#[test]
fn remove_authorization_response_iss() {
    rejects_response(|op| op.response.tell(without_param("iss")), ["missing_issuer", "rejected", "callback"]);
}

#[test]
fn a_provider_that_promises_no_iss_needs_none_and_may_not_send_a_wrong_one() {
    let silent = |op: &FakeProvider| op.metadata.tell(without("authorization_response_iss_parameter_supported"));
    let world = World::new();
    silent(&world.provider);
    world.tab().sign_in();

    let lie = |op: &FakeProvider| {
        silent(op);
        op.response.tell(set_param("iss", "https://evil.example"));
    };
    rejects_response(lie, ["issuer_mismatch", "rejected", "callback"]);
}

#[test]
fn ensure_authorization_response_with_invalid_state_fails() {
    let (world, tab) = World::new().with_tab();
    let url = tab.come_back().replace("state=", "state=1");
    let page = tab.open(&url);
    assert_eq!(page.handle_redirect().expect("nothing of ours"), None);
    fails_with(page.authorize_access_token(), ["mismatching_state", "rejected", "callback"]);
    assert_eq!(world.network.sent_to("/token").len(), 0);
    assert_eq!(tab.stored_session("demo"), None);
}

#[test]
fn ensure_authorization_response_with_invalid_missing_state_fails() {
    let (world, page) = World::whose_provider(|op| op.response.tell(without_param("state"))).coming_back();
    assert_eq!(page.handle_redirect().expect("nothing of ours"), None);
    fails_with(page.authorize_access_token(), ["missing_state", "rejected", "callback"]);
    assert_eq!(world.network.sent_to("/token").len(), 0);
    assert_eq!(page.tab.stored_session("demo"), None);
}

#[test]
fn token_endpoint_response_without_expires_in() {
    let world = World::whose_provider(|op| op.token.tell(without("expires_in")));
    let session = world.tab().sign_in().session().expect("a session");
    assert_eq!(session.token().expires_at, None);
}

#[test]
fn token_type_case_insensitivity() {
    World::whose_provider(|op| op.token.tell(set("token_type", json!("bEARER")))).tab().sign_in();
}

#[test]
fn a_token_type_nobody_can_use() {
    for name in ["mac", "DPoP", "N_A"] {
        let lie = |op: &FakeProvider| op.token.tell(set("token_type", json!(name)));
        rejects_login(lie, ["unsupported_token_type", "rejected", "token"]);
    }
}

#[test]
fn openid_without_an_id_token() {
    rejects_login(|op| op.token.tell(without("id_token")), ["missing_id_token", "rejected", "token"]);
}

#[test]
fn a_token_response_that_is_none() {
    for (name, value) in [
        ("access_token", json!(null)),
        ("access_token", json!("")),
        ("access_token", json!(["a"])),
        ("access_token", json!("a\r\nX-Header: b")),
        ("token_type", json!(null)),
        ("token_type", json!(1)),
        ("expires_in", json!(-1)),
        ("expires_in", json!("soon")),
        ("scope", json!(["openid"])),
        ("refresh_token", json!(1)),
        ("id_token", json!({})),
    ] {
        let lie = |op: &FakeProvider| op.token.tell(set(name, value.clone()));
        rejects_login(lie, ["invalid_token_response", "rejected", "token"]);
    }
    let duplicated = r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#;
    for body in ["", "[]", "<html>", "access_token=a&token_type=Bearer", duplicated] {
        rejects_login(|op| op.answer_at("/token", 200, body), ["invalid_token_response", "rejected", "token"]);
    }
}

#[test]
fn a_token_response_larger_than_any_honest_one() {
    let lie = |op: &FakeProvider| op.token.tell(set("padding", json!("x".repeat(2 << 20))));
    rejects_login(lie, ["invalid_token_response", "rejected", "token"]);
}

#[test]
fn max_age_is_enforced_against_auth_time() {
    let world = World::new();
    let finish = |tell: &dyn Fn(&FakeProvider)| {
        world.provider.repent();
        tell(&world.provider);
        let tab = world.tab();
        let url = tab.open(HOME).login_with(json!({ "maxAge": 100 }), None).expect("a login");
        let page = tab.open(&world.provider.authorize(&url));
        page.handle_redirect().map(|outcome| outcome.is_some())
    };
    let at = |ago: i64| json!(world.clock.get() - ago);
    assert!(finish(&|op| op.claims.tell(set("auth_time", at(160)))).expect("recent enough"));
    let error = finish(&|op| op.claims.tell(set("auth_time", at(161)))).expect_err("too long ago");
    assert_error(&error, ["auth_time_too_old", "rejected", "id_token"]);
    let error = finish(&|op| op.claims.tell(without("auth_time"))).expect_err("no auth_time");
    assert_error(&error, ["missing_claim", "rejected", "id_token"]);
}

#[test]
fn an_essential_acr_is_enforced() {
    let (world, tab) = World::whose_provider(|op| op.claims.tell(set("acr", json!("silver")))).with_tab();
    let url = tab.open(HOME).login_with(json!({ "acrValues": ["gold"], "essentialAcr": true }), None).expect("a login");
    fails_with(tab.open(&world.provider.authorize(&url)).handle_redirect(), ["acr_not_met", "rejected", "id_token"]);
    assert_eq!(tab.stored_session("demo"), None);

    let url = tab.open(HOME).login_with(json!({ "acrValues": ["gold"] }), None).expect("a login");
    tab.open(&world.provider.authorize(&url)).expect_login();
}

#[test]
fn two_logins_share_neither_state_nor_nonce_nor_verifier() {
    // The fake provider remembers them all and fails the test where one comes twice.
    let tab = World::new().tab();
    for _ in 0..5 {
        tab.sign_in();
    }
}
