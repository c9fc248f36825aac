use std::io::{BufRead as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

static IS_WAITING: AtomicBool = AtomicBool::new(false);
static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Ends the program if it was told to end while a question waits for its answer, before or after
/// this: nothing else runs then, and a read cannot be called off.
pub(crate) fn interrupt() {
    IS_INTERRUPTED.store(true, Ordering::SeqCst);
    end_if_interrupted();
}

fn end_if_interrupted() {
    if IS_INTERRUPTED.load(Ordering::SeqCst) && IS_WAITING.load(Ordering::SeqCst) {
        std::process::exit(130);
    }
}

/// Asks on standard error and gives the line that was typed behind it; nothing at the end of
/// input. What was typed before the question was shown is no answer to it.
pub(crate) fn answer(question: &str) -> anyhow::Result<Option<String>> {
    IS_WAITING.store(true, Ordering::SeqCst);
    end_if_interrupted();
    forget_input();
    let mut err = std::io::stderr().lock();
    write!(err, "{question}")?;
    err.flush()?;
    drop(err);
    let mut line = Vec::new();
    let read = std::io::stdin().lock().read_until(b'\n', &mut line);
    IS_WAITING.store(false, Ordering::SeqCst);
    Ok((read? > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
}

#[cfg(unix)]
fn forget_input() {
    use rustix::termios::{QueueSelector, tcflush};
    // It is no terminal, then, and there is nothing typed ahead.
    let _not_a_terminal = tcflush(std::io::stdin(), QueueSelector::IFlush);
}

#[cfg(not(unix))]
fn forget_input() {}
