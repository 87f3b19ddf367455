//! The command line, taken apart by name. An unknown argument is an error.

use std::str::FromStr;

use anyhow::{Result, anyhow, bail};

pub struct Args(Vec<String>);

impl Args {
    pub fn new(args: impl IntoIterator<Item = String>) -> Self {
        Self(args.into_iter().collect())
    }

    /// The first word.
    pub fn command(&mut self) -> Option<String> {
        if self.0.is_empty() { None } else { Some(self.0.remove(0)) }
    }

    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|arg| arg != name);
        self.0.len() < before
    }

    /// `--name value` or `--name=value`.
    pub fn value<T: FromStr>(&mut self, name: &str) -> Result<Option<T>> {
        let joined = format!("{name}=");
        let Some(at) = self.0.iter().position(|arg| arg == name || arg.starts_with(&joined)) else {
            return Ok(None);
        };
        let arg = self.0.remove(at);
        let text = match arg.strip_prefix(&joined) {
            Some(value) => value.to_owned(),
            None if at < self.0.len() => self.0.remove(at),
            None => bail!("{name} needs a value."),
        };
        text.parse().map(Some).map_err(|_| anyhow!("`{text}` cannot be the value of {name}."))
    }

    /// `--name`, `--name a,b` or `--name=a,b`: the list may be left out.
    pub fn list(&mut self, name: &str) -> Option<Vec<String>> {
        let joined = format!("{name}=");
        let at = self.0.iter().position(|arg| arg == name || arg.starts_with(&joined))?;
        let arg = self.0.remove(at);
        let text = match arg.strip_prefix(&joined) {
            Some(list) => list.to_owned(),
            None if self.0.get(at).is_some_and(|next| !next.starts_with("--")) => self.0.remove(at),
            None => String::new(),
        };
        Some(text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect())
    }

    pub fn finish(self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(arg) => bail!("`{arg}` is not understood here; `cargo xtask help` lists what is."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_and_values_are_found_in_any_order() {
        let mut args = args("demo --check --port 8000 --provider-port=9000");
        assert_eq!(args.command().as_deref(), Some("demo"));
        assert_eq!(args.value::<u16>("--provider-port").unwrap(), Some(9000));
        assert_eq!(args.value::<u16>("--port").unwrap(), Some(8000));
        assert!(args.flag("--check"));
        assert!(!args.flag("--check"));
        args.finish().unwrap();
    }

    #[test]
    fn a_list_may_be_left_out() {
        assert_eq!(args("--only types").list("--names"), None);
        assert_eq!(args("--names --only types").list("--names").unwrap(), Vec::<String>::new());
        for line in ["--names a,b", "--names=a,b --only types"] {
            assert_eq!(args(line).list("--names").unwrap(), ["a", "b"]);
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(args("--port").value::<u16>("--port").is_err());
        assert!(args("--port 70000").value::<u16>("--port").is_err());
        assert!(args("--prot 8000").finish().unwrap_err().to_string().contains("--prot"));
    }
}
