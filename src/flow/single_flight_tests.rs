use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;

use futures_util::future::poll_fn;

use super::*;

/// A caller that counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

struct Caller {
    flight: Flight<u32>,
    woken: Arc<Woken>,
}

impl Caller {
    fn new(flight: Flight<u32>) -> Self {
        Self { flight, woken: Arc::default() }
    }

    fn poll(&mut self) -> Option<u32> {
        let waker = self.woken.clone().into();
        match self.flight.poll_unpin(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => Some(result.unwrap()),
            Poll::Pending => None,
        }
    }

    fn woken(&self) -> usize {
        self.woken.0.load(Ordering::Relaxed)
    }
}

/// Work that is done when it is polled for the fourth time, and wakes after each time.
fn work() -> Flight<u32> {
    let mut polled = 0;
    Flight::new(poll_fn(move |context| {
        polled += 1;
        context.waker().wake_by_ref();
        if polled < 4 { Poll::Pending } else { Poll::Ready(Ok(7)) }
    }))
}

#[test]
fn every_caller_that_waits_is_woken_once_for_each_step() {
    let flight = work();
    let [mut first, mut second] = [flight.clone(), flight].map(Caller::new);
    assert_eq!((first.poll(), first.woken(), second.woken()), (None, 1, 0));
    assert_eq!((second.poll(), first.woken(), second.woken()), (None, 1, 1));
    assert_eq!((first.poll(), first.woken()), (None, 2));
    assert_eq!((first.poll(), first.woken(), second.poll()), (Some(7), 3, Some(7)));
}

#[test]
fn a_caller_that_left_is_not_woken() {
    let flight = work();
    let [mut first, mut second] = [flight.clone(), flight].map(Caller::new);
    let woken = first.woken.clone();
    assert_eq!((first.poll(), woken.0.load(Ordering::Relaxed)), (None, 1));
    // It waits, and leaves before the next step.
    first.flight.shared.waiting.add(first.flight.number, &woken.clone().into());
    drop(first);
    assert_eq!((second.poll(), second.poll(), second.poll()), (None, None, Some(7)));
    assert_eq!(woken.0.load(Ordering::Relaxed), 1);
}

#[test]
fn a_caller_that_is_polled_often_waits_once() {
    let flight = Flight::<u32>::new(std::future::pending());
    let mut caller = Caller::new(flight.clone());
    assert!((0..100).all(|_| caller.poll().is_none()));
    flight.shared.waker.wake_by_ref();
    assert_eq!(caller.woken(), 1);
}

#[test]
fn the_work_is_dropped_with_its_last_caller() {
    let held = Rc::new(());
    let kept = held.clone();
    let flight = Flight::<u32>::new(async move {
        let _kept = kept;
        std::future::pending().await
    });
    let (mut first, mut second) = (Caller::new(flight.clone()), Caller::new(flight));
    assert_eq!((first.poll(), second.poll(), Rc::strong_count(&held)), (None, None, 2));
    drop(first);
    assert_eq!((second.poll(), Rc::strong_count(&held)), (None, 2));
    drop(second);
    assert_eq!(Rc::strong_count(&held), 1);
}
