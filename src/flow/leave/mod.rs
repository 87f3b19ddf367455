//! Leaving the page for the provider: to log in, and to log out. A login may also go to the provider in a window beside the page. And the logout
//! that the provider asks for, and the frame that tells of one.

pub mod front_channel;
pub mod leaving;
pub mod login;
pub mod logout;
pub mod monitor;
pub(in crate::flow) mod watch;
pub mod windows;
