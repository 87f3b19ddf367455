//! The flows, natively, against a fake browser and a fake provider: one test per attack or scenario, in the words of the OpenID
//! certification suite where it has them.

#[path = "../support/mod.rs"]
mod support;

mod basic_rp;
mod callback_order;
mod config_rp;
mod fapi_rules;
mod idempotence;
mod keys;
mod logout;
mod lying_provider;
mod navigation;
mod rfc_vectors;
mod secrets;
mod session;
mod settings;
mod side_by_side;
mod storage_faults;
mod whose_response;
