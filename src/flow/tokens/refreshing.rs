//! The refresh under way, or the last one.

use std::cell::RefCell;
use std::rc::Rc;

use crate::flow::single_flight::Flight;
use crate::protocol::refresh::TokenTarget;
use crate::protocol::token::Token;

#[derive(Default)]
pub struct Refreshing(RefCell<Option<(TokenTarget, Flight<Rc<Token>>)>>);

impl Refreshing {
    /// The refresh of this target, if it is under way.
    pub fn of(&self, target: &TokenTarget) -> Option<Flight<Rc<Token>>> {
        let refreshing = self.0.borrow();
        let same = refreshing.as_ref().filter(|(known, flight)| known == target && !flight.is_done());
        same.map(|(_, flight)| flight.clone())
    }

    /// Puts a refresh in the place of the last one.
    pub fn begin(
        &self,
        target: TokenTarget,
        work: impl FnOnce(Option<Flight<Rc<Token>>>) -> Flight<Rc<Token>>,
    ) -> Flight<Rc<Token>> {
        let before = self.0.take().map(|(_, flight)| flight);
        let flight = work(before);
        self.0.replace(Some((target, flight.clone())));
        flight
    }
}
