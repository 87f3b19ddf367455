//! Programs that this one does not bring: where they are, and on Debian, how they come.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::Run;

/// The program that the variable names, or the first of the programs that exists.
pub fn find(variable: &str, programs: &[&str]) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable) {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    // Joining an absolute name to a folder gives the absolute name.
    programs.iter().find_map(|program| folders.iter().map(|folder| folder.join(program)).find(|file| is_program(file)))
}

fn is_program(file: &Path) -> bool {
    file.is_file() || file.with_extension("exe").is_file()
}

/// `apt-get`, where this user may use it without being asked for a password.
pub fn apt() -> Option<impl FnMut(&str) -> Command> {
    let succeeds = |program: &str, args: &[&str]| {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !succeeds("apt-get", &["--version"]) {
        return None;
    }
    let root = Command::new("id").arg("-u").read().is_ok_and(|id| id.trim() == "0");
    if !root && !succeeds("sudo", &["--non-interactive", "true"]) {
        return None;
    }
    Some(move |verb: &str| {
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.args(["--non-interactive", "apt-get"]);
        }
        command.arg(verb).env("DEBIAN_FRONTEND", "noninteractive");
        command
    })
}
