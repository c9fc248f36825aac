//! What the logs of both tools have in common while they are read.

use crate::RuleSet;
use crate::blocks::Reached;
use crate::cache::{Reader, Writer};
use crate::folders::{LogFile, Stamp};
use crate::notes::Notes;

/// What one file of a tool says, without what is not counted.
pub(crate) trait Log: Sized + Send + Sync {
    /// Nothing yet.
    fn new(file: &LogFile) -> Self;

    /// Takes in whole lines.
    fn lines(&mut self, lines: &[u8], rules: RuleSet, notes: &mut Notes);

    /// Takes in what may be the last line. Returns whether it was a sound one, and counts.
    fn tail(&mut self, line: &[u8], rules: RuleSet, notes: &mut Notes) -> bool;

    /// Whether more lines can be taken in later, or the file must be read anew.
    fn continues(&self) -> bool;

    /// Gives back memory that was taken ahead.
    fn shrink(&mut self);

    fn write(&self, out: &mut Writer);

    fn read(file: &LogFile, input: &mut Reader<'_>) -> Option<Self>;
}

/// A file that was read, and how far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted<T> {
    /// The file as it was then.
    pub(crate) stamp: Stamp,
    pub(crate) reached: Reached,
    /// The last line had no end and was counted all the same, so reading cannot go on behind it.
    pub(crate) whole: bool,
    pub(crate) notes: Notes,
    pub(crate) log: T,
}
