//! Running other programs: failures are sentences that say what to do.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Error, Result, anyhow, ensure};

pub trait Run {
    /// Runs to the end, output going where ours goes.
    fn run(&mut self) -> Result<()>;
    /// Runs to the end and gives the output.
    fn read(&mut self) -> Result<String>;
}

impl Run for Command {
    fn run(&mut self) -> Result<()> {
        let status = self.status().map_err(|error| not_started(self, error))?;
        ensure!(status.success(), "{} failed ({status}).", line(self));
        Ok(())
    }

    fn read(&mut self) -> Result<String> {
        let output = self.stderr(Stdio::inherit()).output().map_err(|error| not_started(self, error))?;
        ensure!(output.status.success(), "{} failed ({}).", line(self), output.status);
        String::from_utf8(output.stdout).with_context(|| format!("{} printed something that is not UTF-8.", line(self)))
    }
}

/// The cargo that runs us, so that one toolchain builds everything.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Where cargo keeps the crates it has fetched.
pub fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

pub fn not_started(command: &Command, error: std::io::Error) -> Error {
    let program = name(command.get_program());
    let advice = match program.as_str() {
        "node" | "npm" => "Install Node.js 20 or newer from nodejs.org.",
        "rustup" => "Install Rust from rustup.rs.",
        _ => "Install it, or put it on the PATH.",
    };
    match error.kind() {
        ErrorKind::NotFound => anyhow!("`{program}` was not found. {advice}"),
        _ => anyhow!("{} could not be started: {error}.", line(command)),
    }
}

/// The command as a person would type it, and where.
fn line(command: &Command) -> String {
    let mut words = vec![name(command.get_program())];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    let place = command.get_current_dir().map(|dir| format!(" in {}", dir.display())).unwrap_or_default();
    format!("`{}`{place}", words.join(" "))
}

fn name(program: &OsStr) -> String {
    let path = std::path::Path::new(program);
    path.file_stem().unwrap_or(program).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_comes_with_advice() {
        let error = not_started(&Command::new("npm"), ErrorKind::NotFound.into()).to_string();
        assert_eq!(error, "`npm` was not found. Install Node.js 20 or newer from nodejs.org.");
    }

    #[test]
    fn a_command_is_named_as_typed() {
        let mut command = Command::new("/usr/bin/npm");
        command.args(["ci", "--loglevel=error"]).current_dir("www-example");
        assert_eq!(line(&command), "`npm ci --loglevel=error` in www-example");
    }
}
