//! What a provider can be told to say instead of the truth.

use std::cell::RefCell;

use oidc_client_wasm::protocol::json::{Value, json};

/// Changes made to an answer, in the order they were told.
pub struct Lie<T>(RefCell<Vec<Told<T>>>);

type Told<T> = Box<dyn Fn(&mut T)>;

impl<T> Default for Lie<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T> Lie<T> {
    pub fn tell(&self, lie: impl Fn(&mut T) + 'static) {
        self.0.borrow_mut().push(Box::new(lie));
    }

    pub fn stop(&self) {
        self.0.borrow_mut().clear();
    }

    pub(super) fn apply(&self, answer: &mut T) {
        self.0.borrow().iter().for_each(|lie| lie(answer));
    }
}

/// A member with another value.
pub fn set(name: &'static str, value: Value) -> impl Fn(&mut Value) {
    move |object| object[name] = value.clone()
}

/// A member that is missing.
pub fn without(name: &'static str) -> impl Fn(&mut Value) {
    move |object| {
        object
            .as_object_mut()
            .expect("an object")
            .remove(name)
            .unwrap_or_else(|| panic!("there is no {name} to leave out"));
    }
}

/// The suite's way to make a value wrong: the right one and something more.
pub fn spoil(name: &'static str, tail: &'static str) -> impl Fn(&mut Value) {
    move |object| object[name] = json!(format!("{}{tail}", object[name].as_str().expect("a text")))
}

type Params = Vec<(String, String)>;

/// A parameter of the response with another value, or one more of it.
pub fn set_param(name: &'static str, value: &str) -> impl Fn(&mut Params) + use<> {
    let value = value.to_owned();
    move |params| {
        params.retain(|(key, _)| key != name);
        params.push((name.to_owned(), value.clone()));
    }
}

pub fn without_param(name: &'static str) -> impl Fn(&mut Params) {
    move |params| params.retain(|(key, _)| key != name)
}

pub fn repeat_param(name: &'static str, value: &str) -> impl Fn(&mut Params) + use<> {
    let value = value.to_owned();
    move |params| params.push((name.to_owned(), value.clone()))
}

/// The values of a list that is written as JSON.
pub fn each(list: Value) -> Vec<Value> {
    list.as_array().expect("a list").clone()
}
