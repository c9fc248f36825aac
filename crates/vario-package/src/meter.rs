//! Copies bytes that nobody vouches for, and stops when there are too many.

use std::io::{self, Read, Write};

use crate::error::{Error, shown};
use crate::limits::Limits;

const BUFFER: usize = 64 * 1024;

/// Counts what came out of one source.
#[derive(Debug)]
pub(crate) struct Meter {
    limits: Limits,
    /// Bytes of the archive, if it is one.
    packed: Option<u64>,
    total: u64,
}

/// Which side of a copy failed.
pub(crate) enum Failed {
    Read(io::Error),
    Write(io::Error),
    Limit(Error),
}

impl Meter {
    pub(crate) fn new(limits: Limits, packed: Option<u64>) -> Self {
        Self { limits, packed, total: 0 }
    }

    /// Copies one file, and gives its bytes.
    pub(crate) fn copy(
        &mut self,
        name: &str,
        from: &mut dyn Read,
        to: &mut dyn Write,
    ) -> Result<u64, Failed> {
        let mut buffer = vec![0; BUFFER];
        let mut count: u64 = 0;
        loop {
            let length = match from.read(&mut buffer) {
                Ok(0) => return Ok(count),
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Failed::Read(error)),
            };
            let more = u64::try_from(length).unwrap_or(u64::MAX);
            count = count.saturating_add(more);
            self.total = self.total.saturating_add(more);
            self.check(name, count).map_err(Failed::Limit)?;
            to.write_all(&buffer[..length]).map_err(Failed::Write)?;
        }
    }

    fn check(&self, name: &str, count: u64) -> Result<(), Error> {
        let Limits { total_bytes, file_bytes, ratio, free_bytes, .. } = self.limits;
        let why = if count > file_bytes {
            format!("`{}` has more than {} MiB", shown(name), file_bytes >> 20)
        } else if self.total > total_bytes {
            format!("its files have more than {} MiB together", total_bytes >> 20)
        } else if self.total > free_bytes
            && self.packed.is_some_and(|packed| self.total > packed.saturating_mul(ratio))
        {
            format!("the archive unpacks to more than {ratio} times its own size")
        } else {
            return Ok(());
        };
        Err(Error::TooLarge { why })
    }
}
