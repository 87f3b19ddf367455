//! What this document (one load of the page) has already answered, and the states of its clients.

use std::cell::RefCell;

use crate::flow::by_key::ByKey;
use crate::flow::callback::entry::Outcome;
use crate::flow::leaving::Leaving;
use crate::flow::single_flight::Flight;
use crate::flow::state::State;
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
    pub(in crate::flow) states: ByKey<State>,
    /// By prefix and name.
    pub(in crate::flow) leaving: ByKey<Leaving>,
    /// By storage prefix and state. A list: a document sees one or two.
    answers: RefCell<Vec<(String, Answer)>>,
    cleaned: RefCell<Option<CleanedUrl>>,
}

/// Where the page stands after its response was cleared away. As long as it stands there, it is still the page that was
/// answered: a caller that comes after the clearing (the second effect of React's StrictMode) means that response.
struct CleanedUrl {
    url: String,
    history_length: u32,
    answer: Answer,
}

impl Document {
    pub fn answers(&self, key: &str) -> Option<Answer> {
        self.answers.borrow().iter().find(|(taken, _)| taken == key).map(|(_, answer)| answer.clone())
    }

    pub fn keep(&self, key: String, answer: &Answer) {
        self.answers.borrow_mut().push((key, answer.clone()));
    }

    pub fn clean(&self, bar: &impl AddressBar, answer: &Answer) {
        let cleaned = CleanedUrl { url: bar.url(), history_length: bar.history_length(), answer: answer.clone() };
        self.cleaned.replace(Some(cleaned));
    }

    pub fn answer_of_cleaned_url(&self, bar: &impl AddressBar) -> Option<Answer> {
        let mut cleaned = self.cleaned.borrow_mut();
        match cleaned.as_ref() {
            Some(place) if place.url == bar.url() && place.history_length == bar.history_length() => {
                Some(place.answer.clone())
            }
            // The page has moved on, and does not mean that response any more even if it should come back to this URL.
            _ => {
                *cleaned = None;
                None
            }
        }
    }
}
