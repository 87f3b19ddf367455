//! The provider has rotated the refresh token, and the rest of its answer is refused: the new refresh token is kept for the next try,
//! nothing else of the answer counts, and the session lives on, here, after a reload and in copies of the tab.

use std::cell::Cell;
use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::hooks::{Functions, Hook};
use oidc_client_wasm::protocol::http::HttpResponse;
use oidc_client_wasm::protocol::json::{self, Object, Value, json};

use crate::functions::{is_thrown, thrown, world_with};
use crate::support::*;

/// The provider of the tests fails a refresh token that comes twice.
pub fn signed_in(world: Rc<World>) -> (Rc<World>, Page) {
    let (world, page) = world.signed_in();
    world.pass(70);
    page.events.take();
    (world, page)
}

/// The session is as it was, but for a refresh token that works.
#[track_caller]
fn keeps_the_refresh_token_alone(page: &Page, before: &Value) {
    let (mut now, mut before) = (page.token(), before.clone());
    let kept = now["refresh_token"].take();
    assert_ne!(kept, before["refresh_token"].take());
    assert_eq!(now, before, "nothing else of the answer is handed out");
    assert!(page.world().provider.honours(kept.as_str().expect("a refresh token")));
}

/// Three refreshes are refused, each time another thing asks for one; then the provider comes to its senses.
#[track_caller]
pub fn survives(world: &Rc<World>, lie: impl Fn(&FakeProvider), verdict: [&'static str; 3]) {
    let (_, page) = signed_in(world.clone());
    let copy = page.tab.duplicate().open(HOME);
    let before = page.token();
    lie(&world.provider);
    assert_error(&page.refresh().expect_err("refused"), verdict);
    assert_eq!(page.events.take(), [format!("error {}", verdict[0])]);
    keeps_the_refresh_token_alone(&page, &before);
    world.bus.deliver();
    // The key set may be asked for again.
    world.pass(61);
    let reloaded = page.tab.reload();
    assert_error(&reloaded.refresh().expect_err("refused again"), verdict);
    keeps_the_refresh_token_alone(&reloaded, &before);
    world.bus.deliver();
    world.pass(61);
    assert_error(&copy.refresh().expect_err("refused in another tab"), verdict);
    keeps_the_refresh_token_alone(&copy, &before);
    world.bus.deliver();

    world.provider.repent();
    world.pass(61);
    for page in [&reloaded, &copy] {
        page.refresh().expect("the next try");
        world.bus.deliver();
    }
    assert_eq!(reloaded.session(), copy.session());
    assert_eq!(world.network.sent_to("/revoke").len(), 0);
}

const INVALID: [&str; 3] = ["invalid_token_response", "rejected", "refresh"];

#[test]
fn whatever_stands_beside_the_tokens() {
    for (name, value, code) in [
        ("id_token", json!({}), "invalid_token_response"),
        ("id_token", json!("a.b.c"), "malformed_jwt"),
        ("token_type", json!("DPoP"), "unsupported_token_type"),
        ("token_type", json!(1), "invalid_token_response"),
        ("token_type", Value::Null, "invalid_token_response"),
        ("access_token", Value::Null, "invalid_token_response"),
        ("access_token", json!("a\r\nX-Smuggled: 1"), "invalid_token_response"),
        ("expires_in", json!("soon"), "invalid_token_response"),
        ("expires_in", json!(-1), "invalid_token_response"),
        ("scope", json!(["openid"]), "invalid_token_response"),
        ("error", json!({ "code": 7 }), "invalid_token_response"),
    ] {
        let _row = row(format!("{name}: {value}"));
        survives(&World::new(), |op| op.token.tell(set(name, value.clone())), [code, "rejected", "refresh"]);
    }
}

/// RFC 6749 section 5.2 gives a refusal another status; what stands beside it is worth keeping all the same.
#[test]
fn a_refusal_with_the_status_of_a_success() {
    for word in ["invalid_grant", "invalid_client", "server_error"] {
        let verdict = ["refresh_refused", "refused", "refresh"];
        survives(&World::new(), |op| op.token.tell(set("error", json!(word))), verdict);
    }
}

/// Strict readers refuse these texts as a whole.
#[test]
fn a_text_that_is_no_good_json_beside_the_refresh_token() {
    for beside in [
        r#""token_type":"Bearer","token_type":"Bearer""#,
        r#""access_token":"a","access_token":"b""#,
        r#""expires_in":1e999"#,
        r#""note":"\ud800""#,
        &format!(r#""note":{}{}"#, "[".repeat(200), "]".repeat(200)),
    ] {
        let _row = row(format!("{beside:.60}"));
        let lie = |op: &FakeProvider| {
            let beside = beside.to_owned();
            op.change_answer_at("/token", move |answer| {
                let text = String::from_utf8(std::mem::take(&mut answer.body)).expect("text");
                answer.body = text.replacen('{', &format!("{{{beside},"), 1).into_bytes();
            });
        };
        survives(&World::new(), lie, INVALID);
    }
}

#[test]
fn a_refresh_token_that_stands_there_twice() {
    fn twice(op: &FakeProvider, other: Option<&'static str>) {
        op.change_answer_at("/token", move |answer| {
            let body: Value = json::parse_record(&answer.body).expect("JSON");
            let again = other.map_or_else(|| body["refresh_token"].clone(), |other| json!(other));
            let text = body.to_string().replacen('{', &format!("{{\"refresh_token\":{again},"), 1);
            answer.body = text.into_bytes();
        });
    }
    // The same one twice leaves no doubt.
    survives(&World::new(), |op| twice(op, None), INVALID);
    // Which one of two is the right one, only the provider knows: neither is kept, and the old one is tried again.
    let (world, page) = signed_in(World::new());
    let before = page.session();
    twice(&world.provider, Some("another"));
    assert_error(&page.refresh().expect_err("refused"), INVALID);
    assert_eq!(page.session(), before);
    assert_eq!(world.bus.tombstones(&key_of("spent", "demo")), None);
}

#[test]
fn an_id_token_of_no_good() {
    type Lie = fn(&FakeProvider);
    let lies: [(Lie, &str); 8] = [
        (|op| op.claims.tell(set("nonce", json!("of another login"))), "nonce_mismatch"),
        (|op| op.claims.tell(set("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"))), "at_hash_mismatch"),
        (|op| op.claims.tell(set("exp", json!(1))), "expired_token"),
        (|op| op.claims.tell(set("iat", json!(9_999_999_999_u64))), "token_not_yet_valid"),
        (|op| op.claims.tell(set("aud", json!("another"))), "invalid_claim"),
        (|op| op.claims.tell(without("sub")), "missing_claim"),
        (|op| op.header.tell(set("alg", json!("none"))), "unsupported_algorithm"),
        (|op| op.header.tell(set("kid", json!("nobody's"))), "invalid_key_id"),
    ];
    for (lie, code) in lies {
        let _row = row(code);
        survives(&World::new(), lie, [code, "rejected", "refresh"]);
    }
}

#[test]
fn a_token_of_another_scope_or_resource() {
    for options in [json!({ "scope": "files" }), json!({ "resource": "https://api.example/" })] {
        let (world, page) = signed_in(World::new());
        let before = page.token();
        world.provider.token.tell(set("token_type", json!("DPoP")));
        page.access_token_for(options.clone()).expect_err("refused");
        keeps_the_refresh_token_alone(&page, &before);
        page.access_token_for(options.clone()).expect_err("refused again");
        world.provider.repent();
        page.access_token_for(options).expect("a token");
        page.refresh().expect("a refresh");
    }
}

// ---------------------------------------------------------------- hooks

fn hooked(hook: Hook) -> Rc<World> {
    world_with(Functions { token_response: Some(hook), ..Functions::default() })
}

/// Once that the first login is over, the hook does something else.
fn after_login(what: impl Fn(Object) -> Result<Object, Error> + 'static) -> (Rc<World>, Rc<Cell<bool>>) {
    let is_broken = Rc::new(Cell::new(false));
    let switch = is_broken.clone();
    (hooked(Rc::new(move |body| if switch.get() { what(body) } else { Ok(body) })), is_broken)
}

#[test]
fn a_hook_that_throws() {
    let (world, is_broken) = after_login(|_| Err(thrown()));
    let (_, page) = signed_in(world);
    let before = page.token();
    is_broken.set(true);
    for _ in 0..3 {
        is_thrown(&page.refresh().expect_err("thrown"));
        keeps_the_refresh_token_alone(&page, &before);
    }
    is_broken.set(false);
    page.refresh().expect("the hook is mended");
}

#[test]
fn a_hook_that_throws_at_a_form() {
    let (world, is_broken) = after_login(|_| Err(thrown()));
    let (world, page) = signed_in(world);
    let before = page.token();
    is_broken.set(true);
    world.provider.change_answer_at("/token", |answer| {
        let body: Value = json::parse_record(&answer.body).expect("JSON");
        let text = |name: &str| body[name].as_str().expect("a text").to_owned();
        let form = format!("access_token={}&refresh_token={}", text("access_token"), text("refresh_token"));
        *answer = HttpResponse::new(200, form);
    });
    is_thrown(&page.refresh().expect_err("thrown"));
    keeps_the_refresh_token_alone(&page, &before);
}

#[test]
fn a_hook_that_makes_nothing_of_the_answer() {
    let (world, is_broken) = after_login(|_| Ok(Default::default()));
    let (_, page) = signed_in(world);
    let before = page.token();
    is_broken.set(true);
    assert_error(&page.refresh().expect_err("no token"), INVALID);
    keeps_the_refresh_token_alone(&page, &before);
}

/// Where a provider names it otherwise, the hook knows.
#[test]
fn what_a_hook_gives_counts_before_the_answer_as_it_came() {
    let (world, is_broken) = after_login(|mut body| {
        body.insert("refresh_token".into(), body["renewal"].clone());
        body.insert("token_type".into(), json!("mac"));
        Ok(body)
    });
    let (world, page) = signed_in(world);
    let before = page.token();
    is_broken.set(true);
    world.provider.token.tell(|body| {
        body["renewal"] = body["refresh_token"].clone();
        body["refresh_token"] = json!("of-something-else");
    });
    page.refresh().expect_err("no bearer token");
    keeps_the_refresh_token_alone(&page, &before);
}

// ---------------------------------------------------------------- other tabs, storage, time

#[test]
fn a_copy_that_slept_asks_for_it() {
    let (world, page) = signed_in(World::new());
    let copy = page.tab.duplicate().open(HOME);
    world.provider.token.tell(set("token_type", json!("DPoP")));
    page.refresh().expect_err("refused");
    world.bus.forget_announcements();
    world.provider.repent();
    copy.refresh().expect("with the refresh token that the other tab kept");
    world.bus.deliver();
    assert_eq!(copy.session(), page.session());
}

#[test]
fn a_copy_that_waits_its_turn_goes_on_with_it() {
    let (world, page) = signed_in(World::new());
    let copy = page.tab.duplicate().open(HOME);
    let first = Cell::new(true);
    world.provider.token.tell(move |body| {
        if first.replace(false) {
            body["token_type"] = json!("DPoP");
        }
    });
    world.network.hold();
    let asked = page.asking_for(json!({ "force": true }));
    let mut waiting = copy.asking_for(json!({ "force": true }));
    world.network.let_go();
    page.got(asked).expect_err("refused");
    assert!(!waiting.advance(), "until the refresh token has arrived");
    world.bus.deliver();
    copy.got(waiting).expect("a refresh with the new refresh token");
}

#[test]
fn where_storage_is_full_the_page_holds_it() {
    let (world, page) = signed_in(World::new());
    let before = page.token();
    page.tab.storage.full.set(true);
    world.provider.token.tell(set("token_type", json!("DPoP")));
    page.refresh().expect_err("refused");
    keeps_the_refresh_token_alone(&page, &before);
    assert_eq!(page.events.take(), ["error storage_full", "error unsupported_token_type"]);
    world.provider.repent();
    page.refresh().expect("the next try");
    page.tab.storage.full.set(false);
    page.refresh().expect("there is room again");
    assert_eq!(page.tab.reload().session(), page.session());
}

/// The person reloads, or closes the tab and restores it, while the keys of the id_token are on their way.
#[test]
fn a_page_that_is_gone_before_the_answer_is_judged_has_stored_it() {
    let (world, page) = signed_in(World::new());
    world.pass(300);
    world.network.hold();
    let mut asking = page.asking_for(json!({ "force": true }));
    world.network.release("/token");
    asking.advance();
    assert_eq!(world.network.in_flight(), [format!("{ISSUER}/jwks")]);
    let tab = page.tab.clone();
    tab.die();
    drop((asking, page));
    world.network.let_go();
    tab.reload().refresh().expect("with the rotated refresh token");
}

#[test]
fn who_left_meanwhile_has_it_given_back() {
    let (world, page) = signed_in(World::new());
    world.provider.token.tell(set("token_type", json!("DPoP")));
    world.network.hold();
    let asking = page.asking_for(json!({ "force": true }));
    page.clear();
    world.network.let_go();
    page.got(asking).expect_err("refused");
    page.tab.run_background();
    assert!(page.session().is_none());
    assert_eq!(world.provider.live_refresh_tokens(), 0, "the provider was told");
}

#[test]
fn an_answer_that_is_no_success_rotates_nothing() {
    for status in [302, 400, 408, 500] {
        let (world, page) = signed_in(World::new());
        let before = page.session();
        let body = json!({ "error": "invalid_scope", "refresh_token": "new" }).to_string();
        world.provider.answer_at("/token", status, body);
        page.refresh().expect_err("refused");
        assert_eq!(page.session(), before);
    }
}

/// The access token is as it was: what a page is told of a new token would be wrong.
#[test]
fn a_copy_takes_the_refresh_token_alone_without_a_word() {
    let (world, page) = signed_in(World::new());
    let copy = page.tab.duplicate().open(HOME);
    world.provider.token.tell(set("token_type", json!("DPoP")));
    page.refresh().expect_err("refused");
    world.bus.deliver();
    assert_eq!(copy.session(), page.session());
    assert_eq!(copy.events.take(), Vec::<String>::new());
    world.provider.repent();
    page.access_token_for(json!({ "scope": "email" })).expect("a token beside that of the login");
    world.bus.deliver();
    assert_eq!(copy.session(), page.session());
    assert_eq!(copy.events.take(), Vec::<String>::new());
    page.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(copy.events.take(), ["tokenupdate alice"]);
}

#[test]
fn a_copy_whose_storage_is_full_is_told_of_the_new_tokens() {
    let (world, page) = signed_in(World::new());
    let copy = page.tab.duplicate().open(HOME);
    copy.tab.storage.full.set(true);
    let token = page.refresh().expect("a refresh");
    world.bus.deliver();
    assert_eq!(copy.held_access_token(), token);
    assert_eq!(copy.events.take(), ["tokenupdate alice"]);
}
