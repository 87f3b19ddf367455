use std::future::Future;
use std::pin::Pin;

use super::window::Browser;
use crate::ports::Spawn;

impl Spawn for Browser {
    fn spawn(&self, work: Pin<Box<dyn Future<Output = ()>>>) {
        wasm_bindgen_futures::spawn_local(work);
    }
}
