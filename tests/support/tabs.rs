//! What the tabs of one origin share: locks, announcements and pinned notices.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

use oidc_client_wasm::flow::registry::Registry;
use oidc_client_wasm::ports::StorageError;
use oidc_client_wasm::protocol::json::{self, Value};
use oidc_client_wasm::settings::options::TokenStorage;

use super::page::Tab;
use super::platform::FakePlatform;
use super::secrets::Secrets;

#[derive(Default)]
pub struct Bus {
    /// A page without Web Locks: there is none to be had.
    pub has_no_locks: Cell<bool>,
    /// A browser that blocks localStorage: notices can be neither pinned up nor read.
    pub has_no_tombstones: Cell<bool>,
    locks: RefCell<BTreeMap<String, Rc<LockState>>>,
    /// How often the patience of every call that waits for a lock has ended.
    ends_of_patience: Cell<u32>,
    /// Locks of a page's own, which say that it has a session.
    held: RefCell<Vec<(String, Weak<()>)>>,
    lingering: RefCell<Vec<Lock>>,
    listeners: RefCell<Vec<Listener>>,
    announced: RefCell<Vec<Announcement>>,
    tombstones: RefCell<BTreeMap<String, String>>,
    /// localStorage takes no session any more.
    pub is_full: Cell<bool>,
    /// A tab that reads localStorage as it was, because its process has not heard of the changes yet.
    stale: RefCell<Option<(*const Tab, BTreeMap<String, String>)>>,
    /// The tabs whose page has changed localStorage, of which the other tabs have not heard yet.
    changed: RefCell<Vec<*const Tab>>,
}

/// The registry of a page, and its tab.
type Listener = (*const Tab, Weak<Registry<FakePlatform>>);

#[derive(Clone)]
struct Announcement {
    from: *const Tab,
    channel: String,
    text: String,
}

#[derive(Default)]
struct LockState {
    is_held: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

/// Held until it is dropped; empty after patience has ended.
pub struct Lock(Option<Rc<LockState>>);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(state) = &self.0 {
            state.is_held.set(false);
            state.waiting.take().into_iter().for_each(Waker::wake);
        }
    }
}

impl Bus {
    pub async fn lock(&self, name: &str) -> Option<Lock> {
        if self.has_no_locks.get() {
            return None;
        }
        let state = self.locks.borrow_mut().entry(name.to_owned()).or_default().clone();
        let since = self.ends_of_patience.get();
        let is_granted = poll_fn(|context| {
            if !state.is_held.replace(true) {
                return Poll::Ready(true);
            }
            state.waiting.borrow_mut().push(context.waker().clone());
            if self.ends_of_patience.get() == since { Poll::Pending } else { Poll::Ready(false) }
        })
        .await;
        Some(Lock(is_granted.then_some(state)))
    }

    /// Every call that waits for a lock goes on without it.
    pub fn end_patience(&self) {
        self.ends_of_patience.set(self.ends_of_patience.get() + 1);
        let locks: Vec<_> = self.locks.borrow().values().cloned().collect();
        locks.iter().flat_map(|lock| lock.waiting.take()).for_each(Waker::wake);
    }

    /// The names of the locks that a tab holds.
    pub fn held_locks(&self) -> Vec<String> {
        let locks = self.locks.borrow();
        locks.iter().filter(|(_, lock)| lock.is_held.get()).map(|(name, _)| name.clone()).collect()
    }

    pub fn hold(&self, name: &str) -> Rc<()> {
        let lock = Rc::new(());
        self.held.borrow_mut().push((name.to_owned(), Rc::downgrade(&lock)));
        lock
    }

    /// The locks that begin so and are held, in the order in which they were taken.
    pub fn held(&self, beginning: &str) -> Option<Vec<String>> {
        let held = self.held.borrow();
        let held = held.iter().filter(|(name, lock)| name.starts_with(beginning) && lock.strong_count() > 0);
        (!self.has_no_locks.get()).then(|| held.map(|(name, _)| name.clone()).collect())
    }

    pub fn linger(&self, lock: Lock) {
        self.lingering.borrow_mut().push(lock);
    }

    /// A page that is awake in its tab.
    pub fn listen(&self, tab: &Rc<Tab>, registry: &Rc<Registry<FakePlatform>>) {
        self.listeners.borrow_mut().push((Rc::as_ptr(tab), Rc::downgrade(registry)));
    }

