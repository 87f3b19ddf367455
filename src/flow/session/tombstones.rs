//! Notices in localStorage, for tabs that sleep, are closed and restored, or are yet to come: what must not count any more.
//! They hold fingerprints and dates, never a secret and never a name. Anything on this origin may have written them, and the
//! worst that a forged one does is to have somebody sign in again.

use serde_json::{Value, json};

use crate::flow::client::Client;
use crate::flow::records;
use crate::flow::session::value::Session;
use crate::ports::{Clock, Scope, Storage};
use crate::protocol::json;
use crate::protocol::secret::{Secret, fingerprint};
use crate::protocol::time::UnixTime;

/// On each board and of each client; the oldest give way.
const MAX_TOMBSTONES: usize = 16;

#[derive(Clone, Copy)]
pub(in crate::flow) enum Tombstones {
    /// People who logged out.
    Ended,
    /// States whose response was acted on.
    Answered,
    /// Refresh tokens that were redeemed and replaced.
    Spent,
    /// The tab that refreshes, where there are no locks.
    Lease,
}

/// Pinned up as `[what, at]`.
pub(in crate::flow) struct Tombstone {
    pub what: String,
    pub at: UnixTime,
}

impl<P> Client<P> {
    /// Of whom a session is, without naming them. Where nobody has said who it is, the login stands for the person: only its own
    /// copies are certainly theirs.
    pub(in crate::flow) fn subject_fingerprint(&self, session: &Session) -> String {
        let login = session.sub().is_none().then(|| session.logged_in_at().0);
        fingerprint(&json!([session.issuer(), self.config.client_id, session.sub(), login]).to_string())
    }
}

impl<P: Storage + Clock> Client<P> {
    pub(in crate::flow) fn record_ended(&self, who: String) {
        self.record_tombstone(Tombstones::Ended, who);
    }

    /// Whether a logout in another tab ended it. A logout in the very second of a login is taken for the earlier of the two.
    pub(in crate::flow) fn was_ended_elsewhere(&self, session: &Session) -> bool {
        self.has_end_of(session, |at| session.logged_in_at() < at)
    }

    /// The same while its login is under way, which no date of a clock that was fast once may refuse.
    pub(in crate::flow) fn was_ended_on_its_way(&self, session: &Session) -> bool {
        let now = self.platform.now();
        self.has_end_of(session, |at| session.logged_in_at() < at && at <= now)
    }

    fn has_end_of(&self, session: &Session, counts: impl Fn(UnixTime) -> bool) -> bool {
        let ended = self.tombstones(Tombstones::Ended);
        !ended.is_empty() && {
            let who = self.subject_fingerprint(session);
            ended.iter().any(|notice| notice.what == who && counts(notice.at))
        }
    }

    /// A login counts, even if a clock that was fast then has dated a logout after it.
    pub(in crate::flow) fn unpin_future_ends(&self, session: &Session) {
        let (who, now) = (self.subject_fingerprint(session), self.platform.now());
        let mut ended = self.tombstones(Tombstones::Ended);
        let before = ended.len();
        ended.retain(|notice| notice.what != who || notice.at <= now);
        if ended.len() < before {
            self.write_tombstones(Tombstones::Ended, &ended);
        }
    }

    pub(in crate::flow) fn record_consumed_state(&self, state: &Secret) {
        self.record_tombstone(Tombstones::Answered, fingerprint(state.expose()));
    }

    /// Whether another tab, with a copy of this one's storage, has answered it. A provider that sees the code again may withdraw
    /// what it gave for it (RFC 6749 section 4.1.2).
    pub(in crate::flow) fn is_consumed(&self, state: &Secret) -> bool {
        self.has_tombstone(Tombstones::Answered, state)
    }

    pub(in crate::flow) fn record_spent(&self, refresh_token: &Secret) {
        self.record_tombstone(Tombstones::Spent, fingerprint(refresh_token.expose()));
    }

    /// Whether another tab, with a copy of this one's storage, has redeemed it. A provider that sees it again takes that for theft
    /// and ends every session that came of it.
    pub(in crate::flow) fn is_spent(&self, refresh_token: &Secret) -> bool {
        self.has_tombstone(Tombstones::Spent, refresh_token)
    }

    fn has_tombstone(&self, board: Tombstones, secret: &Secret) -> bool {
        let tombstones = self.tombstones(board);
        !tombstones.is_empty() && {
            let what = fingerprint(secret.expose());
            tombstones.iter().any(|notice| notice.what == what)
        }
    }

    fn record_tombstone(&self, board: Tombstones, what: String) {
        let mut all = self.tombstones(board);
        all.retain(|notice| notice.what != what);
        for oldest in
            records::surplus(all.iter().map(|notice| (notice.at, notice.what.clone())).collect(), MAX_TOMBSTONES)
        {
            all.retain(|notice| notice.what != oldest);
        }
        all.push(Tombstone { what, at: self.platform.now() });
        self.write_tombstones(board, &all);
    }

    pub(in crate::flow) fn write_tombstones(&self, board: Tombstones, all: &[Tombstone]) {
        let pairs = all.iter().map(|notice| json!([notice.what, notice.at.0])).collect();
        let text = Value::Array(pairs).to_string();
        // Best effort: a page whose localStorage is blocked or full has tabs that know less of each other.
        let _ = self.platform.write(Scope::Origin, &self.tombstones_key(board), &text);
    }

    pub(in crate::flow) fn tombstones(&self, board: Tombstones) -> Vec<Tombstone> {
        let read = |pair: &Value| {
            let (what, at) = (pair.get(0)?.as_str()?.to_owned(), UnixTime::from_numeric_date(pair.get(1)?)?);
            Some(Tombstone { what, at })
        };
        let text = self.platform.read(Scope::Origin, &self.tombstones_key(board)).ok().flatten();
        let tombstones = text.and_then(|text| json::parse_record(text.as_bytes()).ok());
        tombstones.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(read).collect()
    }

    fn tombstones_key(&self, board: Tombstones) -> String {
        let board = match board {
            Tombstones::Ended => "ended",
            Tombstones::Answered => "answered",
            Tombstones::Spent => "spent",
            Tombstones::Lease => "lease",
        };
        format!("{}:{board}:{}", self.prefix(), self.key)
    }
}
