//! Leaving the page for the provider: to log in, and to log out.

pub mod leaving;
pub mod login;
pub mod logout;
