//! The input of a developer: the settings of a client, the options of the registry, and the parameters of each call. The names here are the
//! camelCase names of JavaScript. A reader checks each value by a table of rules, and names every mistake by its key.

pub mod client;
pub mod client_kwargs;
pub mod mistake;
pub mod options;
pub mod params;
pub mod reader;
