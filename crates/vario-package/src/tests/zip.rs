//! A writer of zip files that lies wherever a test wants it to.

use std::io::Write as _;

/// One entry: what both of its headers say, and the bytes between them.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    /// What the local header says instead.
    pub(super) local_name: Option<Vec<u8>>,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) date: u16,
    pub(super) crc: u32,
    pub(super) packed: Vec<u8>,
    /// What both headers say of the sizes.
    pub(super) packed_size: u32,
    pub(super) size: u32,
    pub(super) local_size: Option<u32>,
    pub(super) made_by: u16,
    pub(super) attributes: u32,
    pub(super) extra: Vec<u8>,
    /// Takes the place of the offset of the local header.
    pub(super) offset: Option<u32>,
}

impl Entry {
    /// As the packer of the smartCARS examples writes it: deflated, no date, no attributes.
    pub(super) fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        Self::deflated(name.as_bytes(), content.as_ref())
    }

    pub(super) fn deflated(name: &[u8], content: &[u8]) -> Self {
        let packed = deflate(content);
        Self {
            method: 8,
            packed_size: u32::try_from(packed.len()).unwrap(),
            packed,
            ..Self::stored(name, content)
        }
    }

    pub(super) fn stored(name: &[u8], content: &[u8]) -> Self {
        let size = u32::try_from(content.len()).unwrap();
        Self {
            name: name.to_vec(),
            local_name: None,
            flags: 0,
            method: 0,
            date: 0,
            crc: crc32(content),
            packed: content.to_vec(),
            packed_size: size,
            size,
            local_size: None,
            made_by: 20,
            attributes: 0,
            extra: Vec::new(),
            offset: None,
        }
    }

    /// With a mode, as Unix packers write it.
    pub(super) fn with_mode(self, mode: u32) -> Self {
        Self { made_by: 0x0314, attributes: mode << 16, ..self }
    }
}

/// What the last record says, where it is to lie.
#[derive(Clone, Default)]
pub(super) struct End {
    pub(super) count: Option<u16>,
    pub(super) directory: Option<u32>,
    pub(super) size: Option<u32>,
    pub(super) comment: Vec<u8>,
    pub(super) before: Vec<u8>,
}

pub(super) fn zip(entries: &[Entry]) -> Vec<u8> {
    zip_with(entries, &End::default())
}

pub(super) fn zip_with(entries: &[Entry], end: &End) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let offset = u32::try_from(bytes.len()).unwrap();
        bytes.extend(b"PK\x03\x04");
        let name = entry.local_name.as_ref().unwrap_or(&entry.name);
        let size = entry.local_size.unwrap_or(entry.size);
        common(&mut bytes, entry, size, name.len());
        bytes.extend(name);
        bytes.extend(&entry.extra);
        bytes.extend(&entry.packed);
        directory.extend(b"PK\x01\x02");
        short(&mut directory, entry.made_by);
        common(&mut directory, entry, entry.size, entry.name.len());
        for _ in 0..3 {
            short(&mut directory, 0);
        }
        long(&mut directory, entry.attributes);
        long(&mut directory, entry.offset.unwrap_or(offset));
        directory.extend(&entry.name);
        directory.extend(&entry.extra);
    }
    let start = u32::try_from(bytes.len()).unwrap();
    let size = u32::try_from(directory.len()).unwrap();
    bytes.extend(directory);
    bytes.extend(&end.before);
    bytes.extend(b"PK\x05\x06");
    let count = end.count.unwrap_or_else(|| u16::try_from(entries.len()).unwrap());
    for value in [0, 0, count, count] {
        short(&mut bytes, value);
    }
    long(&mut bytes, end.size.unwrap_or(size));
    long(&mut bytes, end.directory.unwrap_or(start));
    short(&mut bytes, u16::try_from(end.comment.len()).unwrap());
    bytes.extend(&end.comment);
    bytes
}

/// What both headers have in common.
fn common(bytes: &mut Vec<u8>, entry: &Entry, size: u32, name: usize) {
    for value in [20, entry.flags, entry.method, 0, entry.date] {
        short(bytes, value);
    }
    for value in [entry.crc, entry.packed_size, size] {
        long(bytes, value);
    }
    short(bytes, u16::try_from(name).unwrap());
    short(bytes, u16::try_from(entry.extra.len()).unwrap());
}

fn short(bytes: &mut Vec<u8>, value: u16) {
    bytes.extend(value.to_le_bytes());
}

fn long(bytes: &mut Vec<u8>, value: u32) {
    bytes.extend(value.to_le_bytes());
}

/// Deflated by the library: an archive of one file, taken out of its headers.
fn deflate(content: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("x", options).unwrap();
    writer.write_all(content).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    let word = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let packed = word(18) | word(20) << 16;
    let start = 30 + word(26) + word(28);
    bytes[start..start + packed].to_vec()
}

pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum: u32, _| {
            if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 }
        })
    })
}
