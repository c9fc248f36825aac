//! Where results go.

use std::io::{self, Write};

/// Lines of text on the standard output.
pub(crate) struct Report<W>(W);

impl<W: Write> Report<W> {
    pub(crate) fn new(out: W) -> Self {
        Self(out)
    }

    /// Writes a line, at once: what comes next may take long.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.0, "{text}")?;
        self.0.flush()
    }
}
