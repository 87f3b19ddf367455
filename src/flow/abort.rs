//! The race between the caller's signal and the work. The signal is never handed to a request that other callers may share.

use std::future::Future;
use std::pin::pin;

use futures_util::future::{Either, pending, select};

use crate::error::{Cause, Code, Error, Phase};
use crate::ports::{Reason, Signal};

/// Waits for the work as long as the caller waits. `phase` is that of the work.
pub async fn unless_aborted<T>(
    signal: Option<&impl Signal>,
    phase: Phase,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let reason = || signal.and_then(Signal::reason);
    if let Some(reason) = reason() {
        return Err(aborted(reason, phase));
    }
    let fired = async {
        match signal {
            Some(signal) => signal.fired().await,
            None => pending().await,
        }
    };
    match select(pin!(work), pin!(fired)).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(reason().map_or_else(|| gave_up(phase), |reason| aborted(reason, phase))),
    }
}

/// The error of an aborted call. The signal's own reason is the cause: a signal of `AbortSignal.timeout()` is the caller's time limit.
pub(in crate::flow) fn aborted(reason: Reason, phase: Phase) -> Error {
    let error = if reason.is_timeout {
        Error::new(Code::Timeout, phase, "The time that the caller gave the operation is over.")
    } else {
        gave_up(phase)
    };
    error.caused_by(Cause(reason.thrown))
}

fn gave_up(phase: Phase) -> Error {
    Error::new(Code::Aborted, phase, "The caller aborted the operation.")
}
