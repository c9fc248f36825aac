use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::error::Error;
use crate::message::{self, Setup};
use crate::process::Process;
use crate::worker::Worker;

/// How workers are started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The program's file. It calls [`crate::serve`], with these arguments at the latest.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// The time zone scripts see, as the variable `TZ` has it. `None` is the system's own, whatever
    /// this process has in `TZ`.
    pub timezone: Option<String>,
    /// The most memory for data a worker may have, in bytes, all its stacks and its program's own
    /// data included. Kept where [`crate::Lockdown`] says so.
    pub memory_bytes: u64,
}

/// What makes the allocator of our own programs take memory from the system as it needs it, and
/// not a gigabyte at a time: that much counts as used, whether it is or not, and no bound could be
/// kept. Other allocators do not know it. 0 is: not beforehand.
/// And what makes it keep memory that was freed: it gives it back in vain, for the process ends
/// soon. The last is for the C library's own, which otherwise asks for a page or two at a time.
const ALLOCATOR: [(&str, &str); 3] = [
    ("MIMALLOC_ARENA_EAGER_COMMIT", "0"),
    ("MIMALLOC_PURGE_DELAY", "-1"),
    ("GLIBC_TUNABLES", "glibc.malloc.top_pad=1048576"),
];

/// Where unix systems keep their own zone. Named to a worker, because the C library reads it when
/// no zone is named, too, but then again and again.
#[cfg(unix)]
const SYSTEM_ZONE: &str = ":/etc/localtime";

impl WorkerCommand {
    /// Starts a worker, without waiting until it is ready.
    ///
    /// On Linux a worker dies with the **thread** that started it: use it on this thread, or on
    /// one that ends before this one does.
    ///
    /// # Errors
    /// [`Error::Missing`] and [`Error::Spawn`].
    pub fn start(&self) -> Result<Worker, Error> {
        let spawn = |cause| Error::Spawn { program: self.program.clone(), cause };
        // An absolute path: a bare name would be looked for in places nobody meant.
        let program = std::path::absolute(&self.program).map_err(spawn)?;
        let mut command = Command::new(&program);
        command.args(&self.args).env_clear().envs(ALLOCATOR);
        self.set_environment(&mut command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(|cause| match cause.kind() {
            std::io::ErrorKind::NotFound => Error::Missing(self.program.clone()),
            _ => spawn(cause),
        })?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let process = Process::new(child);
        let (stdin, stdout) =
            pipes.ok_or_else(|| spawn(std::io::Error::other("it has no pipes")))?;
        let setup = Setup { host: std::process::id(), memory_bytes: self.memory_bytes };
        let setup = message::setup(setup).map_err(|unfit| spawn(std::io::Error::other(unfit)))?;
        Worker::new(self.program.clone(), process, stdin, stdout, setup).map_err(spawn)
    }

    #[cfg(unix)]
    fn set_environment(&self, command: &mut Command) {
        command.env("TZ", self.timezone.as_deref().unwrap_or(SYSTEM_ZONE));
    }

    /// The system's libraries do not load without their folder, and a program without a console
    /// would be given one.
    #[cfg(not(unix))]
    fn set_environment(&self, command: &mut Command) {
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        std::os::windows::process::CommandExt::creation_flags(command, CREATE_NO_WINDOW);
        if let Some(zone) = &self.timezone {
            command.env("TZ", zone);
        }
        if let Some(root) = std::env::var_os("SystemRoot") {
            command.env("SystemRoot", root);
        }
    }
}
