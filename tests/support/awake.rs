//! What a page hears while it is awake, and the alarms that it has set.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use oidc_client_wasm::ports::{Alarm, Nudged};

/// The browser's side of it, for one tab.
#[derive(Default)]
pub struct Awake {
    alarms: RefCell<Vec<Weak<SetAlarm>>>,
    /// By channel.
    messages: RefCell<Vec<(String, Rc<Heard>)>>,
    nudges: RefCell<Vec<Rc<Nudge>>>,
    sleeps: RefCell<Vec<Rc<dyn Fn()>>>,
    wakings: RefCell<Vec<Rc<dyn Fn()>>>,
    returns: RefCell<Vec<Rc<dyn Fn()>>>,
    pub is_offline: Cell<bool>,
}

type Heard = dyn Fn(&str);
type Nudge = dyn Fn(&str, &str);

struct SetAlarm {
    milliseconds: u32,
    then: Cell<Option<Box<dyn FnOnce()>>>,
}

impl Awake {
    pub(super) fn set_alarm(&self, milliseconds: u32, then: Box<dyn FnOnce()>) -> Alarm {
        let alarm = Rc::new(SetAlarm { milliseconds, then: Cell::new(Some(then)) });
        self.alarms.borrow_mut().push(Rc::downgrade(&alarm));
        Box::new(alarm)
    }

    /// The seconds of each alarm that is set and has not rung.
    pub fn alarms(&self) -> Vec<u32> {
        let alarms = self.alarms.borrow();
        let is_set = |alarm: Rc<SetAlarm>| {
            let then = alarm.then.take();
            let seconds = then.is_some().then_some(alarm.milliseconds / 1000);
            alarm.then.set(then);
            seconds
        };
        alarms.iter().filter_map(Weak::upgrade).filter_map(is_set).collect()
    }

    /// The time of every alarm that is set has come.
    pub fn ring(&self) {
        let alarms: Vec<_> = self.alarms.take().iter().filter_map(Weak::upgrade).collect();
        alarms.iter().filter_map(|alarm| alarm.then.take()).for_each(|then| then());
    }

    pub(super) fn hear_messages(&self, channel: &str, heard: Box<dyn Fn(&str)>) {
        self.messages.borrow_mut().push((channel.to_owned(), heard.into()));
    }

    pub(super) fn hear_nudges(&self, nudged: Nudged) {
        self.nudges.borrow_mut().push(nudged.into());
    }

    pub(super) fn hear_sleep(&self, asleep: Box<dyn Fn()>) {
        self.sleeps.borrow_mut().push(asleep.into());
    }

    pub(super) fn hear_wakings(&self, woken: Box<dyn Fn()>) {
        self.wakings.borrow_mut().push(woken.into());
    }

    pub(super) fn hear_returns(&self, returned: Box<dyn Fn()>) {
        self.returns.borrow_mut().push(returned.into());
    }

    /// The page is shown again, or gets the focus, or is online again.
    pub fn come_back(&self) {
        let returning = self.returns.borrow().clone();
        returning.iter().for_each(|returned| returned());
    }

    /// On how many channels the page hears something now.
    pub fn channels(&self) -> usize {
        self.messages.borrow().len()
    }

    /// Another tab says something on a channel.
    pub fn say(&self, channel: &str, text: &str) {
        let listening: Vec<_> = self.messages.borrow().iter().filter(|(name, _)| name == channel).cloned().collect();
        listening.iter().for_each(|(_, heard)| heard(text));
    }

    pub fn nudge(&self, address: &str, reason: &str) {
        let listening = self.nudges.borrow().clone();
        listening.iter().for_each(|nudged| nudged(address, reason));
    }

    /// The page goes into the back/forward cache, where it hears nothing.
    pub fn fall_asleep(&self) {
        let sleeping = self.sleeps.borrow().clone();
        sleeping.iter().for_each(|asleep| asleep());
        self.messages.take();
    }

    pub fn wake_up(&self) {
        let waking = self.wakings.borrow().clone();
        waking.iter().for_each(|woken| woken());
    }
}
