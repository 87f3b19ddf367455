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
fn a_step_wakes_the_first_caller_that_waits_and_the_end_wakes_every_caller() {
    let flight = work();
    let (second, third) = (flight.clone(), flight.clone());
    let [mut first, mut second, mut third] = [flight, second, third].map(Caller::new);
    assert_eq!((first.poll(), first.woken()), (None, 1));
    assert_eq!((second.poll(), first.woken(), second.woken()), (None, 2, 0));
    assert_eq!((third.poll(), first.woken(), third.woken()), (None, 3, 0));
    assert_eq!((first.poll(), second.woken(), third.woken()), (Some(7), 1, 1));
    assert_eq!((second.poll(), third.poll()), (Some(7), Some(7)));
}

#[test]
fn a_caller_that_left_is_not_woken_and_the_next_caller_goes_on() {
    let flight = work();
    let (second, third) = (flight.clone(), flight.clone());
    let [mut first, mut second, mut third] = [flight, second, third].map(Caller::new);
    let woken = first.woken.clone();
    assert_eq!((first.poll(), second.poll(), third.poll(), woken.0.load(Ordering::Relaxed)), (None, None, None, 3));
    // The first caller was woken for a step, and leaves before it takes the step.
    drop(first);
    assert_eq!((second.woken(), third.woken()), (1, 0));
    assert_eq!((second.poll(), third.woken(), third.poll()), (Some(7), 1, Some(7)));
    assert_eq!(woken.0.load(Ordering::Relaxed), 3);
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
