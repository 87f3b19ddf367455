//! Any number of lies at once, and what the provider said in the end.

use std::cell::RefCell;
use std::rc::Rc;

use super::keys::SigningKey;
use super::provider::FakeProvider;
use super::{repeat_param, set_param, without_param};
use oidc_client_wasm::protocol::json::Value;

/// A member's new value; `None` leaves it out.
pub type Change = (String, Option<Value>);

/// A parameter of the response.
#[derive(Clone, Debug)]
pub enum Told {
    Set(&'static str, String),
    Omit(&'static str),
    Repeat(&'static str, String),
}

/// One member of the key set.
#[derive(Clone, Debug)]
pub enum Published {
    /// The key that signs.
    Right,
    /// The same with another member, or without one.
    Changed(Change),
    /// Another key of the same name.
    Impostor,
    Stranger,
    Garbage(Value),
}

#[derive(Clone, Debug)]
pub struct Lies {
    pub response: Vec<Told>,
    pub token: Vec<Change>,
    pub header: Vec<Change>,
    pub claims: Vec<Change>,
    pub userinfo: Vec<Change>,
    pub keys: Vec<Published>,
    /// What the provider signs with, and what it says it signs with.
    pub algorithm: &'static str,
    pub supported: Option<Value>,
    pub is_signed_by_another: bool,
    pub is_damaged: bool,
}

impl Default for Lies {
    fn default() -> Self {
        let (response, supported) = (Vec::new(), None);
        let [token, header, claims, userinfo] = [const { Vec::new() }; 4];
        let (keys, algorithm, is_signed_by_another, is_damaged) = (vec![Published::Right], "RS256", false, false);
        Self { response, token, header, claims, userinfo, keys, algorithm, supported, is_signed_by_another, is_damaged }
    }
}

/// What the provider said last.
#[derive(Default)]
pub struct Said {
    pub response: Vec<(String, String)>,
    pub token: Value,
    pub header: Value,
    pub claims: Value,
    pub userinfo: Value,
    pub keys: Vec<Value>,
    /// The public key of who signed.
    pub signer: Value,
    pub supported: Value,
    pub is_damaged: bool,
}

pub fn change(changes: &[Change], object: &mut Value) {
    let members = object.as_object_mut().expect("an object");
    for (name, value) in changes {
        match value {
            Some(value) => members.insert(name.clone(), value.clone()),
            None => members.remove(name),
        };
    }
}

impl Lies {
    /// The provider tells them from now on. What it says is written down.
    pub fn tell(&self, op: &FakeProvider) -> Rc<RefCell<Said>> {
        let right = SigningKey::new(self.algorithm, 0, Some("key-0"));
        op.key.replace(if self.is_signed_by_another {
            SigningKey::new(self.algorithm, 2, Some("key-0"))
        } else {
            right.clone()
        });
        let publish = |published: &Published| match published {
            Published::Right => right.jwk(),
            Published::Changed(other) => {
                let mut jwk = right.jwk();
                change(std::slice::from_ref(other), &mut jwk);
                jwk
            }
            Published::Impostor => SigningKey::new(self.algorithm, 1, Some("key-0")).jwk(),
            Published::Stranger => SigningKey::new("PS384", 1, Some("key-9")).jwk(),
            Published::Garbage(value) => value.clone(),
        };
        let keys: Vec<Value> = self.keys.iter().map(publish).collect();
        op.published.replace(keys.clone());

        let signer = op.key.borrow().jwk();
        let said = Said { keys, signer, is_damaged: self.is_damaged, ..Said::default() };
        let said = Rc::new(RefCell::new(said));
        let (supported, record) = (self.supported.clone(), said.clone());
        op.metadata.tell(move |metadata| {
            let member = "id_token_signing_alg_values_supported";
            change(&supported.iter().map(|list| (member.into(), Some(list.clone()))).collect::<Vec<_>>(), metadata);
            record.borrow_mut().supported = metadata[member].clone();
        });
        let (told, record) = (self.response.clone(), said.clone());
        op.response.tell(move |params| {
            for told in &told {
                match told {
                    Told::Set(name, value) => set_param(name, value)(params),
                    Told::Omit(name) => without_param(name)(params),
                    Told::Repeat(name, value) => repeat_param(name, value)(params),
                }
            }
            record.borrow_mut().response = params.clone();
        });
        let answers = [&op.token, &op.header, &op.claims, &op.userinfo];
        let told = [&self.token, &self.header, &self.claims, &self.userinfo];
        let members: [fn(&mut Said) -> &mut Value; 4] =
            [|said| &mut said.token, |said| &mut said.header, |said| &mut said.claims, |said| &mut said.userinfo];
        for ((answer, told), member) in answers.into_iter().zip(told).zip(members) {
            let (told, record) = (told.clone(), said.clone());
            answer.tell(move |object| {
                change(&told, object);
                *member(&mut record.borrow_mut()) = object.clone();
            });
        }
        if self.is_damaged {
            op.id_token.tell(|token| {
                let at = token.len() - 20;
                let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
                token.replace_range(at..=at, other);
            });
        }
        said
    }
}
