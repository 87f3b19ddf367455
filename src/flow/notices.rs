//! Notices in localStorage, for tabs that sleep, are closed and restored, or are yet to come: what must not count any more.
//! They hold fingerprints and dates, never a secret and never a name. Anything on this origin may have written them, and the
//! worst that a forged one does is to have somebody sign in again.

use serde_json::{Value, json};

use super::provider::Provider;
use super::session::Session;
use super::store;
use crate::ports::{Clock, Storage, Tabs};
use crate::protocol::secret::{Secret, fingerprint};
use crate::protocol::time::UnixTime;

/// On each board and of each client; the oldest give way.
const MAX_NOTICES: usize = 16;

#[derive(Clone, Copy)]
pub(super) enum Board {
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
pub(super) struct Notice {
    pub what: String,
    pub at: UnixTime,
}

impl<P: Storage + Clock + Tabs> Provider<P> {
    /// Of whom a session is, without naming them. Where nobody has said who it is, the login stands for the person: only its own
    /// copies are certainly theirs.
    pub(super) fn who(&self, session: &Session) -> String {
        let login = session.sub().is_none().then(|| session.logged_in_at().0);
        fingerprint(&json!([session.issuer(), self.config.client_id, session.sub(), login]).to_string())
    }

    pub(super) fn pin_ended(&self, who: String) {
        self.pin(Board::Ended, who);
    }

    /// Whether a logout in another tab ended it. A logout in the very second of a login is taken for the earlier of the two.
    pub(super) fn was_ended_elsewhere(&self, session: &Session) -> bool {
        self.has_end_of(session, |at| session.logged_in_at() < at)
    }

    /// The same while its login is under way, which no date of a clock that was fast once may refuse.
    pub(super) fn was_ended_on_its_way(&self, session: &Session) -> bool {
        let now = self.platform.now();
        self.has_end_of(session, |at| session.logged_in_at() < at && at <= now)
    }

    fn has_end_of(&self, session: &Session, counts: impl Fn(UnixTime) -> bool) -> bool {
        let ended = self.pinned(Board::Ended);
        !ended.is_empty() && {
            let who = self.who(session);
            ended.iter().any(|notice| notice.what == who && counts(notice.at))
        }
    }

    /// A login counts, even if a clock that was fast then has dated a logout after it.
    pub(super) fn unpin_future_ends(&self, session: &Session) {
        let (who, now) = (self.who(session), self.platform.now());
        let mut ended = self.pinned(Board::Ended);
        let before = ended.len();
        ended.retain(|notice| notice.what != who || notice.at <= now);
        if ended.len() < before {
            self.pin_all(Board::Ended, &ended);
        }
    }

    pub(super) fn pin_answered(&self, state: &Secret) {
        self.pin(Board::Answered, fingerprint(state.expose()));
    }

    /// Whether another tab, with a copy of this one's storage, has answered it. A provider that sees the code again may withdraw
    /// what it gave for it (RFC 6749 section 4.1.2).
    pub(super) fn was_answered(&self, state: &Secret) -> bool {
        self.has_pinned(Board::Answered, state)
    }

    pub(super) fn pin_spent(&self, refresh_token: &Secret) {
        self.pin(Board::Spent, fingerprint(refresh_token.expose()));
    }

    /// Whether another tab, with a copy of this one's storage, has redeemed it. A provider that sees it again takes that for theft
    /// and ends every session that came of it.
    pub(super) fn is_spent(&self, refresh_token: &Secret) -> bool {
        self.has_pinned(Board::Spent, refresh_token)
    }

    fn has_pinned(&self, board: Board, secret: &Secret) -> bool {
        let pinned = self.pinned(board);
        !pinned.is_empty() && {
            let what = fingerprint(secret.expose());
            pinned.iter().any(|notice| notice.what == what)
        }
    }

    fn pin(&self, board: Board, what: String) {
        let mut all = self.pinned(board);
        all.retain(|notice| notice.what != what);
        for oldest in store::surplus(all.iter().map(|notice| (notice.at, notice.what.clone())).collect(), MAX_NOTICES) {
            all.retain(|notice| notice.what != oldest);
        }
        all.push(Notice { what, at: self.platform.now() });
        self.pin_all(board, &all);
    }

    pub(super) fn pin_all(&self, board: Board, all: &[Notice]) {
        let pairs = all.iter().map(|notice| json!([notice.what, notice.at.0])).collect();
        self.platform.pin_notice(&self.notice_key(board), &Value::Array(pairs));
    }

    pub(super) fn pinned(&self, board: Board) -> Vec<Notice> {
        let read = |pair: &Value| {
            let (what, at) = (pair.get(0)?.as_str()?.to_owned(), UnixTime::from_numeric_date(pair.get(1)?)?);
            Some(Notice { what, at })
        };
        let pinned = self.platform.notice(&self.notice_key(board));
        pinned.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(read).collect()
    }

    fn notice_key(&self, board: Board) -> String {
        let board = match board {
            Board::Ended => "ended",
            Board::Answered => "answered",
            Board::Spent => "spent",
            Board::Lease => "lease",
        };
        format!("{}:{board}:{}", self.prefix(), self.key)
    }
}
