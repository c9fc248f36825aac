use std::fs::File;
use std::io;
use std::os::windows::io::AsHandle;

/// Copies of the standard handles. What a library prints would still go where messages go; the
/// host sees that as nonsense.
pub(super) fn move_pipes() -> io::Result<(File, File)> {
    let from = io::stdin().as_handle().try_clone_to_owned()?;
    let to = io::stdout().as_handle().try_clone_to_owned()?;
    Ok((from.into(), to.into()))
}
