//! One conversion from the crate's error to JavaScript's, in one file.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::convert;
use crate::browser::foreign::set;
use crate::error::{Cause, Error};
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
        to_js(&error)
    }
}

fn to_js(error: &Error) -> JsValue {
    let fields = convert::to_js(&Fields::of_error(error));
    let app_state = convert::app_state_to_js(error.app_state.as_deref());
    if !app_state.is_undefined() {
        set(&fields, "appState", &app_state);
    }
    if let Some(Cause(cause)) = &error.cause {
        if let Some(thrown) = cause.downcast_ref::<JsValue>() {
            set(&fields, "cause", thrown);
        } else if let Some(beside) = cause.downcast_ref::<Error>() {
            set(&fields, "cause", &to_js(beside));
        }
    }
    let make = MAKE_ERROR.with_borrow(Option::clone);
    make.and_then(|make| make.call1(&JsValue::UNDEFINED, &fields).ok()).unwrap_or(fields)
}
