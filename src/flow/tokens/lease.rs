//! Where a page has no Web Locks (plain http), one tab at a time refreshes all the same: by a lease in localStorage. A tab takes the
//! lease by writing a random name of its own, waits until other tabs that saw the lease free have written theirs, and has the lease if its
//! own name still stands there. A lease that is not renewed ends by itself, so a tab that died keeps no other tab waiting for long.

use std::cell::RefCell;
use std::rc::Rc;

use crate::flow::client::Client;
use crate::flow::op::cached_document::is_fresh;
use crate::flow::records::Dated;
use crate::flow::session::tombstones::Kind;
use crate::ports::{Alarm, Platform};
use crate::protocol::base64url;
use crate::protocol::secret::fingerprint;

/// Seconds for which a lease counts after it was taken or renewed. A date in the future counts as over: a clock was set back.
const LIFETIME: i64 = 6;
/// Milliseconds after which its tab renews the lease.
const RENEWAL: u32 = 2000;
/// Milliseconds in which tabs that saw the lease free at the same time have written their names.
const CONTEST: u32 = 100;
/// Milliseconds between two looks at a lease that another tab has.
const BETWEEN_LOOKS: u32 = 200;

/// A lease that this tab has. It is renewed until it is dropped, and then given back.
pub(in crate::flow) struct Lease<P: Platform> {
    client: Rc<Client<P>>,
    name: String,
    renewal: RefCell<Option<Alarm>>,
}

/// Waits for the lease, for `patience` seconds at most. `None` where localStorage is blocked or full, or where another tab has the lease
/// for longer than that.
pub(in crate::flow) async fn wait<P: Platform>(client: &Rc<Client<P>>, patience: u32) -> Option<Rc<Lease<P>>> {
    let name = fingerprint(&base64url::encode(&client.platform.octets().ok()?));
    for _ in 0..patience.saturating_mul(1000) / BETWEEN_LOOKS {
        let lease = holder(client).is_none().then(|| Lease::take(client, &name));
        let lease = match lease {
            Some(lease) if !lease.is_held() => return None,
            lease => lease,
        };
        client.platform.pause(if lease.is_some() { CONTEST } else { BETWEEN_LOOKS }).await;
        if let Some(lease) = lease.filter(|lease| lease.is_held()) {
            let lease = Rc::new(lease);
            renew(&lease);
            return Some(lease);
        }
    }
    None
}

/// Sets the alarm that renews the lease. If this tab slept and another tab has taken the lease, the alarm does nothing.
fn renew<P: Platform>(lease: &Rc<Lease<P>>) {
    let held = Rc::downgrade(lease);
    let alarm = move || {
        if let Some(lease) = held.upgrade().filter(|lease| lease.is_held()) {
            lease.write();
            renew(&lease);
        }
    };
    let before = lease.renewal.replace(Some(lease.client.platform.after(RENEWAL, Box::new(alarm))));
    // The alarm is dropped outside the borrow, because its drop calls the browser.
    drop(before);
}

fn holder<P: Platform>(client: &Client<P>) -> Option<String> {
    let (platform, now) = (&*client.platform, client.platform.now());
    let lease = client.sessions.tombstones.read(platform, Kind::Lease);
    lease.last().filter(|lease| is_fresh(lease.at, now, LIFETIME)).map(|lease| lease.name.clone())
}

impl<P: Platform> Lease<P> {
    fn take(client: &Rc<Client<P>>, name: &str) -> Self {
        let lease = Self { client: client.clone(), name: name.to_owned(), renewal: RefCell::default() };
        lease.write();
        lease
    }

    fn is_held(&self) -> bool {
        holder(&self.client).as_ref() == Some(&self.name)
    }

    fn write(&self) {
        self.replace(&[Dated { name: self.name.clone(), at: self.client.platform.now() }]);
    }

    fn replace(&self, lease: &[Dated]) {
        self.client.sessions.tombstones.write(&*self.client.platform, Kind::Lease, lease);
    }
}

impl<P: Platform> Drop for Lease<P> {
    fn drop(&mut self) {
        if self.is_held() {
            self.replace(&[]);
        }
    }
}
