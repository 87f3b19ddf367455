//! One conversion from the crate's error to JavaScript's, in one file.

use std::cell::RefCell;

use js_sys::{Function, JSON};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::convert;
use crate::browser::foreign::set;
use crate::error::Error;
use crate::wire::Fields;

thread_local! {
    /// Makes an `OAuthError` of its fields. The class lives in the skin, so that `instanceof` works on what users import.
    static MAKE_ERROR: RefCell<Option<Function>> = const { RefCell::new(None) };
}

#[wasm_bindgen(js_name = setErrorFactory)]
pub fn set_error_factory(make: Function) {
    MAKE_ERROR.set(Some(make));
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let fields = convert::to_js(&Fields::of_error(&error));
        if let Some(app_state) = error.app_state.as_deref().and_then(|text| JSON::parse(text).ok()) {
            set(&fields, "appState", &app_state);
        }
        if let Some(cause) = error.cause.as_ref() {
            let beside = || cause.0.downcast_ref::<Error>().map(|beside| Self::from(beside.clone()));
            if let Some(cause) = cause.0.downcast_ref::<Self>().cloned().or_else(beside) {
                set(&fields, "cause", &cause);
            }
        }
        let make = MAKE_ERROR.with_borrow(Option::clone);
        make.and_then(|make| make.call1(&Self::UNDEFINED, &fields).ok()).unwrap_or(fields)
    }
}
