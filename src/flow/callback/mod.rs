//! The way back from the provider: from a URL to an outcome.

pub mod entry;
pub mod find;
pub mod finish_login;
pub mod outcome;
pub mod page_responses;
pub mod recorded_responses;
pub mod transactions;
