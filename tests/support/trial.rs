//! The client and the naive checker judge the same provider: what they say must be the same. Each of these panics where it is
//! not.

use std::cell::RefCell;
use std::rc::Rc;

use oidc_client_wasm::protocol::http::HttpResponse;
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::secret::Secret;

use super::front_channel::read_params;
use super::lies::{Lies, Said};
use super::naive;
use super::page::Page;
use super::provider::FakeProvider;
use super::world::{HOME, ISSUER, World};

/// When the answers come, by the clock of [`World`].
pub const NOW: i64 = 1_800_000_000;

/// How a login goes, beside what the provider says.
#[derive(Debug, Default)]
pub struct Plan {
    pub is_fragment: bool,
    /// The response stands in the other part of the URL.
    pub is_misplaced: bool,
    pub max_age: Option<i64>,
    /// Seconds from leaving the page to coming back; a clock may be set back meanwhile.
    pub pause: i64,
}

/// A session exists exactly when everything that the provider said is right.
pub fn login(lies: &Lies, plan: &Plan) {
    let world = World::with(json!({ "responseMode": if plan.is_fragment { "fragment" } else { "query" } }));
    world.provider.is_suite.set(false);
    let said = lies.tell(&world.provider);
    let tab = world.tab();
    world.clock.set(NOW - plan.pause);
    let Ok(url) = tab.open(HOME).login_with(json!({ "maxAge": plan.max_age }), None) else {
        let supported = &said.borrow().supported;
        let is_good = |alg: &Value| {
            alg.as_str().is_some_and(|alg| {
                let digest = alg.strip_prefix("RS").or(alg.strip_prefix("PS")).or(alg.strip_prefix("ES"));
                ["EdDSA", "Ed25519"].contains(&alg) || digest.is_some_and(|bits| ["256", "384", "512"].contains(&bits))
            })
        };
        let list = supported.as_array().filter(|list| list.iter().all(Value::is_string));
        let may_begin = supported.is_null() || list.is_some_and(|list| list.iter().any(is_good));
        assert!(!may_begin, "a login that does not begin");
        return;
    };
    let sent = read_params(&url);
    let answer = world.provider.authorize(&url);
    world.clock.set(NOW);
    let page = tab.open(&if plan.is_misplaced { misplace(&answer) } else { answer });
    let result = page.handle_redirect();

    let said = said.borrow();
    let code = world.provider.only_code();
    let login = naive::Login { state: &sent["state"], nonce: &sent["nonce"], code: &code, max_age: plan.max_age };
    let is_good = !plan.is_misplaced
        && (-600..600).contains(&plan.pause)
        && naive::response_is_good(&said.response, &login)
        && naive::token_is_good(&said.token)
        && has_id_token(&said, &world.provider)
        && naive::signature_is_good(&said)
        && naive::first_claims_are_good(&said, &login, NOW);
    assert_eq!(page.session().is_some(), is_good, "{lies:?} {plan:?}: {result:?}");
    assert_eq!(tab.reload().session().is_some(), is_good);
    assert_eq!(matches!(result, Ok(Some(_))), is_good);
}

fn misplace(url: &str) -> String {
    let (here, there) = if url.contains('?') { ("?", "#") } else { ("#", "?") };
    url.replacen(here, there, 1)
}

fn has_id_token(said: &Said, provider: &FakeProvider) -> bool {
    said.token["id_token"].as_str() == provider.id_tokens.borrow().last().map(String::as_str)
}

/// A refresh brings what is right, or it changes nothing of a session but the refresh token: a provider that says no beside a success
/// does not mean it. Only what proves another person ends the session.
pub fn refresh(lies: &Lies) {
    let (page, said, first) = after_login(lies);
    let before = page.session().expect("a session");
    let result = page.refresh();

    let said = said.borrow();
    let is_good = naive::token_is_good(&said.token)
        && (said.token["id_token"].is_null()
            || has_id_token(&said, &page.world().provider)
                && naive::signature_is_good(&said)
                && naive::claims_are_good(&said, NOW)
                && naive::is_same_login(&said.claims, &first));
    assert_eq!(result.is_ok(), is_good, "{lies:?}: {:?}", result.as_ref().err());
    let shows_another = naive::token_is_good(&said.token)
        && has_id_token(&said, &page.world().provider)
        && naive::signature_is_good(&said)
        && naive::is_about_another(&said.claims, &first);
    assert_eq!(page.session().is_none(), shows_another, "{lies:?}");
    if is_good {
        let after = page.session().expect("still signed in");
        assert_eq!(Some(after.token().access_token.expose()), said.token["access_token"].as_str());
        assert_eq!(after.sub(), before.sub());
    } else if !shows_another {
        // The provider has rotated all the same.
        let rotated = naive::refresh_token(&said.token).map(Secret::new);
        assert_eq!(
            page.session(),
            Some(rotated.map_or(before.clone(), |rotated| before.with_refresh_token(rotated).into()))
        );
    }
    page.has_a_whole_session_or_none();
}

/// What userinfo says is believed exactly when it is about who signed in.
pub fn userinfo(lies: &Lies, is_signed: bool) {
    let (page, said, _) = after_login(lies);
    page.world().provider.signs_userinfo.set(is_signed);
    let result = page.userinfo();

    let said = said.borrow();
    assert_eq!(
        result.is_ok(),
        naive::userinfo_is_good(&said, "alice", is_signed, NOW),
        "{lies:?}: {:?}",
        result.as_ref().err()
    );
    assert!(result.is_err() || result.is_ok_and(|claims| claims == said.userinfo));
    assert_eq!(page.sub().as_deref(), Some("alice"));
}

/// An honest login, after which the provider lies: the page, what it will be told, and the claims of the login.
fn after_login(lies: &Lies) -> (Page, Rc<RefCell<Said>>, Value) {
    let world = World::new();
    world.provider.is_suite.set(false);
    let honest = Lies::default().tell(&world.provider);
    let tab = world.tab();
    tab.sign_in();
    let claims = honest.borrow().claims.clone();
    // Keys and metadata are asked for again, from a page that remembers nothing.
    for key in tab.storage.keys_of("jwks").iter().chain(&tab.storage.keys_of("metadata")) {
        tab.storage.drop_item(key);
    }
    world.provider.repent();
    let said = lies.tell(&world.provider);
    (tab.reload(), said, claims)
}

/// Whatever one of the provider's servers answers, before or after somebody signed in: no panic, and a whole session of that
/// person or none.
pub fn wire(path: &'static str, answer: HttpResponse, is_signed_in: bool) {
    let world = World::new();
    world.provider.is_suite.set(false);
    let tab = world.tab();
    if is_signed_in {
        tab.sign_in();
    }
    world.provider.change_answer_at(path, move |genuine| {
        *genuine = answer.clone();
    });
    let page = tab.open(HOME);
    if let Ok(url) = page.login()
        && url.starts_with(&format!("{ISSUER}/auth?"))
    {
        let page = tab.open(&world.provider.authorize(&url));
        let _ = page.handle_redirect();
    }
    let page = tab.reload();
    page.has_a_whole_session_or_none();
    let _ = (page.userinfo(), page.refresh(), page.revoke(None), page.userinfo());
    page.has_a_whole_session_or_none();
    assert!(page.sub().is_none_or(|sub| sub == "alice"));
    let _ = page.logout(json!({ "revoke": true }));
}
