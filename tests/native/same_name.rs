//! Apps at several places of an origin that use the same name for a client: each has records of its own, and leaves the others'
//! alone.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::support::*;
use oidc_client_wasm::protocol::json::{self, Value, json};

const ELSEWHERE: &str = "https://other.example";

/// What makes another app's client of the name `demo` another one.
fn others() -> [Value; 3] {
    [
        json!({ "clientId": "another" }),
        json!({ "issuer": ELSEWHERE }),
        json!({ "issuer": null, "serverMetadataUrl": format!("{ELSEWHERE}/.well-known/openid-configuration") }),
    ]
}

struct Apps {
    world: Rc<World>,
    elsewhere: Rc<FakeProvider>,
    tab: Rc<Tab>,
    shop: Value,
    admin: Value,
}

impl Apps {
    /// Two apps of one origin, in the same tab.
    fn new(other: &Value) -> Self {
        let world = World::new();
        let elsewhere = world.another_provider(ELSEWHERE);
        elsewhere.is_suite.set(false);
        world.provider.is_suite.set(false);
        let shop = world.settings.borrow().clone();
        let mut admin = shop.clone();
        for (name, value) in other.as_object().expect("settings") {
            admin[name] = value.clone();
        }
        let tab = world.tab();
        Self { world, elsewhere, tab, shop, admin }
    }

    fn open(&self, settings: &Value, url: &str) -> Page {
        self.world.settings.replace(settings.clone());
        self.tab.open(url)
    }

    fn shop(&self) -> Page {
        self.open(&self.shop, HOME)
    }

    fn admin(&self) -> Page {
        self.open(&self.admin, HOME)
    }

    /// What of storage is the shop's.
    fn records_of_the_shop(&self) -> BTreeMap<String, String> {
        let owner = client_key("demo");
        self.tab.storage.snapshot().into_iter().filter(|(key, _)| key.contains(&owner)).collect()
    }
}

#[test]
fn a_visit_of_another_app_neither_sees_nor_removes_the_session() {
    for other in others() {
        let apps = Apps::new(&other);
        apps.open(&apps.shop, HOME);
        let session = apps.tab.sign_in().session();
        let before = apps.tab.storage.snapshot();
        let admin = apps.admin();
        assert_eq!(admin.handle_redirect().expect("nothing of its own"), None);
        assert!(admin.session().is_none(), "{other}");
        assert_error(&admin.access_token().expect_err("nobody"), ["missing_token", "usage", "token"]);
        assert!(admin.events.take().is_empty(), "{other}: nothing to tell");
        assert_eq!(apps.tab.storage.snapshot(), before, "{other}");
        assert_eq!(apps.shop().session(), session, "{other}");
    }
}

#[test]
fn both_apps_are_signed_in_side_by_side() {
    for other in &others()[1..] {
        let apps = Apps::new(other);
        let shop = apps.tab.sign_in().session();
        apps.admin();
        let url = apps.admin().login().expect("a login");
        assert!(url.starts_with(ELSEWHERE));
        let callback = apps.elsewhere.authorize(&url);
        let admin = apps.open(&apps.admin, &callback);
        admin.expect_login();
        assert_eq!(apps.shop().session(), shop, "{other}");
        assert!(apps.admin().session().is_some(), "{other}");
        apps.admin().clear();
        assert_eq!(apps.shop().session(), shop, "{other}");
    }
}

#[test]
fn a_sign_out_of_one_app_leaves_every_record_of_the_other() {
    for other in others() {
        for logout in [|page: &Page| page.clear(), |page: &Page| drop(page.logout(json!({ "fallback": "local" })))] {
            let apps = Apps::new(&other);
            apps.tab.sign_in();
            // A login under way, which a sign-out of the shop would end.
            let callback = apps.tab.come_back();
            let before = apps.records_of_the_shop();
            apps.world.pass(1);
            let admin = apps.admin();
            logout(&admin);
            apps.world.bus.deliver();
            assert_eq!(apps.records_of_the_shop(), before, "{other}");
            assert!(apps.shop().session().is_some(), "{other}");
            apps.open(&apps.shop, &callback).expect_login();
        }
    }
}

