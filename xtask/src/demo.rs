//! `cargo xtask demo`: the provider and the app, from nothing to a page to sign in on, until Ctrl-C.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::args::Args;
use crate::children::Children;
use crate::process::Run;
use crate::workspace::Workspace;
use crate::{dist, frameworks, health, npm};

const STARTUP: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);

/// Loaded into both servers: the end of their input is the end of this program, even of one that was killed outright.
const END_WITH_US: &str = "data:text/javascript,process.stdin.on('end',()=>process.exit()).resume().unref()";

pub struct Options {
    pub port: u16,
    pub provider_port: u16,
    /// The example of www-example in place of the demo's own app.
    pub framework: Option<String>,
    pub check: bool,
}

impl Options {
    pub fn parse(mut args: Args) -> Result<Self> {
        let options = Self {
            port: args.value("--port")?.unwrap_or(5173),
            provider_port: args.value("--provider-port")?.unwrap_or(9400),
            framework: args.value("--framework")?,
            check: args.flag("--check"),
        };
        args.finish()?;
        ensure!(options.port != options.provider_port, "--port and --provider-port must differ.");
        Ok(options)
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    // The check comes before the build, which may take minutes.
    for (port, flag) in [(options.port, "--port"), (options.provider_port, "--provider-port")] {
        ensure!(health::is_free(port), "Port {port} is in use. Stop what uses it, or choose another with {flag} <n>.");
    }
    let example = workspace.root.join("www-example");
    let framework = options.framework.as_ref().map(|name| frameworks::folder(workspace, name)).transpose()?;
    npm::ci(&example)?;
    npm::install(framework.as_ref().unwrap_or(&example), &dist::build(workspace)?.tarball)?;
    let users = users(&example)?;

    // From here on Ctrl-C must stop the children first. Until here it stopped the tools, and us with them.
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    ctrlc::set_handler(move || asked.store(true, Relaxed)).context("Ctrl-C cannot be listened for")?;
    let mut children = Children::default();
    children.spawn("the provider", node(&example, options, &["provider/main.js"]))?;
    children.spawn("the app", app(&example, framework.as_deref(), options))?;

    let deadline = Instant::now() + STARTUP;
    while !(health::answers(options.provider_port, "/.well-known/openid-configuration")
        && health::answers(options.port, "/"))
    {
        if !go_on(&stop, &mut children)? {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "The demo did not answer within {} seconds.", STARTUP.as_secs());
    }
    println!("\n{}", welcome(options, &users));
    while !options.check && go_on(&stop, &mut children)? {}
    Ok(())
}

/// Waits a moment; false when asked to stop.
fn go_on(stop: &AtomicBool, children: &mut Children) -> Result<bool> {
    std::thread::sleep(POLL);
    if stop.load(Relaxed) {
        return Ok(false);
    }
    if let Some((name, status)) = children.ended()? {
        bail!("{name} ended by itself ({status}); what it said is above. Everything is stopped.");
    }
    Ok(true)
}

/// The development server of the demo's app, or of an example.
fn app(example: &Path, framework: Option<&Path>, options: &Options) -> Command {
    let Some(framework) = framework else {
        // Vite would clear the screen, and with it the earlier messages.
        return node(example, options, &["node_modules/vite/bin/vite.js", "--clearScreen", "false"]);
    };
    let mut npm = npm::npm(framework);
    npm.args(["run", "dev", "--", "--port"]).arg(options.port.to_string());
    let issuer = format!("http://localhost:{}", options.provider_port);
    npm.envs(frameworks::ISSUER.map(|name| (name, &issuer)));
    npm
}

/// Node itself and not `npx`, which would stand between us and the server.
fn node(example: &Path, options: &Options, script: &[&str]) -> Command {
    let mut node = Command::new("node");
    node.args(["--import", END_WITH_US]).args(script).current_dir(example);
    node.env("DEMO_PORT", options.port.to_string()).env("PROVIDER_PORT", options.provider_port.to_string());
    node
}

/// The users come from the provider's own list, so that the printed ones work.
fn users(example: &Path) -> Result<Vec<String>> {
    let script = "import { users } from './provider/users.js';
        for (const { email, password } of users) console.log(`${email}  password ${password}`);";
    let lines = Command::new("node").args(["--input-type=module", "--eval", script]).current_dir(example).read()?;
    Ok(lines.lines().map(str::to_owned).collect())
}

fn welcome(options: &Options, users: &[String]) -> String {
    let line = "─".repeat(64);
    let users: String = users.iter().map(|user| format!("\n    {user}")).collect();
    format!(
        "{line}\n  Open       http://localhost:{}\n  Provider   http://localhost:{}\n\n  Sign in as{users}\n\n  Ctrl-C stops everything.\n{line}",
        options.port, options.provider_port
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(Args::new(line.split_whitespace().map(str::to_owned)))
    }

    #[test]
    fn ports_have_defaults_and_must_differ() {
        let options = parse("--port 8000 --check").unwrap();
        assert_eq!((options.port, options.provider_port, options.check), (8000, 9400, true));
        assert_eq!(parse("--framework react").unwrap().framework.as_deref(), Some("react"));
        assert!(parse("--port 9400").is_err());
        assert!(parse("--ports 1").is_err());
    }
}
