//! What sway answers over its socket: `man 7 sway-ipc`.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

const MAGIC: &[u8; 6] = b"i3-ipc";
const RUN_COMMAND: u32 = 0;
const GET_TREE: u32 = 4;

/// More than this is no answer about one window.
const LONGEST: u32 = 1 << 20;

pub(super) struct Ipc(UnixStream);

impl Ipc {
    pub(super) fn connect(socket: &Path) -> Result<Self> {
        let stream = UnixStream::connect(socket).context("cannot talk to sway")?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(Self(stream))
    }

    /// Every window, as sway arranges them.
    pub(super) fn tree(&mut self) -> Result<Value> {
        self.ask(GET_TREE, "")
    }

    /// Runs one command, as in sway's settings.
    pub(super) fn run(&mut self, command: &str) -> Result<()> {
        let answer = self.ask(RUN_COMMAND, command)?;
        if answer[0]["success"] != true {
            bail!("sway refused `{command}`: {}", answer[0]["error"]);
        }
        Ok(())
    }

    fn ask(&mut self, kind: u32, text: &str) -> Result<Value> {
        let length = u32::try_from(text.len())?;
        let head = [MAGIC.as_slice(), &length.to_ne_bytes(), &kind.to_ne_bytes()].concat();
        self.0.write_all(&[&head, text.as_bytes()].concat())?;

        let mut magic = [0; 6];
        let [mut length, mut kind] = [[0; 4]; 2];
        for part in [magic.as_mut_slice(), &mut length, &mut kind] {
            self.0.read_exact(part).context("sway does not answer")?;
        }
        let length = u32::from_ne_bytes(length);
        ensure!(&magic == MAGIC && length <= LONGEST, "sway's answer cannot be read");
        let mut body = vec![0; usize::try_from(length)?];
        self.0.read_exact(&mut body).context("sway does not answer")?;
        serde_json::from_slice(&body).context("sway's answer is no JSON")
    }
}
