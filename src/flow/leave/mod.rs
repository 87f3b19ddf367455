//! Leaving the page for the provider: to log in, and to log out. And the logout that the provider asks for.

pub mod front_channel;
pub mod leaving;
pub mod login;
pub mod logout;
