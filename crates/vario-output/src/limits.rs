/// How many lines are ever read from a result; a configured limit above it counts as this.
pub const MAX_LINES: usize = 4096;

/// How many points of one bar chart are looked at (contract section 3.2).
pub const MAX_POINTS: usize = 366;

/// How much output one run may return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputLimits {
    /// Lines shown; the rest is cut and one error line says so. Counts as at least 1, the place of an
    /// error line, and at most [`MAX_LINES`].
    pub lines: usize,
    /// Bytes of UTF-8 in all texts together; an output above it is replaced by an error line.
    pub bytes: usize,
}

impl Default for OutputLimits {
    fn default() -> Self {
        Self { lines: 256, bytes: 1024 * 1024 }
    }
}

impl OutputLimits {
    /// The text of the error line that follows the last line shown.
    ///
    /// It leaves out how many lines there were, so that an output that was cut and is checked
    /// again (from a cassette, from the store) stays the same.
    pub fn too_many_lines_text(&self) -> String {
        format!("too many lines, only the first {} are shown", self.line_count())
    }

    /// The text of the error line that replaces an output whose texts are too long.
    pub fn too_large_text(&self) -> String {
        format!("output exceeds {}", size_text(self.bytes))
    }

    /// How many lines are looked at: at least one, at most [`MAX_LINES`].
    pub fn line_count(&self) -> usize {
        self.lines.clamp(1, MAX_LINES)
    }
}

/// A size in the largest binary unit that holds it without a fraction.
fn size_text(bytes: usize) -> String {
    const KIB: usize = 1024;
    const MIB: usize = 1024 * KIB;
    match bytes {
        bytes if bytes > 0 && bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        bytes if bytes > 0 && bytes.is_multiple_of(KIB) => format!("{} KiB", bytes / KIB),
        bytes => format!("{bytes} bytes"),
    }
}
