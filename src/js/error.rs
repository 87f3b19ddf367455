//! One conversion from the crate's error to JavaScript's, in one file.

use wasm_bindgen::JsValue;

use super::convert;
use crate::browser::foreign::set;
use crate::browser::skin;
use crate::error::{Cause, Error};
use crate::wire::Fields;

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
    // The class lives in the skin, so that `instanceof` works on what users import.
    skin::call("makeError", &[&fields]).unwrap_or(fields)
}
