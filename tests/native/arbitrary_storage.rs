//! Any JSON under every key, and any message on the channel: no panic, nobody is signed in by it, nothing leaves for a stranger, and a
//! person can sign in.

use std::rc::Rc;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::edited_session::is_a_session;
use crate::support::*;
use oidc_client_wasm::protocol::json::{self, Value, json};

/// Words that the package's own records are made of, so that random objects come close to them.
const WORDS: &str = "
    v client client_id issuer place token access_token token_type expires_at scope refresh_token id_token extra
    claims iss sub aud exp iat nonce logged_in_at obtained_at replaced created_at transaction login logout state
    code_verifier redirect_uri response_mode iss_promised max_age app_state is_login outcome kind fetched_at
    source document keys asks ended replaces
";

fn leaf() -> impl Strategy<Value = Value> {
    let known = vec![
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(2),
        json!(-1),
        json!(1_800_000_000i64),
        json!(1e300),
        json!(""),
        json!("demo"),
        json!(CLIENT_ID),
        json!(ISSUER),
        json!("Bearer"),
        json!("openid"),
        json!("query"),
        json!("alice"),
        json!("https://evil.example"),
        json!("e30.e30.AA"),
        json!(REDIRECT_URI),
    ];
    prop_oneof![3 => prop::sample::select(known), 1 => any::<i64>().prop_map(Value::from), 1 => ".{0,12}".prop_map(Value::from)]
}

fn any_json() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 40, 12, |inner| {
        prop_oneof![
            1 => vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => btree_map(prop::sample::select(WORDS.split_whitespace().collect::<Vec<_>>()), inner, 0..12)
                .prop_map(|members| Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())),
        ]
    })
}

/// A genuine record with any of its members, at any depth, replaced by anything.
fn graft(record: &mut Value, at: &[prop::sample::Index], with: Value) {
    match (at, record) {
        ([index, rest @ ..], Value::Object(members)) if !members.is_empty() => {
            let name = index.get(&members.keys().cloned().collect::<Vec<_>>()).clone();
            graft(&mut members[&name], rest, with);
        }
        (_, record) => *record = with,
    }
}

fn grafts() -> impl Strategy<Value = Vec<(prop::sample::Index, Vec<prop::sample::Index>, Value)>> {
    vec((any::<prop::sample::Index>(), vec(any::<prop::sample::Index>(), 1..4), any_json()), 1..4)
}

/// What holds of a page whose storage is anything at all.
fn holds_its_ground(tab: &Rc<Tab>, callback: &str) {
    let world = tab.world.clone();
    let is_whole = |tab: &Tab| tab.stored_session("demo").as_ref().is_some_and(is_a_session);
    let page = tab.open(HOME);
    page.oauth.wake_up();
    assert!(page.session().is_none() || is_whole(tab));
    let _ = page.client().cached_metadata();
    let _ = (page.access_token(), page.userinfo());
    let page = tab.open(callback);
    let _ = page.handle_redirect();
    assert!(page.session().is_none() || is_whole(tab));
    let _ = page.refresh();
    world.bus.deliver();
    let _ = page.logout(json!({}));
    assert!(page.session().is_none());
    let strangers = |sent: &network::Sent| !sent.url.starts_with(ISSUER);
    assert!(!world.network.take_sent().iter().any(strangers));
    world.pass(61);
    let page = tab.sign_in();
    page.refresh().expect("a refresh");
    assert!(is_whole(tab));
}

fn quick() -> Rc<World> {
    let world = World::new();
    world.provider.sign_with(SigningKey::new("Ed25519", 0, Some("key-0")));
    world.provider.is_suite.set(false);
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_json_under_every_key(records in vec(any_json(), 5), notices in vec(any_json(), 3)) {
        let (world, tab) = quick().with_tab();
        let callback = tab.come_back();
        let transaction = tab.storage.keys_of("transaction").remove(0);
        let used = transaction.replace("transaction", "used");
        let documents = ["metadata", "jwks", "session"].map(|kind| key_of(kind, "demo"));
        for (key, record) in documents.into_iter().chain([transaction, used]).zip(&records) {
            tab.storage.put(&key, record);
        }
        for (board, notice) in ["ended", "answered", "spent"].iter().zip(&notices) {
            world.bus.put_tombstones(&key_of(board, "demo"), &notice.to_string());
        }
        holds_its_ground(&tab, &callback);
    }

    #[test]
    fn genuine_records_with_anything_grafted_on(grafts in grafts()) {
        let (world, tab) = quick().with_tab();
        tab.sign_in().refresh().expect("a refresh");
        world.bus.deliver();
        let callback = tab.come_back();
        // Metadata and keys that another document would be believed in are a matter of their own.
        let mut keys = tab.storage.all_keys();
        keys.retain(|key| !key.starts_with("oidc:metadata:") && !key.starts_with("oidc:jwks:"));
        for (key, path, with) in grafts {
            tab.storage.edit(&keys[key.index(keys.len())], |record| graft(record, &path, with));
        }
        holds_its_ground(&tab, &callback);
    }

    #[test]
    fn any_message_on_the_channel(messages in vec(any_json(), 1..4), grafts in grafts()) {
        let (world, one) = quick().signed_in();
        let two = one.tab.duplicate().open(HOME);
        world.pass(1);
        one.refresh().expect("a refresh");
        let mut message: Value = json::parse_record(world.bus.announced()[0].as_bytes()).expect("JSON");
        world.bus.forget_announcements();
        for (_, path, with) in grafts {
            graft(&mut message, &path, with);
        }
        for message in messages.into_iter().chain([message]) {
            two.oauth.on_message(message.clone());
            prop_assert!(two.tab.stored_session("demo").as_ref().is_none_or(is_a_session));
            prop_assert!(two.sub().is_none_or(|sub| sub == "alice"));
        }
        world.bus.deliver();
        two.tab.sign_in();
    }
}
