//! What a page can be asked to do, each with the world it is asked in: the rows of the tables of faults.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::tokens;
use oidc_client_wasm::protocol::http::HttpRequest;
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::revocation::TokenKind;
use oidc_client_wasm::settings::params;

pub use super::client_verbs::ClientVerbs;
use super::effects::TabDied;
use super::keys::SigningKey;
use super::page::{Page, Tab};
use super::provider::CLIENT_ID;
use super::world::{HOME, ISSUER, World, key_of};

/// Under way: what was handed out (a URL, a token), or nothing.
pub type Doing = Pin<Box<dyn Future<Output = Result<Option<String>, Error>>>>;

pub struct Verb {
    pub name: &'static str,
    /// Brings the world about; where the page is loaded then.
    pub prepare: fn(&Rc<Tab>) -> String,
    pub begin: fn(&Page) -> Doing,
    pub brings: Brings,
}

/// What it means for the session that it ended well.
#[derive(Clone, Copy, PartialEq)]
pub enum Brings {
    Nothing,
    Login,
    Logout,
}

impl Verb {
    /// A world that is quick, and a tab in which the verb can be begun at the URL.
    pub fn world(&self) -> (Rc<World>, Rc<Tab>, String) {
        let world = World::new();
        world.provider.sign_with(SigningKey::new("Ed25519", 0, Some("key-0")));
        // What is redeemed twice is counted, and refused as a provider would.
        world.provider.is_suite.set(false);
        let tab = world.tab();
        let url = (self.prepare)(&tab);
        (world, tab, url)
    }
}

/// Runs what a tab does; `None` when it died of it.
pub fn until_death<T>(tab: &Tab, doing: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(doing)) {
        Ok(done) => Some(done),
        Err(cause) if cause.is::<TabDied>() => {
            tab.die();
            None
        }
        Err(cause) => resume_unwind(cause),
    }
}

fn home() -> String {
    HOME.to_owned()
}

fn signed_in(tab: &Rc<Tab>) -> String {
    tab.sign_in();
    home()
}

/// Signed in, with nothing remembered of the provider.
fn signed_in_long_ago(tab: &Rc<Tab>) -> String {
    tab.sign_in();
    tab.world.pass(4000);
    home()
}

fn forget_documents(tab: &Tab) {
    tab.storage.drop_item(&key_of("metadata", "demo"));
    tab.storage.drop_item(&key_of("jwks", "demo"));
}

fn rejected_by_the_api(tab: &Rc<Tab>) -> String {
    let token = tab.sign_in().held_access_token();
    let fields = [("token", token.as_str()), ("token_type_hint", "access_token"), ("client_id", CLIENT_ID)];
    tab.world.provider.answer(&HttpRequest::post_form(format!("{ISSUER}/revoke"), fields));
    tab.world.provider.signs_userinfo.set(true);
    home()
}

fn token(page: &Page, options: Value) -> Doing {
    let (client, options) = (page.client(), params::access_token(options, false).expect("options"));
    Box::pin(
        async move { Ok(Some(tokens::get::access_token(&client, &options).await?.access_token.expose().to_owned())) },
    )
}

fn callback(page: &Page) -> Doing {
    let handling = page.oauth.handle_redirect(None);
    Box::pin(async move { Ok(handling.await?.map(|outcome| outcome.client)) })
}

fn login(page: &Page) -> Doing {
    let client = page.client();
    Box::pin(async move { client.begin_login(json!({}), None).await.map(Some) })
}

fn logout(page: &Page, params: Value) -> Doing {
    let (client, params) = (page.client(), params::logout(params).expect("parameters"));
    Box::pin(async move { Ok(client.begin_logout(params, None).await?.map(|(request, _)| request.url())) })
}

fn revocation(page: &Page, kind: TokenKind) -> Doing {
    let client = page.client();
    Box::pin(async move { tokens::revoke::revoke_token(&client, Some(kind)).await.map(|()| None) })
}

fn userinfo(page: &Page) -> Doing {
    let client = page.client();
    Box::pin(async move { Ok(client.userinfo().await?["sub"].as_str().map(String::from)) })
}

