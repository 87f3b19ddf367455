//! Functions among the settings (`hooks`, `expectedIssuer`, `fetchToken`): taken out, checked, and wrapped so that a flow can
//! call them without knowing JavaScript.

use std::cell::Cell;
use std::rc::Rc;

use futures_util::FutureExt;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::convert;
use crate::browser::foreign::{get, invoke, list, members};
use crate::browser::waiting::settled;
use crate::error::{Cause, Code, Error, Phase, in_phase};
use crate::flow::hooks::{FetchToken, Functions, Hook};
use crate::protocol::json::Value;

/// The settings without their functions, and the functions.
pub fn take(settings: &JsValue) -> Result<(JsValue, Functions), Error> {
    let mut functions = Functions::default();
    let rest = convert::own_members(settings, "settings")?;
    if let Some(this) = take_member(&rest, &["hooks"]) {
        let hooks = Hooks { own: convert::own_members(&this, "hooks")?, this };
        functions.metadata = hooks.take("metadata", Phase::Metadata)?;
        functions.token_request = hooks.take("tokenRequest", Phase::Token)?;
        functions.token_response = hooks.take("tokenResponse", Phase::Token)?;
        if let Some((unknown, _)) = members(&hooks.own).unwrap_or_default().first() {
            return Err(bad(&["\"hooks.", unknown, "\" is not a known hook."].concat()));
        }
    }
    if let Some(value) = take_member(&rest, &["expectedIssuer", "expected_issuer"]) {
        let function = callable(value, "expectedIssuer")?;
        functions.expected_issuer = Some(Rc::new(move |template, claims| {
            let claims = convert::json_to_js(claims);
            let issuer = invoke(&function, &[&template.into(), &claims]);
            // By giving no text, the function refuses this issuer.
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
        let called = invoke(&function, &[&name.into()]);
        async move {
            let failed = |thrown| threw("fetchToken", Phase::Token, thrown);
            let token = settled(&called.map_err(failed)?).await.map_err(failed)?;
            convert::settings(&token, "fetchToken").map_err(in_phase(Phase::Token))
        }
        .boxed_local()
    })))
}

/// The option `log`, which the skin has called by now if it is a function.
pub fn take_log(options: &Object) -> Result<(), Error> {
    let log = take_member(options, &["log"]);
    log.map_or(Ok(()), |log| callable(log, "log").map(drop))
}

struct Hooks {
    own: Object,
    /// The `hooks` object as it was given, because hooks may call each other as its methods.
    this: JsValue,
}

impl Hooks {
    fn take(&self, name: &'static str, phase: Phase) -> Result<Option<Hook>, Error> {
        let Some(value) = take_member(&self.own, &[name]) else { return Ok(None) };
        let (function, this) = (callable(value, &["hooks.", name].concat())?, self.this.clone());
        let is_running = Cell::new(false);
        Ok(Some(Rc::new(move |object| {
            // A hook may ask the client for a value that this hook makes, such as the metadata. That would call the hook without end.
            if is_running.replace(true) {
                return Err(bad(&["The hook ", name, " must not ask for what is made by it."].concat()).in_phase(phase));
            }
            let given = convert::json_to_js(&object);
            let returned = function.apply(&this, &list(&[&given]));
            is_running.set(false);
            let returned = returned.map_err(|thrown| threw(name, phase, thrown))?;
            let must =
                || bad(&["The hook ", name, " must return a plain object, and at once."].concat()).in_phase(phase);
            // A promise has a message of its own, because an async hook gives one.
            if returned.is_object() && get(&returned, "then").is_function() {
                return Err(must());
            }
            match convert::settings(&returned, name).map_err(in_phase(phase))? {
                Value::Object(object) => Ok(object),
                _ => Err(must()),
            }
        })))
    }
}

fn take_member(object: &Object, names: &[&str]) -> Option<JsValue> {
    names.iter().find_map(|name| {
        let value = Some(get(object, name)).filter(|value| !value.is_undefined() && !value.is_null());
        // A frozen settings object was copied, and the copy can be changed.
        let _ = Reflect::delete_property(object, &(*name).into());
        value
    })
}

fn callable(value: JsValue, name: &str) -> Result<Function, Error> {
    value.dyn_into().map_err(|_| bad(&["\"", name, "\" must be a function."].concat()))
}

fn threw(name: &str, phase: Phase, thrown: JsValue) -> Error {
    let message = ["The function ", name, " of the settings failed."].concat();
    Error::new(Code::ConfigInvalid, phase, message).caused_by(Cause(Rc::new(thrown)))
}

fn bad(message: &str) -> Error {
    Error::new(Code::ConfigInvalid, Phase::Config, message)
}
