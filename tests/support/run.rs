//! Driving futures by hand: no runtime, no threads, no timing. A future is polled when it was woken, and a test decides what
//! happens in between.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Something the page has begun and not awaited yet. Dropping it is what closing the tab does to it.
pub struct Running<T> {
    future: Pin<Box<dyn Future<Output = T>>>,
    bell: Arc<Bell>,
    result: Option<T>,
}

impl<T> Running<T> {
    /// Nothing of it has run yet.
    pub fn new(future: impl Future<Output = T> + 'static) -> Self {
        Self { future: Box::pin(future), bell: Arc::new(Bell(AtomicBool::new(true))), result: None }
    }

    /// Starts it: runs until it waits for something.
    pub fn start(future: impl Future<Output = T> + 'static) -> Self {
        let mut running = Self::new(future);
        running.advance();
        running
    }

    /// Goes on as far as it can, if it was woken.
    pub fn advance(&mut self) -> bool {
        while self.step() {}
        self.is_done()
    }

    /// Goes on to the next thing that it waits for. Whether it could.
    pub fn step(&mut self) -> bool {
        if self.is_done() || !self.bell.0.swap(false, Ordering::SeqCst) {
            return false;
        }
        let waker = Waker::from(self.bell.clone());
        if let Poll::Ready(result) = self.future.as_mut().poll(&mut Context::from_waker(&waker)) {
            self.result = Some(result);
        }
        true
    }

    pub fn is_done(&self) -> bool {
        self.result.is_some()
    }

    #[track_caller]
    pub fn finish(mut self) -> T {
        self.advance();
        self.result.expect("it waits for something that nobody has released")
    }
}

/// For what needs nobody's release: runs it to its end.
#[track_caller]
pub fn now<T>(future: impl Future<Output = T> + 'static) -> T {
    Running::start(future).finish()
}

/// Holds back whoever waits for it until the test lets them go.
#[derive(Default)]
pub struct Gate {
    is_open: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

impl Gate {
    pub fn open(&self) {
        self.is_open.set(true);
        self.waiting.take().into_iter().for_each(Waker::wake);
    }

    pub async fn opened(&self) {
        poll_fn(|context| {
            self.waiting.borrow_mut().push(context.waker().clone());
            if self.is_open.get() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}
