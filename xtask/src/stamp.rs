//! "Already done": a small file that holds the hash of the inputs of a step. Hashes and not dates, because a checkout, a copy or a CI cache
//! changes dates alone.

use std::path::PathBuf;

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::files::write;

pub struct Stamp {
    path: PathBuf,
    hash: String,
}

impl Stamp {
    pub fn new<T: AsRef<[u8]>>(path: impl Into<PathBuf>, inputs: impl IntoIterator<Item = T>) -> Self {
        let mut hash = Sha256::new();
        for input in inputs {
            // The length first, so that no two lists of inputs run together into the same bytes.
            hash.update((input.as_ref().len() as u64).to_le_bytes());
            hash.update(input);
        }
        let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { path: path.into(), hash }
    }

    pub fn is_current(&self) -> bool {
        std::fs::read_to_string(&self.path).is_ok_and(|found| found == self.hash)
    }

    /// Call when the step has succeeded.
    pub fn write(&self) -> Result<()> {
        write(&self.path, &self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_until_an_input_changes() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        let path = folder.join("stamp");
        let stamp = Stamp::new(&path, ["ab", "c"]);
        assert!(!stamp.is_current());
        stamp.write().unwrap();
        assert!(stamp.is_current());
        assert!(!Stamp::new(&path, ["a", "bc"]).is_current());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
