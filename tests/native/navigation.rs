//! Any sequence of what a person, a page and an attacker may do in a tab: nothing panics, and who is signed in is always who a simple
//! model says.

use std::rc::Rc;

use proptest::prelude::*;

use crate::support::front_channel::read_params;
use crate::support::*;
use oidc_client_wasm::protocol::json::json;

#[derive(Clone, Debug)]
enum Event {
    /// Begins a login and lets the provider agree, without coming back yet.
    Begin,
    /// Comes back with the answer to one of the logins begun so far, be it the first time or again.
    Answer(prop::sample::Index),
    /// The same state, and an error or a code that the provider never issued.
    Refusal(prop::sample::Index),
    ForgedCode(prop::sample::Index),
    /// A response to something that nobody began.
    Unknown(&'static str),
    Reload,
    Back,
    CallAgain,
    Logout,
    /// Comes back from the last logout.
    LoggedOut,
    Wait(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let index = any::<prop::sample::Index>;
    let unknown = ["?code=x&state=y", "?error=access_denied&state=y", "#code=x&state=y", "?code=x", "?state=&state="];
    prop_oneof![
        3 => Just(Event::Begin),
        4 => index().prop_map(Event::Answer),
        1 => index().prop_map(Event::Refusal),
        1 => index().prop_map(Event::ForgedCode),
        1 => prop::sample::select(unknown.to_vec()).prop_map(Event::Unknown),
        1 => Just(Event::Reload),
        1 => Just(Event::Back),
        1 => Just(Event::CallAgain),
        1 => Just(Event::Logout),
        1 => Just(Event::LoggedOut),
        1 => prop::sample::select(vec![1, 299, 599, 600, 3600]).prop_map(Event::Wait),
    ]
}

struct Login {
    callback: String,
    nonce: String,
    begun_at: i64,
    /// Answered, or forgotten at a logout.
    is_over: bool,
}

struct Model {
    world: Rc<World>,
    tab: Rc<Tab>,
    page: Page,
    logins: Vec<Login>,
    logged_out: Option<String>,
    /// The nonce of the login that the session comes from.
    signed_in: Option<String>,
}

impl Model {
    fn new() -> Self {
        let (world, tab) = World::whose_provider(|op| op.is_suite.set(false)).with_tab();
        let page = tab.open(HOME);
        Self { world, tab, page, logins: Vec::new(), logged_out: None, signed_in: None }
    }

    /// A response with the state of a login: acted on once, in time, and only a genuine one signs in.
    fn respond(&mut self, index: &prop::sample::Index, forge: impl Fn(&str) -> String, is_genuine: bool) {
        if self.logins.is_empty() {
            return;
        }
        let now = self.world.clock.get();
        let login = index.get(&self.logins).callback.clone();
        self.page = self.tab.open(&forge(&login));
        let _ = self.page.handle_redirect();
        let at = index.index(self.logins.len());
        let login = &mut self.logins[at];
        let in_time = now - login.begun_at < 600;
        if std::mem::replace(&mut login.is_over, true) {
            return;
        }
        if in_time && is_genuine {
            self.signed_in = Some(login.nonce.clone());
        }
        let url = self.tab.url();
        assert!(!url.contains("code=") || !in_time, "a response that was answered is still in sight");
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Begin => {
                let url = self.page.login().expect("a login");
                let callback = self.world.provider.authorize(&url);
                let nonce = read_params(&url)["nonce"].clone();
                self.logins.push(Login { callback, nonce, begun_at: self.world.clock.get(), is_over: false });
            }
            Event::Answer(index) => self.respond(index, str::to_owned, true),
            Event::Refusal(index) => self.respond(index, |url| format!("{url}&error=access_denied"), false),
            Event::ForgedCode(index) => self.respond(index, |url| url.replace("code=", "code=forged"), false),
            Event::Unknown(response) => {
                self.page = self.tab.open(&format!("{REDIRECT_URI}{response}"));
                assert_eq!(self.page.handle_redirect().expect("nothing of ours"), None);
            }
            Event::Reload => {
                self.page = self.tab.reload();
                let _ = self.page.handle_redirect();
            }
            Event::Back => {
                if self.tab.can_go_back() {
                    self.page = self.tab.back();
                    let _ = self.page.handle_redirect();
                }
            }
            Event::CallAgain => {
                let (first, second) = (self.page.handle_redirect(), self.page.handle_redirect());
                assert_eq!(first.map_err(|error| error.code), second.map_err(|error| error.code));
            }
            Event::Logout => {
                let request = self.page.logout(json!({})).expect("a logout").expect("a request");
                self.logged_out = self.world.provider.end_session(&request.endpoint, &request.fields);
                self.logins.iter_mut().for_each(|login| login.is_over = true);
                self.signed_in = None;
            }
            Event::LoggedOut => {
                if let Some(url) = self.logged_out.clone() {
                    self.page = self.tab.open(&url);
                    let _ = self.page.handle_redirect();
                }
            }
            Event::Wait(seconds) => self.world.pass(*seconds),
        }
    }

    fn nonce_of_session(&self) -> Option<String> {
        let session = self.page.session()?;
        Some(session.claims()?["nonce"].as_str()?.to_owned())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn who_is_signed_in_is_who_began_a_login_and_came_back_in_time(events in prop::collection::vec(event(), 1..20)) {
        let mut model = Model::new();
        for event in &events {
            model.happen(event);
            prop_assert_eq!(model.nonce_of_session(), model.signed_in.clone(), "after {:?}", event);
        }
        let redeemed = model.world.network.sent_to("/token");
        let mut codes: Vec<&str> = redeemed.iter().map(|sent| sent.field("code")).collect();
        codes.sort_unstable();
        let sent = codes.len();
        codes.dedup();
        prop_assert!(sent <= model.logins.len(), "{} token requests for {} logins", sent, model.logins.len());
        prop_assert_eq!(codes.len(), sent, "a code was sent twice");
    }
}
