//! What somebody who took a worker over would try. Gives what the system allowed.

use vario_value::Value;

pub(crate) fn attack(name: &str) -> Value {
    match name {
        "fork" => number(fork()),
        // SAFETY: these take numbers only.
        "socket" => number(unsafe { libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0) }),
        // SAFETY: as above.
        "kill its parent" => number(unsafe { libc::kill(libc::getppid(), libc::SIGKILL) }),
        // SAFETY: as above.
        "kill everyone" => number(unsafe { libc::kill(-1, libc::SIGKILL) }),
        "run a program" => {
            let name = c"/bin/true".as_ptr();
            let none = std::ptr::null::<*const libc::c_char>();
            // SAFETY: the name is a constant, and Linux takes no arguments for an empty list.
            number(unsafe { libc::execve(name, none, none) })
        }
        "trace its parent" => {
            // SAFETY: attaching takes a number and two null pointers that are not used.
            let parent = unsafe { libc::getppid() };
            let none = std::ptr::null_mut::<libc::c_void>();
            // SAFETY: as above.
            let traced = unsafe { libc::ptrace(libc::PTRACE_ATTACH, parent, none, none) };
            Value::Int(traced)
        }
        "everything else" => everything_else(),
        "memory" => memory(),
        "memory of the C library" => c_memory(),
        "too much memory at once" => Value::from("x".repeat(1 << 30)),
        "local time" => local_time(),
        other => panic!("no attack is called {other}"),
    }
}

fn number(result: i32) -> Value {
    Value::Int(result.into())
}

fn fork() -> i32 {
    // SAFETY: a child would only return here, as the original does.
    unsafe { libc::fork() }
}

/// What is refused, and leaves the attacker alive. The names of what succeeded; none should.
fn everything_else() -> Value {
    let page = std::ptr::null_mut::<libc::c_void>();
    let executable = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
    let hidden = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a fresh mapping, which nobody uses.
    let mapped = unsafe { libc::mmap(page, 4096, executable, hidden, -1, 0) };
    // SAFETY: it takes numbers, and changes nothing that memory depends on.
    let freed = unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0) };
    let limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the pointer is to a value that outlives the call.
    let raised = unsafe { libc::setrlimit(libc::RLIMIT_DATA, &raw const limit) };
    let attempts = [
        ("read a file", std::fs::read("/etc/passwd").is_ok()),
        ("look at a file", std::fs::metadata("/etc/passwd").is_ok()),
        ("look at a file that is not there", is_told_apart()),
        ("list a folder", std::fs::read_dir("/").is_ok()),
        ("read its own memory map", std::fs::read("/proc/self/maps").is_ok()),
        ("write a file", std::fs::write("/tmp/vario-isolation-attack", "x").is_ok()),
        ("know its folder", std::env::current_dir().is_ok()),
        ("start a thread", std::thread::Builder::new().spawn(|| {}).is_ok()),
        ("map memory that can be run", mapped != libc::MAP_FAILED),
        ("show itself to debuggers", freed == 0),
        ("raise a limit", raised == 0),
    ];
    let got = attempts.iter().filter(|(_, succeeded)| *succeeded);
    Value::List(got.map(|(name, _)| Value::from(*name)).collect())
}

/// Whether it can tell a file that exists from one that does not.
fn is_told_apart() -> bool {
    let kind = |path| std::fs::metadata(path).map_err(|error| error.kind()).err();
    kind("/etc/passwd") != kind("/nowhere/at/all")
}

/// The mebibytes it got. They are written to: what is only reserved is nothing.
fn memory() -> Value {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    while kept.len() < 4_096 {
        let mut piece: Vec<u8> = Vec::new();
        if piece.try_reserve_exact(1 << 20).is_err() {
            break;
        }
        piece.resize(1 << 20, 1);
        kept.push(piece);
    }
    let got = kept.len();
    drop(kept);
    Value::Int(got.try_into().unwrap())
}

/// The same from the allocator the engines use.
fn c_memory() -> Value {
    let mut got = 0;
    while got < 4_096 {
        // SAFETY: the block is written to within its size, if there is one, and never freed.
        let block = unsafe { libc::malloc(1 << 20) };
        if block.is_null() {
            break;
        }
        // SAFETY: as above.
        unsafe { std::ptr::write_bytes(block.cast::<u8>(), 1, 1 << 20) };
        got += 1;
    }
    Value::Int(got)
}

/// Hour and minute of a fixed moment, 12:00 UTC, where the worker thinks it is.
fn local_time() -> Value {
    let noon: libc::time_t = 1_770_033_600;
    let mut parts = std::mem::MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: both pointers are to values of this function, and a zeroed `tm` is a valid one.
    let parts = unsafe {
        libc::localtime_r(&raw const noon, parts.as_mut_ptr());
        parts.assume_init()
    };
    Value::from(format!("{:02}:{:02}", parts.tm_hour, parts.tm_min))
}
