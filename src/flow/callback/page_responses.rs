//! The responses that this page (one load of a document) has taken up. They are shared by every registry of the page: the page was
//! redirected to, not a registry.

use std::cell::RefCell;

use crate::flow::callback::outcome::Outcome;
use crate::flow::single_flight::Flight;
use crate::ports::AddressBar;

/// A response that this page acts on, or has acted on: its client and its result.
#[derive(Clone)]
pub struct Answer {
    /// The key of the client.
    pub client: String,
    /// `None` where the record was damaged: the response may be that of a login or of a logout.
    pub is_login: Option<bool>,
    pub outcome: Flight<Outcome>,
}

#[derive(Default)]
pub struct PageResponses {
    /// A list serves, because a page sees one or two responses.
    taken: RefCell<Vec<Taken>>,
    cleaned: RefCell<Option<CleanedUrl>>,
}

/// Two registries with different prefixes are different clients of one page.
struct Taken {
    prefix: String,
    state: String,
    answer: Answer,
}

/// The address of the page after its response was cleared away. As long as the page has this address, a later caller (such as the second
/// effect of React's StrictMode) means that response.
struct CleanedUrl {
    url: String,
    history_length: u32,
    answer: Answer,
}

impl PageResponses {
    pub fn answer(&self, prefix: &str, state: &str) -> Option<Answer> {
        let taken = self.taken.borrow();
        let taken = taken.iter().find(|taken| taken.state == state && taken.prefix == prefix);
        taken.map(|taken| taken.answer.clone())
    }

    pub fn keep(&self, prefix: &str, state: &str, answer: &Answer) {
        let taken = Taken { prefix: prefix.to_owned(), state: state.to_owned(), answer: answer.clone() };
        self.taken.borrow_mut().push(taken);
    }

    /// Notes that the address bar was cleaned of this response.
    pub fn set_cleaned_url(&self, bar: &impl AddressBar, answer: &Answer) {
        let cleaned = CleanedUrl { url: bar.url(), history_length: bar.history_length(), answer: answer.clone() };
        self.cleaned.replace(Some(cleaned));
    }

    pub fn answer_of_cleaned_url(&self, bar: &impl AddressBar) -> Option<Answer> {
        // Before the borrow: a page may have put a getter in the place of its history.
        let (url, history_length) = (bar.url(), bar.history_length());
        let mut cleaned = self.cleaned.borrow_mut();
        // After the page has moved on, a caller does not mean that response any more, even if the page comes back to this URL.
        if let Some(place) = &*cleaned
            && (place.url != url || place.history_length != history_length)
        {
            *cleaned = None;
        }
        cleaned.as_ref().map(|place| place.answer.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its history is a getter that looks for the answer once more.
    struct Bar<'a>(&'a PageResponses);

    impl AddressBar for Bar<'_> {
        fn url(&self) -> String {
            let _ = self.0.cleaned.try_borrow_mut().expect("no borrow while the page's own code may run");
            "https://app.example/".into()
        }

        fn history_length(&self) -> u32 {
            self.url().len() as u32
        }

        fn replace(&self, _: &str) {}
    }

    #[test]
    fn a_page_whose_history_comes_back_to_the_client() {
        let responses = PageResponses::default();
        let outcome = Flight::new(std::future::ready(Err(super::super::outcome::already_ended())));
        let bar = Bar(&responses);
        responses.set_cleaned_url(&bar, &Answer { client: "demo".into(), is_login: None, outcome });
        for _ in 0..2 {
            assert!(responses.answer_of_cleaned_url(&bar).is_some());
        }
    }
}