#[test]
fn a_response_to_another_apps_login_is_left_alone() {
    for other in others() {
        let apps = Apps::new(&other);
        let callback = apps.tab.come_back();
        let before = apps.records_of_the_shop();
        let admin = apps.open(&apps.admin, &callback);
        assert_eq!(admin.handle_redirect().expect("nothing of its own"), None, "{other}");
        let error = admin.authorize_access_token().expect_err("not its login");
        assert_error(&error, ["mismatching_state", "rejected", "callback"]);
        assert_eq!((apps.tab.url(), apps.records_of_the_shop()), (callback.clone(), before), "{other}");
        apps.open(&apps.shop, &callback).expect_login();
        // And so is one that was answered.
        let admin = apps.open(&apps.admin, &callback);
        assert_eq!(admin.handle_redirect().expect("nothing of its own"), None, "{other}");
        assert_eq!(apps.tab.url(), callback);
    }
}

#[test]
fn a_response_to_another_apps_logout_is_left_alone() {
    for other in others() {
        let apps = Apps::new(&other);
        let request = apps.tab.sign_in().logout(json!({})).expect("a logout").expect("a request");
        let back = apps.world.provider.end_session(&request.endpoint, &request.fields).expect("a return");
        let admin = apps.open(&apps.admin, &back);
        assert_eq!(admin.handle_redirect().expect("nothing of its own"), None, "{other}");
        admin.validate_logout_response().expect_err("not its logout");
        assert!(apps.open(&apps.shop, &back).handle_redirect().expect("its own").is_some(), "{other}");
    }
}

#[test]
fn a_damaged_record_of_another_app_is_not_dropped() {
    for other in others() {
        let apps = Apps::new(&other);
        let callback = apps.tab.come_back();
        let key = apps.tab.storage.keys_of("transaction").remove(0);
        apps.tab.storage.put_text(&key, "{\"v\":");
        let admin = apps.open(&apps.admin, &callback);
        assert_eq!(admin.handle_redirect().expect("nothing of its own"), None, "{other}");
        admin.login().expect("a login, which sweeps");
        assert!(apps.tab.storage.all_keys().contains(&key), "{other}");
        let shop = apps.open(&apps.shop, &callback);
        assert_error(&shop.handle_redirect().expect_err("damaged"), ["invalid_state", "rejected", "callback"]);
    }
}

#[test]
fn the_logins_of_one_app_do_not_push_out_those_of_the_other() {
    let apps = Apps::new(&others()[0]);
    let callback = apps.tab.come_back();
    for _ in 0..30 {
        apps.admin().login().expect("a login");
    }
    apps.open(&apps.shop, &callback).expect_login();
}

#[test]
fn a_damaged_session_of_its_own_is_dropped_and_told() {
    let tab = World::new().tab();
    tab.sign_in();
    tab.storage.put_text(&key_of("session", "demo"), "{\"v\":2,");
    let page = tab.open(HOME);
    page.handle_redirect().expect("no response");
    assert_eq!(page.events.take(), ["error invalid_session"]);
    assert_eq!(tab.stored_session("demo"), None);
}

#[test]
fn where_storage_is_full_the_other_apps_documents_are_not_what_makes_room() {
    let apps = Apps::new(&others()[1]);
    apps.tab.sign_in();
    let before = apps.records_of_the_shop();
    let admin = apps.admin();
    apps.tab.storage.full_until_removed.set(true);
    admin.login().expect_err("no room");
    assert_eq!(apps.records_of_the_shop(), before);
}

#[test]
fn notices_and_messages_name_the_owner() {
    let (world, page) = World::new().signed_in();
    page.refresh().expect("a refresh");
    world.pass(1);
    page.logout(json!({})).expect("a logout");
    let named = json!(client_key("demo"));
    for text in world.bus.announced() {
        let message: Value = json::parse_record(text.as_bytes()).expect("JSON");
        assert_eq!(message["client"], named);
    }
    for board in ["ended", "answered", "spent"] {
        assert!(world.bus.tombstones(&key_of(board, "demo")).is_some(), "{board}");
    }
}

/// A message of the client of the same name is no message for this one.
#[test]
fn a_message_for_another_apps_client_is_passed_over() {
    let (world, one) = World::new().signed_in();
    let two = one.tab.duplicate().open(HOME);
    one.refresh().expect("a refresh");
    let before = two.session();
    for text in world.bus.announced() {
        let mut message: Value = json::parse_record(text.as_bytes()).expect("JSON");
        for client in [json!("demo"), json!(owned_name("demo", "another", ISSUER)), json!(client_key("other"))] {
            message["client"] = client;
            two.oauth.on_message(message.clone());
        }
    }
    assert_eq!(two.session(), before);
    world.bus.deliver();
    assert_ne!(two.session(), before);
}
