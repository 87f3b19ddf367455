//! The flows, natively, against a fake browser and a fake provider: one test per attack or scenario, in the words of the OpenID
//! certification suite where it has them.

#[path = "../../fuzz/targets/mod.rs"]
mod fuzz_targets;
#[path = "../support/mod.rs"]
mod support;

mod another_person;
mod any_input;
mod api_requests;
mod arbitrary_storage;
mod basic_rp;
mod callback_order;
mod config_rp;
mod edited_documents;
mod edited_messages;
mod edited_session;
mod edited_transaction;
mod events;
mod expected_issuer;
mod fapi_rules;
mod fault_pairs;
mod faults;
mod fetch_token;
mod functions;
mod fuzz_corpus;
mod hint;
mod idempotence;
mod json_oracle;
mod key_policy;
mod keys;
mod leaving;
mod leaving_elsewhere;
mod left_meanwhile;
mod lies;
mod logout;
mod lying_provider;
mod moved_endpoints;
mod moved_settings;
mod navigation;
mod overwrite;
mod plain_oauth;
mod refresh;
mod refresh_callers;
mod refresh_faults;
mod refresh_storage;
mod refreshed_id_token;
mod remedies;
mod revocation;
mod rfc_vectors;
mod rotated_tokens;
mod same_client;
mod same_name;
mod secrets;
mod session;
mod settings;
mod several_registries;
mod side_by_side;
mod silent_login;
mod spent_tokens;
mod storage_faults;
mod tabs;
mod tabs_refresh;
mod userinfo;
mod whose_response;
mod without_locks;
