//! Where a page has no Web Locks (plain http), one tab at a time refreshes all the same: by a lease in localStorage. A tab takes the
//! lease by writing a random name of its own, waits until other tabs that saw the lease free have written theirs, and has the lease if its
//! own name still stands there. A lease that is not renewed ends by itself, so a tab that died keeps no other tab waiting for long.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};

use crate::flow::client::Client;
use crate::flow::op::cached_document::is_fresh;
use crate::flow::session::tombstones::{Kind, Tombstone};
use crate::ports::Platform;
use crate::protocol::base64url;
use crate::protocol::secret::fingerprint;

/// Seconds for which a lease counts after it was taken or renewed. A date in the future counts as over: a clock was set back.
const LIFETIME: i64 = 6;
/// Milliseconds after which its tab renews it.
const RENEWAL: u32 = 2000;
/// Milliseconds in which tabs that saw the lease free at the same time have written their names.
const CONTEST: u32 = 100;
/// Milliseconds between two looks at a lease that another tab has.
const BETWEEN_LOOKS: u32 = 200;

/// Given back when it is dropped.
pub(in crate::flow) struct Lease<P: Platform> {
    client: Rc<Client<P>>,
    name: String,
}

/// Waits for the lease, for `patience` seconds at most. `None` where there is no lease to be had: localStorage is blocked or full, or
/// another tab has it for longer than that.
pub(in crate::flow) async fn wait<P: Platform>(client: &Rc<Client<P>>, patience: u32) -> Option<Lease<P>> {
    let name = fingerprint(&base64url::encode(&client.platform.octets().ok()?));
    for _ in 0..patience.saturating_mul(1000) / BETWEEN_LOOKS {
        if holder(client).is_some() {
            client.platform.pause(BETWEEN_LOOKS).await;
            continue;
        }
        let lease = Lease { client: client.clone(), name: name.clone() };
        lease.write();
        if !lease.is_held() {
            return None;
        }
        client.platform.pause(CONTEST).await;
        if lease.is_held() {
            return Some(lease);
        }
    }
    None
}

fn holder<P: Platform>(client: &Client<P>) -> Option<String> {
    let (platform, now) = (&*client.platform, client.platform.now());
    let lease = client.sessions.tombstones.read(platform, Kind::Lease);
    lease.last().filter(|lease| is_fresh(lease.at, now, LIFETIME)).map(|lease| lease.fingerprint.clone())
}

impl<P: Platform> Lease<P> {
    /// Does the work, and renews the lease as long as it takes.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            match select(work.as_mut(), pin!(self.client.platform.pause(RENEWAL))).await {
                Either::Left((done, _)) => return done,
                Either::Right(_) if self.is_held() => self.write(),
                // This tab slept, and another one has taken the lease.
                Either::Right(_) => return work.await,
            }
        }
    }

    fn is_held(&self) -> bool {
        holder(&self.client).as_ref() == Some(&self.name)
    }

    fn write(&self) {
        self.replace(Some(&Tombstone { fingerprint: self.name.clone(), at: self.client.platform.now() }));
    }

    fn replace(&self, lease: Option<&Tombstone>) {
        self.client.sessions.tombstones.write(&*self.client.platform, Kind::Lease, lease.into_iter());
    }
}

impl<P: Platform> Drop for Lease<P> {
    fn drop(&mut self) {
        if self.is_held() {
            self.replace(None);
        }
    }
}
