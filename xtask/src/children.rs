//! Servers that run beside this program and end with it, for any reason: each leads a process group, and the whole group is stopped, so
//! that the children of a server end, too.

use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::Result;
use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::process::not_started;

/// How long a server may take to close its connections.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Default)]
pub struct Children(Vec<Child>);

struct Child {
    name: &'static str,
    process: Box<dyn ChildWrapper>,
    exit: Option<ExitStatus>,
}

impl Children {
    pub fn spawn(&mut self, name: &'static str, mut command: Command) -> Result<()> {
        // Not the terminal: reading it from a background group would stop the server. A pipe, because it closes even where this program is
        // killed outright and cannot stop them.
        command.stdin(Stdio::piped());
        let mut wrap = CommandWrap::from(command);
        #[cfg(unix)]
        wrap.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        wrap.wrap(process_wrap::std::JobObject);
        let process = wrap.spawn().map_err(|error| not_started(wrap.command(), error))?;
        self.0.push(Child { name, process, exit: None });
        Ok(())
    }

    /// The first server that has ended by itself.
    pub fn ended(&mut self) -> Result<Option<(&'static str, ExitStatus)>> {
        for child in &mut self.0 {
            if let Some(status) = child.poll()? {
                return Ok(Some((child.name, status)));
            }
        }
        Ok(None)
    }
}

impl Child {
    fn poll(&mut self) -> Result<Option<ExitStatus>> {
        if self.exit.is_none() {
            self.exit = self.process.try_wait()?;
        }
        Ok(self.exit)
    }

    /// Asks, where the system has a way of asking.
    fn ask_to_end(&self) {
        #[cfg(unix)]
        let _ = self.process.signal(15);
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        self.0.iter().for_each(Child::ask_to_end);
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline && self.0.iter_mut().any(|child| matches!(child.poll(), Ok(None))) {
            std::thread::sleep(Duration::from_millis(20));
        }
        for child in &mut self.0 {
            // The group is stopped even if its leader has ended, because other processes of it may run on. The usual failure here is an
            // empty group.
            let _ = child.process.start_kill();
            let _ = child.process.wait();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read;

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn dropping_ends_what_a_child_has_started_too() {
        let (mut output, input) = std::io::pipe().unwrap();
        // The grandchild ignores being asked, and outlives its parent.
        let mut command = shell("(trap '' TERM; echo started; sleep 20; sleep 20) & sleep 20");
        command.stdout(input);
        let mut children = Children::default();
        children.spawn("sh", command).unwrap();
        output.read_exact(&mut [0; "started\n".len()]).unwrap();

        let start = Instant::now();
        drop(children);
        // A pipe ends when the last process that could write to it has.
        output.read_to_end(&mut Vec::new()).unwrap();
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_child_that_ends_is_reported_by_name() {
        let mut children = Children::default();
        children.spawn("lasting", shell("sleep 60")).unwrap();
        children.spawn("failing", shell("exit 3")).unwrap();
        let (name, status) = loop {
            if let Some(ended) = children.ended().unwrap() {
                break ended;
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        assert_eq!((name, status.code()), ("failing", Some(3)));
    }
}
