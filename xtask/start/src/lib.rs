//! A build by cargo in one line: how far it is, instead of a line for each crate. Everything that cargo says goes into a file, and
//! its errors to the person as well.

use std::fs::{self, File};
use std::io::{BufReader, IsTerminal, Read, Write, stderr};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Lines of an error that are shown; the file has the others.
const SHOWN: usize = 60;

pub struct Build<'a> {
    /// As it stands before the dots: `Building the tools`.
    pub what: &'a str,
    /// Is said before, if cargo has something to compile.
    pub hint: &'a str,
    pub log: &'a Path,
}

impl Build<'_> {
    /// Runs cargo to the end. It says nothing where cargo has nothing to do.
    pub fn run(&self, mut cargo: Command) -> Result<(), String> {
        let cannot = |error: std::io::Error| format!("{} failed: {error}.", self.what);
        // Cargo cannot ask a pipe for the width of a terminal.
        cargo.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "100");
        cargo.env("CARGO_TERM_COLOR", "never").env_remove("CARGO_TERM_QUIET").env_remove("CARGO_TERM_VERBOSE");
        if let Some(folder) = self.log.parent() {
            fs::create_dir_all(folder).map_err(cannot)?;
        }
        let mut log = File::create(self.log).map_err(cannot)?;
        let mut child =
            cargo.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().map_err(cannot)?;
        let mut teller = Teller { what: self.what, hint: self.hint, start: Instant::now(), told: None };
        let said = child.stderr.take().ok_or_else(|| format!("{} failed: cargo says nothing.", self.what))?;
        let mut text = String::new();
        for_each_piece(said, |piece| match read(&piece) {
            Said::Progress(done, all) => teller.progress(done, all),
            Said::Line { works } => {
                if works {
                    teller.begin();
                }
                text.push_str(&piece);
                text.push('\n');
                // The file is for reading afterwards: that it cannot be written does not stop a build.
                let _ = writeln!(log, "{piece}");
            }
        });
        let status = child.wait().map_err(cannot)?;
        teller.end();
        if status.success() {
            return Ok(());
        }
        Err(format!(
            "{} failed ({status}):\n\n{}\n\nAll that cargo said is in {}.",
            self.what,
            errors(&text),
            self.log.display()
        ))
    }
}

enum Said {
    /// So many of so many crates.
    Progress(u32, u32),
    /// `works`: cargo fetches or compiles something.
    Line { works: bool },
}

/// `    Building [=====>      ] 12/120: serde` is progress, anything else a line.
fn read(piece: &str) -> Said {
    let counts = || {
        let (_, rest) = piece.trim_start().strip_prefix("Building [")?.split_once("] ")?;
        let (done, all) = rest.split([':', ' ']).next()?.split_once('/')?;
        Some((done.parse().ok()?, all.parse().ok()?))
    };
    match counts() {
        Some((done, all)) => Said::Progress(done, all),
        None => {
            let verb = piece.split_whitespace().next().unwrap_or_default();
            Said::Line { works: ["Compiling", "Downloading", "Downloaded", "Updating"].contains(&verb) }
        }
    }
}

/// Pieces end with a line or where the cursor goes back to its beginning; a piece without text is left out.
fn for_each_piece(said: impl Read, mut each: impl FnMut(String)) {
    let mut piece = Vec::new();
    for byte in BufReader::new(said).bytes().map_while(Result::ok) {
        if byte != b'\n' && byte != b'\r' {
            piece.push(byte);
            continue;
        }
        let text = String::from_utf8_lossy(&piece).replace("\u{1b}[K", "");
        piece.clear();
        if !text.trim().is_empty() {
            each(text);
        }
    }
}

/// From the first error on.
fn errors(text: &str) -> String {
    let lines: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("error")).take(SHOWN).collect();
    if lines.is_empty() { text.lines().rev().take(5).collect::<Vec<_>>().join("\n") } else { lines.join("\n") }
}

/// One line on a terminal, whose end is written anew; elsewhere a line at the beginning and a line at the end.
struct Teller<'a> {
    what: &'a str,
    hint: &'a str,
    start: Instant,
    /// The counts that were told last.
    told: Option<(u32, u32)>,
}

impl Teller<'_> {
    fn begin(&mut self) {
        if self.told.is_none() {
            self.told = Some((0, 0));
            eprint!("{}{} …{}", self.hint, self.what, if stderr().is_terminal() { "" } else { "\n" });
        }
    }

    fn progress(&mut self, done: u32, all: u32) {
        if self.told.is_some_and(|told| told != (done, all)) && stderr().is_terminal() {
            self.told = Some((done, all));
            eprint!("\r{} … {done} of {all} crates\u{1b}[K", self.what);
        }
    }

    fn end(&self) {
        if self.told.is_some() {
            let back = if stderr().is_terminal() { "\r\u{1b}[K" } else { "" };
            eprintln!("{back}{}: {} s", self.what, self.start.elapsed().as_secs());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8]) -> Vec<String> {
        let mut pieces = Vec::new();
        for_each_piece(bytes, |piece| pieces.push(piece));
        pieces
    }

    #[test]
    fn progress_is_known_from_what_a_person_should_read() {
        let pieces = said(
            b"   Compiling serde v1.0.0\n    Building [===>      ] 12/120: serde, syn(build)\r\x1b[K\rerror: no\n",
        );
        assert_eq!(pieces.len(), 3, "{pieces:?}");
        assert!(matches!(read(&pieces[0]), Said::Line { works: true }));
        assert!(matches!(read(&pieces[1]), Said::Progress(12, 120)));
        assert!(matches!(read(&pieces[2]), Said::Line { works: false }));
        assert!(matches!(read("    Finished `dev` profile in 0.1s"), Said::Line { works: false }));
        assert!(matches!(read("    Building [=>  ] 1/x: serde"), Said::Line { .. }));
    }

    #[test]
    fn a_failure_is_told_from_its_first_error() {
        let text = "   Compiling a v1\nwarning: b\nerror[E0425]: cannot find value `x`\n --> src/lib.rs:1:1\n";
        assert_eq!(errors(text), "error[E0425]: cannot find value `x`\n --> src/lib.rs:1:1");
        assert_eq!(errors("   Compiling a v1"), "   Compiling a v1");
    }

    #[test]
    fn a_build_that_fails_names_the_file_with_all_that_was_said() {
        let log = std::env::temp_dir().join(format!("xtask-start-{}/log", std::process::id()));
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--manifest-path", "no such file/Cargo.toml"]);
        let error = Build { what: "Building nothing", hint: "", log: &log }.run(cargo).unwrap_err();
        assert!(error.contains("no such file") && error.contains(&log.display().to_string()), "{error}");
        assert!(fs::read_to_string(&log).unwrap().contains("no such file"));
        fs::remove_dir_all(log.parent().unwrap()).unwrap();
    }
}