pub const LOGIN: Verb = Verb { name: "login", prepare: |_| home(), begin: login, brings: Brings::Nothing };

pub const CALLBACK: Verb = Verb {
    name: "callback",
    prepare: |tab| {
        let callback = tab.come_back();
        forget_documents(tab);
        callback
    },
    begin: callback,
    brings: Brings::Login,
};

pub const CALLBACK_OF_SOMEBODY_ELSE: Verb = Verb {
    name: "callback of somebody else",
    prepare: |tab| {
        tab.sign_in();
        tab.world.provider.sub.replace("bob".into());
        tab.come_back()
    },
    begin: callback,
    brings: Brings::Login,
};

pub const PRELOAD: Verb = Verb {
    name: "preload",
    prepare: |_| home(),
    begin: |page| {
        let client = page.client();
        Box::pin(async move { client.preload().await.map(|()| None) })
    },
    brings: Brings::Nothing,
};

pub const REFRESH: Verb = Verb {
    name: "refresh",
    prepare: signed_in,
    begin: |page| token(page, json!({ "force": true })),
    brings: Brings::Nothing,
};

pub const RENEWAL: Verb = Verb {
    name: "renewal of an expired token",
    prepare: signed_in_long_ago,
    begin: |page| token(page, json!({})),
    brings: Brings::Nothing,
};

pub const TOKEN_BESIDE: Verb = Verb {
    name: "token of another scope",
    prepare: signed_in,
    begin: |page| token(page, json!({ "scope": "email" })),
    brings: Brings::Nothing,
};

pub const USERINFO: Verb =
    Verb { name: "userinfo", prepare: signed_in_long_ago, begin: userinfo, brings: Brings::Nothing };

pub const USERINFO_TWICE: Verb = Verb {
    name: "userinfo that takes the second token",
    prepare: rejected_by_the_api,
    begin: userinfo,
    brings: Brings::Nothing,
};

pub const REVOKE_REFRESH_TOKEN: Verb = Verb {
    name: "revocation of the refresh token",
    prepare: signed_in_long_ago,
    begin: |page| revocation(page, TokenKind::RefreshToken),
    brings: Brings::Nothing,
};

pub const REVOKE_ACCESS_TOKEN: Verb = Verb {
    name: "revocation of the access token",
    prepare: signed_in,
    begin: |page| revocation(page, TokenKind::AccessToken),
    brings: Brings::Nothing,
};

pub const LOGOUT: Verb =
    Verb { name: "logout", prepare: signed_in_long_ago, begin: |page| logout(page, json!({})), brings: Brings::Logout };

pub const LOGOUT_THAT_REVOKES: Verb = Verb {
    name: "logout that revokes",
    prepare: |tab| {
        tab.sign_in();
        // A login in the making, to be forgotten.
        tab.come_back();
        home()
    },
    begin: |page| logout(page, json!({ "revoke": true })),
    brings: Brings::Logout,
};

pub const LOGOUT_RETURN: Verb = Verb {
    name: "return from the logout",
    prepare: |tab| {
        let request = tab.sign_in().logout(json!({})).expect("a logout").expect("a request");
        tab.world.provider.end_session(&request.endpoint, &request.fields).expect("a return")
    },
    begin: callback,
    brings: Brings::Logout,
};

pub const CLEAR: Verb = Verb {
    name: "clear",
    prepare: signed_in,
    begin: |page| {
        let cleared = page.client().sign_out_here();
        Box::pin(async move { Ok(cleared.map(|()| None)?) })
    },
    brings: Brings::Logout,
};

pub const VERBS: [Verb; 15] = [
    LOGIN,
    CALLBACK,
    CALLBACK_OF_SOMEBODY_ELSE,
    PRELOAD,
    REFRESH,
    RENEWAL,
    TOKEN_BESIDE,
    USERINFO,
    USERINFO_TWICE,
    REVOKE_REFRESH_TOKEN,
    REVOKE_ACCESS_TOKEN,
    LOGOUT,
    LOGOUT_THAT_REVOKES,
    LOGOUT_RETURN,
    CLEAR,
];
