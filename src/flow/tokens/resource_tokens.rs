//! Tokens of another scope or resource than the login's (RFC 8707). They live as long as this page.

use std::cell::RefCell;

use super::access_token::AccessToken;
use crate::flow::session::value::LoginId;
use crate::protocol::refresh::TokenTarget;

/// Resource tokens that a page holds at most.
const MAX_RESOURCE_TOKENS: usize = 16;

#[derive(Default)]
pub struct ResourceTokens(RefCell<Vec<ResourceToken>>);

struct ResourceToken {
    /// The login that the token belongs to.
    login: LoginId,
    target: TokenTarget,
    held: AccessToken,
}

impl ResourceTokens {
    pub(in crate::flow) fn get(&self, login: &LoginId, target: &TokenTarget) -> Option<AccessToken> {
        let tokens = self.0.borrow();
        let found = tokens.iter().find(|token| token.login == *login && token.target == *target);
        found.map(|token| token.held.clone())
    }

    pub(in crate::flow) fn keep(&self, login: &LoginId, target: &TokenTarget, held: AccessToken) {
        let mut tokens = self.0.borrow_mut();
        let known = tokens.iter().position(|other| other.target == *target);
        if let Some(gives_way) = known.or((tokens.len() >= MAX_RESOURCE_TOKENS).then_some(0)) {
            tokens.remove(gives_way);
        }
        tokens.push(ResourceToken { login: login.clone(), target: target.clone(), held });
    }

    pub(in crate::flow) fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}
