//! The program that `cargo xtask` starts: it builds the program xtask, shows the progress, and then becomes that program.

use std::path::Path;
use std::process::{Command, ExitCode};

use xtask_start::Build;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, String> {
    let here = std::env::current_exe().map_err(|error| format!("this program does not know where it is: {error}"))?;
    let folder = here.parent().unwrap_or(Path::new(""));
    let program = folder.join("xtask").with_extension(std::env::consts::EXE_EXTENSION);
    let is_first = !program.exists();

    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--locked", "--package", "xtask", "--manifest-path"]);
    cargo.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"));
    let hint = if is_first {
        "The first build takes minutes: this repository's tools (a minute or two), then what your command needs.\n\
         Later builds take seconds.\n"
    } else {
        ""
    };
    let log = folder.join("../xtask/log/xtask.log");
    Build { what: "Building the tools", hint, log: &log }.run(cargo)?;

    let mut xtask = Command::new(&program);
    xtask.args(std::env::args_os().skip(1));
    become_program(xtask).map_err(|error| format!("{} could not be started: {error}", program.display()))
}

/// In place of this program, so that signals and the exit code are the other's.
#[cfg(unix)]
fn become_program(mut command: Command) -> std::io::Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> std::io::Result<ExitCode> {
    let code = command.status()?.code().unwrap_or(1);
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}
