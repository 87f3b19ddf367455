//! The logins and logouts that this tab has begun, by state, until their responses come.

use crate::flow::records::{self, Dated, Records, Slot};
use crate::ports::{Storage, StorageError};
use crate::protocol::time::UnixTime;
use crate::protocol::transaction::{Transaction, TransactionRecord};

/// The number of logins that a person may have open in one tab. The oldest give way, so that abandoned logins cannot fill storage.
const MAX_TRANSACTIONS: usize = 20;

pub struct Transactions(pub Records);

impl Transactions {
    pub fn remember(
        &self,
        storage: &impl Storage,
        transaction: Transaction,
        now: UnixTime,
    ) -> Result<(), StorageError> {
        self.sweep(storage, now)?;
        let record = TransactionRecord::new(transaction, now);
        self.0.write(storage, Slot::Transaction(record.transaction.state().expose()), &record.to_json())
    }

    /// The outer `None` says that nothing lies under the state, the inner one that a record lies there that cannot be read.
    pub fn read(&self, storage: &impl Storage, state: &str) -> Result<Option<Option<TransactionRecord>>, StorageError> {
        let record = self.0.value(storage, Slot::Transaction(state))?;
        Ok(record.as_ref().map(TransactionRecord::from_json))
    }

    pub fn remove(&self, storage: &impl Storage, state: &str) -> Result<(), StorageError> {
        self.0.remove(storage, Slot::Transaction(state))
    }

    /// Forgets the logins that were begun and not finished, because the session ends: their responses must not sign the person in again.
    pub fn forget_logins(&self, storage: &impl Storage) -> Result<(), StorageError> {
        for state in self.0.states(storage, Slot::Transaction)? {
            if self.read(storage, &state)?.flatten().is_some_and(|record| record.transaction.is_login()) {
                self.remove(storage, &state)?;
            }
        }
        Ok(())
    }

    /// Removes the records that expired or cannot be read, then the oldest beyond the limit.
    fn sweep(&self, storage: &impl Storage, now: UnixTime) -> Result<(), StorageError> {
        let mut alive = Vec::new();
        for state in self.0.states(storage, Slot::Transaction)? {
            match self.read(storage, &state)?.flatten() {
                Some(record) if !record.is_expired(now) => alive.push(Dated { name: state, at: record.created_at }),
                _ => self.remove(storage, &state)?,
            }
        }
        for Dated { name, .. } in &records::take_surplus(&mut alive, MAX_TRANSACTIONS) {
            self.remove(storage, name)?;
        }
        Ok(())
    }
}
