/// What a process holds in memory, in bytes; nothing where that is not known.
#[cfg(target_os = "linux")]
pub(crate) fn resident(pid: u32) -> Option<u64> {
    let numbers = std::fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let pages: u64 = numbers.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn resident(_pid: u32) -> Option<u64> {
    None
}
