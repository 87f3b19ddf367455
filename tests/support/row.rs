//! A table is one scenario told several ways. Whichever way fails says which it is.

/// `let _row = row("an issuer in capitals");` at the top of the loop.
pub struct Row(String);

pub fn row(label: impl Into<String>) -> Row {
    Row(label.into())
}

impl Drop for Row {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the row of the table: {}", self.0);
        }
    }
}
