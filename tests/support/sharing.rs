//! New tabs and the tabs that have a session: what each does, step by step.

use std::rc::Rc;

use oidc_client_wasm::flow::awake;
use oidc_client_wasm::protocol::json::{self, Value, json};

use super::keys::SigningKey;
use super::page::{Page, Tab};
use super::run::{Running, now};
use super::world::{HOME, World, client_key};

pub const PRESENT: &str = "oidc:present:";

/// What `register` does in a page.
pub fn begin(page: &Page) {
    awake::begin(&page.oauth, &page.client());
}

/// A page at the app's start, which has not asked.
pub fn load(tab: &Rc<Tab>) -> Page {
    let page = tab.open(HOME);
    begin(&page);
    page
}

/// A new tab after `createOAuth`.
pub fn new_tab(world: &Rc<World>) -> Page {
    let page = load(&world.tab());
    ask(&page);
    page
}

pub fn ask(page: &Page) {
    now(awake::ask(&page.oauth));
}

/// How often the page looks for an answer, and the questions that it sends.
pub fn ask_slowly(page: &Page) -> (usize, Vec<Value>) {
    let (world, mut questions) = (page.world(), Vec::new());
    world.network.is_slow.set(true);
    let mut asking = Running::new(awake::ask(&page.oauth));
    let mut steps = 0usize;
    while asking.step() {
        steps += 1;
        let announced = world.bus.announced();
        questions.extend(announced.iter().filter(|text| text.starts_with("{\"wants\"")).map(|text| message(text)));
    }
    world.network.is_slow.set(false);
    assert!(asking.is_done());
    // The first step looks for the locks, and the last one has nothing left to do.
    (steps.saturating_sub(2), questions)
}

pub fn message(text: &str) -> Value {
    json::parse_record(text.as_bytes()).expect("JSON")
}

/// A tab with a session that shows it.
pub fn with_a_session(world: &Rc<World>) -> Page {
    let page = world.tab().sign_in();
    begin(&page);
    page.events.take();
    world.bus.forget_announcements();
    page
}

/// Questions arrive, and then the answers to them.
pub fn talk(world: &World) {
    world.bus.deliver();
    world.bus.deliver();
}

/// The tabs hear of a login, and one that has no session asks for it.
pub fn hear_of_login(world: &World) {
    world.bus.deliver();
    talk(world);
}

/// A tab with a session hears a question.
pub fn answers_to(page: &Page, asked: &str) -> Vec<Value> {
    page.world().bus.forget_announcements();
    page.oauth.on_message(json!({ "wants": asked, "client": client_key("demo") }));
    let answers = page.world().bus.announced().iter().map(|text| message(text)).collect();
    page.world().bus.forget_announcements();
    answers
}

/// A tab with a session, one without, and the answer that is on its way.
pub fn answered() -> (Rc<World>, Page, Page, Value) {
    let world = World::whose_provider(|op| op.sign_with(SigningKey::new("Ed25519", 0, Some("key-0"))));
    let one = with_a_session(&world);
    let two = load(&world.tab());
    let mut answers = answers_to(&one, "");
    (world, one, two, answers.remove(0))
}
