/// How much a plugin may be. What an archive says of itself is not believed: these hold for what
/// comes out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files and folders.
    pub entries: usize,
    /// Bytes of all files together.
    pub total_bytes: u64,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of an archive.
    pub archive_bytes: u64,
    /// How many times its own size an archive may unpack to, once that is more than
    /// `free_bytes`.
    pub ratio: u64,
    /// Up to so many bytes the ratio does not matter: text and silence shrink a lot.
    pub free_bytes: u64,
}

const MIB: u64 = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 10_000,
            total_bytes: 512 * MIB,
            file_bytes: 256 * MIB,
            archive_bytes: 512 * MIB,
            ratio: 200,
            free_bytes: 64 * MIB,
        }
    }
}