    /// A tab that is gone hears nothing any more.
    pub fn forget(&self, tab: *const Tab) {
        self.listeners.borrow_mut().retain(|(listening, _)| *listening != tab);
    }

    pub fn announce(&self, from: *const Tab, channel: &str, message: &str) {
        let (channel, text) = (channel.to_owned(), message.to_owned());
        self.announced.borrow_mut().push(Announcement { from, channel, text });
    }

    /// A moment passes: what was announced arrives in the other tabs, then locks that lingered are given up.
    pub fn deliver(&self) {
        for Announcement { from, channel, text } in self.announced.take() {
            let listeners = self.listeners.borrow().clone();
            for registry in listeners.iter().filter(|(tab, _)| *tab != from).filter_map(|(_, page)| page.upgrade()) {
                if registry.options.storage_prefix == channel && registry.needs(&text) {
                    registry.on_message(json::parse_record(text.as_bytes()).expect("JSON"));
                }
            }
        }
        for from in self.changed.take() {
            let listeners = self.listeners.borrow().clone();
            for registry in listeners.iter().filter(|(tab, _)| *tab != from).filter_map(|(_, page)| page.upgrade()) {
                if registry.options.token_storage == TokenStorage::Local {
                    registry.stored_elsewhere();
                }
            }
        }
        self.lingering.take();
    }

    /// An event of the page's window: each registry hears it at once.
    pub fn nudge(&self, tab: *const Tab, address: &str, reason: &str) {
        let listeners = self.listeners.borrow().clone();
        for registry in listeners.iter().filter(|(other, _)| *other == tab).filter_map(|(_, page)| page.upgrade()) {
            registry.nudged(address, reason);
        }
    }

    /// What was announced arrives nowhere: the other tabs sleep. How much it was.
    pub fn forget_announcements(&self) -> usize {
        self.lingering.take();
        self.announced.take().len()
    }

    /// What was announced and has not arrived yet, as JSON text.
    pub fn announced(&self) -> Vec<String> {
        self.announced.borrow().iter().map(|announcement| announcement.text.clone()).collect()
    }

    pub fn tombstones(&self, key: &str) -> Option<Value> {
        json::parse(self.tombstones_text(key)?.as_bytes()).ok()
    }

    pub fn tombstones_text(&self, key: &str) -> Option<String> {
        self.tombstones.borrow().get(key).filter(|_| !self.has_no_tombstones.get()).cloned()
    }

    /// The same as a tab reads it.
    pub fn item_for(&self, tab: *const Tab, key: &str) -> Option<String> {
        let stale = self.stale.borrow();
        match stale.as_ref().filter(|(reader, _)| *reader == tab) {
            Some((_, items)) => items.get(key).cloned(),
            None => self.tombstones_text(key),
        }
    }

    /// From now on, a tab reads localStorage as it is now.
    pub fn leave_behind(&self, tab: &Rc<Tab>) {
        self.stale.replace(Some((Rc::as_ptr(tab), self.tombstones.borrow().clone())));
    }

    pub fn catch_up(&self) {
        self.stale.take();
    }

    /// What any script of the origin may write there.
    pub fn put_tombstones(&self, key: &str, text: &str) {
        self.tombstones.borrow_mut().insert(key.to_owned(), text.to_owned());
    }

    /// The session of `tokenStorage: "local"`, the one secret in localStorage.
    pub fn put_item(&self, from: *const Tab, key: &str, text: &str) -> Result<(), StorageError> {
        if self.has_no_tombstones.get() {
            return Err(StorageError::Unavailable);
        }
        if self.is_full.get() {
            return Err(StorageError::Full);
        }
        self.put_tombstones(key, text);
        self.changed.borrow_mut().push(from);
        Ok(())
    }

    pub fn remove_item(&self, from: *const Tab, key: &str) {
        if self.tombstones.borrow_mut().remove(key).is_some() {
            self.changed.borrow_mut().push(from);
        }
    }

    pub fn bury(&self, key: &str, text: &str, secrets: &Secrets) {
        assert_eq!(secrets.found_in(text), None, "a secret in localStorage");
        if !self.has_no_tombstones.get() {
            self.tombstones.borrow_mut().insert(key.to_owned(), text.to_owned());
        }
    }
}
