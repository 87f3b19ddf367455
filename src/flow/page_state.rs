//! The state that the registries of one page (one load of a document) share.

use std::cell::RefCell;
use std::rc::Rc;

use crate::flow::callback::page_responses::PageResponses;
use crate::flow::leave::leaving::Leaving;
use crate::flow::state::State;

#[derive(Default)]
pub struct PageState {
    /// The states of clients, by prefix, name and owner.
    pub(in crate::flow) clients: ByKey<State>,
    /// The turns to leave the page, by prefix and name.
    pub(in crate::flow) leaving: ByKey<Leaving>,
    pub(in crate::flow) responses: PageResponses,
}

/// The number of values that are kept although no object uses them any more.
const MAX_IDLE: usize = 16;

/// Values by a key. A value outlives the objects that use it: a client that is registered again finds its own. A list serves, because a
/// page has one or two clients.
pub(in crate::flow) struct ByKey<T>(RefCell<Vec<(String, Rc<T>)>>);

impl<T> Default for ByKey<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Default> ByKey<T> {
    pub fn of(&self, key: &str) -> Rc<T> {
        let mut values = self.0.borrow_mut();
        if let Some((_, value)) = values.iter().find(|(known, _)| known == key) {
            return value.clone();
        }
        let is_idle = |(_, value): &&(String, Rc<T>)| Rc::strong_count(value) == 1;
        // The oldest value goes first: an application may register names without end.
        while values.iter().filter(is_idle).count() >= MAX_IDLE
            && let Some(oldest) = values.iter().position(|value| is_idle(&value))
        {
            values.remove(oldest);
        }
        let value = Rc::<T>::default();
        values.push((key.to_owned(), value.clone()));
        value
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    type Numbers = ByKey<Cell<u32>>;

    #[test]
    fn a_value_is_found_again() {
        let numbers = Numbers::default();
        numbers.of("a").set(7);
        assert_eq!((numbers.of("a").get(), numbers.of("b").get()), (7, 0));
    }

    #[test]
    fn values_that_nothing_uses_are_bounded_and_values_in_use_stay() {
        let numbers = Numbers::default();
        let used: Vec<_> = (0..40).map(|index| numbers.of(&format!("used-{index}"))).collect();
        for index in 0..100 {
            numbers.of(&format!("idle-{index}")).set(1);
        }
        assert_eq!(numbers.0.borrow().len(), used.len() + MAX_IDLE);
        assert!(used.iter().enumerate().all(|(index, value)| Rc::ptr_eq(value, &numbers.of(&format!("used-{index}")))));
        assert_eq!(numbers.of("idle-99").get(), 1, "the latest stays");
        assert_eq!(numbers.of("idle-0").get(), 0, "the oldest went");
    }
}
