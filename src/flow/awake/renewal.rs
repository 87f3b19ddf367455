//! `autoRenew`: renews the access token ahead of its end as long as the page is awake. The refresh is that of `getAccessToken`: one serves all
//! callers and all tabs, and a refusal ends the session.

use std::rc::Rc;

use futures_util::FutureExt;

use crate::error::Error;
use crate::flow::client::Client;
use crate::flow::state::Renewal;
use crate::flow::tokens::access_token::AccessToken;
use crate::flow::tokens::refresh;
use crate::ports::{Platform, Random};
use crate::protocol::refresh::TokenTarget;
use crate::protocol::time::UnixTime;

/// Seconds between a renewal that failed and the next, twice as many after each further failure, up to the longest.
const FIRST_RETRY: u32 = 5;
const LONGEST_RETRY: u32 = 300;

/// When the access token at hand is renewed, if it is. `chance` moves the time within the time of renewal; without it, the time is random.
pub(super) fn at<P: Platform>(client: &Client<P>, chance: Option<u8>) -> Option<UnixTime> {
    let (platform, renewal) = (&*client.platform, client.state.renewal.get());
    let may_renew = client.options.auto_renew && client.functions.fetch_token.is_none();
    if !may_renew || renewal.is_under_way || renewal.is_given_up || platform.is_offline() {
        return None;
    }
    let session = client.session().filter(|session| session.token().refresh_token.is_some())?;
    let now = platform.now();
    // After a failure, the wait for the next try is the random part.
    let chance = chance.or(renewal.not_before.map(|_| u8::MAX)).unwrap_or_else(|| draw(platform));
    let at = AccessToken::of(&session).renewal_at(now, chance)?;
    // A clock that was set back makes no wait longer.
    let not_before = renewal.not_before.filter(|at| at.since(now) <= i64::from(LONGEST_RETRY));
    Some(not_before.map_or(at, |not_before| not_before.max(at)))
}

fn draw(random: &impl Random) -> u8 {
    random.octets().map_or(0, |[first, ..]| first)
}

/// Begins a renewal, and calls `then` at its end.
pub(super) fn begin<P: Platform>(client: &Rc<Client<P>>, then: Box<dyn FnOnce()>) {
    let Some(session) = client.session() else { return };
    change(client, |renewal| renewal.is_under_way = true);
    let stale = session.token().access_token.clone();
    let flight = refresh::start(client, &TokenTarget::default(), Some(stale.clone()));
    let this = client.clone();
    let renewed = flight.map(move |result| {
        change(&this, |renewal| renewal.is_under_way = false);
        // Another token may have come by another way.
        let is_stale = || this.session().is_some_and(|session| session.token().access_token == stale);
        if let Err(error) = result
            && is_stale()
        {
            fail(&this, &error);
        }
        then();
    });
    client.platform.spawn(renewed.boxed_local());
}

fn fail<P: Platform>(client: &Client<P>, error: &Error) {
    let platform = &*client.platform;
    change(client, |renewal| {
        let longest = FIRST_RETRY.saturating_mul(1 << renewal.failures.min(16)).min(LONGEST_RETRY);
        // Between half of it and all of it.
        let wait = longest - longest * u32::from(draw(platform)) / 510;
        renewal.failures += 1;
        renewal.not_before = Some(platform.now().plus(wait));
        renewal.is_given_up = !error.retryable;
    });
}

/// The fault of the last renewal may be over: the person or the network is back.
pub(super) fn try_again<P: Platform>(client: &Client<P>) {
    change(client, |renewal| (renewal.failures, renewal.not_before) = (0, None));
}

/// There is another access token, or none.
pub(super) fn forget_failures<P: Platform>(client: &Client<P>) {
    change(client, |renewal| *renewal = Renewal { is_under_way: renewal.is_under_way, ..Renewal::default() });
}

fn change<P>(client: &Client<P>, change: impl FnOnce(&mut Renewal)) {
    let mut renewal = client.state.renewal.get();
    change(&mut renewal);
    client.state.renewal.set(renewal);
}
