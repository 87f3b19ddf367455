//! What this document (one load of the page) has already answered, and the states of its clients.

use std::cell::RefCell;

use super::by_key::ByKey;
use super::leaving::Leaving;
use super::redirect::Outcome;
use super::single_flight::Flight;
use super::state::State;
use crate::ports::AddressBar;

/// A response that is being acted on, or was: whose it is, and what comes of it.
#[derive(Clone)]
pub struct Answer {
    pub owner: Owner,
    pub outcome: Flight<Outcome>,
}

#[derive(Clone)]
pub struct Owner {
    /// The key of the client.
    pub client: String,
    /// `None` where the record was damaged: the response may be of either sort.
    pub is_login: Option<bool>,
}

/// Shared by every registry of the page: it is the page that was redirected to, not a registry.
#[derive(Default)]
pub struct Document {
    /// By prefix, name and owner.
    pub(super) states: ByKey<State>,
    /// By prefix and name.
    pub(super) leaving: ByKey<Leaving>,
    /// By storage prefix and state. A list: a document sees one or two.
    taken_up: RefCell<Vec<(String, Answer)>>,
    landing: RefCell<Option<Landing>>,
}

/// Where the page stands after its response was cleared away. As long as it stands there, it is still the page that was
/// answered: a caller that comes after the clearing (the second effect of React's StrictMode) means that response.
struct Landing {
    url: String,
    history_length: u32,
    answer: Answer,
}

impl Document {
    pub fn taken_up(&self, key: &str) -> Option<Answer> {
        self.taken_up.borrow().iter().find(|(taken, _)| taken == key).map(|(_, answer)| answer.clone())
    }

    pub fn take_up(&self, key: String, answer: &Answer) {
        self.taken_up.borrow_mut().push((key, answer.clone()));
    }

    pub fn land(&self, bar: &impl AddressBar, answer: &Answer) {
        let landing = Landing { url: bar.url(), history_length: bar.history_length(), answer: answer.clone() };
        self.landing.replace(Some(landing));
    }

    pub fn landed_at(&self, bar: &impl AddressBar) -> Option<Answer> {
        let mut landing = self.landing.borrow_mut();
        match landing.as_ref() {
            Some(place) if place.url == bar.url() && place.history_length == bar.history_length() => {
                Some(place.answer.clone())
            }
            // The page has moved on, and does not mean that response any more even if it should come back to this URL.
            _ => {
                *landing = None;
                None
            }
        }
    }
}
