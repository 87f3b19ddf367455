//! Functions among the settings (`hooks`, `expectedIssuer`, `fetchToken`): taken out, checked, and wrapped so that a flow can
//! call them without knowing JavaScript.

use std::rc::Rc;

use futures_util::FutureExt;
use js_sys::{Array, Function, Object, Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::convert;
use crate::error::{Cause, Code, Error, Phase, in_phase};
use crate::flow::functions::{FetchToken, Functions, Hook};

/// The settings without their functions, and these.
pub fn take(settings: &JsValue) -> Result<(JsValue, Functions), Error> {
    let mut functions = Functions::default();
    if !settings.is_object() || Array::is_array(settings) {
        return Ok((settings.clone(), functions));
    }
    let rest = convert::own_members(settings);
    if let Some(hooks) = take_member(&rest, &["hooks"]) {
        functions.metadata = take_hook(&hooks, "metadata", Phase::Metadata)?;
        functions.token_request = take_hook(&hooks, "tokenRequest", Phase::Token)?;
        functions.token_response = take_hook(&hooks, "tokenResponse", Phase::Token)?;
        let known = ["metadata", "tokenRequest", "tokenResponse"];
        if let Some(unknown) = convert::names(&hooks)?.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(bad(&format!("\"hooks.{unknown}\" is not a known hook.")));
        }
    }
    if let Some(value) = take_member(&rest, &["expectedIssuer", "expected_issuer"]) {
        let function = callable(value, "expectedIssuer")?;
        functions.expected_issuer = Some(Rc::new(move |template, claims| {
            let claims = convert::json_to_js(&Value::Object(claims.clone()));
            let issuer = function.call2(&JsValue::UNDEFINED, &template.into(), &claims);
            // Its way to say that nobody of this issuer is welcome.
            let issuer = issuer.map_err(|thrown| {
                let message = "The id_token's iss is not accepted: expectedIssuer threw.";
                Error::new(Code::InvalidClaim, Phase::IdToken, message).caused_by(Cause(Rc::new(thrown)))
            })?;
            issuer.as_string().ok_or_else(|| bad("expectedIssuer must return a string.").in_phase(Phase::IdToken))
        }));
    }
    functions.fetch_token = take_fetch_token(&rest)?;
    Ok((rest.into(), functions))
}

/// `fetchToken`, which the registry's options may have, too.
pub fn take_fetch_token(object: &Object) -> Result<Option<FetchToken>, Error> {
    let Some(value) = take_member(object, &["fetchToken", "fetch_token"]) else { return Ok(None) };
    let function = callable(value, "fetchToken")?;
    Ok(Some(Rc::new(move |name: &str| {
        let called = function.call1(&JsValue::UNDEFINED, &name.into());
        async move {
            let failed = |thrown| threw("fetchToken", Phase::Token, thrown);
            let token = JsFuture::from(Promise::resolve(&called.map_err(failed)?)).await.map_err(failed)?;
            convert::settings(&token, "fetchToken").map_err(in_phase(Phase::Token))
        }
        .boxed_local()
    })))
}

fn take_hook(hooks: &JsValue, name: &'static str, phase: Phase) -> Result<Option<Hook>, Error> {
    let value = Reflect::get(hooks, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let (function, this) = (callable(value, &format!("hooks.{name}"))?, hooks.clone());
    Ok(Some(Rc::new(move |object| {
        let given = convert::json_to_js(&Value::Object(object));
        let returned = function.call1(&this, &given).map_err(|thrown| threw(name, phase, thrown))?;
        let must = || bad(&format!("The hook {name} must return a plain object, and at once.")).in_phase(phase);
        // A promise, of whatever realm or make, has no members of its own: it would pass for an empty object.
        if returned.is_object() && Reflect::get(&returned, &"then".into()).is_ok_and(|then| then.is_function()) {
            return Err(must());
        }
        match convert::settings(&returned, name).map_err(in_phase(phase))? {
            Value::Object(object) => Ok(object),
            _ => Err(must()),
        }
    })))
}

fn take_member(object: &Object, names: &[&str]) -> Option<JsValue> {
    names.iter().find_map(|name| {
        let value =
            Reflect::get(object, &(*name).into()).ok().filter(|value| !value.is_undefined() && !value.is_null());
        // A frozen settings object was copied: its copy can be changed.
        let _ = Reflect::delete_property(object, &(*name).into());
        value
    })
}

fn callable(value: JsValue, name: &str) -> Result<Function, Error> {
    value.dyn_into().map_err(|_| bad(&format!("\"{name}\" must be a function.")))
}

fn threw(name: &str, phase: Phase, thrown: JsValue) -> Error {
    let message = format!("The function {name} of the settings failed.");
    Error::new(Code::ConfigInvalid, phase, message).caused_by(Cause(Rc::new(thrown)))
}

fn bad(message: &str) -> Error {
    Error::new(Code::ConfigInvalid, Phase::Config, message)
}
