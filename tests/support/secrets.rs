//! Every value of a test that must stay out of sight, and the search for it where it must not be.

use std::cell::RefCell;
use std::fmt::Debug;

use oidc_client_wasm::error::Error;

#[derive(Default)]
pub struct Secrets {
    known: RefCell<Vec<Known>>,
}

struct Known {
    kind: &'static str,
    value: String,
    /// Percent-encoded, where that is something else.
    encoded: Option<String>,
}

impl Secrets {
    pub fn remember(&self, kind: &'static str, value: &str) {
        let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let encoded = Some(encoded).filter(|encoded| encoded != value);
        self.known.borrow_mut().push(Known { kind, value: value.to_owned(), encoded });
    }

    /// The kind of the first secret that the text holds, as it is or percent-encoded.
    pub fn found_in(&self, text: &str) -> Option<&'static str> {
        let is_in = |known: &&Known| {
            text.contains(&known.value) || known.encoded.as_ref().is_some_and(|encoded| text.contains(encoded))
        };
        self.known.borrow().iter().find(is_in).map(|known| known.kind)
    }

    /// No message, no `Debug` output and no remedy holds a secret.
    #[track_caller]
    pub fn audit_error(&self, error: &Error) {
        self.audit("the Debug output of an error", error);
        self.audit_text("the message of an error", &error.message);
        self.audit_text("a remedy", error.remedy().unwrap_or_default());
    }

    #[track_caller]
    pub fn audit(&self, what: &str, value: &impl Debug) {
        self.audit_text(what, &format!("{value:?}"));
        self.audit_text(what, &format!("{value:#?}"));
    }

    #[track_caller]
    pub fn audit_text(&self, what: &str, text: &str) {
        if let Some(kind) = self.found_in(text) {
            panic!("{what} shows a {kind}: wrap it in `Secret`, or write `Debug` by hand");
        }
    }
}
