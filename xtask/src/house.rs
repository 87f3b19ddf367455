//! `cargo xtask house`: the files of `src/` from `js/` down, and the imports of each. `tests/house.rs` reads the sources, and draws.

use anyhow::Result;

use crate::process::{Run, cargo};
use crate::workspace::{PACKAGE, Workspace};

pub fn run(workspace: &Workspace) -> Result<()> {
    let test = ["test", "--quiet", "--locked", "--package", PACKAGE, "--test", "house"];
    let drawing = ["--", "--ignored", "--nocapture", "drawing_of_the_house"];
    cargo().current_dir(&workspace.root).args(test).args(drawing).run()
}
